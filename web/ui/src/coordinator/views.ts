/** What the desk derives from the state: pure functions of entities and the present moment. */

import type { Commitment, JointRequest, Participant, Receipt, Sector, Task, Team, TeamKind } from "../core/entities";
import { AWAY_TASKS, type SectorState, sectorState, UNFINISHED_TASKS } from "../core/sector-state";
import { minutesSince } from "../core/time";
import type { Evidence, Judgement } from "./evidence/entities";

export type WithId<T> = T & { id: string };

/** Key of the words for an operation's state; `closed/found_alive` has a slash that Fluent cannot hold. */
export const operationKey = (state: string): string => `operation-${state.replace("/", "-")}`;

export const isClosed = (state: string): boolean => state.startsWith("closed");

/** Callsign families are data; these are the ones heard on the air, the rest is a proposal. */
const FAMILIES: Record<TeamKind, string> = {
  foot: "Лиса",
  dog: "Кинолог",
  vehicle: "Ветер",
  boat: "Катер",
  air: "Борт",
  other: "Группа",
};

/** Next free callsign of the family, `Лиса-13` after `Лиса-12`: a number once used is not used again. */
export function suggestCallsign(kind: TeamKind, teams: readonly { callsign: string }[]): string {
  const family = FAMILIES[kind];
  const used = teams.flatMap(({ callsign }) => {
    const [name, number] = callsign.split("-");
    return name === family && /^\d+$/.test(number ?? "") ? [Number(number)] : [];
  });
  return `${family}-${String(Math.max(0, ...used) + 1)}`;
}

export const personName = (person: Pick<Participant, "callsign" | "name">, nobody: string): string => {
  if (person.callsign !== null && person.name !== null) return `${person.callsign} (${person.name})`;
  return person.callsign ?? person.name ?? nobody;
};

export type TeamRow = {
  team: WithId<Team>;
  /** The task it is on, or was on last. */
  task: WithId<Task> | null;
  away: boolean;
  /** Minutes past the due time; null when not overdue. */
  overdue_min: number | null;
  /** Minutes since the last contact, when that is longer than agreed; else null. */
  silent_min: number | null;
};

export const isAwaited = (row: TeamRow): boolean => row.overdue_min !== null || row.silent_min !== null;

const CURRENT_ORDER = ["on_task", "returning", "recalled", "out", "briefed", "assigned", "back", "debriefed"];

/** The task that says what the team is doing now: the most active one, of equals the newest. */
export function currentTask(teamId: string, tasks: readonly WithId<Task>[]): WithId<Task> | null {
  const rank = (task: Task): number => {
    const place = CURRENT_ORDER.indexOf(task.state);
    return place < 0 ? CURRENT_ORDER.length : place;
  };
  const own = tasks.filter((task) => task.team_id === teamId && task.state !== "closed" && task.state !== "cancelled" && task.state !== "planned");
  return own.sort((a, b) => rank(a) - rank(b) || b.given_at.localeCompare(a.given_at))[0] ?? null;
}

export function teamRows(teams: readonly WithId<Team>[], tasks: readonly WithId<Task>[], now: Date): TeamRow[] {
  return teams
    .filter((team) => !team.disbanded)
    .map((team) => {
      const task = currentTask(team.id, tasks);
      const away = task !== null && AWAY_TASKS.has(task.state);
      const late = typeof task?.due_at === "string" && UNFINISHED_TASKS.has(task.state) ? minutesSince(task.due_at, now) : -1;
      const heard = team.last_contact_at ?? task?.given_at ?? null;
      const quiet = away && task.contact_every_min !== null && heard !== null ? minutesSince(heard, now) : -1;
      return {
        team,
        task,
        away,
        overdue_min: late >= 0 && away ? late : null,
        silent_min: quiet > (task?.contact_every_min ?? Infinity) ? quiet : null,
      };
    })
    .sort((a, b) => a.team.callsign.localeCompare(b.team.callsign, "ru", { numeric: true }));
}

export type SectorRow = WithId<Sector> & { now: SectorState; tasks: WithId<Task>[]; callsigns: string };

