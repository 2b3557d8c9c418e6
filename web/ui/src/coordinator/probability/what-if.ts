/** What would be gained: the teams that are there, more of them, some sectors first. */

import { TEAM_KINDS, type TeamKind } from "../../core/entities";
import type { EffortRead, EffortWish, TeamsAsked } from "./entities";

export const USUAL_HOURS = 4;
const MOST_TEAMS = 500;
const MOST_HOURS = 72;

/** Rows of the form from the teams that are formed; on foot when there are none yet. */
export function teamsNow(teams: readonly { kind: TeamKind; disbanded: boolean }[]): TeamsAsked[] {
  const rows = TEAM_KINDS.flatMap((kind) => {
    const count = teams.filter((team) => team.kind === kind && !team.disbanded).length;
    return count === 0 ? [] : [{ kind, count, hours: USUAL_HOURS }];
  });
  return rows.length > 0 ? rows : [{ kind: "foot", count: 1, hours: USUAL_HOURS }];
}

/** More teams of one kind beside those that are asked about; they have the hours of the others. */
export function withMore(rows: readonly TeamsAsked[], kind: TeamKind, count: number): TeamsAsked[] {
  if (count <= 0) return [...rows];
  if (rows.some((row) => row.kind === kind))
    return rows.map((row) => (row.kind === kind ? { ...row, count: Math.min(MOST_TEAMS, row.count + count) } : row));
  return [...rows, { kind, count: Math.min(MOST_TEAMS, count), hours: rows[0]?.hours ?? USUAL_HOURS }];
}

/** The request; rows without teams or hours say nothing, a form without any cannot be asked. */
export function effortWish(rows: readonly TeamsAsked[], first: readonly string[]): EffortWish | null {
  const isWhole = ({ count, hours }: TeamsAsked): boolean =>
    Number.isInteger(count) && count > 0 && count <= MOST_TEAMS && hours > 0 && hours <= MOST_HOURS;
  const teams = rows.filter(isWhole).map(({ kind, count, hours }) => ({ kind, count, hours }));
  return teams.length === 0 ? null : { teams, first: [...new Set(first)] };
}

/** Sectors of a plan with work in them, most gain first. */
export const worthwhile = (plan: EffortRead): EffortRead["sectors"] =>
  plan.sectors.filter((one) => one.hours > 0).sort((one, other) => other.pos - one.pos);

/** Sectors left out, by the reason. */
export function leftOut(plan: EffortRead): { reason: string; sector_ids: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { reason, sector_id } of plan.left_out) found.set(reason, [...(found.get(reason) ?? []), sector_id]);
  return [...found].map(([reason, sector_ids]) => ({ reason, sector_ids }));
}
