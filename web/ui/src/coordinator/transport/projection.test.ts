import { describe, expect, it } from "vitest";
import { COUNTRY, frameOf, project } from "./projection";

describe("the national map", () => {
  it("keeps both sides of longitude 180 together", () => {
    const west = project(179.5, 66);
    const east = project(-179.5, 66);
    expect(Math.hypot(west.x - east.x, west.y - east.y)).toBeLessThan(60);
  });

  it("draws distances near their length", () => {
    const moscow = project(37.62, 55.75);
    const irkutsk = project(104.29, 52.29);
    const km = Math.hypot(moscow.x - irkutsk.x, moscow.y - irkutsk.y);
    expect(km).toBeGreaterThan(3900); // 4 200 km on the globe
    expect(km).toBeLessThan(4600);
  });

  it("shows the country when there is nothing, and at least 400 km around a place", () => {
    expect(frameOf([])).toBe(COUNTRY);
    expect(frameOf([{ x: 0, y: 0 }]).width).toBe(400);
  });
});
