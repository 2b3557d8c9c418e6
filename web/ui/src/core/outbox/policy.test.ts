import { describe, expect, it } from "vitest";
import { makeItem, type Draft, type OutboxItem } from "./items";
import {
  backlogOf,
  backoffMs,
  judge,
  KEEP_FILED_MS,
  mayForget,
  nextBatch,
  nextBatchSize,
  offerAgain,
  timeoutMs,
} from "./policy";

const OPERATION = "op-1";

function item(dseq: number, kind = "check_in", more: Partial<OutboxItem> = {}, draft: Partial<Draft> = {}): OutboxItem {
  const made = makeItem(
    { operationId: OPERATION, kind, payload: { word: "all_well" }, ...draft },
    { id: `e${String(dseq)}`, atMs: 1_000 + dseq },
    { id: "device", dseq },
  );
  return { ...made, ...more };
}

describe("nextBatch", () => {
  it("never puts an SOS behind a backlog: it has a channel to itself", () => {
    const items = [...Array.from({ length: 500 }, (_, n) => item(n + 1)), item(501, "sos_raised")];
    expect(nextBatch(items, "sos", 0, 100).map((each) => each.id)).toEqual(["e501"]);
    expect(nextBatch(items, "rest", 0, 100)).toHaveLength(100);
  });

  it("sends found, check-ins and clues before everything else, each in the order of the taps", () => {
    const items = [item(1, "note_added"), item(2), item(3, "found_reported"), item(4, "sector_claimed")];
    expect(nextBatch(items, "rest", 0, 100).map((each) => each.id)).toEqual(["e2", "e3", "e1", "e4"]);
  });

  it("holds at most the asked number of events, never more than 100", () => {
    const items = Array.from({ length: 150 }, (_, n) => item(n + 1));
    expect(nextBatch(items, "rest", 0, 7)).toHaveLength(7);
    expect(nextBatch(items, "rest", 0, 1_000)).toHaveLength(100);
  });

  it("stays under the size limit but always takes one event", () => {
    const text = "я".repeat(400_000);
    const items = [item(1, "note_added", {}, { payload: { text } }), item(2, "note_added", {}, { payload: { text } })];
    expect(nextBatch(items, "rest", 0, 100)).toHaveLength(1);
  });

  it("mixes no two operations in one request", () => {
    const items = [item(1), item(2, "check_in", {}, { operationId: "op-2" }), item(3)];
    expect(nextBatch(items, "rest", 0, 100).map((each) => each.id)).toEqual(["e1", "e3"]);
  });

  it("offers neither what is filed, nor what is in the tray, nor what is held for later", () => {
    const items = [
      item(1, "check_in", { state: "filed" }),
      item(2, "check_in", { state: "tray" }),
      item(3, "check_in", { state: "waiting", heldUntilMs: 100 }),
    ];
    expect(nextBatch(items, "rest", 99, 100)).toEqual([]);
    expect(nextBatch(items, "rest", 100, 100).map((each) => each.id)).toEqual(["e3"]);
  });
});

