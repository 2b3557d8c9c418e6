/** Transport as the server tells it. Unknown figures are null and are shown as unknown, never as zero. */

export type PlaceKind = "settlement" | "airport" | "heliport" | "station" | "port" | "site";
export type NamedPlace = { name: string; name_ru: string | null; lon: number | null; lat: number | null; time_zone: string | null };
export type Place = NamedPlace & {
  place_id: string; kind: PlaceKind; region: string | null; iata: string | null; closed: boolean; closed_until: string | null;
  transfer_min: number | null; opens: string | null; closes: string | null; version: number;
};
export type Runway = { runway_id: string; place_id: string; length_m: number | null; surface: string | null; closed: boolean };
export type Service = {
  service_id: string; mode: string; number: string; operator: string | null; from_place: string; to_place: string;
  departs: string; arrives: string; day_offset: number; weekdays: string; seats: number | null; payload_kg: number | null;
  withdrawn: boolean; version: number;
};
export type DepartureChange = { service_id: string; on_date: string; state: string; delay_min: number | null; version: number };
export type Way = {
  way_id: string; mode: string; from_place: string; to_place: string; duration_min: number; distance_m: number | null;
  season_from: string | null; season_to: string | null; vehicle_class: string | null; withdrawn: boolean; version: number;
};
export type ResourceState = "available" | "promised" | "moving" | "working" | "resting" | "broken";
export const RESOURCE_STATES: readonly ResourceState[] = ["available", "promised", "moving", "working", "resting", "broken"];
export const RESOURCE_KINDS = ["group", "aircraft", "vehicle", "boat", "consultant", "equipment"] as const;
export type Resource = {
  resource_id: string; kind: (typeof RESOURCE_KINDS)[number]; name: string; craft_type: string | null; base_place: string | null;
  people: number | null; seats: number | null; payload_kg: number | null; ready_min: number | null; duty_min: number | null;
  vehicle_class: string | null; night: boolean | null; cost_owner: string | null; confidence: number | null; equipment: string | null; state: ResourceState;
  state_at: string; operation_id: string | null; withdrawn: boolean; version: number;
};
export type Craft = { craft_type: string; class: string };
export type NetworkChange = {
  change_id: number; subject: string; subject_id: string; what: string; reason: string | null; changed_by_name: string; changed_at: string;
  after: Record<string, unknown> | null;
};
export type Network = {
  places: Place[]; runways: Runway[]; services: Service[]; departures: DepartureChange[]; ways: Way[]; resources: Resource[];
  crafts: Craft[]; changes: NetworkChange[];
};

export type Leg = {
  kind: "departure" | "way" | "agency"; mode: string; number?: string; service_id?: string | null; on_date?: string | null;
  craft?: string | null; vehicle_class?: string | null; from_place: string; to_place: string | null; from?: NamedPlace; to?: NamedPlace;
  leaves_at: string | null; arrives_at: string; people: number; cargo_kg: number; seats?: number | null; payload_kg?: number | null;
  organisation_id?: string; party?: number; part?: number; over?: OverGround | null; done_at?: string | null; left_at?: string | null;
};
/** How a leg off the network was reckoned: over imported ground, or along a straight line. */
export type OverGround =
  | { what: "straight" }
  | { what: "ground"; ride: "foot" | "car" | "4x4" | "boat"; ride_s: number; walk_s: number; stop: [number, number] | null };
