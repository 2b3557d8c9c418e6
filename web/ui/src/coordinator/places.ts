/** Typed places, read by the server; of several readings the one near the search comes first. */

import type { Desk } from "./desk.svelte";

export type Place = { lon: number; lat: number };

/** Squared distance in degrees, longitudes shortened: enough to order readings that lie countries apart. */
function farness(place: Place, near: Place): number {
  const across = ((place.lon - near.lon + 540) % 360) - 180;
  return (across * Math.cos((near.lat * Math.PI) / 180)) ** 2 + (place.lat - near.lat) ** 2;
}

export function nearestFirst<T extends Place>(places: readonly T[], near: Place | null): T[] {
  return near === null ? [...places] : [...places].sort((a, b) => farness(a, near) - farness(b, near));
}

/** Where the search is, as far as anything says so. */
function whereabouts(desk: Desk): Place | null {
  const point = desk.points[0];
  if (point !== undefined) return point;
  const origin = desk.operation?.origin;
  return origin ? { lon: origin[0], lat: origin[1] } : null;
}

/** Readings of a typed place; the server refuses what cannot be read and says why. */
export async function readPlaces(desk: Desk, text: string, signal?: AbortSignal): Promise<Place[]> {
  const path = `/api/coordinates?text=${encodeURIComponent(text.trim())}`;
  const { candidates } = await desk.api.get<{ candidates: Place[] }>(path, signal);
  return nearestFirst(candidates, whereabouts(desk));
}
