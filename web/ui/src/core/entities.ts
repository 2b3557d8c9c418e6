/** Typed views of the entities of a stream's state (see the fold table) and of what the API answers. */

export type Source = "phone" | "radio" | "in_person" | "call" | "paper";
export const REPORT_SOURCES: readonly Exclude<Source, "phone">[] = ["radio", "in_person", "call", "paper"];

type Versioned = { version: number };
export type Position = { lon: number; lat: number; accuracy_m?: number | null; at?: string | null };
export type GeometryRef = { sha256: string; bbox: number[] };

export type Operation = Versioned & {
  number: string;
  case_id: string;
  state: string;
  state_at?: string;
  region: string;
  time_zone: string;
  exercise: boolean;
  origin: [number, number] | null;
  organisation_id: string;
  opened_at: string;
  closed_at?: string;
};
export type Area = Versioned & { /** Middle of the operation's metric frame, lon/lat. */ origin: [number, number]; geometry?: GeoJSON.Polygon | GeoJSON.MultiPolygon; geometry_ref?: GeometryRef | null; area_m2: number };
export type OperationPoint = Versioned & {
  role: "lkp" | "entry";
  subject_id: string | null;
  lon: number;
  lat: number;
  text: string | null;
  seen_at: string | null;
};
export type Partition = Versioned & { method: string; sector_count: number; area_m2: number; made_at: string; notes?: unknown };
export type Sector = Versioned & {
  label: string;
  kind: "area" | "line" | "list";
  geometry?: GeoJSON.Geometry | null;
  geometry_ref?: GeometryRef | null;
  /** Null for lines and lists, which have no area of their own. */
  area_m2: number | null;
  length_m?: number | null;
  corridor_m?: number | null;
  addresses?: { text: string; lon: number | null; lat: number | null }[] | null;
  group?: string | null;
  name?: string | null;
  source?: string | null;
  partition_id: string | null;
  replaces: string[];
  retired: boolean;
  mark: string | null;
  mark_reason?: string | null;
  mark_organisation_id?: string | null;
};
export type ParticipantState = "invited" | "going" | "on_site" | "available" | "on_task" | "resting" | "left" | "home";
export type Participant = Versioned & {
  name: string | null;
  phone: string | null;
  callsign: string | null;
  channel: "code" | "headquarters";
  state: ParticipantState;
  state_at: string;
  word?: string | null;
  last_word?: string;
  last_contact_at: string | null;
};
export type TeamKind = "foot" | "dog" | "vehicle" | "boat" | "air" | "other";
export const TEAM_KINDS: readonly TeamKind[] = ["foot", "dog", "vehicle", "boat", "air", "other"];
export type Team = Versioned & {
  callsign: string;
  kind: TeamKind;
  leader_id: string | null;
  member_ids: string[];
  roster: string[] | null;
  formed_at: string;
  disbanded: boolean;
  last_contact_at?: string | null;
  last_word?: string;
  /** Number of the event by which the team confirmed a STOP. */
  hold_confirmed_seq?: number;
};
export type TaskState =
  | "planned" | "assigned" | "briefed" | "out" | "on_task" | "returning" | "back" | "debriefed" | "closed" | "recalled" | "cancelled";
export type Task = Versioned & {
  team_id: string;
  sector_id: string | null;
  sector_label: string | null;
  state: TaskState;
  state_at: string;
  given_at: string;
  method: string | null;
  due_at: string | null;
  contact_every_min: number | null;
  text: string | null;
  emergency_bearing_deg: number | null;
  /** Of a prepared task: its number in the team's shift. */
  place?: number | null;
  /** East positive; beside a bearing only. */
  declination?: { degrees: number; model: string; year: number } | null;
  alongside: boolean;
};
export type Find = Versioned & {
  condition: "walking" | "carried" | "needs_checking";
  participant_id: string | null;
  team_id: string | null;
  position: Position | null;
  text: string | null;
  source: Source;
  at: string;
};
export type Alarm = Versioned & {
  participant_id: string | null;
  team_id: string | null;
  position: Position | null;
  battery_pct: number | null;
  text: string | null;
  state: "open" | "taken" | "closed";
  at: string;
  by_name?: string | null;
  taken_at?: string;
};
export type Clue = Versioned & { participant_id: string | null; team_id: string | null; position: Position | null; text: string; at: string };
export type Briefing = Versioned & {
  text: string;
  radio_channel: string | null;
  muster_text: string | null;
  headquarters: { lon: number; lat: number } | null;
  phones: { title: string; phone: string }[];
  released_at: string;
};
export type RequestItem = { item_id: string; what: string; quantity: number; unit: string | null };
export type JointRequest = Versioned & {
  operation_id?: string;
  number?: string;
  case_id?: string;
  exercise?: boolean;
  from_organisation_id: string;
  to_organisation_ids: string[];
  items: RequestItem[];
  place_text: string | null;
  lon: number | null;
  lat: number | null;
  needed_at: string | null;
  basis: string;
  note: string | null;
  contact: string | null;
  state: "requested" | "received" | "answered" | "cancelled" | "closed";
  requested_at: string;
  received_at?: string;
  answered_at?: string;
};
export type Receipt = Versioned & {
  request_id: string;
  organisation_id: string;
  officer_name: string | null;
  officer_post: string | null;
  officer_phone: string | null;
  via: "opened" | "phone";
  at: string;
};
export type Commitment = Versioned & {
  request_id: string;
  organisation_id: string;
  item_id: string;
  decision: "accept" | "decline";
  quantity: number | null;
  arrive_at: string | null;
  leader: string | null;
  phone: string | null;
  reason: string | null;
  state: string;
  at: string;
};
export type Told = Versioned & {
  request_id: string | null;
  item_id?: string | null;
  organisation_id: string;
  name: string | null;
  post: string | null;
  phone: string | null;
  said_at: string;
  text: string;
  decision: "accept" | "decline" | null;
  quantity: number | null;
  arrive_at: string | null;
  confirmed: boolean;
  confirmed_at?: string;
  officer_name?: string | null;
};
export type CaseEntity = Versioned & { number: string; region: string; exercise: boolean; opened_at: string; state: string };
export type Subject = Versioned & {
  name: string | null;
  birth_year: number | null;
  sex: string | null;
  age: number | null;
  description: string | null;
  clothes: string | null;
  health: string | null;
  phone: string | null;
  home: string | null;
};
export type Circumstances = Versioned & {
  last_seen_place: string | null;
  last_seen_at: string | null;
  applicant_name: string | null;
  applicant_phone: string | null;
  circumstances: string | null;
};
export type Confirmation = Versioned & { kusp_number: string; organisation_id: string; officer_name?: string | null; officer_phone?: string | null; at: string };

export type OrganisationKind = "squad" | "police" | "emergency" | "region" | "partner";
export type Organisation = { id: string; kind: OrganisationKind; name: string; short_name?: string | null; region?: string | null; phone?: string | null };
export type Grant = { role: string; region: string | null; operation_id: string | null };
export type Account = { id: string; name: string; organisation: Organisation | null; grants: Grant[] };
export type OperationSummary = {
  id: string;
  number: string;
  state: string;
  exercise: boolean;
  region: string;
  time_zone: string;
  opened_at: string;
  case_id: string;
};
export type OperationHead = OperationSummary & { rights: string[]; classes: string[] };
export type PositionNow = {
  participant_id: string;
  team_id: string | null;
  lon: number;
  lat: number;
  accuracy_m: number | null;
  at: string;
  received_at: string;
  battery: number | null;
};
