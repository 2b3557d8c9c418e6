import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { DexieStore } from "./dexie-store";
import { leaseIsFree, MemoryStore, type OutboxStore } from "./store";
import { withLease, withWebLocks } from "./writer";

let databases = 0;
const openDexie = (): Promise<DexieStore> => {
  databases += 1;
  return DexieStore.open(`outbox-${String(databases)}`, () => "device-1");
};

const draft = { operationId: "op", kind: "check_in", payload: { word: "out" } };

describe.each<[string, () => Promise<OutboxStore>]>([
  ["memory", () => Promise.resolve(new MemoryStore("device-1"))],
  ["database", openDexie],
])("%s store", (_name, open) => {
  it("numbers the events of a device 1, 2, 3 even when taps overlap", async () => {
    const store = await open();
    const made = await Promise.all([1, 2, 3, 4].map((n) => store.add(draft, { id: `e${String(n)}`, atMs: n })));
    expect(made.map((item) => item.event.dseq).sort()).toEqual([1, 2, 3, 4]);
    expect(new Set(made.map((item) => item.event.device_id))).toEqual(new Set(["device-1"]));
  });

  it("changes what it is told and leaves the event itself alone", async () => {
    const store = await open();
    const { event } = await store.add(draft, { id: "e1", atMs: 5 });
    await store.change([
      { id: "e1", change: { state: "filed", seq: 3 } },
      { id: "gone", change: { state: "tray" } },
    ]);
    expect(await store.all()).toMatchObject([{ id: "e1", state: "filed", seq: 3, event }]);
    await store.forget(["e1"]);
    expect(await store.all()).toEqual([]);
  });

  it("gives the lease to one holder until it runs out or is given back", async () => {
    const store = await open();
    expect(await store.takeLease("a", 0, 1_000)).toBe(true);
    expect(await store.takeLease("b", 500, 1_000)).toBe(false);
    expect(await store.takeLease("a", 500, 1_000)).toBe(true);
    expect(await store.takeLease("b", 1_500, 1_000)).toBe(true);
    await store.releaseLease("a");
    expect(await store.takeLease("c", 1_600, 1_000)).toBe(false);
    await store.releaseLease("b");
    expect(await store.takeLease("c", 1_600, 1_000)).toBe(true);
  });
});

describe("DexieStore", () => {
  it("keeps device, numbers and reports over a restart of the page", async () => {
    const first = await DexieStore.open("outbox-restart", () => "device-1");
    await first.add(draft, { id: "e1", atMs: 1 });
    first.close();
    const second = await DexieStore.open("outbox-restart", () => "device-2");
    expect(await second.deviceId()).toBe("device-1");
    const next = await second.add(draft, { id: "e2", atMs: 2 });
    expect(next.event.dseq).toBe(2);
    expect((await second.all()).map((item) => item.id)).toEqual(["e1", "e2"]);
  });
});

describe("one writer", () => {
  it("a lease left by a clock that ran ahead does not lock for ever", () => {
    const lease = { holder: "a", fromMs: 10_000, untilMs: 20_000 };
    expect(leaseIsFree(lease, "b", 5_000)).toBe(true);
    expect(leaseIsFree(lease, "b", 15_000)).toBe(false);
  });

  it("with the lease only one of two pages works at a time", async () => {
    const store = new MemoryStore("device");
    const pageA = withLease(store, "a", () => 0);
    const pageB = withLease(store, "b", () => 0);
    let ofB: boolean | undefined;
    await pageA(1_000, async () => {
      ofB = await pageB(1_000, () => Promise.resolve());
    });
    expect(ofB).toBe(false);
    expect(await pageB(1_000, () => Promise.resolve())).toBe(true);
  });

  it("with Web Locks a refused lock means another page is at work", async () => {
    const worker = withWebLocks({ request: (_name, _options, callback) => callback(null) }, "lock");
    let worked = false;
    const got = await worker(1, () => {
      worked = true;
      return Promise.resolve();
    });
    expect([got, worked]).toEqual([false, false]);
  });
});
