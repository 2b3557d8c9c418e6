/** Keys of the operation's page: one table for listening, for buttons and for the list that `?` shows. */

export type Action =
  | "tab-sectors" | "tab-teams" | "tab-people" | "tab-tasks" | "tab-requests" | "tab-feed" | "tab-case"
  | "report" | "give" | "team" | "person" | "area" | "partition" | "lkp" | "entry" | "request" | "briefing"
  | "plan" | "board" | "handover" | "evacuation"
  | "layers" | "edit" | "measure" | "place" | "tracks" | "proof" | "probability" | "table" | "print"
  | "stop" | "alarms" | "radio" | "board-paper" | "show-all" | "map" | "shortcuts";

export type Shortcut = { action: Action; code: string; shift?: boolean; shown: string; right?: string };

/** `code` is the place of the key: the same on a Russian and a Latin layout. */
export const SHORTCUTS: readonly Shortcut[] = [
  { action: "report", code: "KeyR", shown: "R", right: "report.enter" },
  { action: "give", code: "KeyG", shown: "G", right: "task.give" },
  { action: "team", code: "KeyT", shown: "T", right: "team.form" },
  { action: "person", code: "KeyN", shown: "N", right: "participant.add" },
  { action: "area", code: "KeyA", shown: "A", right: "area.draw" },
  { action: "partition", code: "KeyP", shown: "P", right: "partition.make" },
  { action: "lkp", code: "KeyL", shown: "L", right: "point.set" },
  { action: "entry", code: "KeyE", shown: "E", right: "point.set" },
  { action: "request", code: "KeyQ", shown: "Q", right: "request.make" },
  { action: "briefing", code: "KeyB", shown: "B", right: "briefing.release" },
  { action: "layers", code: "KeyV", shown: "V" },
  { action: "edit", code: "KeyD", shown: "D", right: "sector.edit" },
  { action: "measure", code: "KeyU", shown: "U" },
  { action: "place", code: "KeyO", shown: "O" },
  { action: "tracks", code: "KeyK", shown: "K", right: "sector.read" },
  { action: "proof", code: "KeyJ", shown: "J" },
  { action: "probability", code: "KeyH", shown: "H", right: "sector.read" },
  { action: "table", code: "KeyW", shown: "W" },
  { action: "plan", code: "KeyX", shown: "X", right: "sector.read" },
  { action: "board", code: "KeyZ", shown: "Z" },
  { action: "handover", code: "KeyC", shown: "C", right: "sector.read" },
  { action: "evacuation", code: "KeyX", shift: true, shown: "Shift X", right: "operation.state" },
  { action: "print", code: "KeyP", shift: true, shown: "Shift P", right: "paper.print" },
  { action: "stop", code: "KeyS", shift: true, shown: "Shift S", right: "operation.state" },
  { action: "board-paper", code: "KeyB", shift: true, shown: "Shift B", right: "paper.print" },
  { action: "radio", code: "KeyR", shift: true, shown: "Shift R", right: "report.enter" },
  { action: "alarms", code: "Digit0", shown: "0" },
  { action: "show-all", code: "KeyF", shown: "F" },
  { action: "map", code: "KeyM", shown: "M" },
  { action: "tab-sectors", code: "Digit1", shown: "1" },
  { action: "tab-teams", code: "Digit2", shown: "2" },
  { action: "tab-people", code: "Digit3", shown: "3" },
  { action: "tab-tasks", code: "Digit4", shown: "4" },
  { action: "tab-requests", code: "Digit5", shown: "5" },
  { action: "tab-feed", code: "Digit6", shown: "6" },
  { action: "tab-case", code: "Digit7", shown: "7" },
  { action: "shortcuts", code: "Slash", shift: true, shown: "?" },
];

export const shownKey = (action: Action): string => SHORTCUTS.find((one) => one.action === action)?.shown ?? "";

type Pressed = Pick<KeyboardEvent, "code" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** The action of a key press; null when the key has none. */
export function actionOf(event: Pressed): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const found = SHORTCUTS.find((one) => one.code === event.code && (one.shift ?? false) === event.shiftKey);
  return found?.action ?? null;
}
