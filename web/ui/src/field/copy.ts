/** How long the phone keeps its copy of the state, and how when it goes: 12 hours after the search was closed. */
import type { State } from "../core/fold";

export type Copy = {
  readonly operationId: string;
  readonly epoch: string;
  readonly seq: number;
  readonly state: State;
  /** When headquarters last confirmed that this is the newest, by this phone's clock. */
  readonly heardAtMs: number;
};

const KEEP_AFTER_CLOSING_MS = 12 * 3_600_000;
/** A phone that never hears of the closing must not keep a search for ever. */
const KEEP_UNHEARD_MS = 14 * 24 * 3_600_000;

export function copyIsOver(copy: Copy, nowMs: number): boolean {
  const operation = copy.state["operation"]?.[copy.operationId];
  const closedAt: unknown = operation?.["closed_at"];
  const isClosed = String(operation?.["state"] ?? "").startsWith("closed/");
  if (isClosed && typeof closedAt === "string") return nowMs - Date.parse(closedAt) >= KEEP_AFTER_CLOSING_MS;
  return nowMs - copy.heardAtMs >= KEEP_UNHEARD_MS;
}

/**
 * Does the state name things of which it lacks the beginning?
 *
 * Who is taken into a team may from then on read what the team was told before; the numbers of those events have
 * passed as stubs. Then only a new snapshot helps.
 */
export function hasGaps(state: State): boolean {
  const teams = Object.values(state["teams"] ?? {});
  const tasks = Object.values(state["tasks"] ?? {});
  return teams.some((team) => team["callsign"] === undefined) || tasks.some((task) => task["team_id"] === undefined);
}
