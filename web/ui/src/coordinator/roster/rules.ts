/** Broken rules and shortages of the team builder as sentences. */

import { hasText, t } from "../../core/i18n.svelte";
import { clock as clockText } from "../../core/time";
import type { Desk } from "../desk.svelte";
import { thingName } from "./entities";

export type BrokenRule = {
  rule: string;
  participant_id: string | null;
  resource_id: string | null;
  team: string | null;
  what: string | null;
  need: number | null;
  have: number | null;
  need_at: string | null;
  have_at: string | null;
  until: string | null;
  waivable: boolean;
};
export type Shortage = { rule: string; what: string | null; need: number; known: number; fit: number; left: number };

/** A competence, a kind of thing, a ground class, a limit: whichever the rules mean by the word. */
export function namedIn(word: string | null): string {
  if (word === null) return "";
  const key = ["competence", "resource", "ground-class", "limit"].map((prefix) => `${prefix}-${word}`).find(hasText);
  return key === undefined ? word : t(key);
}

const IN_SECONDS = new Set(["rest_too_short", "shift_too_long"]);
const number = (value: number | null, rule: string): number => (value === null ? 0 : IN_SECONDS.has(rule) ? Math.round(value / 360) / 10 : value);

/** The rule alone; whom it concerns stands beside it. */
export function ruleText(fault: BrokenRule, desk: Desk, now: Date): string {
  const at = (iso: string | null): string => (iso === null ? "" : clockText(iso, desk.timeZone, now));
  return t(`rule-${fault.rule}`, {
    what: namedIn(fault.what),
    need: number(fault.need, fault.rule),
    have: number(fault.have, fault.rule),
    need_at: at(fault.need_at),
    have_at: at(fault.have_at),
    until: fault.until === null ? "" : fault.until.split("-").reverse().join("."),
    team: fault.team ?? "",
  });
}

export function faultText(fault: BrokenRule, desk: Desk, now: Date): string {
  const who = desk.personName(fault.participant_id) || thingName(desk, fault.resource_id);
  const text = ruleText(fault, desk, now);
  return who === "" ? text : t("rule-about", { who, text });
}

export const shortText = (one: Shortage): string =>
  t(one.rule === "cannot_be_combined" ? "short-combined" : "short-of", {
    what: one.what === null ? t("short-people") : namedIn(one.what),
    need: one.need, known: one.known, fit: one.fit, left: one.left,
  });
