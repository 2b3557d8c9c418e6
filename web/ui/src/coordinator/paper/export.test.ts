import { describe, expect, it } from "vitest";
import { byJob, fixesOf } from "./export";

describe("files that leave", () => {
  it("are written by a job when they hold the tracks of a large search", () => {
    const fixes = fixesOf([{ n: 15_000 }, { n: 6_000 }]);
    expect(byJob("gpkg", "", fixes)).toBe(true);
    expect(byJob("geojson", "", 20_000)).toBe(false);
    expect(byJob("gpx", "", fixes)).toBe(false);
    expect(byJob("gpkg", "team", fixes)).toBe(false);
  });
});
