/** Small reckonings of the task screen. */
import type { Task } from "../core/entities";

const MINUTE_MS = 60_000;

export type Contact = { readonly isDue: boolean; readonly minutes: number };

/**
 * Is it time to report? Minutes are those since the last word that anybody had of the team.
 *
 * Own unsent reports count: the person has done what he could.
 */
export function contactDue(
  task: Pick<Task, "state" | "contact_every_min" | "state_at">,
  teamContactAt: string | null,
  ownReportMs: number | null,
  nowMs: number,
): Contact | null {
  const every = task.contact_every_min ?? null;
  if (every === null || !["out", "on_task", "returning", "recalled"].includes(task.state)) return null;
  const known = [
    Date.parse(task.state_at),
    teamContactAt === null ? NaN : Date.parse(teamContactAt),
    ownReportMs ?? NaN,
  ];
  const lastMs = Math.max(...known.filter((each) => !Number.isNaN(each) && each <= nowMs));
  if (!Number.isFinite(lastMs)) return null;
  const minutes = Math.floor((nowMs - lastMs) / MINUTE_MS);
  return { isDue: minutes >= every, minutes };
}

export const COMPASS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;

export function compassWord(bearingDeg: number): (typeof COMPASS)[number] {
  return COMPASS[Math.round((((bearingDeg % 360) + 360) % 360) / 45) % 8] ?? "n";
}
