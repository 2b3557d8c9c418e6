/** Sectors in the order of what they are worth, and everything that is in no sector. */

import type { ProbabilityRead, SectorProbability } from "./entities";
import type { Whereabouts } from "./mixing";

/** Named as the columns of the sector table. */
export const ORDERS = ["probability", "density", "next_hour"] as const;
export type Order = (typeof ORDERS)[number];

function valueOf(sector: SectorProbability, order: Order): number {
  if (order === "probability") return sector.share;
  return order === "density" ? sector.density_per_km2 : sector.next_best_per_h;
}

/** Most first; equals stand by label. */
export function ranked(sectors: readonly SectorProbability[], order: Order): SectorProbability[] {
  const collator = new Intl.Collator("ru", { numeric: true });
  return [...sectors].sort((one, other) => {
    const difference = valueOf(other, order) - valueOf(one, order);
    return difference === 0 ? collator.compare(one.label, other.label) : difference;
  });
}

/** What no sector holds. With the sectors it sums to one, also while the sliders move. */
export function restOf(
  read: Pick<ProbabilityRead, "in_area" | "unpartitioned">,
  now: Whereabouts,
): { unpartitioned: number; outside: number } {
  const scale = read.in_area > 0 ? now.in_area / read.in_area : 1;
  return { unpartitioned: read.unpartitioned * scale, outside: now.outside_area + now.beyond };
}

export const sectorsById = (sectors: readonly SectorProbability[]): ReadonlyMap<string, SectorProbability> =>
  new Map(sectors.map((one) => [one.sector_id, one]));
