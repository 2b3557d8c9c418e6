/** The history of the map: which reckoning is looked at. */

import type { WithId } from "../views";
import type { ProbabilityMap } from "./entities";

/** Oldest first; the log's order, not the clock's. */
export const inOrder = (maps: readonly WithId<ProbabilityMap>[]): WithId<ProbabilityMap>[] =>
  [...maps].sort((one, other) => one.version - other.version);

/** The map to be shown: the one asked for while it is there, else the newest; null without any. */
export function shownMap(ordered: readonly WithId<ProbabilityMap>[], asked: string | null): WithId<ProbabilityMap> | null {
  return ordered.find((one) => one.id === asked) ?? ordered.at(-1) ?? null;
}

/** What the slider asks for: at its end whatever is newest, also later on. */
export function askedAt(ordered: readonly WithId<ProbabilityMap>[], place: number): string | null {
  return place >= ordered.length - 1 ? null : (ordered[Math.max(0, place)]?.id ?? null);
}

export function placeOf(ordered: readonly WithId<ProbabilityMap>[], asked: string | null): number {
  const at = ordered.findIndex((one) => one.id === asked);
  return at < 0 ? ordered.length - 1 : at;
}
