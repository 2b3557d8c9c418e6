/** How the area is to be cut, as the form holds it and as the server takes it; and the lines of a grid before it is made. */

import { RADIANS } from "../../core/ground/ellipsoid";
import { utmPlane } from "../../core/ground/grids";
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

/** What is kept for a region: the grid without growing, which belongs to one search's partitions. */
export function regionSettings(form: GridForm): Record<string, unknown> {
  const { grow: _, ...kept } = gridWish(form);
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null));
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

/** What the operator keeps for the grids of a region; what is left out is as usual. */
export type GridDefaults = Partial<{
  cell_m: number; cell_height_m: number | null; align: GridForm["align"]; step_lon_deg: number; step_lat_deg: number;
  origin: { lon: number; lat: number } | null; letters: GridForm["letters"]; skipped: string; letters_down: boolean;
  from_east: boolean; from_south: boolean; scheme: GridForm["scheme"]; sub_cells: 1 | 2 | 3;
}>;

/** The form as the region wants it. */
export function withDefaults(form: GridForm, { step_lon_deg, step_lat_deg, ...same }: GridDefaults): GridForm {
  const seconds = (degrees: number): number => Number((degrees * 3600).toFixed(6));
  return {
    ...form,
    ...same,
    ...(step_lon_deg === undefined ? {} : { step_lon_s: seconds(step_lon_deg) }),
    ...(step_lat_deg === undefined ? {} : { step_lat_s: seconds(step_lat_deg) }),
  };
}

type Box = readonly [west: number, south: number, east: number, north: number];
type Place = { lon: number; lat: number };
/** More lines than this say nothing on a screen. */
const MOST_LINES = 120;

/** Steps of a grid between two values; none when there would be too many. */
function steps(from: number, to: number, begin: number, step: number): number[] {
  const first = Math.ceil((from - begin) / step - 1e-9);
  const count = Math.max(0, Math.floor((to - begin) / step + 1e-9) - first + 1);
  return count > MOST_LINES ? [] : Array.from({ length: count }, (_, at) => begin + (first + at) * step);
}

/** In metres of UTM, which lie askew on the screen: each line over the whole box. */
function utmLines(form: GridForm, [west, south, east, north]: Box, centre: Place): number[][][] {
  const plane = utmPlane(centre.lon, centre.lat);
  const corners = [[west, south], [east, south], [east, north], [west, north]].map(([lon = 0, lat = 0]) => plane.to(lon, lat));
  const [across, up] = [corners.map((one) => one.east_m), corners.map((one) => one.north_m)];
  const [left, right, low, high] = [Math.min(...across), Math.max(...across), Math.min(...up), Math.max(...up)];
  const origin = form.origin === null ? { east_m: 0, north_m: 0 } : plane.to(form.origin.lon, form.origin.lat);
  const columns = steps(left, right, origin.east_m, form.cell_m / form.sub_cells);
  const rows = steps(low, high, origin.north_m, (form.cell_height_m ?? form.cell_m) / form.sub_cells);
  if (columns.length === 0 || rows.length === 0) return [];
  return [
    ...columns.map((east_m) => [plane.from({ east_m, north_m: low }), plane.from({ east_m, north_m: high })]),
    ...rows.map((north_m) => [plane.from({ east_m: left, north_m }), plane.from({ east_m: right, north_m })]),
  ];
}

/**
 * Lines of a grid over a box, as near as a screen shows; empty when there would be too many.
 *
 * Without an origin the server begins at the middle of the operation's frame (`centre`), or at round values of UTM or
 * degrees: so do these lines.
 */
export function previewGrid(form: GridForm, box: Box, centre: Place): number[][][] {
  const [west, south, east, north] = box;
  if (!(form.cell_m > 0)) return [];
  if (form.align === "utm") return utmLines(form, box, centre);
  const origin = form.origin ?? (form.align === "local" ? centre : { lon: 0, lat: 0 });
  let [stepLon, stepLat] = [form.step_lon_s / 3600, form.step_lat_s / 3600];
  if (form.align === "local") {
    // Metres in a degree at the origin, from a hundredth of one.
    stepLon = (form.cell_m / geodesic([origin.lon, origin.lat], [origin.lon + 0.01, origin.lat]).length_m) * 0.01;
    stepLat = ((form.cell_height_m ?? form.cell_m) / geodesic([origin.lon, origin.lat], [origin.lon, origin.lat + 0.01]).length_m) * 0.01;
  }
  [stepLon, stepLat] = [stepLon / form.sub_cells, stepLat / form.sub_cells];
  if (!(stepLon > 0) || !(stepLat > 0) || Math.abs(Math.cos(origin.lat * RADIANS)) < 1e-3) return [];
  const [columns, rows] = [steps(west, east, origin.lon, stepLon), steps(south, north, origin.lat, stepLat)];
  if (columns.length === 0 || rows.length === 0) return [];
  return [
    ...columns.map((lon) => [[lon, south], [lon, north]]),
    ...rows.map((lat) => [[west, lat], [east, lat]]),
  ];
}
