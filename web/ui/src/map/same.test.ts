import { describe, expect, it } from "vitest";
import { same } from "./same";

describe("same", () => {
  it("looks at what is said, not at who says it", () => {
    const geometry = { type: "Polygon", coordinates: [[[9.5, 47.1], [9.6, 47.1], [9.5, 47.2]]] };
    const sector = { id: "s", label: "А1", note: "Лиса-1", geometry };
    expect(same([sector], [{ ...sector }])).toBe(true);
    expect(same([sector], [{ ...sector, geometry: structuredClone(geometry) }])).toBe(true);
    expect(same([sector], [{ ...sector, note: "Лиса-2" }])).toBe(false);
    expect(same([sector], [sector, sector])).toBe(false);
    expect(same([sector], [{ id: "s", label: "А1", geometry }])).toBe(false);
    expect(same({ a: undefined }, { b: undefined })).toBe(false);
    expect(same([], {})).toBe(false);
    expect(same(null, {})).toBe(false);
    expect(same(Number.NaN, Number.NaN)).toBe(true);
  });
});
