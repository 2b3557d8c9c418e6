/** What Ctrl K finds: actions, sectors, teams, people, places. */

import type { PaletteItem } from "../../components/CommandPalette.svelte";
import { t } from "../../core/i18n.svelte";
import type { Desk } from "../desk.svelte";
import { findPlaces, placeDetail } from "../chart/place-search";
import { ROSTER_VIEWS } from "../roster/roster-views";
import { router } from "../router.svelte";
import type { Action, Shortcut } from "../shortcuts";

export function paletteItems(desk: Desk, run: (action: Action) => void, shortcuts: readonly Shortcut[]): PaletteItem[] {
  const actions = shortcuts
    .filter((one) => one.right === undefined || desk.may(one.right))
    .map((one) => ({
      id: `action-${one.action}`,
      group: t("palette-actions"),
      label: t(`action-${one.action}`),
      shortcut: one.shown,
      run: () => { run(one.action); },
    }));
  const further: PaletteItem[] = [];
  if (desk.may("sector.read")) {
    further.push({ id: "widths", group: t("palette-actions"), label: t("widths-title"), run: () => { desk.panel = { kind: "widths" }; } });
    further.push({ id: "calls", group: t("palette-actions"), label: t("calls-title"), run: () => { desk.panel = { kind: "calls" }; } });
  }
  for (const view of ROSTER_VIEWS) {
    if (desk.may(view.right)) further.push({ id: `roster-${view.id}`, group: t("palette-actions"), label: t(`action-roster-${view.id}`), run: () => { router.go(`/operations/${desk.id}/roster/${view.id}`); } });
  }
  if (desk.may("operation.close")) {
    further.push({ id: "closing", group: t("palette-actions"), label: t("action-closing"), run: () => { desk.dialog = { kind: "closing" }; } });
  }
  if (desk.may("join_code")) {
    further.push({ id: "join", group: t("palette-actions"), label: t("action-join"), run: () => { router.go(`/operations/${desk.id}/join`); } });
  }
  const teams = desk.teamRows.map(({ team, task }) => ({
    id: `team-${team.id}`,
    group: t("palette-teams"),
    label: team.callsign,
    ...(task === null ? {} : { hint: `${task.sector_label ?? ""} · ${t(`task-${task.state}`)}` }),
    run: () => { desk.dialog = { kind: "report", sender: desk.senders.find((one) => one.id === team.id) ?? null }; },
  }));
  const sectors = desk.sectors.map((sector) => ({
    id: `sector-${sector.id}`,
    group: t("palette-sectors"),
    label: sector.label,
    hint: `${t(`sector-${sector.now}`, { agency: t("legend-agency") })} ${sector.callsigns}`,
    run: () => { desk.tab = "sectors"; desk.showSector(sector.id); },
  }));
  const people = desk.people.map((person) => ({
    id: `person-${person.id}`,
    group: t("palette-people"),
    label: desk.nameOf(person),
    hint: t(`participant-${person.state}`),
    run: () => { desk.dialog = { kind: "report", sender: desk.senders.find((one) => one.id === person.id) ?? null }; },
  }));
  const places = desk.points.map((point) => ({
    id: `point-${point.id}`,
    group: t("palette-places"),
    label: t(`point-${point.role}`),
    ...(point.text === null ? {} : { hint: point.text }),
    run: () => { desk.focusAt = { at: [point.lon, point.lat], zoom: 14 }; },
  }));
  return [...actions, ...further, ...teams, ...people, ...places, ...sectors];
}

/** Places of the ground by name; what looks like coordinates or a link is read in its own panel. */
export async function palettePlaces(desk: Desk, query: string, signal: AbortSignal): Promise<PaletteItem[]> {
  const reading: PaletteItem[] = /\d.*\d|https?:/.test(query)
    ? [{ id: "read-place", group: t("palette-found"), label: query, hint: t("action-place"), run: () => { desk.panel = { kind: "place", start: query }; } }]
    : [];
  const places = reading.length > 0 ? [] : await findPlaces(desk, query, signal);
  return [
    ...reading,
    ...places.map((one) => ({
      id: `place-${one.id}`,
      group: t("palette-found"),
      label: one.name,
      hint: placeDetail(one),
      run: () => { desk.focusAt = { at: [one.lon, one.lat], zoom: 14 }; },
    })),
  ];
}
