import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type EvidenceSeen, type JudgementSeen, sectorState } from "./sector-state";
import { spokenPod } from "./pod";

type Case = {
  name: string;
  mark: string | null;
  task_states: string[];
  given_at?: string[];
  evidence?: EvidenceSeen[];
  judgement?: JudgementSeen;
  sector_state: string;
};
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/reference/${name}`, import.meta.url), "utf-8"));

describe("the state of a sector, as the server derives it", () => {
  it.each(read("sector_states.json") as Case[])("$name", ({ mark, task_states, given_at, evidence, judgement, sector_state }) => {
    const tasks = task_states.map((state, index) => ({ state, given_at: given_at?.[index] ?? null }));
    expect(sectorState({ mark }, tasks, evidence ?? [], judgement ?? null)).toBe(sector_state);
  });
});

describe("a probability as people are told it", () => {
  it.each(read("spoken_pods.json") as { pod: number | null; spoken: { low_pct: number; high_pct: number } | null }[])(
    "$pod",
    ({ pod, spoken }) => {
      expect(spokenPod(pod)).toEqual(spoken);
    },
  );
});
