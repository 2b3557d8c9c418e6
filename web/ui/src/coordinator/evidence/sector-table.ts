/** The table of sectors: rows as values, sorting, filtering and the file for a spreadsheet. */

import type { SectorState } from "../../core/sector-state";
import type { Grade } from "./entities";

export type TableRow = {
  id: string;
  label: string;
  state: SectorState;
  kind: "area" | "line" | "list";
  area_m2: number | null;
  length_m: number | null;
  /** Hours that one team needs here, by size and ground; null for what has no size. */
  planned_hours: number | null;
  /** Hours spent, by tracks; null while there are none. */
  hours: number | null;
  coverage: number | null;
  pod_responsive: number | null;
  pod_unresponsive: number | null;
  swept_share: number | null;
  grade: Grade | null;
  teams: string;
  /** Share of everything, per km2, and what the next hour would add; null while there is no map. */
  probability: number | null;
  density: number | null;
  next_hour: number | null;
  version: number;
};

export const COLUMNS = ["label", "state", "kind", "size", "planned_hours", "hours", "coverage", "pod_responsive", "pod_unresponsive", "grade", "teams"] as const;
/** Beside the others when there is a map of probability. */
export const PROBABILITY_COLUMNS = ["next_hour", "probability", "density"] as const;
export type Column = (typeof COLUMNS)[number] | (typeof PROBABILITY_COLUMNS)[number];
export type Sort = { column: Column; down: boolean };

const STATE_ORDER: readonly SectorState[] = [
  "to_search_again", "awaiting_track", "on_task", "assigned", "planned", "searched_partly", "searched_proven", "held_by_other", "blocked",
];
const GRADE_ORDER: readonly Grade[] = ["full_track", "partial_track", "radio", "paper", "agency"];

function keyOf(row: TableRow, column: Column): number | string | null {
  switch (column) {
    case "state":
      return STATE_ORDER.indexOf(row.state);
    case "grade":
      return row.grade === null ? null : GRADE_ORDER.indexOf(row.grade);
    case "size":
      return row.area_m2 ?? row.length_m;
    case "planned_hours":
    case "hours":
    case "coverage":
    case "pod_responsive":
    case "pod_unresponsive":
      return row[column];
    default:
      return row[column];
  }
}

/** Sorted copy; what is not known comes last, whichever way it is sorted; equals stand by label. */
export function sorted(rows: readonly TableRow[], { column, down }: Sort): TableRow[] {
  const order = new Intl.Collator("ru", { numeric: true });
  const compare = (a: string | number, b: string | number): number =>
    typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a), String(b));
  return [...rows].sort((one, other) => {
    const [a, b] = [keyOf(one, column), keyOf(other, column)];
    const isEmpty = (value: unknown): boolean => value === null || value === "";
    if (isEmpty(a) !== isEmpty(b)) return isEmpty(a) ? 1 : -1;
    const difference = a === null || b === null ? 0 : compare(a, b);
    return difference === 0 ? order.compare(one.label, other.label) : down ? -difference : difference;
  });
}

/** Rows in whose words every fragment is found, of one state when one is chosen. */
export function filtered(rows: readonly TableRow[], query: string, state: SectorState | "", words: (row: TableRow) => string): TableRow[] {
  const fragments = query.toLocaleLowerCase("ru").split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (state !== "" && row.state !== state) return false;
    const text = words(row).toLocaleLowerCase("ru");
    return fragments.every((fragment) => text.includes(fragment));
  });
}

/**
 * One cell of a CSV file: quoted where needed, and never a formula for the program that opens it.
 *
 * A name typed by a stranger may begin with `=` or `+`: a spreadsheet would run it. A leading apostrophe keeps it text.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = /^[\s]*[=+\-@\t\r|%]/.test(value) ? `'${value}` : value;
  return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The file with a mark of its encoding, so that spreadsheets read Cyrillic; semicolons, as Russian ones expect. */
export function csvFile(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(csvCell).join(";")).join("\r\n")}\r\n`;
}
