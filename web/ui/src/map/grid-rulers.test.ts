import { describe, expect, it } from "vitest";
import { gridRulers, gridSpans } from "./grid-rulers";
import type { SectorOnMap } from "./types";

function cell(label: string, column: number, row: number): SectorOnMap {
  const [west, north] = [9 + column * 0.01, 47.1 - row * 0.01];
  const ring = [[west, north - 0.01], [west + 0.01, north - 0.01], [west + 0.01, north], [west, north], [west, north - 0.01]];
  return { id: label, label, kind: "area", state: "planned", geometry: { type: "Polygon", coordinates: [ring] } };
}

const GRID = ["А", "Б", "В", "Г"].flatMap((letter, column) => [1, 2, 3].map((number, row) => cell(`${letter}${String(number)}`, column, row)));
const SIZE = { width_px: 1000, height_px: 750 };

describe("letters and numbers along the edges of the map", () => {
  const spans = gridSpans([...GRID, cell("Г3-1", 3, 2)]);

  it("name every column and row when there is room", () => {
    const marks = gridRulers(spans, [9, 47.07, 9.04, 47.1], SIZE);
    expect(marks.filter(({ edge }) => edge === "top").map(({ text }) => text)).toEqual(["А", "Б", "В", "Г"]);
    expect(marks.filter(({ edge }) => edge === "left").map(({ text }) => text).sort()).toEqual(["1", "2", "3"]);
  });

  it("stay in sight deep within one cell", () => {
    const marks = gridRulers(spans, [9.012, 47.082, 9.014, 47.083], SIZE);
    expect(marks.map(({ text }) => text)).toEqual(["Б", "2"]);
    const [letter] = marks;
    expect(letter?.at[0]).toBeGreaterThan(9.012);
    expect(letter?.at[0]).toBeLessThan(9.014);
  });

  it("are thinned when the whole grid is a few pixels wide", () => {
    const marks = gridRulers(spans, [8, 46.5, 10, 47.5], SIZE);
    expect(marks.filter(({ edge }) => edge === "top")).toHaveLength(1);
  });

  it("keep out from under a panel", () => {
    const marks = gridRulers(spans, [9, 47.07, 9.04, 47.1], SIZE, { left: 0.5, top: 0 });
    expect(marks.filter(({ edge }) => edge === "top").map(({ text }) => text)).toEqual(["В", "Г"]);
  });

  it("are not for natural sectors, whose letters lie anywhere", () => {
    const natural = [cell("А1", 0, 0), cell("А2", 3, 2), cell("Б1", 1, 1), cell("Б2", 0, 2)];
    expect(gridSpans(natural).columns.size).toBe(0);
  });
});