describe("judge", () => {
  const batch = [item(1), item(2)];
  const verdict = (status: string, seq: number | null = null, reason: string | null = null) =>
    judge([item(1)], { type: "judged", epoch: "E", atMs: 40, results: [{ id: "e1", status, seq, reason }] }, 50);

  it.each(["stored", "duplicate"])("files an event on '%s' with its number and the server's moment", (status) => {
    expect(verdict(status, 7).changes[0]?.change).toMatchObject({ state: "filed", seq: 7, epoch: "E", filedAtMs: 40 });
  });

  it("files a claim that lost and remembers that it lost", () => {
    expect(verdict("refused", 8, "sector_taken").changes[0]?.change).toMatchObject({
      state: "filed",
      refused: true,
      reason: "sector_taken",
    });
  });

  it.each(["stored", "duplicate", "refused"])("keeps an event when '%s' comes without a number", (status) => {
    expect(verdict(status)).toMatchObject({ changes: [], next: "later" });
  });

  it("holds an event whose cause is missing and offers it again later", () => {
    expect(verdict("waiting").changes[0]?.change).toMatchObject({ state: "waiting", heldUntilMs: 60_050 });
  });

  it.each(["refused_input", "quarantined"])("puts '%s' into the tray, never away", (status) => {
    expect(verdict(status, null, "bad_time").changes[0]?.change).toEqual({ state: "tray", reason: "bad_time" });
  });

  it("keeps an event on a status it does not know", () => {
    expect(verdict("teapot", 9)).toMatchObject({ changes: [], next: "later" });
  });

  it.each(["network", "timeout", "server", "busy"] as const)("keeps everything on '%s'", (cause) => {
    expect(judge(batch, { type: "later", cause, retryAfterMs: 5 }, 0)).toEqual({
      changes: [],
      next: "later",
      retryAfterMs: 5,
    });
  });

  it("keeps everything on 401 and asks to sign in", () => {
    expect(judge(batch, { type: "sign_in" }, 0)).toMatchObject({ changes: [], next: "sign_in" });
  });

  it("splits a batch that is too large or broken, and trays the single culprit", () => {
    expect(judge(batch, { type: "too_large" }, 0)).toMatchObject({ changes: [], next: "split" });
    expect(judge(batch, { type: "refused", code: "invalid" }, 0)).toMatchObject({ changes: [], next: "split" });
    expect(judge([item(1)], { type: "refused", code: "invalid" }, 0).changes).toEqual([
      { id: "e1", change: { state: "tray", reason: "invalid" } },
    ]);
  });
});

describe("waiting between attempts", () => {
  it("grows with full jitter up to 60 s, for an SOS up to 5 s", () => {
    expect(backoffMs("rest", 0, 1, null)).toBe(1_000);
    expect(backoffMs("rest", 3, 0.5, null)).toBe(4_000);
    expect(backoffMs("rest", 99, 1, null)).toBe(60_000);
    expect(backoffMs("rest", 99, 0, null)).toBe(0);
    expect(backoffMs("sos", 99, 1, null)).toBe(5_000);
  });

  it("is never shorter than the server asked, but an SOS waits 5 s at most", () => {
    expect(backoffMs("rest", 0, 0, 120_000)).toBe(120_000);
    expect(backoffMs("sos", 0, 0, 120_000)).toBe(5_000);
  });

  it("gives a slow line more time and fewer events after each time-out", () => {
    expect(timeoutMs("rest", 0)).toBeLessThan(timeoutMs("rest", 2));
    expect(timeoutMs("sos", 50)).toBe(20_000);
    expect(nextBatchSize(100, "timeout", 40)).toBe(20);
    expect(nextBatchSize(1, "split", 1)).toBe(1);
    expect(nextBatchSize(64, "well", 64)).toBe(100);
  });
});

describe("keeping what was filed", () => {
  const filed = item(1, "check_in", { state: "filed", seq: 10, epoch: "E", filedAtMs: 0 });

  it("forgets it only when it is in the backup and three days are over", () => {
    expect(mayForget(filed, 10, KEEP_FILED_MS)).toBe(true);
    expect(mayForget(filed, 9, KEEP_FILED_MS)).toBe(false);
    expect(mayForget(filed, 10, KEEP_FILED_MS - 1)).toBe(false);
    expect(mayForget(filed, null, KEEP_FILED_MS)).toBe(false);
    expect(mayForget(item(2), 10, KEEP_FILED_MS)).toBe(false);
    expect(mayForget(filed, 10, null)).toBe(false);
    expect(mayForget({ ...filed, filedAtMs: null }, 10, KEEP_FILED_MS)).toBe(false);
  });

  it("offers it again when headquarters came back with another epoch", () => {
    expect(offerAgain([filed, item(2)], OPERATION, "F")).toEqual([{ id: "e1", change: { state: "unsent" } }]);
    expect(offerAgain([filed], OPERATION, "E")).toEqual([]);
    expect(offerAgain([filed], "op-2", "F")).toEqual([]);
  });

  it("counts what is not filed and the age of the oldest", () => {
    const items = [filed, item(2), item(3, "check_in", { state: "waiting" }), item(4, "check_in", { state: "tray" })];
    expect(backlogOf(items)).toEqual({ unsent: 2, oldestAtMs: 1_002, tray: 1 });
  });
});
