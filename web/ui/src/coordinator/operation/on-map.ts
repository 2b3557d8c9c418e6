/** What of the state is drawn on the map. */

import { t } from "../../core/i18n.svelte";
import { age, clock, minutesSince } from "../../core/time";
import type { Bounds, PointOnMap, TeamOnMap } from "../../map";
import type { Desk } from "../desk.svelte";
import type { RadioCorrection, RadioEntry } from "../radio/entities";
import { logRows } from "../radio/log";

/** A position older than this is drawn hollow: nobody should act upon it. */
export const OLD_POSITION_MIN = 20;

export function mapPoints(desk: Desk): PointOnMap[] {
  const points: PointOnMap[] = desk.points.map((point) => ({
    id: point.id,
    role: point.role,
    at: [point.lon, point.lat],
    label: point.text ?? t(point.role === "lkp" ? "point-lkp-short" : "point-entry"),
  }));
  const quarters = desk.briefing?.headquarters;
  if (quarters) points.push({ id: "headquarters", role: "headquarters", at: [quarters.lon, quarters.lat], label: t("point-headquarters") });
  for (const find of desk.finds) {
    if (find.position) points.push({ id: find.id, role: "find", at: [find.position.lon, find.position.lat], label: t("word-found") });
  }
  for (const clue of desk.clues) {
    if (clue.position) points.push({ id: clue.id, role: "clue", at: [clue.position.lon, clue.position.lat], label: clue.text });
  }
  for (const alarm of desk.alarms) {
    if (!alarm.position || alarm.state === "closed") continue;
    points.push({ id: alarm.id, role: "alarm", at: [alarm.position.lon, alarm.position.lat], label: t("alarm-sos", { callsign: desk.who(alarm) }) });
  }
  points.push(...radioPins(desk));
  return points;
}

/** The last place that each caller named over the radio; a clue has a sign of its own. */
function radioPins(desk: Desk): PointOnMap[] {
  const rows = logRows(desk.live.store.list<RadioEntry>("radio_log"), desk.live.store.list<RadioCorrection>("radio_corrections"));
  const pins = new Map<string, PointOnMap>();
  for (const { entry, corrections } of rows) {
    const place = corrections.findLast((one) => one.position)?.position ?? entry.position;
    if (!place || entry.category === "clue" || pins.has(entry.caller)) continue;
    const label = `${entry.caller} · ${clock(entry.at, desk.timeZone, new Date(entry.at))}`;
    pins.set(entry.caller, { id: entry.id, role: "radio", at: [place.lon, place.lat], label });
  }
  return [...pins.values()];
}

/** The newest position of every team, and of everyone who reports without a team. */
export function mapTeams(desk: Desk, now: Date): TeamOnMap[] {
  const newest = new Map<string, TeamOnMap & { time: string }>();
  const alarmed = new Set(desk.alarms.filter((alarm) => alarm.state !== "closed").map((alarm) => alarm.participant_id));
  for (const position of Object.values(desk.live.positions)) {
    const teamId = position.team_id ?? desk.teamOf(position.participant_id)?.id ?? null;
    const id = teamId ?? position.participant_id;
    const held = newest.get(id);
    const alarm = alarmed.has(position.participant_id) || held?.alarm === true;
    if (held !== undefined && held.time >= position.at) {
      held.alarm = alarm;
      continue;
    }
    newest.set(id, {
      id,
      callsign: desk.callsign(teamId) || desk.personName(position.participant_id),
      at: [position.lon, position.lat],
      accuracy_m: position.accuracy_m,
      age: age(position.at, now, t),
      old: minutesSince(position.at, now) > OLD_POSITION_MIN,
      alarm,
      time: position.at,
    });
  }
  return [...newest.values()];
}

/** Width of the panel over the map's left edge, with its gap. */
/** Up to this width there is room for one list or panel beside the map, and both are narrower. */
export const NARROW_PX = 1150;
export const panelPx = (): number => (innerWidth <= NARROW_PX ? 356 : 436);

/** Widen a box to the west so that the given share of the map's width, covered by a panel, stays outside of it. */
export function widenWest(box: Bounds, covered: number): Bounds {
  const [west, south, east, north] = box;
  if (covered >= 0.7) return box; // A narrow window: the panel covers nearly all of it anyway.
  const width_deg = west <= east ? east - west : east + 360 - west;
  const widened = west - (width_deg * covered) / (1 - covered);
  return [widened < -180 ? widened + 360 : widened, south, east, north];
}
