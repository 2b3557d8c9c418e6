import { beforeEach, describe, expect, it } from "vitest";
import type { OutboxItem } from "./items";
import type { Answer, VerdictOnOne } from "./policy";
import { Sender, type News } from "./sending";
import { MemoryStore } from "./store";
import type { PostRequest } from "./transport";

const YEAR_MS = 365 * 86_400_000;

/** A clock that moves only when told, with its timers in order. */
class FakeClock {
  nowMs = 1_000_000;
  private timers: { atMs: number; run: () => void }[] = [];

  setTimer = (run: () => void, delayMs: number): unknown => {
    const timer = { atMs: this.nowMs + delayMs, run };
    this.timers.push(timer);
    return timer;
  };
  clearTimer = (timer: unknown): void => {
    this.timers = this.timers.filter((each) => each !== timer);
  };
  async pass(spanMs: number): Promise<void> {
    const endMs = this.nowMs + spanMs;
    for (;;) {
      await settle();
      const next = this.timers.filter((each) => each.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.clearTimer(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = endMs;
  }
}

/** Let every promise that can go on go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 600; i += 1) await Promise.resolve();
}

/** Headquarters by script: each request is answered by the next step; after the script everything is stored. */
class FakeServer {
  readonly log: string[] = [];
  readonly requests: PostRequest[] = [];
  script: ((request: PostRequest) => Answer | Promise<Answer>)[] = [];

  post = async (request: PostRequest): Promise<Answer> => {
    this.requests.push(request);
    const step = this.script.shift();
    return step === undefined ? this.store(request) : step(request);
  };

  store = (request: PostRequest): Answer => {
    const results: VerdictOnOne[] = request.events.map(({ id }) => {
      const known = this.log.includes(id);
      if (!known) this.log.push(id);
      return { id, status: known ? "duplicate" : "stored", seq: this.log.indexOf(id) + 1, reason: null };
    });
    return { type: "judged", epoch: "E", atMs: 1, results };
  };

  /** Stored, but the answer is lost on the way. */
  storeAndLose = (request: PostRequest): Answer => {
    this.store(request);
    return { type: "later", cause: "timeout", retryAfterMs: null };
  };
}

const lost: Answer = { type: "later", cause: "network", retryAfterMs: null };

describe("Sender", () => {
  let clock: FakeClock;
  let server: FakeServer;
  let store: MemoryStore;
  let news: News[];
  let mayIssue: boolean;
  let sender: Sender;
  let made: number;

  beforeEach(() => {
    clock = new FakeClock();
    server = new FakeServer();
    store = new MemoryStore("device");
    news = [];
    mayIssue = true;
    made = 0;
    sender = new Sender({
      store,
      post: server.post,
      asOnlySender: async (_leaseMs, work) => {
        if (!mayIssue) return false;
        await work();
        return true;
      },
      tokenFor: () => Promise.resolve("token"),
      now: () => clock.nowMs,
      random: () => 1,
      setTimer: clock.setTimer,
      clearTimer: clock.clearTimer,
      onNews: (each) => news.push(each),
    });
  });

  async function tap(kind = "check_in"): Promise<OutboxItem> {
    made += 1;
    const draft = { operationId: "op", kind, payload: {} };
    return store.add(draft, { id: `e${String(made)}`, atMs: clock.nowMs });
  }

  async function states(): Promise<string[]> {
    return (await store.all()).map((item) => item.state);
  }

  it("files what was tapped with the server's number", async () => {
    await tap();
    sender.kick();
    await clock.pass(0);
    expect((await store.all())[0]).toMatchObject({ state: "filed", seq: 1, epoch: "E" });
  });

  it("stores each event once although the first answer was lost", async () => {
    await tap();
    server.script = [server.storeAndLose, server.storeAndLose];
    sender.kick();
    await clock.pass(10_000);
    expect(server.log).toEqual(["e1"]);
    expect(await states()).toEqual(["filed"]);
  });

  it("keeps trying through a dead network and files everything when it is back", async () => {
    for (let i = 0; i < 5; i += 1) await tap();
    let dead = true;
    server.script = Array.from({ length: 200 }, () => (request: PostRequest) => (dead ? lost : server.store(request)));
    sender.kick();
    await clock.pass(600_000);
    expect(await states()).toEqual(Array(5).fill("unsent"));
    const tries = server.requests.length;
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(30);
    dead = false;
    await clock.pass(60_000);
    expect(await states()).toEqual(Array(5).fill("filed"));
  });

  it("files an SOS at once while a batch of the backlog hangs", async () => {
    for (let i = 0; i < 500; i += 1) await tap();
    server.script = [() => new Promise<Answer>(() => undefined)];
    sender.kick();
    await clock.pass(0);
    await tap("sos_raised");
    sender.kick();
    await clock.pass(0);
    expect(server.log).toEqual(["e501"]);
  });

  it("does not let an SOS wait for another page that holds the right to send", async () => {
    mayIssue = false;
    await tap();
    await tap("sos_raised");
    sender.kick();
    await clock.pass(0);
    expect(await states()).toEqual(["unsent", "filed"]);
  });

  it("sends all the same when another page has held the right for long without sending", async () => {
    mayIssue = false;
    await tap();
    sender.kick();
    await clock.pass(60_000);
    expect(await states()).toEqual(["unsent"]);
    await clock.pass(60_000);
    expect(await states()).toEqual(["filed"]);
  });

  it("tries an SOS at least every 5 seconds", async () => {
    await tap("sos_raised");
    server.script = Array.from({ length: 100 }, () => () => lost);
    sender.kick();
    await clock.pass(60_000);
    expect(server.requests.length).toBeGreaterThanOrEqual(12);
  });

  it("waits as long as headquarters asked, whatever is tapped meanwhile", async () => {
    await tap();
    server.script = [() => ({ type: "later", cause: "busy", retryAfterMs: 30_000 })];
    sender.kick();
    await clock.pass(29_000);
    sender.kick();
    await clock.pass(900);
    expect(server.requests).toHaveLength(1);
    await clock.pass(200);
    expect(await states()).toEqual(["filed"]);
  });

  it("holds nothing for years when the clock of the phone is put back", async () => {
    await tap();
    server.script = [() => ({ type: "later", cause: "busy", retryAfterMs: 30_000 })];
    sender.kick();
    await clock.pass(0);
    clock.nowMs -= 20 * YEAR_MS;
    sender.kick();
    await clock.pass(0);
    expect(await states()).toEqual(["filed"]);
    const waiting = (request: PostRequest): Answer => ({
      type: "judged",
      epoch: "E",
      atMs: 1,
      results: request.events.map(({ id }) => ({ id, status: "waiting", seq: null, reason: "cause_missing" })),
    });
    await tap();
    server.script = [waiting];
    sender.kick();
    await clock.pass(0);
    expect(await states()).toEqual(["filed", "waiting"]);
    clock.nowMs -= 20 * YEAR_MS;
    sender.kick();
    await clock.pass(0);
    expect(await states()).toEqual(["filed", "filed"]);
  });

  it("does not count a page that holds the right to send by a clock that was put back", async () => {
    mayIssue = false;
    await tap();
    sender.kick();
    await clock.pass(10_000);
    clock.nowMs -= 20 * YEAR_MS;
    sender.kick();
    await clock.pass(10_000);
    expect(await states()).toEqual(["filed"]);
  });

  it("does not wait out the back-off when the network comes back", async () => {
    await tap();
    server.script = Array.from({ length: 8 }, () => () => lost);
    sender.kick();
    await clock.pass(100_000);
    const before = server.requests.length;
    sender.kick();
    await clock.pass(0);
    expect(server.requests.length).toBe(before + 1);
  });

  it("sends 250 events in batches of at most 100", async () => {
    for (let i = 0; i < 250; i += 1) await tap();
    sender.kick();
    await clock.pass(0);
    expect(server.requests.map((request) => request.events.length)).toEqual([100, 100, 50]);
  });

  it("isolates the one event that breaks a batch and files all others", async () => {
    for (let i = 0; i < 9; i += 1) await tap();
    const judgeBatch = (request: PostRequest): Answer =>
      request.events.some(({ id }) => id === "e4") ? { type: "refused", code: "invalid" } : server.store(request);
    server.script = Array.from({ length: 100 }, () => judgeBatch);
    sender.kick();
    await clock.pass(60_000);
    const items = await store.all();
    expect(items.filter((item) => item.state === "tray").map((item) => item.id)).toEqual(["e4"]);
    expect(items.filter((item) => item.state === "filed")).toHaveLength(8);
  });

  it("asks to sign in on 401, keeps the report and sends it after signing in", async () => {
    await tap();
    server.script = [() => ({ type: "sign_in" })];
    sender.kick();
    await clock.pass(0);
    expect(news.at(-1)).toEqual({ type: "sign_in" });
    expect(await states()).toEqual(["unsent"]);
    sender.kick();
    await clock.pass(0);
    expect(await states()).toEqual(["filed"]);
  });

  it("offers a waiting event again and files it once its cause is there", async () => {
    await tap();
    server.script = [
      () => ({ type: "judged", epoch: "E", atMs: 1, results: [{ id: "e1", status: "waiting", seq: null, reason: null }] }),
    ];
    sender.kick();
    await clock.pass(59_000);
    expect(await states()).toEqual(["waiting"]);
    await clock.pass(2_000);
    expect(await states()).toEqual(["filed"]);
  });
});
