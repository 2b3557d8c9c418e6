/** A clue as its form holds it, and as the server takes it. */

import type { Place } from "../places";

export type ClueForm = {
  text: string;
  clue_id: string;
  by: "point" | "outline";
  place: Place | null;
  spread_m: number | null;
  weight: number;
};

/** The request; null while it says no place: a point with its spread, or an outline, never both. */
export function clueWish(form: ClueForm, outline: GeoJSON.Geometry | null, seenAt: string | null): Record<string, unknown> | null {
  if (form.text.trim() === "") return null;
  const common = { text: form.text.trim(), clue_id: form.clue_id === "" ? null : form.clue_id, weight: form.weight, seen_at: seenAt };
  if (form.by === "outline") return outline === null ? null : { ...common, lon: null, lat: null, spread_m: null, geometry: outline };
  if (form.place === null || form.spread_m === null || !(form.spread_m > 0)) return null;
  return { ...common, lon: form.place.lon, lat: form.place.lat, spread_m: form.spread_m, geometry: null };
}