export type Subject = { id: string; name: string; name_ru: string | null };
export type Ask = Subject & { what: string; subject: string };
export type Why = { reason: string; what?: string | null; need?: number | null; have?: number | null; at?: string | null; concerns?: Subject[] };
export type Manifest = { ref_id: string; number: string; leaves_at: string; people: number; cargo_kg: number; seats: number | null; payload_kg: number | null };
export type Itinerary = {
  names: string[]; leaves_at: string; arrives_at: string; cost_rub: number; cost_known: boolean; confidence: number;
  asks: Ask[]; legs: Leg[]; manifest: Manifest[]; people: number; left_behind: LeftBehind[];
};
/** Who does not come by a plan, and why. */
export type LeftBehind = { party: number; people: number; cargo_kg: number; whys: Why[] };
export type Proposed = {
  made_at: string; under_way: boolean; apart: Why[]; assumed: string[]; left_out: Why[]; aircraft_out: Why[]; itineraries: Itinerary[]; refused: Why[];
  cut_off: (Subject & { nearest: string; distance_m: number; reached: number }) | null;
};
export type Disturbance = {
  leg: number; what: "cancelled" | "delayed" | "seats" | "closed" | "withdrawn" | "retimed" | "broken"; delay_min: number | null; reason: string | null;
  seats: number | null; aboard: number | null;
};
export type Destination = { place_id: string | null; lon: number | null; lat: number | null; text: string | null };
export type Movement = {
  id: string; name: string; state: "asked" | "planned" | "moving" | "arrived" | "cancelled"; version: number;
  parties: { place_id: string; ready_at: string; people: number; cargo_kg: number }[];
  to: Destination; by_at: string | null; legs: Leg[]; arrive_at?: string; carried_by?: string | null;
  /** All that has changed of what it counts on, by what has changed. */
  disturbed: Readonly<Record<string, Disturbance>> | null; chosen_seq?: number; done_legs: readonly number[];
  proposal: { proposal_id: string; itineraries: number; refused: string | null } | null; proposed: Proposed | null;
  request_id?: string; request_state: string | null; request_over: boolean; commitment_id?: string;
  reason?: string | null; left_behind?: readonly LeftBehind[];
};
export type Report = { id: string; movement_id: string; chosen_seq?: number | null; leg: number; word: string; at: string; note: string | null };
export const REPORT_WORDS = ["left", "at_airport", "landed", "arrived"] as const;
export type Option = {
  kind: string; possible: boolean; ready_at: string | null; arrive_at: string | null; people: number; equipment: string[];
  cost_owner: string | null; cost_rub: number | null; confidence: number | null; who: Subject[]; whys: Why[]; asks: Ask[];
  legs: Leg[]; window_left_s: number | null; people_short: number; covers: boolean;
};
export type Comparison = {
  id: string; version: number; made_at: string; people: number; window_ends_at: string; life_at_stake: boolean; life_reason: string | null;
  default_option: string; default_options: string[]; default_why: string; chosen: string | null; reason?: string; chosen_at?: string; told: { options: Option[] };
};
export type Job = { job_id: string; kind: string; state: string; done: number; step: string | null; result: { code?: string } | null };
export type LandingCandidate = {
  place_id: string; lon: number; lat: number; slope_deg: number; obstacle_m: number | null; water_m: number | null; wires_m: number | null;
  away_m: number; to_confirm: string[];
};
export type LandingSearch = {
  id: string; lon: number; lat: number; within_m: number; made_at: string; refused: string | null; excluded: [string, number][]; candidates: LandingCandidate[];
};
export type LandingPlace = {
  id: string; version: number; search_id: string | null; lon: number; lat: number; verdict: "confirmed" | "rejected"; reason: string | null; judged_at: string;
};
/** What an agency has promised in answer to the request for a movement. */
export type Commitment = { id: string; request_id: string; organisation_id: string; state: string; arrive_at: string | null };
export type Sortie = {
  leaves_at: string; lands_at: string; back_at: string; people: number; cargo_kg: number; flown_m: number; range_left_m: number | null; light_left_s: number;
};
export type SortiePlan = {
  id: string; made_at: string; resource_id: string; craft: string; from_place: string; lon: number; lat: number; ready_at: string; people: number; cargo_kg: number;
  place_confirmed: boolean; sorties: Sortie[]; stay: number; stay_kg: number; whys: Why[]; asks: { what: string; subject: string }[];
};
export type MeetingPlace = { what: "headquarters" | "entry"; lon: number; lat: number };
export type Transport = { seq: number; meeting: MeetingPlace[]; movements: Movement[]; reports: Report[]; comparisons: Comparison[]; commitments: Commitment[]; jobs: Job[]; landing_searches: LandingSearch[]; landing_places: LandingPlace[]; sortie_plans: SortiePlan[] };
