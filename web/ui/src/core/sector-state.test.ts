import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sectorState } from "./sector-state";

type Case = { name: string; mark: string | null; task_states: string[]; sector_state: string };
const vectors = new URL("../../../../fixtures/reference/sector_states.json", import.meta.url);
const cases = JSON.parse(readFileSync(vectors, "utf-8")) as Case[];

describe("the state of a sector, as the server derives it", () => {
  it.each(cases)("$name", ({ mark, task_states, sector_state }) => {
    expect(sectorState({ mark }, task_states.map((state) => ({ state })))).toBe(sector_state);
  });
});
