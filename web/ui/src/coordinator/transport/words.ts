/** Times, names, figures and reasons of transport as people read them. */

import { hasText, t } from "../../core/i18n.svelte";
import { preferences } from "../../core/preferences.svelte";
import { clock } from "../../core/time";
import type { Ask, Disturbance, Movement, NamedPlace, OverGround, Subject, Why } from "./entities";

export const MOSCOW = "Europe/Moscow";

/** `24.11 08:35` of the place and `03:35 МСК`: one of them where they are the same or the zone is unknown. */
export function bothTimes(iso: string, zone: string | null | undefined, now: Date): { local: string | null; moscow: string } {
  const moscow = `${clock(iso, MOSCOW, now)} ${t("transport-moscow")}`;
  if (zone === null || zone === undefined || zone === MOSCOW) return { local: null, moscow };
  return { local: clock(iso, zone, now), moscow };
}

export const nameOf = (place: NamedPlace | Subject | undefined): string =>
  place === undefined ? "" : preferences.language === "ru" ? (place.name_ru ?? place.name) : place.name;

export const words = (prefix: string, code: string): string => {
  const key = `${prefix}${code.replaceAll("_", "-")}`;
  return hasText(key) ? t(key) : code;
};

/** What a movement waits for: the worker, a person's choice, or another way. */
export function stateWords(movement: Movement): string {
  if (movement.state !== "asked" || movement.proposal === null) return words("transport-state-", movement.state);
  return t(movement.proposal.itineraries > 0 ? "transport-state-proposed" : "transport-state-no-way");
}

export const known = (value: number | null | undefined, unit: string): string =>
  value === null || value === undefined ? t("transport-unknown") : `${figure(value)} ${unit}`.trim();

export const figure = (value: number): string =>
  new Intl.NumberFormat(preferences.language === "ru" ? "ru-RU" : "en-GB", { maximumFractionDigits: 0 }).format(value);

/** Share as whole per cents. */
export const percent = (share: number | null): string => (share === null ? t("transport-unknown") : `${String(Math.round(share * 100))} %`);

export function whyText(why: Why): string {
  const concerns = (why.concerns ?? []).map(nameOf).filter(Boolean).join(", ");
  const lacking = why.reason === "figure_unknown" && typeof why.what === "string" ? ` (${words("transport-ask-", why.what)})` : "";
  const head = `${words("transport-why-", why.reason)}${lacking}`;
  const figures = typeof why.need === "number" && typeof why.have === "number" ? ` (${t("transport-need-have", { need: figure(why.need), have: figure(why.have) })})` : "";
  return `${concerns === "" ? head : `${concerns}: ${head}`}${figures}`;
}

export const askText = (ask: Ask): string => `${nameOf(ask) || words("transport-subject-", ask.subject)}: ${words("transport-ask-", ask.what)}`;

/** Whether a leg off the network was measured, and how long one rides and walks. */
export function overText(over: OverGround): string {
  if (over.what === "straight") return t("transport-over-straight");
  const ridden = over.ride === "foot" ? [] : [t("transport-over-ride", { ride: t(`transport-ride-${over.ride}`), ridden: span(over.ride_s) })];
  const walked = over.walk_s >= 60 ? [t("transport-over-walk", { walked: span(over.walk_s) })] : [];
  return `${t("transport-over-ground")}: ${[...ridden, ...walked].join(", ")}`;
}

/** `3 ч 05 мин`, with a minus for what is over. */
export function span(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const text = t("transport-span", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
  return seconds < 0 ? `−${text}` : text;
}

export const disturbancesOf = (movement: Movement): readonly Disturbance[] =>
  Object.values(movement.disturbed ?? {}).sort((one, other) => one.leg - other.leg);

/** `задержан 90 мин: туман`, `мест меньше, чем людей: 20 из 22`: in words, since colour alone says nothing. */
export function disturbanceText(one: Disturbance): string {
  const late = one.delay_min === null ? "" : ` ${t("transport-minutes", { minutes: one.delay_min })}`;
  const room = one.seats === null || one.aboard === null ? "" : ` (${t("transport-disturbed-room", { seats: one.seats, aboard: one.aboard })})`;
  return `${words("transport-disturbed-", one.what)}${late}${room}${one.reason === null ? "" : `: ${one.reason}`}`;
}
