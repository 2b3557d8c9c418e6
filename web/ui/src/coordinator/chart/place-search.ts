/** Places of the imported ground by name: villages, lakes, tracts, stations. */

import { hasText, t } from "../../core/i18n.svelte";
import type { Desk } from "../desk.svelte";
import { lengthText } from "../format";

export type NamedPlace = { id: string; name: string; kind: string; lon: number; lat: number; distance_m: number | null };

type Answer = { places: { name: string; class: string; subclass: string; lon: number; lat: number; distance_m: number | null }[] };

/** Places whose name begins or sounds so, the nearest to the search first. */
export async function findPlaces(desk: Desk, text: string, signal?: AbortSignal): Promise<NamedPlace[]> {
  const near = desk.points[0] ?? (desk.operation?.origin ? { lon: desk.operation.origin[0], lat: desk.operation.origin[1] } : null);
  const where = near === null ? "" : `&lon=${near.lon.toFixed(5)}&lat=${near.lat.toFixed(5)}`;
  const answer = await desk.api.get<Answer>(`/api/places?text=${encodeURIComponent(text.trim())}${where}`, signal);
  return answer.places.map((one, index) => ({
    id: `${String(index)} ${one.name}`,
    name: one.name,
    kind: hasText(`place-kind-${one.subclass}`) ? one.subclass : one.class,
    lon: one.lon,
    lat: one.lat,
    distance_m: one.distance_m,
  }));
}

/** `село · 3,2 км`. */
export function placeDetail(place: NamedPlace): string {
  const key = `place-kind-${place.kind}`;
  return [hasText(key) ? t(key) : "", place.distance_m === null ? "" : lengthText(place.distance_m)].filter(Boolean).join(" · ");
}
