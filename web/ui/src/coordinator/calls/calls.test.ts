import { describe, expect, it } from "vitest";
import type { Task } from "../../core/entities";
import type { TaskMethod } from "../evidence/widths";
import { bySound, type CallsForm, callsWish, evenTimes, listeningTasks } from "./entities";

const FORM: CallsForm = {
  task_ids: ["t"], first: "", count: 3, every_min: 5, signal: "whistle", caller: "listeners", team_id: "x", place: { lon: 9, lat: 47 }, call_s: 15, silence_s: 60,
};

describe("recorded calls", () => {
  it("follow each other evenly from the first", () => {
    expect(evenTimes("2026-08-23T10:00:00.000Z", 3, 5)).toEqual(["2026-08-23T10:00:00.000Z", "2026-08-23T10:05:00.000Z", "2026-08-23T10:10:00.000Z"]);
  });

  it("name a team or a place only when one of them called", () => {
    const first = "2026-08-23T10:00:00.000Z";
    expect(callsWish(FORM, first)).not.toHaveProperty("team_id");
    expect(callsWish({ ...FORM, caller: "team" }, first)).toMatchObject({ team_id: "x" });
    expect(callsWish({ ...FORM, caller: "place" }, first)).toMatchObject({ place: { lon: 9, lat: 47 } });
    expect(callsWish(FORM, null)).toBeNull();
  });

  it("are offered tasks whose team has left, sound searches first", () => {
    const task = (id: string, method: string, state: string): Task & { id: string } => ({ id, method, state, sector_id: "s" }) as unknown as Task & { id: string };
    const offered = listeningTasks([task("a", "comb", "out"), task("b", "response", "planned"), task("c", "response", "back")], []);
    expect(offered.map((one) => one.id)).toEqual(["c", "a"]);
  });

  it("count as a sound search what was said to be one with the widths", () => {
    const task = (id: string, method: string): Task & { id: string } => ({ id, method, state: "out", sector_id: "s" }) as unknown as Task & { id: string };
    const said = (task_id: string, method: TaskMethod["method"]): TaskMethod => ({ task_id, method }) as TaskMethod;
    const methods = [said("a", "sound"), said("b", "line"), said("c", null)];
    expect(["a", "b", "c", "d"].map((id) => bySound(task(id, id === "a" ? "comb" : "response"), methods))).toEqual([true, false, true, true]);
  });
});
