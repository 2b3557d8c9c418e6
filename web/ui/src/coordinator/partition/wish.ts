/** How the area is to be cut, as the form holds it and as the server takes it; and the lines of a grid before it is made. */

import { RADIANS } from "../../core/ground/ellipsoid";
import { geodesic } from "../../core/ground/measure";
import type { TeamKind } from "../../core/entities";

export type GridForm = {
  align: "local" | "utm" | "geographic";
  cell_m: number;
  cell_height_m: number | null;
  step_lon_s: number;
  step_lat_s: number;
  origin: { lon: number; lat: number } | null;
  scheme: "letter_number" | "number_letter" | "numbers";
  letters: "cyrillic" | "latin";
  skipped: string;
  letters_down: boolean;
  from_east: boolean;
  from_south: boolean;
  sub_cells: 1 | 2 | 3;
  grow: boolean;
};
export type NaturalForm = { lines: string[]; least_ha: number; most_ha: number | null; snap_m: number };
export type GroupsForm = { units: "cells" | "faces"; by: "groups" | "hours"; groups: number; hours: number; team_kind: TeamKind };
export type LayerForm = { file_id: string | null; layer: string; first_wins: boolean };

export const GRID: GridForm = {
  align: "local", cell_m: 500, cell_height_m: null, step_lon_s: 30, step_lat_s: 15, origin: null, scheme: "letter_number",
  letters: "cyrillic", skipped: "", letters_down: false, from_east: false, from_south: false, sub_cells: 1, grow: false,
};
export const NATURAL: NaturalForm = {
  lines: ["road", "track", "path", "cutline", "railway", "river", "stream"], least_ha: 5, most_ha: null, snap_m: 15,
};
export const GROUPS: GroupsForm = { units: "cells", by: "groups", groups: 10, hours: 4, team_kind: "foot" };

const HECTARE_M2 = 10_000;

export function gridWish(form: GridForm): Record<string, unknown> {
  const { align, scheme, letters, letters_down, from_east, from_south, sub_cells, grow, origin } = form;
  const size =
    align === "geographic"
      ? { step_lon_deg: form.step_lon_s / 3600, step_lat_deg: form.step_lat_s / 3600 }
      : { cell_m: form.cell_m, cell_height_m: form.cell_height_m };
  const skipped = form.skipped.replace(/[\s,;]/g, "").toUpperCase();
  return {
    align, scheme, letters, letters_down, from_east, from_south, sub_cells, grow, origin, ...size,
    ...(skipped === "" ? {} : { skipped }),
  };
}

export function naturalWish(form: NaturalForm, letters: string): Record<string, unknown> {
  return {
    letters,
    lines: form.lines,
    snap_m: form.snap_m,
    min_area_m2: form.least_ha * HECTARE_M2,
    ...(form.most_ha === null ? {} : { max_area_m2: form.most_ha * HECTARE_M2 }),
  };
}

export function groupsWish(form: GroupsForm, letters: string): Record<string, unknown> {
  return { letters, units: form.units, team_kind: form.team_kind, [form.by]: form.by === "groups" ? form.groups : form.hours };
}

type Box = readonly [west: number, south: number, east: number, north: number];
/** More lines than this say nothing on a screen. */
const MOST_LINES = 120;

/**
 * Lines of a grid over a box, as near as a screen shows; empty when there would be too many, or where only the server
 * knows the axes (UTM).
 */
export function previewGrid(form: GridForm, [west, south, east, north]: Box): number[][][] {
  if (form.align === "utm" || (form.align === "local" && form.origin === null)) return [];
  const origin = form.origin ?? { lon: 0, lat: 0 };
  let [stepLon, stepLat] = [form.step_lon_s / 3600, form.step_lat_s / 3600];
  if (form.align === "local") {
    // Metres in a degree at the origin, from a hundredth of one.
    stepLon = (form.cell_m / geodesic([origin.lon, origin.lat], [origin.lon + 0.01, origin.lat]).length_m) * 0.01;
    stepLat = ((form.cell_height_m ?? form.cell_m) / geodesic([origin.lon, origin.lat], [origin.lon, origin.lat + 0.01]).length_m) * 0.01;
  }
  if (!(stepLon > 0) || !(stepLat > 0) || Math.abs(Math.cos(origin.lat * RADIANS)) < 1e-3) return [];
  const along = (from: number, to: number, begin: number, step: number): number[] => {
    const first = Math.ceil((from - begin) / step - 1e-9);
    const count = Math.max(0, Math.floor((to - begin) / step + 1e-9) - first + 1);
    return count > MOST_LINES ? [] : Array.from({ length: count }, (_, at) => begin + (first + at) * step);
  };
  const [columns, rows] = [along(west, east, origin.lon, stepLon), along(south, north, origin.lat, stepLat)];
  if (columns.length === 0 || rows.length === 0) return [];
  return [
    ...columns.map((lon) => [[lon, south], [lon, north]]),
    ...rows.map((lat) => [[west, lat], [east, lat]]),
  ];
}
