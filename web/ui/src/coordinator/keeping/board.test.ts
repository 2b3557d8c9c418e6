import { describe, expect, it } from "vitest";
import { isLate, paperOf, type BoardSheet } from "./entities";

const sheet: BoardSheet = {
  version: 4,
  slot_at: "2026-08-23T14:00:00.000Z",
  name: "20260823-1600_2026-38-0147.pdf",
  printer: true,
  written_at: "2026-08-23T14:00:09.000Z",
  printed_at: null,
  print_fault: null,
};

describe("the sheet of all teams", () => {
  it("says what became of it on paper", () => {
    expect(paperOf({ ...sheet, printer: false })).toBe("none");
    expect(paperOf(sheet)).toBe("asked");
    expect(paperOf({ ...sheet, printed_at: sheet.written_at })).toBe("done");
    expect(paperOf({ ...sheet, printed_at: sheet.written_at, print_fault: "printer_silent" })).toBe("printer_silent");
  });

  it("is late after two intervals, and never without a schedule", () => {
    const every = (every_min: number | null): Parameters<typeof isLate>[0] => ({ version: 3, every_min, language: "ru" });
    expect(isLate(every(30), sheet, new Date("2026-08-23T15:00:30Z"))).toBe(false);
    expect(isLate(every(30), sheet, new Date("2026-08-23T15:01:30Z"))).toBe(true);
    expect(isLate(every(null), sheet, new Date("2026-08-24T15:01:30Z"))).toBe(false);
  });
});
