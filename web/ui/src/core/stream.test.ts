import { beforeEach, describe, expect, it } from "vitest";
import type { Stub, WireEvent } from "./fold";
import { type Connection, type SocketLike, StreamClient, retryDelay } from "./stream";

class FakeTimers {
  time = 1_000_000;
  #waiting: { at: number; run: () => void; key: object }[] = [];
  now = (): number => this.time;
  set = (run: () => void, after_ms: number): object => {
    const key = {};
    this.#waiting.push({ at: this.time + after_ms, run, key });
    return key;
  };
  clear = (key: unknown): void => {
    this.#waiting = this.#waiting.filter((one) => one.key !== key);
  };
  /** Let time pass; promises settle between the timers. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const next = this.#waiting.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.time = next.at;
      this.clear(next.key);
      next.run();
      await settle();
    }
    this.time = end;
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

class FakeSocket implements SocketLike {
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  sent: Record<string, unknown>[] = [];
  closed = false;
  constructor(readonly url: string) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  say(frame: Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

describe("StreamClient", () => {
  let timers: FakeTimers;
  let sockets: FakeSocket[];
  let signs: Connection[];
  let position: { epoch: string; seq: number } | null;
  let snapshots: number;
  let ticketFails: boolean;
  let taken: number[];
  let client: StreamClient;
  const last = (): FakeSocket => sockets.at(-1) as FakeSocket;
  const sign = (): string => signs.at(-1)?.kind ?? "none";

  beforeEach(() => {
    timers = new FakeTimers();
    [sockets, signs, taken] = [[], [], []];
    [position, snapshots, ticketFails] = [null, 0, false];
    client = new StreamClient({
      position: () => position,
      ticket: () =>
        ticketFails ? Promise.reject(new Error("no network")) : Promise.resolve({ ticket: "t", url: "ws://here/stream" }),
      snapshot: () => {
        snapshots += 1;
        position = { epoch: "e", seq: 10 * snapshots };
        return Promise.resolve();
      },
      onEvents: (events: (WireEvent | Stub)[]) => {
        for (const { seq } of events) {
          if (position === null || seq !== position.seq + 1) return false;
          position = { ...position, seq };
          taken.push(seq);
        }
        return true;
      },
      onFrame: () => undefined,
      onConnection: (connection) => signs.push(connection),
      socket: (url) => {
        sockets.push(new FakeSocket(url));
        return last();
      },
      timers,
      random: () => 1,
    });
  });

  const goLive = async (): Promise<void> => {
    client.start();
    await settle();
    last().onopen?.({});
    last().say({ type: "hello", epoch: "e", head: 10, ping_s: 10 });
    last().say({ type: "live", seq: 10 });
    await settle();
  };

  it("takes a snapshot, signs in with a ticket and resumes from the snapshot's seq", async () => {
    await goLive();
    expect(last().sent).toEqual([{ type: "auth", ticket: "t", resume: { epoch: "e", after: 10 } }]);
    expect(sign()).toBe("live");
    last().say({ type: "event", event: { seq: 11 } });
    last().say({ type: "event", seq: 12 });
    expect(taken).toEqual([11, 12]);
  });

  it("says behind when a ping stays away, gives up the silent socket, and resumes where it stood", async () => {
    await goLive();
    last().say({ type: "event", event: { seq: 11 } });
    await timers.pass(16_000);
    expect(sign()).toBe("behind");
    await timers.pass(7_000);
    expect(sign()).toBe("offline");
    expect(sockets[0]?.closed).toBe(true);
    await timers.pass(1_000);
    last().onopen?.({});
    expect(sockets).toHaveLength(2);
    expect(last().sent[0]).toMatchObject({ resume: { epoch: "e", after: 11 } });
    expect(snapshots).toBe(1);
  });

  it("waits longer with every failure, at most fifteen seconds, and counts offline from the last word", async () => {
    await goLive();
    const since = timers.time;
    ticketFails = true;
    last().onclose?.({ code: 1006 });
    await timers.pass(120_000);
    const waits = signs.flatMap((one) => (one.kind === "offline" ? [one] : []));
    expect(waits.every((one) => one.since_ms === since)).toBe(true);
    expect(waits.length).toBeGreaterThan(5);
    expect(waits.length).toBeLessThan(20);
    ticketFails = false;
    client.hurry();
    await settle();
    expect(sockets).toHaveLength(2);
  });

  it("fetches a snapshot on reset and goes on over the same socket", async () => {
    await goLive();
    last().say({ type: "reset", reason: "too_far_behind", snapshot_url: "/x" });
    await settle();
    expect(snapshots).toBe(2);
    expect(sockets).toHaveLength(1);
    expect(last().sent.at(-1)).toEqual({ type: "resume", resume: { epoch: "e", after: 20 } });
    last().say({ type: "live", seq: 20 });
    expect(sign()).toBe("live");
  });

  it("heals a hole with a snapshot and a new socket", async () => {
    await goLive();
    last().say({ type: "event", event: { seq: 13 } });
    await settle();
    expect(snapshots).toBe(2);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
  });

  it("stops for good when the right is withdrawn", async () => {
    await goLive();
    last().onclose?.({ code: 4403 });
    await timers.pass(60_000);
    expect(sign()).toBe("refused");
    expect(sockets).toHaveLength(1);
  });

  it("spreads returns over the whole span", () => {
    expect(retryDelay(0, () => 0.5)).toBe(500);
    expect(retryDelay(3, () => 0.5)).toBe(2250);
    expect(retryDelay(20, () => 1)).toBe(15_000);
    expect(retryDelay(20, () => 0)).toBe(500);
  });
});
