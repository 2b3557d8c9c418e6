/** Scenarios put together by their weights, in the browser: the sliders move, the map follows at once. */

import type { ProbabilityRead, ScenarioRead } from "./entities";

export type Weights = Readonly<Record<string, number>>;

/** Shares that sum to one; all weights zero count alike, as the server has it. */
export function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, one) => total + Math.max(0, one), 0);
  return weights.map((one) => (sum > 0 ? Math.max(0, one) / sum : 1 / weights.length));
}

/** The cells of every scenario, in the order of `read.scenarios`; the file must hold exactly these. */
export function massesOf(bytes: ArrayBuffer, { lattice, scenarios }: Pick<ProbabilityRead, "lattice" | "scenarios">): Float32Array[] {
  const cells = lattice.rows * lattice.columns;
  if (bytes.byteLength !== cells * scenarios.length * 4) throw new RangeError(`raster of ${String(bytes.byteLength)} bytes`);
  const view = new DataView(bytes);
  return scenarios.map((_, at) => {
    const mass = new Float32Array(cells);
    for (let cell = 0; cell < cells; cell++) mass[cell] = view.getFloat32((at * cells + cell) * 4, true);
    return mass;
  });
}

const wholeOf = (one: ScenarioRead): number => one.in_area + one.outside_area + one.beyond;

/** Where everything is: inside the area, outside it, beyond the map. Sums to one. */
export type Whereabouts = { in_area: number; outside_area: number; beyond: number };
export type Mixed = Whereabouts & {
  /** What the cells have to be multiplied with after weighing: shares over everything that is left. */
  factors: readonly number[];
};

/** Weighed and normalised over everything, the rest of the world included; null while there is nothing to weigh. */
export function mixed(scenarios: readonly ScenarioRead[], weights: Weights): Mixed | null {
  if (scenarios.length === 0) return null;
  const shares = normalised(scenarios.map((one) => weights[one.scenario_id] ?? one.weight));
  const total = scenarios.reduce((sum, one, at) => sum + (shares[at] ?? 0) * wholeOf(one), 0);
  if (!(total > 0)) return null;
  const factors = shares.map((share) => share / total);
  const sum = (part: "in_area" | "outside_area" | "beyond"): number =>
    scenarios.reduce((so_far, one, at) => so_far + (factors[at] ?? 0) * one[part], 0);
  return { factors, in_area: sum("in_area"), outside_area: sum("outside_area"), beyond: sum("beyond") };
}

/** The share of every cell; with what lies beyond the map they sum to one. */
export function mixedCells(masses: readonly Float32Array[], factors: readonly number[]): Float32Array {
  const cells = new Float32Array(masses[0]?.length ?? 0);
  masses.forEach((mass, at) => {
    const factor = factors[at] ?? 0;
    if (factor === 0) return;
    for (let cell = 0; cell < cells.length; cell++) cells[cell] = (cells[cell] ?? 0) + factor * (mass[cell] ?? 0);
  });
  return cells;
}

/**
 * Shares of the sectors under other weights, from what each scenario gives to each sector.
 *
 * A scenario that had no weight gave nothing that could be scaled up: then the sectors wait for the server.
 */
export function mixedSectors(read: Pick<ProbabilityRead, "scenarios" | "sectors">, weights: Weights): Map<string, number> | null {
  const then = mixed(read.scenarios, {});
  const now = mixed(read.scenarios, weights);
  if (then === null || now === null) return null;
  const scale: Record<string, number> = {};
  for (const [at, { scenario_id }] of read.scenarios.entries()) {
    const [before = 0, after = 0] = [then.factors[at], now.factors[at]];
    if (before === 0 && after > 0) return null;
    scale[scenario_id] = before === 0 ? 0 : after / before;
  }
  return new Map(
    read.sectors.map(({ sector_id, share, why }) => [
      sector_id,
      share * why.scenarios.reduce((sum, one) => sum + one.share * (scale[one.scenario_id] ?? 1), why.scenarios.length === 0 ? 1 : 0),
    ]),
  );
}
