import { describe, expect, it } from "vitest";
import { StreamStore } from "./store.svelte";

const given = (seq: number) => ({
  seq, id: "e", v: 1, kind: "sectors_retired", visibility: "hq", payload: { sector_ids: ["s"] }, actor: null,
  at: "2026-05-01T10:00:00.000Z", recorded_at: "2026-05-01T10:00:00.000Z",
});

describe("StreamStore", () => {
  it("applies consecutive events and stubs, skips known ones and refuses a hole without changing anything", () => {
    const store = new StreamStore();
    store.load({ epoch: "e", seq: 5, state: {} });
    expect(store.take([given(5), { seq: 6 }, given(7)])).toBe(true);
    expect(store.seq).toBe(7);
    expect(store.version("sectors", "s")).toBe(7);
    expect(store.feed).toHaveLength(1);
    expect(store.take([given(9)])).toBe(false);
    expect(store.seq).toBe(7);
  });

  it("says when an event that is waited for has come, by the stream or by a snapshot", async () => {
    const store = new StreamStore();
    store.load({ epoch: "e", seq: 5, state: {} });
    const come: number[] = [];
    const waits = [5, 6, 9].map((seq) => store.reached(seq).then(() => come.push(seq)));
    await waits[0];
    expect(come).toEqual([5]);
    store.take([given(6), given(7)]);
    await waits[1];
    expect(come).toEqual([5, 6]);
    store.load({ epoch: "e", seq: 20, state: {} });
    await waits[2];
    expect(come).toEqual([5, 6, 9]);
  });
});
