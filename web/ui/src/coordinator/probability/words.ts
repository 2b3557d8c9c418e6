/** Probabilities, densities and their reasons in words, without more precision than there is. */

import { hasText, t } from "../../core/i18n.svelte";
import { lengthText, number } from "../format";
import { figuresText } from "../evidence/pod";
import type { MapCause, SectorChange, Why } from "./entities";

/** Without zeros that say nothing: `4 %`, not `4,0 %`. */
const trimmed = (figure: string): string => figure.replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, "");

/** Two figures that mean something: `12 %`, `3,4 %`; what is less than a thousandth is said to be less. */
export function percentFigure(share: number): string {
  const percent = share * 100;
  if (percent >= 9.95) return number(percent, 0);
  return percent >= 0.095 || percent === 0 ? trimmed(number(percent, 1)) : "";
}

export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  const figure = percentFigure(share);
  return figure === "" ? t("probability-share-little") : t("probability-share", { percent: figure });
}

/** Density or gain may be far below a thousandth and still be told apart. */
function smallFigure(percent: number): string {
  if (percent === 0) return number(0, 0);
  const digits = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(percent) + 1e-9)));
  return trimmed(number(percent, digits));
}

/** `3,4 % на км²`. */
export const densityText = (density: number | null | undefined): string =>
  density === null || density === undefined ? "–" : t("probability-density", { percent: smallFigure(density * 100) });

export const densityFigure = (density: number): string => smallFigure(density * 100);

/** `2,1 % за час`: what the next hour of one team would add to the probability of finding. */
export const gainText = (per_h: number | null | undefined): string =>
  per_h === null || per_h === undefined ? "–" : t("probability-gain", { percent: smallFigure(per_h * 100) });

export const categoryText = (category: string): string => {
  const key = `lost-category-${category}`;
  return hasText(key) ? t(key) : category;
};

/** Changes of so many sectors are told; they come largest first. */
export const MOST_TOLD = 12;

/** Below this share of a sector's probability a cause is not worth a sentence. */
const LEAST_TOLD = 0.05;

/** Why a sector is as probable as it is, strongest reason first. */
export function whyTexts(why: Why, nameOf: (scenarioId: string) => string): string[] {
  const pulls = why.pulls
    .filter((one) => one.share >= LEAST_TOLD)
    .sort((one, other) => other.share - one.share)
    .map(({ kind, share, within_m }) => {
      const key = `probability-pull-${kind}`;
      const what = hasText(key) ? t(key) : kind;
      return t("probability-why-pull", { percent: percentFigure(share), what, within: lengthText(within_m) });
    });
  const scenarios = why.scenarios
    .filter((one) => one.share >= LEAST_TOLD)
    .sort((one, other) => other.share - one.share)
    .map((one) => t("probability-why-scenario", { percent: percentFigure(one.share), name: nameOf(one.scenario_id) }));
  const even = pulls.length > 0 && why.even >= LEAST_TOLD ? [t("probability-why-even", { percent: percentFigure(why.even) })] : [];
  // One scenario alone explains nothing that the reader does not know.
  return [...pulls, ...even, ...(scenarios.length > 1 ? scenarios : [])];
}

const inSentence = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** `отработан, Лиса-12, полный трек`. */
function causeWords({ code, text, grade }: MapCause): string {
  const key = `probability-cause-${code}`;
  return [hasText(key) ? t(key) : code, text ?? "", grade === null ? "" : inSentence(t(`grade-${grade}`))].filter(Boolean).join(", ");
}

/** What others have done to it is told only when nothing else is. */
function told<Cause extends MapCause>(causes: readonly Cause[]): readonly Cause[] {
  const own = causes.filter(({ code }) => code !== "others");
  return own.length > 0 ? own : causes;
}

function podsText(cause: SectorChange["causes"][number]): string {
  const figures = figuresText({ responsive: cause.pod_responsive, unresponsive: cause.pod_unresponsive });
  return figures === "" ? "" : t("probability-cause-pod", { figures });
}

/** `Сектор Г5: было 12 %, стало 4 %. Причина: отработан, Лиса-12, полный трек, POD: откликается 85–90 %`. */
export const changeText = (change: SectorChange): string =>
  t(change.after < change.before ? "probability-fell" : "probability-rose", {
    sector: change.label,
    before: shareText(change.before),
    after: shareText(change.after),
    cause: told(change.causes).map((one) => [causeWords(one), podsText(one)].filter(Boolean).join(", ")).join("; "),
  });

/** Why a map was made, each cause once; the first has none. */
export const causesText = (causes: readonly MapCause[]): string =>
  causes.length === 0 ? t("probability-cause-first") : [...new Set(told(causes).map(causeWords))].join("; ");

export const noticeText = (code: string): string => {
  const key = `probability-notice-${code}`;
  return hasText(key) ? t(key) : code;
};
