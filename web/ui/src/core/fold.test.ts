import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fold, type State, type WireEvent } from "./fold";

const event = (seq: number, kind: string, visibility: string, payload: Record<string, unknown>): WireEvent => ({
  seq,
  id: `event-${String(seq)}`,
  v: 1,
  kind,
  visibility,
  payload,
  actor: null,
  at: `2026-05-01T10:00:0${String(seq)}.000Z`,
  recorded_at: `2026-05-01T10:00:0${String(seq)}.000Z`,
});

describe("fold", () => {
  it("merges fields, sets the version and leaves untouched collections the same objects", () => {
    const before = fold({}, [event(1, "team_formed", "team:t1", { team_id: "t1", callsign: "Лиса-12", member_ids: ["p1"] })]);
    const after = fold(before, [event(2, "task_given", "team:t1", { task_id: "k1", team_id: "t1", sector_id: "s1" })]);
    expect(after["teams"]).toBe(before["teams"]);
    expect(after["teams"]?.["t1"]).toMatchObject({ callsign: "Лиса-12", disbanded: false, version: 1 });
    expect(after["tasks"]?.["k1"]).toMatchObject({ state: "assigned", version: 2 });
    expect(before["tasks"]).toBeUndefined();
  });

  it("keeps the later of two times, whichever report arrives last", () => {
    const late = { ...event(3, "check_in", "team:t1", { team_id: "t1", word: "started" }), at: "2026-05-01T04:00:00.000Z" };
    const state = fold({}, [event(2, "check_in", "team:t1", { team_id: "t1", word: "out" }), late]);
    expect(state["teams"]?.["t1"]).toMatchObject({ last_word: "started", last_contact_at: "2026-05-01T10:00:02.000Z" });
  });

  it("ignores stubs and kinds it does not know", () => {
    expect(fold({}, [{ seq: 1 }, event(2, "seen_by_nobody", "hq", {})])).toEqual({});
  });

  it("leaves alone what a newer form of a known kind says", () => {
    const known = event(1, "note_added", "hq", { text: "ветер" });
    expect(fold({}, [{ ...known, v: 2 }])).toEqual({});
    expect(fold({}, [known])["notes"]).toBeDefined();
  });

  const vectors = new URL("../../../../fixtures/reference/fold_vectors.json", import.meta.url);
  it("agrees with the server on the shared vectors", () => {
    const { cases } = JSON.parse(readFileSync(vectors, "utf-8")) as {
      cases: { name: string; events: WireEvent[]; state: State }[];
    };
    for (const { name, events, state } of cases) expect(fold({}, events), name).toEqual(state);
  });
});
