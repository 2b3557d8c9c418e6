/** Cars and who rides with whom, as the state holds them and as they are planned on the screen. */

import { t } from "../../core/i18n.svelte";
import type { Desk } from "../desk.svelte";
import type { WithId } from "../views";
import { resourceLabel, type Resource } from "./entities";

export type Direction = "out" | "home";
export type CrewState = "planned" | "departed" | "arrived" | "cancelled";
export type Stop = { participant_id: string; at: string | null };
export type Crew = {
  version: number;
  direction: Direction;
  resource_id: string;
  driver_id: string;
  stops: Stop[];
  leave_at: string | null;
  arrive_at: string | null;
  state: CrewState;
};
export type CrewDraft = Omit<Crew, "version" | "direction" | "state"> & { deviation_min: number | null };
export type Left = { participant_id: string; reason: string; resource_id: string | null; deviation_min: number | null };
export type CrewProposal = {
  crews: CrewDraft[];
  left: Left[];
  cars_out: { resource_id: string; reason: string }[];
  left_bound: number;
  proven: boolean;
};

export const crewsOf = (desk: Desk): WithId<Crew>[] => desk.live.store.list<Crew>("crews");

/** The car by what people look for on a car park: its plate, else its number. */
export function carName(desk: Desk, id: unknown): string {
  const car = typeof id === "string" ? desk.live.store.get<Resource>("resources", id) : null;
  return car === null ? "" : [resourceLabel(car), car.plate ?? ""].filter(Boolean).join(" ");
}

/** Who drives, for sentences about a crew. */
export function crewName(desk: Desk, id: unknown): string {
  const crew = typeof id === "string" ? desk.live.store.get<Crew>("crews", id) : null;
  return crew === null ? "" : desk.personName(crew.driver_id);
}

/** How somebody gets home: with whom and in which car; null while nothing is agreed. */
export function rideHome(desk: Desk, personId: string): { words: string; at: string | null } | null {
  for (const crew of crewsOf(desk)) {
    if (crew.direction !== "home" || crew.state === "cancelled") continue;
    const stop = crew.stops.find((one) => one.participant_id === personId);
    if (stop !== undefined) return { words: t("ride-with", { driver: desk.personName(crew.driver_id), car: carName(desk, crew.resource_id) }), at: stop.at ?? crew.arrive_at };
    if (crew.driver_id === personId) return { words: t("ride-drives", { car: carName(desk, crew.resource_id) }), at: crew.arrive_at };
  }
  return null;
}

/** Move a rider to a car of the screen, or out of all (null). Times that no longer hold are dropped. */
export function moveRider(crews: readonly CrewDraft[], personId: string, resourceId: string | null): CrewDraft[] {
  const untimed = (crew: CrewDraft, stops: Stop[]): CrewDraft => ({
    ...crew, stops: stops.map((stop) => ({ ...stop, at: null })), leave_at: null, arrive_at: null, deviation_min: null,
  });
  return crews.map((crew) => {
    const held = crew.stops.some((stop) => stop.participant_id === personId);
    const wanted = crew.resource_id === resourceId;
    if (held === wanted) return crew;
    return untimed(crew, wanted ? [...crew.stops, { participant_id: personId, at: null }] : crew.stops.filter((stop) => stop.participant_id !== personId));
  });
}
