/** What the roster holds: things with numbers, and what is known of people beyond their names. */

import type { Participant } from "../../core/entities";
import { t } from "../../core/i18n.svelte";
import type { Desk } from "../desk.svelte";
import type { WithId } from "../views";

export const COMPETENCES = [
  "leader", "medic", "dog_handler", "drone_pilot", "offroad_driver", "snowmobile_driver", "boat_driver", "diver", "tracker",
  "radio_operator", "cartographer", "registrar", "rope_rescuer", "helicopter_receiver",
] as const;
export type Competence = (typeof COMPETENCES)[number];
export const LIMITS = ["night", "water", "long_walk", "heights", "carrying"] as const;
export type Limit = (typeof LIMITS)[number];
export const RESOURCE_KINDS = [
  "radio", "navigator", "vehicle", "dog", "drone", "torch", "megaphone", "siren", "stretcher", "first_aid", "power_bank", "generator", "tent", "other",
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];
export const GROUND_CLASSES = ["car", "4x4", "swamp_vehicle", "snowmobile", "boat", "quad"] as const;
export type GroundClass = (typeof GROUND_CLASSES)[number];
export const CONDITIONS = ["ok", "broken", "lost", "taken_home"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** `until` is the last day on which it holds; null without end. */
export type Certificate = { competence: Competence; until: string | null };
export type RidePlace = { text: string; at: { lon: number; lat: number } | null };
export type Resource = {
  version: number;
  kind: ResourceKind;
  number: string;
  name: string | null;
  ground_class: GroundClass | null;
  seats: number | null;
  gear_space_l: number | null;
  plate: string | null;
  goes_with: string[];
  ready_until: string | null;
  condition: Condition;
  note: string | null;
  team_id?: string | null;
  participant_id?: string | null;
  issued_at?: string;
};
/** A participant as the roster describes him. */
export type RosterPerson = Participant & {
  certificates?: Certificate[] | null;
  adult?: boolean | null;
  leaves_at?: string | null;
  shift_from?: string | null;
  off_since?: string | null;
  limits?: Limit[] | null;
  needs?: Competence[] | null;
  pickup_place?: RidePlace | null;
  home_place?: RidePlace | null;
  ready_at?: string | null;
  gear_l?: number | null;
};

export const resourcesOf = (desk: Desk): WithId<Resource>[] => desk.live.store.list<Resource>("resources");
export const rosterPeople = (desk: Desk): WithId<RosterPerson>[] => desk.people;

/** «Рация 14», or of a vehicle its class: «Квадроцикл 2». */
export function resourceLabel(one: Pick<Resource, "kind" | "number" | "ground_class">): string {
  const what = one.ground_class === null ? t(`resource-${one.kind}`) : t(`ground-class-${one.ground_class}`);
  return t("resource-label", { what, number: one.number });
}

export function thingName(desk: Desk, id: unknown): string {
  const thing = typeof id === "string" ? desk.live.store.get<Resource>("resources", id) : null;
  return thing === null ? "" : resourceLabel(thing);
}

export const competenceName = (one: Competence): string => t(`competence-${one}`);
export const limitName = (one: Limit): string => t(`limit-${one}`);
