/** The sheet of all teams that is written by itself, as the log tells it. */

export type BoardSchedule = { version: number; every_min: number | null; language: "ru" | "en" };

export type BoardSheet = {
  version: number;
  slot_at: string;
  name: string;
  /** A printer was asked, or is being asked. */
  printer: boolean;
  written_at: string;
  printed_at: string | null;
  print_fault: "printer_absent" | "printer_refused" | "printer_silent" | null;
};

/** What became of the newest sheet on paper; `asked` while the printer has not answered. */
export function paperOf(sheet: BoardSheet): "none" | "asked" | "done" | NonNullable<BoardSheet["print_fault"]> {
  if (!sheet.printer) return "none";
  if (sheet.printed_at === null) return "asked";
  return sheet.print_fault ?? "done";
}

/** Two intervals without a sheet: nobody writes any more, whatever the schedule says. */
export function isLate(schedule: BoardSchedule, sheet: BoardSheet | null, now: Date): boolean {
  if (schedule.every_min === null || sheet === null) return false;
  return now.getTime() - new Date(sheet.slot_at).getTime() > (2 * schedule.every_min + 1) * 60_000;
}
