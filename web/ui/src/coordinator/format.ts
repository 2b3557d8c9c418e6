/** Numbers with their units, and other values in words. */

import type { Category } from "./report";
import { hasText, t } from "../core/i18n.svelte";
import { preferences } from "../core/preferences.svelte";

export function number(value: number, digits: number): string {
  const locale = preferences.language === "ru" ? "ru-RU" : "en-GB";
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `25,0 га` below ten square kilometres, `14,3 км²` above. */
export function areaText(area_m2: number): string {
  if (area_m2 < 1e7) return t("unit-ha", { value: number(area_m2 / 1e4, area_m2 < 1e5 ? 1 : 0) });
  return t("unit-km2", { value: number(area_m2 / 1e6, 1) });
}

/** `1,2 км`, `350 м`. */
export function lengthText(length_m: number): string {
  if (length_m < 1000) return t("unit-m", { value: number(length_m, 0) });
  return t("unit-km", { value: number(length_m / 1000, 1) });
}

/** What a sector measures: its area, its length, or how many addresses it lists. */
export function sizeText(sector: { area_m2: number | null; length_m?: number | null; addresses?: readonly unknown[] | null }): string {
  if (sector.area_m2 !== null) return areaText(sector.area_m2);
  if (sector.length_m !== null && sector.length_m !== undefined) return lengthText(sector.length_m);
  return sector.addresses ? t("unit-addresses", { count: sector.addresses.length }) : "–";
}

/** `2,5 ч`: no team's hours are known to minutes. */
export const hoursText = (hours: number): string => t("unit-hours", { value: number(hours, hours < 10 ? 1 : 0) });

/** How far magnetic north lies east of true north somewhere, as the server reckons it. */
export type Needle = { degrees: number; model: string; year: number; outdated: boolean; unreliable: boolean };

/** `007°`: whole degrees, three figures, as bearings are read out. */
export const bearingText = (degrees: number): string => `${String(Math.round(((degrees % 360) + 360) % 360) % 360).padStart(3, "0")}°`;

/** Where the difference of the two bearings comes from, and when it is not to be trusted. */
export function needleText(needle: Needle): string {
  if (needle.unreliable) return t("measure-needle-unreliable");
  const told = t("measure-needle", { degrees: `${needle.degrees < 0 ? "−" : "+"}${number(Math.abs(needle.degrees), 1)}`, year: String(needle.year), model: needle.model });
  return needle.outdated ? `${told} ${t("measure-needle-outdated")}` : told;
}

/** A pure number with one decimal. */
export const ratioText = (ratio: number): string => number(ratio, 1);

/** A method of the list in the reader's language; one that somebody wrote himself as it is. */
export function methodText(method: string): string {
  const key = `method-${method}`;
  return /^[a-z]+$/.test(method) && hasText(key) ? t(key) : method;
}

/** What a report says; the find says in which condition. */
export const categoryTitle = (one: Category): string =>
  one.condition === null ? t(one.key) : `${t(one.key)}: ${t(`condition-${one.condition}`)}`;
