/** Rows of the radio log: by the time they were heard, each with what was corrected in it. */

import type { WithId } from "../views";
import type { Category, RadioCorrection, RadioEntry } from "./entities";

export type LogRow = { entry: WithId<RadioEntry>; corrections: WithId<RadioCorrection>[]; late: boolean };

/** What is written more than this after it was heard is marked as written later. */
const LATE_MS = 2 * 60_000;

/** Newest call first; entries copied from paper stand at the time of the call. */
export function logRows(entries: readonly WithId<RadioEntry>[], corrections: readonly WithId<RadioCorrection>[]): LogRow[] {
  const byEntry = new Map<string, WithId<RadioCorrection>[]>();
  for (const one of [...corrections].sort((a, b) => a.version - b.version)) {
    byEntry.set(one.entry_id, [...(byEntry.get(one.entry_id) ?? []), one]);
  }
  return entries
    .map((entry) => ({
      entry,
      corrections: byEntry.get(entry.id) ?? [],
      late: Date.parse(entry.recorded_at) - Date.parse(entry.at) > LATE_MS,
    }))
    .sort((a, b) => b.entry.at.localeCompare(a.entry.at) || b.entry.version - a.entry.version);
}

/** Rows that have the words and are of the category; null takes all. */
export function filtered(rows: readonly LogRow[], query: string, category: Category | null): LogRow[] {
  const wanted = query.trim().toLocaleLowerCase("ru");
  return rows.filter(({ entry, corrections }) => {
    if (category !== null && entry.category !== category) return false;
    const words = [entry.caller, entry.relay ?? "", entry.text, ...corrections.map((one) => one.text)].join(" ");
    return words.toLocaleLowerCase("ru").includes(wanted);
  });
}

/**
 * The moment of a time typed as on paper, `14:05` or `1405`: the last such time that is not to come.
 *
 * `now` in the operation's local time as `YYYY-MM-DDTHH:MM`; null when the words are no time.
 */
export function lastSuch(typed: string, nowLocal: string): string | null {
  const found = /^(\d{1,2})[:.\s]?(\d{2})$/.exec(typed.trim());
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  if (hours > 23 || minutes > 59) return null;
  const time = `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
  const [day = "", clock = ""] = nowLocal.split("T");
  if (time <= clock.slice(0, 5)) return `${day}T${time}`;
  const before = new Date(`${day}T00:00:00Z`);
  before.setUTCDate(before.getUTCDate() - 1);
  return `${before.toISOString().slice(0, 10)}T${time}`;
}
