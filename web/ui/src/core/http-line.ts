/**
 * The stream where websockets are broken: the same frames in one long answer, or in one answer after another.
 *
 * To the client of the stream it is a socket like any other (web/stream/PROTOCOL.md, "Without a socket"). What
 * a client says is a POST, and nothing secret stands in an address.
 */

import type { Carrier, SocketLike } from "./stream";

/** How an answer is asked for: as it grows, or whole. */
export type AnswerKind = "events" | "poll";

export type Answer = { readonly ok: boolean; readonly body: ReadableStream<Uint8Array> | null; json(): Promise<unknown> };

export type Post = (url: string, body: string, accept: string, signal: AbortSignal) => Promise<Answer>;

type Frame = Record<string, unknown>;
type End = "broken" | "again" | "reset";

const ACCEPT: Record<AnswerKind, string> = { events: "text/event-stream", poll: "application/json" };
const BROKEN = 1006;

/** `text/plain` without cookies: browsers send it to the stream's own port without asking first. */
export const browserPost: Post = (url, body, accept, signal) =>
  fetch(url, { method: "POST", body, headers: { Accept: accept }, signal, cache: "no-store", credentials: "omit" });

export function browserLine(url: string, carrier: Carrier): SocketLike {
  return carrier === "socket" ? new WebSocket(url) : new HttpLine(url, carrier);
}

export class HttpLine implements SocketLike {
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  readonly #url: string;
  readonly #kind: AnswerKind;
  readonly #post: Post;
  #asking: AbortController | null = null;
  #closed = false;
  #pass = "";
  /** From where the next answer goes on: what a socket would remember on the other side. */
  #place: Frame | null = null;
  #end: End = "broken";

  constructor(url: string, kind: AnswerKind, post: Post = browserPost) {
    this.#url = url.replace(/^ws/u, "http");
    this.#kind = kind;
    this.#post = post;
    queueMicrotask(() => { if (!this.#closed) this.onopen?.({}); });
  }

  send(text: string): void {
    const message = JSON.parse(text) as Frame;
    const resume = (message["resume"] ?? null) as Frame | null;
    this.#place = resume;
    if (message["type"] === "resume") void this.#ask({ type: "auth", pass: this.#pass, resume });
    else void this.#ask(message);
  }

  close(): void {
    this.#closed = true;
    this.#asking?.abort();
  }

  async #ask(message: Frame): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#end = "broken";
    try {
      const answer = await this.#post(this.#url, JSON.stringify(message), ACCEPT[this.#kind], asking.signal);
      if (answer.ok) {
        for await (const frame of this.#kind === "events" ? streamed(answer) : whole(answer)) {
          if (asking.signal.aborted) return;
          this.#take(frame);
        }
      }
    } catch {
      // However it broke, what was not said properly ended is broken.
    }
    if (asking.signal.aborted || this.#closed) return;
    // After a reset it is for the client to say where to go on.
    const end = this.#end as End; // changed by what was heard meanwhile
    if (end === "again") void this.#ask({ type: "auth", pass: this.#pass, resume: this.#place });
    else if (end === "broken") this.#finish(BROKEN, "");
  }

  #take(frame: Frame): void {
    if (this.#closed) return;
    switch (frame["type"]) {
      case "pass":
        this.#pass = String(frame["pass"]);
        return;
      case "again":
        this.#end = "again";
        return;
      case "close":
        this.#finish(Number(frame["code"]), String(frame["reason"]));
        return;
      case "reset":
        this.#end = "reset";
        break;
      case "hello":
        this.#place = { after: 0, ...this.#place, epoch: frame["epoch"], classes: frame["classes"] };
        break;
      case "event":
        this.#place = { ...this.#place, after: (frame["event"] as { seq: number }).seq };
        break;
    }
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  #finish(code: number, reason: string): void {
    if (this.#closed) return;
    this.close();
    this.onclose?.({ code, reason });
  }
}

async function* whole(answer: Answer): AsyncGenerator<Frame> {
  yield* ((await answer.json()) as { frames: Frame[] }).frames;
}

async function* streamed(answer: Answer): AsyncGenerator<Frame> {
  if (answer.body === null) return;
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const one of events) yield JSON.parse(one.slice("data: ".length)) as Frame;
  }
}
