/** Events as sentences for the feed; a kind that the desk does not know is shown by its name. */

import type { WireEvent } from "../core/fold";
import { hasText, t } from "../core/i18n.svelte";
import type { Desk } from "./desk.svelte";
import { areaText } from "./format";
import { crewName } from "./roster/crews";
import { thingName } from "./roster/entities";
import { operationKey, type WithId } from "./views";
import type { Task } from "../core/entities";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function stateWords(prefix: string, value: unknown): string {
  const key = prefix === "operation" ? operationKey(text(value)) : `${prefix}-${text(value)}`;
  return hasText(key) ? t(key) : text(value);
}

function taskOf(desk: Desk, id: unknown): WithId<Task> | undefined {
  return desk.tasks.find((task) => task.id === id);
}

const movementName = (desk: Desk, id: unknown): string => desk.live.store.get<{ name: string }>("movements", text(id))?.name ?? "";

const sectorLabel = (desk: Desk, id: unknown): string => desk.sectors.find((one) => one.id === id)?.label ?? "";

function arguments_(event: WireEvent, desk: Desk): Record<string, string | number> {
  const { payload } = event;
  const task = taskOf(desk, payload["task_id"]);
  const alarm = desk.clockAlarms.find((one) => one.id === payload["alarm_id"]);
  return {
    who: desk.who(payload as { team_id?: string | null; participant_id?: string | null }),
    team: desk.callsign(text(payload["team_id"])) || desk.callsign(task?.team_id ?? alarm?.team_id) || text(payload["callsign"]),
    sector: text(payload["sector_label"]) || sectorLabel(desk, payload["sector_id"]) || (task?.sector_label ?? ""),
    word: stateWords(event.kind === "movement_reported" ? "transport-word" : "word", event.kind === "movement_reported" ? text(payload["word"]).replace("_", "-") : payload["word"]),
    condition: stateWords("condition", payload["condition"]),
    text: text(payload["text"]),
    count: Number(payload["sector_count"] ?? (payload["sectors"] as unknown[] | undefined)?.length ?? (payload["given"] as unknown[] | undefined)?.length ?? 0),
    area: typeof payload["area_m2"] === "number" ? areaText(payload["area_m2"]) : "",
    state: stateWords(STATE_PREFIX[event.kind] ?? "operation", payload["state"]),
    organisation: desk.organisationName(text(payload["organisation_id"]) || text(payload["from_organisation_id"])),
    role: t(payload["role"] === "entry" ? "point-entry" : "point-lkp"),
    number: text(payload["number"]) || text(payload["kusp_number"]),
    holder: desk.callsign(text(payload["held_by_team_id"])),
    quantity: Number(payload["quantity"] ?? payload["every_min"] ?? 0),
    name: text(payload["officer_name"]) || text(payload["to_name"]) || text(payload["by_name"]) || text(payload["name"]) || movementName(desk, payload["movement_id"]),
    reason: text(payload["reason"]),
    caller: text(payload["caller"]),
    crew: crewName(desk, payload["crew_id"]),
    thing: thingName(desk, payload["resource_id"]),
  };
}

const STATE_PREFIX: Record<string, string> = { participant_moved: "participant", participant_added: "participant", task_moved: "task" };

const SILENT_KINDS: ReadonlySet<string> = new Set(["sectors_added", "sectors_retired", "track_recorded", "hold_confirmed", "evidence_weighed", "probability_made", "participant_described", "resource_listed", "crew_planned", "assignment_proposed", "task_planned", "movement_proposed", "board_written"]);

/** Events that say nothing new to people: parts of another one, and states that a report has just told. */
export const isSilent = (event: WireEvent): boolean => SILENT_KINDS.has(event.kind) || typeof event.payload["cause"] === "string";

/** Key of the sentence: some kinds have several. */
function keyOf(event: WireEvent): string {
  if (event.kind === "pair_locked") return `event-pair_locked-${text(event.payload["lock"]) || "none"}`;
  if (event.kind === "request_answered") return `event-request_answered-${text(event.payload["decision"])}`;
  if (event.kind === "sector_judged") return `event-sector_judged-${text(event.payload["decision"])}`;
  if (event.kind === "sector_marked") return `event-sector_marked-${text(event.payload["mark"]) || "none"}`;
  if (event.kind === "clock_alarm_raised") return `event-clock_alarm_raised-${text(event.payload["what"])}`;
  if (event.kind === "clock_alarm_over") return `event-clock_alarm_over-${text(event.payload["cause"])}`;
  if (event.kind === "crew_moved") return `event-crew_moved-${text(event.payload["state"])}`;
  if (event.kind === "board_schedule_set") return `event-board_schedule_set-${event.payload["every_min"] === null ? "off" : "on"}`;
  if (event.kind === "board_printed") return `event-board_printed-${text(event.payload["print_fault"]) || "done"}`;
  if (event.kind === "team_changed" && event.payload["disbanded"] === true) return "event-team_disbanded";
  return `event-${event.kind}`;
}

export function feedText(event: WireEvent, desk: Desk): string {
  const key = keyOf(event);
  return hasText(key) ? t(key, arguments_(event, desk)) : event.kind;
}

/** Loud events stand out in the list by a mark and their weight. */
export const isLoud = (event: WireEvent): boolean =>
  ["sos_raised", "clock_alarm_raised", "found_reported", "hold_set", "operation_closed", "claim_refused"].includes(event.kind);
