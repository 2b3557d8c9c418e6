/**
 * The heat map as a picture: steps of density, each as many times the one below.
 *
 * Colours are samples of the ramp "inferno": lightness rises evenly, so the order is read by people who see no
 * difference of hues, on a grey print and at night. On a light map more probable is darker, on a dark one lighter.
 */

import type { Theme } from "../../core/preferences.svelte";

export type Rgb = readonly [number, number, number];
export type Picture = { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> };

const INFERNO: readonly Rgb[] = [
  [247, 209, 61], [251, 155, 6], [237, 105, 37], [207, 68, 70], [165, 44, 96], [120, 28, 109], [74, 12, 107],
];
export const STEPS = INFERNO.length;
/** The lowest step lets most of the map through, the highest little. */
const ALPHA = [0.42, 0.52, 0.61, 0.69, 0.76, 0.83, 0.9].map((share) => Math.round(share * 255));

/** Colours from the least to the most probable. */
export const rampOf = (theme: Theme): readonly Rgb[] => (theme === "dark" ? INFERNO.toReversed() : INFERNO);

const BINS_PER_DECADE = 40;
const LEAST_LOG = -9;
const BINS = 14 * BINS_PER_DECADE;
/** The densest cells that hold this share of the map lie above the highest step, all but as much above the lowest. */
const EDGE_SHARE = 0.05;
/** A map that is nearly even must not look as if it said much; one with a sharp peak must still show its slopes. */
const LEAST_RANGE = 8;
const MOST_RANGE = 400;

/** Densities, in shares per km2, between which the map has something to say; null for an empty map. */
export function rangeOf(cells: Float32Array, cell_km2: number): { low: number; high: number } | null {
  const held = new Float64Array(BINS);
  let whole = 0;
  for (const share of cells) {
    if (!(share > 0)) continue;
    const bin = Math.floor((Math.log10(share / cell_km2) - LEAST_LOG) * BINS_PER_DECADE);
    const at = Math.max(0, Math.min(BINS - 1, bin));
    held[at] = (held[at] ?? 0) + share;
    whole += share;
  }
  if (whole === 0) return null;
  const above = (wanted: number): number => {
    let sum = 0;
    let bin = BINS;
    while (bin > 0 && sum < wanted * whole) sum += held[--bin] ?? 0;
    return 10 ** (LEAST_LOG + bin / BINS_PER_DECADE);
  };
  const high = above(EDGE_SHARE);
  return { high, low: Math.max(high / MOST_RANGE, Math.min(high / LEAST_RANGE, above(1 - EDGE_SHARE))) };
}

/** Limits of the steps in shares per km2, lowest first: each as many times the one below, in figures that are read easily. */
export function stepsOf(range: { low: number; high: number } | null): number[] {
  if (range === null) return [];
  const times = (range.high / range.low) ** (1 / (STEPS - 1));
  return Array.from({ length: STEPS }, (_, at) => Number((range.low * times ** at).toPrecision(2)));
}

/** The picture, row 0 in the north; what lies below the lowest step stays clear. */
export function pictureOf(
  cells: Float32Array,
  { rows, columns, cell_m }: { rows: number; columns: number; cell_m: number },
  steps: readonly number[],
  theme: Theme,
): Picture {
  const rgba = new Uint8ClampedArray(rows * columns * 4);
  const ramp = rampOf(theme);
  const limits = steps.map((density) => (density * cell_m * cell_m) / 1e6);
  const lowest = limits[0] ?? Number.POSITIVE_INFINITY;
  for (let cell = 0; cell < cells.length; cell++) {
    const share = cells[cell] ?? 0;
    if (share < lowest) continue;
    let step = 0;
    while (step + 1 < limits.length && share >= (limits[step + 1] ?? 0)) step++;
    const [red, green, blue] = ramp[step] ?? [0, 0, 0];
    rgba[4 * cell] = red;
    rgba[4 * cell + 1] = green;
    rgba[4 * cell + 2] = blue;
    rgba[4 * cell + 3] = ALPHA[step] ?? 255;
  }
  return { width: columns, height: rows, rgba };
}

export const cssOf = ([red, green, blue]: Rgb): string => `rgb(${String(red)} ${String(green)} ${String(blue)})`;
