/** A scenario as its form holds it, and as the server takes it. */

import type { Place } from "../places";
import type { Scenario, Terrain } from "./entities";

export const USUAL_UNCERTAINTY_M = 100;
const FIRST_WEIGHT = 50;

export type ScenarioForm = {
  name: string;
  weight: number;
  elsewhere: boolean;
  place: Place | null;
  uncertainty_m: number | null;
  category: string;
  terrain: Terrain;
  heading_deg: number | null;
  by_travel_time: boolean;
  pulled: boolean;
};

/** A new one begins at the last known position; the first has all the weight anyway. */
export const emptyScenario = (others: number, start: Place | null): ScenarioForm => ({
  name: "",
  weight: others === 0 ? 100 : FIRST_WEIGHT,
  elsewhere: false,
  place: start === null ? null : { lon: start.lon, lat: start.lat },
  uncertainty_m: USUAL_UNCERTAINTY_M,
  category: "",
  terrain: "temperate_flat",
  heading_deg: null,
  by_travel_time: true,
  pulled: true,
});

export const formOf = (one: Scenario): ScenarioForm => ({
  name: one.name,
  weight: one.weight,
  elsewhere: one.elsewhere,
  place: one.lon === null || one.lat === null ? null : { lon: one.lon, lat: one.lat },
  uncertainty_m: one.uncertainty_m,
  category: one.category ?? "",
  terrain: one.terrain,
  heading_deg: one.heading_deg,
  by_travel_time: one.by_travel_time,
  pulled: one.pulled,
});

export const isWhole = (form: ScenarioForm): boolean =>
  form.name.trim() !== "" && (form.elsewhere || (form.place !== null && form.category !== "" && form.uncertainty_m !== null));

export function wishOf(form: ScenarioForm): Record<string, unknown> {
  const here = !form.elsewhere;
  return {
    name: form.name.trim(),
    weight: form.weight,
    elsewhere: form.elsewhere,
    lon: here ? (form.place?.lon ?? null) : null,
    lat: here ? (form.place?.lat ?? null) : null,
    uncertainty_m: form.uncertainty_m ?? USUAL_UNCERTAINTY_M,
    category: here ? form.category : null,
    terrain: form.terrain,
    heading_deg: here ? form.heading_deg : null,
    by_travel_time: form.by_travel_time,
    pulled: form.pulled,
  };
}
