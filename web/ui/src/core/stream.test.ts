import { beforeEach, describe, expect, it } from "vitest";
import type { Stub, WireEvent } from "./fold";
import { type Carrier, type Connection, SOCKET_AGAIN_MS, type SocketLike, StreamClient, retryDelay } from "./stream";

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
  constructor(
    readonly url: string,
    readonly carrier: Carrier,
  ) {}
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
      line: (url, carrier) => {
        sockets.push(new FakeSocket(url, carrier));
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

  const greet = (): void => { last().say({ type: "hello", epoch: "e", head: 10, ping_s: 10 }); };

  /** Lose the line and let time pass until the next is opened. */
  const lose = async (code = 1006): Promise<void> => {
    const before = sockets.length;
    last().onclose?.({ code });
    while (sockets.length === before) await timers.pass(100);
  };

  /** Lose lines until one of this carrier is opened. */
  const untilCarrier = async (carrier: Carrier): Promise<void> => {
    for (let loss = 0; loss < 9 && last().carrier !== carrier; loss += 1) await lose();
    last().onopen?.({});
  };

  it("falls back after two websockets without hello, then again, and comes back to websockets", async () => {
    client.start();
    await settle();
    const carriers: string[] = [];
    for (let loss = 0; loss < 7; loss += 1) {
      carriers.push(last().carrier);
      await lose();
    }
    expect(carriers).toEqual(["socket", "socket", "events", "events", "poll", "poll", "socket"]);
    expect(sign()).not.toBe("live");
  });

  it("takes a line that opens and then says nothing for a broken one", async () => {
    client.start();
    await settle();
    last().onopen?.({});
    await timers.pass(10_000 + 16_000);
    last().onopen?.({});
    await timers.pass(10_000 + 16_000);
    expect(last().carrier).toBe("events");
  });

  it("does not blame the websocket for what the server said, nor for a loss after hello", async () => {
    await goLive();
    for (const code of [1006, 1012, 4401, 4429, 1012]) {
      await lose(code);
      expect(last().carrier).toBe("socket");
      last().onopen?.({});
    }
    for (let loss = 0; loss < 4; loss += 1) {
      greet();
      await lose();
      expect(last().carrier).toBe("socket");
    }
  });

  it("tries a websocket beside a working fallback and moves over when it says hello", async () => {
    client.start();
    await settle();
    await untilCarrier("events");
    greet();
    last().say({ type: "live", seq: 10 });
    const fallback = last();
    const opened = sockets.length;
    await passPinging(SOCKET_AGAIN_MS);
    expect(sockets).toHaveLength(opened + 1);
    expect(last().carrier).toBe("socket");
    expect(sign()).toBe("live");
    fallback.say({ type: "event", event: { seq: 11 } });
    last().onopen?.({});
    expect(last().sent[0]).toMatchObject({ type: "auth", resume: { epoch: "e", after: 11 } });
    expect(fallback.closed).toBe(false);
    greet();
    expect(fallback.closed).toBe(true);
    expect(sign()).toBe("live");
    last().say({ type: "live", seq: 11 });
    last().say({ type: "event", event: { seq: 12 } });
    fallback.say({ type: "event", event: { seq: 12 } });
    expect(taken).toEqual([11, 12]);
    expect(sign()).toBe("live");
  });

  it("keeps the fallback when the websocket beside it stays mute, and tries again later", async () => {
    client.start();
    await settle();
    await untilCarrier("poll");
    greet();
    last().say({ type: "live", seq: 10 });
    const fallback = last();
    const opened = sockets.length;
    await passPinging(SOCKET_AGAIN_MS, fallback);
    expect(sockets).toHaveLength(opened + 1);
    await passPinging(20_000, fallback);
    expect(last().closed).toBe(true);
    expect(sign()).toBe("live");
    await passPinging(SOCKET_AGAIN_MS, fallback);
    expect(sockets).toHaveLength(opened + 2);
    expect(fallback.closed).toBe(false);
    client.stop();
    expect([last().closed, fallback.closed]).toEqual([true, true]);
  });

  /** Let time pass on a line that is alive. */
  const passPinging = async (ms: number, line = last()): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      line.say({ type: "ping" });
      await timers.pass(5_000);
      line.say({ type: "ping" });
    }
  };

  it("says live again when a late ping comes after all", async () => {
    await goLive();
    await timers.pass(16_000);
    expect(sign()).toBe("behind");
    last().say({ type: "ping" });
    expect(sign()).toBe("live");
    await timers.pass(16_000);
    expect(sign()).toBe("behind");
  });

  it("does not call itself live on a late ping while it is catching up", async () => {
    await goLive();
    last().say({ type: "reset", reason: "too_slow", snapshot_url: "/x" });
    last().say({ type: "ping" });
    expect(sign()).toBe("behind");
  });

  it("comes back when the server says, not when it would by itself", async () => {
    await goLive();
    last().onclose?.({ code: 1012, reason: "retry_after_ms=4321" });
    expect(signs.at(-1)).toMatchObject({ kind: "offline", retry_at_ms: timers.time + 4321 });
    await timers.pass(4_320);
    expect(sockets).toHaveLength(1);
    await timers.pass(1);
    expect(sockets).toHaveLength(2);
  });

  it("spreads returns over the whole span", () => {
    expect(retryDelay(0, () => 0.5)).toBe(1250);
    expect(retryDelay(0, () => 0)).toBe(500);
    expect(retryDelay(2, () => 0.5)).toBe(4250);
    expect(retryDelay(20, () => 1)).toBe(15_000);
    expect(retryDelay(20, () => 0)).toBe(500);
  });
});
