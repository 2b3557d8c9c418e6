/** Views of the roster's page: one list for its tabs, its keys and the palette of the desk. */

export type RosterView = "arrivals" | "teams" | "things" | "crews";

export const ROSTER_VIEWS: readonly { id: RosterView; digit: number; right: string }[] = [
  { id: "arrivals", digit: 1, right: "participant.move" },
  { id: "teams", digit: 2, right: "team.form" },
  { id: "things", digit: 3, right: "resource.keep" },
  { id: "crews", digit: 4, right: "crew.plan" },
];
