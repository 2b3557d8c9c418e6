import { describe, expect, it } from "vitest";
import { utmPlane } from "../../core/ground/grids";
import { GRID, gridWish, GROUPS, groupsWish, NATURAL, naturalWish, previewGrid, regionSettings, withDefaults } from "./wish";

describe("what the server is asked to cut", () => {
  it("has metres for a grid in metres and degrees for one in degrees", () => {
    expect(gridWish(GRID)).toMatchObject({ align: "local", cell_m: 500, cell_height_m: null, origin: null });
    const wish = gridWish({ ...GRID, align: "geographic", step_lon_s: 36, step_lat_s: 18 });
    expect(wish).toMatchObject({ step_lon_deg: 0.01, step_lat_deg: 0.005 });
    expect(wish).not.toHaveProperty("cell_m");
  });

  it("takes skipped letters however they are typed, and none when nothing is", () => {
    expect(gridWish({ ...GRID, skipped: "й, ё ъ" })).toMatchObject({ skipped: "ЙЁЪ" });
    expect(gridWish(GRID)).not.toHaveProperty("skipped");
  });

  it("counts hectares in square metres, and asks for groups or hours, not both", () => {
    expect(naturalWish({ ...NATURAL, most_ha: 40 }, "latin")).toMatchObject({ min_area_m2: 50_000, max_area_m2: 400_000 });
    expect(groupsWish(GROUPS, "cyrillic")).toEqual({ letters: "cyrillic", units: "cells", team_kind: "foot", groups: 10 });
    expect(groupsWish({ ...GROUPS, by: "hours" }, "cyrillic")).not.toHaveProperty("groups");
  });
});

describe("the preview of a grid", () => {
  const box = [9, 47, 9.02, 47.01] as const;
  const centre = { lon: 9.01, lat: 47.005 };

  it("runs through the origin, in steps of degrees or metres", () => {
    const lines = previewGrid({ ...GRID, align: "geographic", step_lon_s: 36, step_lat_s: 36 }, box, centre);
    expect(lines.map(([from]) => from?.map((value) => Number(value.toFixed(6))))).toEqual([[9, 47], [9.01, 47], [9.02, 47], [9, 47], [9, 47.01]]);
    const local = previewGrid({ ...GRID, origin: { lon: 9, lat: 47 } }, box, centre);
    expect(local[1]?.[0]?.[0]).toBeCloseTo(9 + 500 / 76_050, 4);
  });

  it("begins at the middle of the frame, or at round values of UTM, when nobody has set an origin", () => {
    expect(previewGrid(GRID, box, centre).some(([from]) => Math.abs((from?.[0] ?? 0) - centre.lon) < 1e-9)).toBe(true);
    const zone = utmPlane(centre.lon, centre.lat);
    const lines = previewGrid({ ...GRID, align: "utm" }, box, centre);
    const east = zone.to(lines[0]?.[0]?.[0] ?? 0, lines[0]?.[0]?.[1] ?? 0).east_m;
    expect(east / 500).toBeCloseTo(Math.round(east / 500), 5);
    expect(lines.length).toBeGreaterThan(4);
  });

  it("shows sub-cells, and nothing where there would be too much", () => {
    expect(previewGrid({ ...GRID, sub_cells: 2 }, box, centre).length).toBeGreaterThan(previewGrid(GRID, box, centre).length);
    expect(previewGrid({ ...GRID, align: "geographic", step_lon_s: 0.1, step_lat_s: 0.1 }, box, centre)).toEqual([]);
  });
});

describe("what a region wants of its grids", () => {
  it("fills the form; the rest stays as usual", () => {
    expect(withDefaults(GRID, { cell_m: 300, align: "utm", step_lon_deg: 0.01 })).toEqual({ ...GRID, cell_m: 300, align: "utm", step_lon_s: 36 });
    expect(withDefaults(GRID, {})).toEqual(GRID);
  });

  it("is kept as it was filled in: what comes back fills the form the same", () => {
    const form = { ...GRID, cell_m: 400, letters_down: true, skipped: "ЁЙ", origin: { lon: 9.5, lat: 47.1 } };
    expect(regionSettings(form)).not.toHaveProperty("grow");
    expect(regionSettings(GRID)).not.toHaveProperty("origin");
    expect(withDefaults(GRID, regionSettings(form))).toEqual(form);
    const degrees = { ...GRID, align: "geographic" as const, step_lon_s: 36, step_lat_s: 18 };
    expect(withDefaults(GRID, regionSettings(degrees))).toEqual(degrees);
  });
});
