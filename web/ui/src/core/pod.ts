/** Probability of detection without false precision, as `search_ops.domain.evidence.spoken_pod` tells it. */

export interface SpokenPod {
  low_pct: number;
  high_pct: number;
}

const STEP_PCT = 5;
const NEAR_PCT = 1;

export function spokenPod(pod: number | null | undefined): SpokenPod | null {
  if (pod === null || pod === undefined) return null;
  const perCent = Math.min(Math.max(pod, 0), 1) * 100;
  const nearest = Math.round(perCent / STEP_PCT) * STEP_PCT;
  if (Math.abs(perCent - nearest) <= NEAR_PCT && nearest > 0 && nearest < 100) return { low_pct: nearest, high_pct: nearest };
  const low = Math.min(Math.floor(perCent / STEP_PCT), 100 / STEP_PCT - 1) * STEP_PCT;
  return { low_pct: low, high_pct: low + STEP_PCT };
}
