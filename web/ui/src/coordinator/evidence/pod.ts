/** Probabilities in words: ranges in steps of five per cent, never a precise figure. */

import { t } from "../../core/i18n.svelte";
import { spokenPod, type SpokenPod } from "../../core/pod";
import type { Subject } from "../../core/sector-state";
import type { Figures } from "./entities";

/** `85–90 %`, `около 30 %`, `меньше 5 %`; a dash while nothing is known. */
export function spokenText(spoken: SpokenPod | null): string {
  if (spoken === null) return "–";
  const { low_pct: low, high_pct: high } = spoken;
  if (low === high) return t("pod-about", { percent: low });
  if (low === 0) return t("pod-under", { percent: high });
  return high === 100 ? t("pod-over", { percent: low }) : t("pod-range", { low, high });
}

export const podText = (pod: number | null | undefined): string => spokenText(spokenPod(pod));

/** `откликается 85–90 %, не откликается около 30 %`. */
export function figuresText(figures: Figures | null): string {
  const one = (subject: Subject): string =>
    figures?.[subject] === null || figures?.[subject] === undefined ? "" : t(`pod-${subject}`, { pod: podText(figures[subject]) });
  return [one("responsive"), one("unresponsive")].filter(Boolean).join(", ");
}
