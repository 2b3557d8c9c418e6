import { describe, expect, it } from "vitest";
import { areaSectorAt } from "./hit";
import type { SectorOnMap } from "./types";

const square = (id: string, from: number, to: number, hole: number[][] = []): SectorOnMap => ({
  id,
  label: id,
  kind: "area",
  state: "planned",
  geometry: {
    type: "Polygon",
    coordinates: [[[from, from], [to, from], [to, to], [from, to], [from, from]], ...(hole.length > 0 ? [hole] : [])],
  },
});

describe("the sector under the pointer", () => {
  it("is the one drawn last where two lie on each other", () => {
    expect(areaSectorAt([square("under", 0, 10), square("over", 2, 4)], [3, 3])).toBe("over");
    expect(areaSectorAt([square("under", 0, 10), square("over", 2, 4)], [5, 5])).toBe("under");
  });

  it("is none in a hole and outside", () => {
    const holed = square("holed", 0, 10, [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]);
    expect(areaSectorAt([holed], [5, 5])).toBeNull();
    expect(areaSectorAt([holed], [11, 5])).toBeNull();
  });
});
