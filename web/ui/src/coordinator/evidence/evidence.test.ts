import { describe, expect, it } from "vitest";
import { csvCell, csvFile, filtered, sorted, type TableRow } from "./sector-table";

const row = (label: string, more: Partial<TableRow> = {}): TableRow => ({
  id: label, label, state: "planned", kind: "area", area_m2: 1, length_m: null, planned_hours: null, hours: null, coverage: null, pod_responsive: null,
  pod_unresponsive: null, swept_share: null, grade: null, teams: "", probability: null, density: null, next_hour: null, version: 1, ...more,
});

describe("the table of sectors", () => {
  it("sorts labels as people count, both ways", () => {
    const rows = [row("А10"), row("А2"), row("Б1")];
    expect(sorted(rows, { column: "label", down: false }).map(({ label }) => label)).toEqual(["А2", "А10", "Б1"]);
    expect(sorted(rows, { column: "label", down: true }).map(({ label }) => label)).toEqual(["Б1", "А10", "А2"]);
  });

  it("keeps what is not known last, whichever way", () => {
    const rows = [row("А1"), row("А2", { pod_responsive: 0.2 }), row("А3", { pod_responsive: 0.9 })];
    const labels = (down: boolean): string[] => sorted(rows, { column: "pod_responsive", down }).map(({ label }) => label);
    expect(labels(false)).toEqual(["А2", "А3", "А1"]);
    expect(labels(true)).toEqual(["А3", "А2", "А1"]);
  });

  it("puts what asks for a decision first, and the best evidence first", () => {
    const rows = [row("А1", { state: "searched_proven", grade: "full_track" }), row("А2", { state: "to_search_again", grade: "radio" })];
    expect(sorted(rows, { column: "state", down: false })[0]?.label).toBe("А2");
    expect(sorted(rows, { column: "grade", down: false })[0]?.label).toBe("А1");
  });

  it("finds every fragment and one state", () => {
    const rows = [row("А1", { teams: "Лиса-12" }), row("А2", { state: "on_task", teams: "Лиса-3" })];
    const words = ({ label, teams }: TableRow): string => `${label} ${teams}`;
    expect(filtered(rows, "лиса 12", "", words).map(({ label }) => label)).toEqual(["А1"]);
    expect(filtered(rows, "", "on_task", words).map(({ label }) => label)).toEqual(["А2"]);
  });
});

describe("the file for a spreadsheet", () => {
  it.each([
    ["=1+1", "'=1+1"], ["+7 900", "'+7 900"], ["-5", "'-5"], ["@sum", "'@sum"], ["\t=x", "'\t=x"], [" =x", "' =x"],
    ['=HYPERLINK("http://x";"y")', `"'=HYPERLINK(""http://x"";""y"")"`], ["Лиса-12", "Лиса-12"], ["а;б", '"а;б"'], ["две\nстроки", '"две\nстроки"'],
  ])("writes %j without a formula", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it("keeps numbers numbers, also negative ones, and empty cells empty", () => {
    expect([csvCell(-1.5), csvCell(null), csvCell(Number.NaN)]).toEqual(["-1.5", "", ""]);
    expect(csvFile(["Сектор", "га"], [["Г5", 25]])).toBe("\uFEFFСектор;га\r\nГ5;25\r\n");
  });
});