/** Sectors in force with their derived state and the callsigns of whoever has them, in the order of their labels. */
export function sectorRows(
  sectors: readonly WithId<Sector>[],
  teams: readonly WithId<Team>[],
  tasks: readonly WithId<Task>[],
  proof: { evidence: readonly Evidence[]; judgements: readonly WithId<Judgement>[] } = { evidence: [], judgements: [] },
): SectorRow[] {
  const judged = new Map(proof.judgements.map((one) => [one.id, one]));
  const weighed = new Map<string, Evidence[]>();
  for (const one of proof.evidence) weighed.set(one.sector_id, [...(weighed.get(one.sector_id) ?? []), one]);
  const callsigns = new Map(teams.map((team) => [team.id, team.callsign]));
  const bySector = new Map<string, WithId<Task>[]>();
  for (const task of tasks) {
    if (task.sector_id === null || task.state === "cancelled") continue;
    bySector.set(task.sector_id, [...(bySector.get(task.sector_id) ?? []), task]);
  }
  return sectors
    .filter((sector) => !sector.retired)
    .map((sector) => {
      const own = bySector.get(sector.id) ?? [];
      const holders = own
        .filter((task) => task.state !== "closed" && task.state !== "debriefed" && task.state !== "planned")
        .map((task) => callsigns.get(task.team_id) ?? "");
      return { ...sector, now: sectorState(sector, own, weighed.get(sector.id), judged.get(sector.id) ?? null), tasks: own, callsigns: holders.filter(Boolean).join(", ") };
    })
    .sort((a, b) => a.label.localeCompare(b.label, "ru", { numeric: true }));
}

/** Everyone who set out and is not safe yet; the invited never came. */
export const notHome = (people: readonly WithId<Participant>[]): WithId<Participant>[] =>
  people.filter((person) => person.state !== "home" && person.state !== "invited");

/** Teams that went out and have not said that they saw the STOP. */
export function stopNotConfirmed(rows: readonly TeamRow[], heldSeq: number): TeamRow[] {
  return rows.filter(({ team, away }) => away && (team.hold_confirmed_seq ?? 0) < heldSeq);
}

export type Sender =
  | { kind: "team"; id: string; label: string; detail: string }
  | { kind: "person"; id: string; label: string; detail: string };

/** Minutes that a request has waited for a named duty officer of this organisation; null when one has seen it. */
export function notSeenMinutes(
  request: WithId<JointRequest>,
  organisationId: string,
  receipts: readonly Receipt[],
  commitments: readonly Commitment[],
  now: Date,
): number | null {
  if (request.state === "cancelled" || request.state === "closed") return null;
  const seen = [...receipts, ...commitments].some(
    (one) => one.request_id === request.id && one.organisation_id === organisationId,
  );
  return seen ? null : Math.max(0, minutesSince(request.requested_at, now));
}

/** Sum promised for one item; a decline counts as nothing. */
export const promised = (itemId: string, commitments: readonly Commitment[]): number =>
  commitments
    .filter((one) => one.item_id === itemId && one.decision === "accept")
    .reduce((sum, one) => sum + (one.quantity ?? 0), 0);

/** Moves that headquarters may enter (search_ops.domain.transitions); the server has the last word. */
export const PARTICIPANT_MOVES: Record<Participant["state"], readonly Participant["state"][]> = {
  invited: ["on_site", "going", "home"],
  going: ["on_site", "home"],
  on_site: ["available", "resting", "left", "home"],
  available: ["resting", "on_site", "left", "home"],
  on_task: ["available", "resting", "left", "home"],
  resting: ["available", "on_site", "left", "home"],
  left: ["home", "on_site"],
  home: ["on_site"],
};

export const TASK_MOVES: Record<Task["state"], readonly Task["state"][]> = {
  planned: ["cancelled"],
  assigned: ["briefed", "out", "cancelled"],
  briefed: ["out", "cancelled"],
  out: ["on_task", "recalled"],
  on_task: ["returning", "recalled"],
  returning: ["back", "recalled"],
  recalled: ["back"],
  back: ["debriefed", "closed"],
  debriefed: ["closed"],
  closed: [],
  cancelled: [],
};
