/** The state of a sector, derived from mark, tasks, evidence and judgement as `search_ops.domain.sector` does. */

export type SectorState =
  | "planned"
  | "assigned"
  | "on_task"
  | "awaiting_track"
  | "searched_proven"
  | "searched_partly"
  | "to_search_again"
  | "blocked"
  | "held_by_other";

const GIVEN = new Set(["assigned", "briefed", "out"]);
const DONE = new Set(["returning", "back", "debriefed", "closed"]);

/** Tasks that still hold their sector: a second team needs to be added knowingly. */
export const UNFINISHED_TASKS: ReadonlySet<string> = new Set(["assigned", "briefed", "out", "on_task", "returning"]);
/** Tasks whose team is in the ground. */
export const AWAY_TASKS: ReadonlySet<string> = new Set(["out", "on_task", "returning", "recalled"]);

export type Subject = "responsive" | "unresponsive";

/** What the fold keeps of `evidence_weighed`, as far as the state of a sector depends on it. */
export interface EvidenceSeen {
  version: number;
  grade: string;
  own?: boolean;
  carried_from?: readonly string[] | null;
  swept_share?: number | null;
  target?: { subject: Subject; pod: number } | null;
  cumulative?: Partial<Record<Subject, number | null>> | null;
}

export interface JudgementSeen {
  version: number;
  decision: string;
  judged_at: string;
}

/** A neighbour's way over less of a sector than this does not make it partly searched. */
const TOUCHED = 0.1;

export const countsAsSearched = (row: EvidenceSeen): boolean =>
  row.own === true || (row.carried_from?.length ?? 0) > 0 || (row.swept_share ?? 0) >= TOUCHED;

export function newest<Row extends EvidenceSeen>(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>((best, row) => (best === undefined || row.version > best.version ? row : best), undefined);
}

/** A full track is among the evidence, and the newest cumulative figure reaches the target. */
export function enough(rows: readonly EvidenceSeen[]): boolean {
  const latest = newest(rows);
  if (!latest?.target || !rows.some((row) => row.grade === "full_track")) return false;
  const reached = latest.cumulative?.[latest.target.subject];
  return reached !== undefined && reached !== null && reached >= latest.target.pod;
}

export function sectorState(
  sector: { mark?: string | null },
  tasks: Iterable<{ state: string; given_at?: string | null }>,
  evidence: Iterable<EvidenceSeen> = [],
  judgement: JudgementSeen | null = null,
): SectorState {
  if (sector.mark === "blocked" || sector.mark === "held_by_other") return sector.mark;
  const held = Array.from(tasks);
  if (held.some((task) => task.state === "on_task")) return "on_task";
  if (held.some((task) => GIVEN.has(task.state))) return "assigned";
  const rows = Array.from(evidence).filter(countsAsSearched);
  const latest = newest(rows);
  if (judgement !== null && (latest === undefined || judgement.version > latest.version)) {
    if (judgement.decision === "enough") return "searched_proven";
    const waits = held.some((task) => DONE.has(task.state) && (task.given_at ?? "") > judgement.judged_at);
    return waits ? "awaiting_track" : "to_search_again";
  }
  if (enough(rows)) return "searched_proven";
  const finished = held.filter((task) => DONE.has(task.state)).length;
  if (finished > rows.filter((row) => row.own === true).length) return "awaiting_track";
  return rows.length > 0 ? "searched_partly" : "planned";
}
