/** The state of a sector, derived from its mark and its tasks as `search_ops.domain.sector` does. */

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

export function sectorState(
  sector: { mark?: string | null },
  tasks: Iterable<{ state: string }>,
): SectorState {
  if (sector.mark === "blocked" || sector.mark === "held_by_other") return sector.mark;
  const states = Array.from(tasks, (task) => task.state);
  if (states.includes("on_task")) return "on_task";
  if (states.some((state) => GIVEN.has(state))) return "assigned";
  if (states.some((state) => DONE.has(state))) return "awaiting_track";
  return "planned";
}
