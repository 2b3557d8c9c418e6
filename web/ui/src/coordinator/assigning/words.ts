/** Plans in words: spans of time, reasons, how sure a plan is. */

import { hasText, t } from "../../core/i18n.svelte";
import { number } from "../format";
import { gainText, shareText } from "../probability/words";
import type { AssignmentRead, LeftOut, PlanLine } from "./entities";

/** `25 мин`, `1 ч 05 мин`. */
export function spanText(seconds: number): string {
  const minutes = Math.max(0, Math.round(seconds / 60));
  if (minutes < 60) return t("span-minutes", { minutes });
  return t("span-hours", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

const worded = (prefix: string, code: string): string => (hasText(`${prefix}${code}`) ? t(`${prefix}${code}`) : code);

export const noticeText = (code: string): string => worded("plan-notice-", code);
export const refusalText = (code: string): string => worded("plan-refused-", code);
export const fallenText = (code: string): string => worded("plan-fallen-", code);
export const changeReasonText = (code: string): string => (hasText(`plan-change-${code}`) ? t(`plan-change-${code}`) : worded("plan-left-", code));
export const outText = (code: string): string => worded("plan-out-", code);

/** Why a sector has no team, or a team no sector, with the figure that says how far it falls short. */
export function leftText(left: LeftOut): string {
  const words = worded("plan-left-", left.reason);
  if ((left.reason === "too_long" || left.reason === "window") && left.figure > 0) return t("plan-left-short", { reason: words, span: spanText(left.figure) });
  return words;
}

/** A plan by rank has weights, which are no probabilities: they are not shown as such. */
export const lineGain = (plan: AssignmentRead, line: PlanLine): string =>
  plan.by === "probability" ? t("plan-line-gain", { share: shareText(line.gain), per_h: gainText(line.gain_per_h) }) : "";

export const valueText = (plan: AssignmentRead): string =>
  plan.by === "probability" ? t("plan-value", { share: shareText(plan.value) }) : t("plan-value-ranks");

/** How much better a plan could be at most. */
export function sureText(plan: AssignmentRead): string {
  if (plan.ended === "proven" || plan.gap === 0) return t("plan-proven");
  if (plan.gap === null) return t("plan-unproven");
  return t("plan-gap", { percent: number(plan.gap * 100, plan.gap < 0.001 ? 2 : 1) });
}

/** Where a moment lies on the timeline, 0..1. */
export const placeOn = (iso: string, from: number, to: number): number =>
  to <= from ? 0 : Math.min(1, Math.max(0, (Date.parse(iso) - from) / (to - from)));
