/** Views of the roster's page: one list for its tabs, its keys and the palette of the desk. */

export type RosterView = "arrivals" | "teams" | "things" | "crews";

export const ROSTER_VIEWS: readonly { id: RosterView; code: string; shown: string; right: string }[] = [
  { id: "arrivals", code: "Digit1", shown: "Alt 1", right: "participant.move" },
  { id: "teams", code: "Digit2", shown: "Alt 2", right: "team.form" },
  { id: "things", code: "Digit3", shown: "Alt 3", right: "resource.keep" },
  { id: "crews", code: "Digit4", shown: "Alt 4", right: "crew.plan" },
];
