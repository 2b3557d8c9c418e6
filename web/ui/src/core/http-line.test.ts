import { describe, expect, it } from "vitest";
import { type Answer, type AnswerKind, HttpLine, type Post } from "./http-line";

type Asked = { url: string; body: Record<string, unknown>; accept: string; signal: AbortSignal; give: (answer: Answer) => void };

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
};

const HELLO = { type: "hello", epoch: "e", head: 3, classes: "c" };
const event = (seq: number): object => ({ type: "event", event: { seq } });

/** A server that is asked, and a client of it. */
class Bench {
  asked: Asked[] = [];
  heard: Record<string, unknown>[] = [];
  closed: { code: number; reason: string }[] = [];
  readonly line: HttpLine;

  constructor(kind: AnswerKind) {
    const post: Post = (url, body, accept, signal) =>
      new Promise((give) => {
        this.asked.push({ url, body: JSON.parse(body) as Record<string, unknown>, accept, signal, give });
      });
    this.line = new HttpLine("wss://here/stream", kind, post);
    this.line.onmessage = ({ data }: { data: string }) => this.heard.push(JSON.parse(data) as Record<string, unknown>);
    this.line.onclose = (end: { code: number; reason: string }) => this.closed.push(end);
    this.line.onopen = () => { this.line.send(JSON.stringify({ type: "auth", ticket: "t", resume: null })); };
  }

  get last(): Asked {
    return this.asked.at(-1) as Asked;
  }

  get types(): unknown[] {
    return this.heard.map((one) => one["type"]);
  }

  /** Answer the last request with these frames, the pieces cut at odd places, and end it unless it is to stay. */
  async answer(frames: object[], { stays = false } = {}): Promise<void> {
    const text = frames.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("");
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
        if (!stays) controller.close();
      },
    });
    this.last.give({ ok: true, body, json: () => Promise.resolve({ frames }) });
    await new Promise((done) => setTimeout(done));
    await settle();
  }
}

describe.each<AnswerKind>(["events", "poll"])("HttpLine over %s", (kind) => {
  it("says its first message in the body of a POST and nothing in the address", async () => {
    const bench = new Bench(kind);
    await settle();
    expect(bench.last).toMatchObject({ url: "https://here/stream", body: { type: "auth", ticket: "t", resume: null } });
    expect(bench.last.accept).toBe(kind === "events" ? "text/event-stream" : "application/json");
  });

  it("goes on with its pass from the last number when an answer is to be followed by another", async () => {
    const bench = new Bench(kind);
    await settle();
    const words = [HELLO, event(1), { type: "live", seq: 1 }, { type: "event", event: { seq: 2, text: "Лес" } }];
    await bench.answer([...words, { type: "pass", pass: "p1" }, { type: "again" }]);
    expect(bench.heard).toEqual(words);
    const resume = { epoch: "e", after: 2, classes: "c" };
    expect(bench.last.body).toEqual({ type: "auth", pass: "p1", resume });
    await bench.answer([HELLO, { type: "live", seq: 2 }, { type: "pass", pass: "p2" }, { type: "again" }]);
    expect(bench.last.body).toEqual({ type: "auth", pass: "p2", resume });
    expect(bench.closed).toEqual([]);
  });

  it("waits after a reset until the client says from where to go on", async () => {
    const bench = new Bench(kind);
    await settle();
    await bench.answer([HELLO, { type: "pass", pass: "p" }, { type: "reset", reason: "too_slow", snapshot_url: "/x" }]);
    expect(bench.types).toEqual(["hello", "reset"]);
    expect(bench.asked).toHaveLength(1);
    bench.line.send(JSON.stringify({ type: "resume", resume: { epoch: "e", after: 9 } }));
    expect(bench.last.body).toEqual({ type: "auth", pass: "p", resume: { epoch: "e", after: 9 } });
    await bench.answer([HELLO, { type: "pass", pass: "p2" }, { type: "again" }]);
    expect(bench.last.body).toMatchObject({ resume: { epoch: "e", after: 9, classes: "c" } });
  });

  it("closes with what the server said, with 1006 when an answer breaks off, and once only", async () => {
    const bench = new Bench(kind);
    await settle();
    await bench.answer([HELLO, { type: "close", code: 1012, reason: "retry_after_ms=900" }]);
    expect(bench.closed).toEqual([{ code: 1012, reason: "retry_after_ms=900" }]);
    const cut = new Bench(kind);
    await settle();
    await cut.answer([HELLO, event(1)]);
    expect(cut.closed).toEqual([{ code: 1006, reason: "" }]);
    const refused = new Bench(kind);
    await settle();
    refused.last.give({ ok: false, body: null, json: () => Promise.reject(new Error("no json")) });
    await settle();
    expect(refused.closed).toEqual([{ code: 1006, reason: "" }]);
  });

  it("hears nothing more and asks nothing more once it is closed", async () => {
    const bench = new Bench(kind);
    await settle();
    bench.line.close();
    expect(bench.last.signal.aborted).toBe(true);
    await bench.answer([HELLO, event(1), { type: "pass", pass: "p" }, { type: "again" }]);
    expect([bench.heard, bench.closed]).toEqual([[], []]);
    expect(bench.asked).toHaveLength(1);
  });
});

describe("HttpLine over events", () => {
  it("hands on what has come while the answer goes on", async () => {
    const bench = new Bench("events");
    await settle();
    await bench.answer([HELLO, event(1)], { stays: true });
    expect(bench.types).toEqual(["hello", "event"]);
    expect(bench.closed).toEqual([]);
  });
});
