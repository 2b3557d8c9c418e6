/**
 * Client of the stream process (web/stream/PROTOCOL.md): every event once, in order, or a new snapshot.
 *
 * Pure of browser and framework: the socket, the clock and chance are handed in, so that tests can play a dead
 * network. An open socket does not notice a dead network, hence the silence time-out.
 */

import type { Stub, WireEvent } from "./fold";

export type SocketLike = {
  // `any`: a browser's WebSocket fits as it is, and so does a test's.
  /* eslint-disable @typescript-eslint/no-explicit-any */
  onopen: ((event: any) => any) | null;
  onmessage: ((message: any) => any) | null;
  onclose: ((event: any) => any) | null;
  /* eslint-enable @typescript-eslint/no-explicit-any */
  send(text: string): void;
  close(code?: number): void;
};

export type Timers = {
  now(): number;
  set(run: () => void, after_ms: number): unknown;
  clear(timer: unknown): void;
};

/** What carries the frames: a websocket, one long answer, or one answer after another. */
export type Carrier = "socket" | "events" | "poll";

export type Ticket = { ticket: string; url: string };

/** One honest sign. `behind`: the socket is open but what is shown is not the present. */
export type Connection =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "behind"; since_ms: number }
  | { kind: "offline"; since_ms: number; retry_at_ms: number }
  | { kind: "refused"; code: number };

export type StreamOptions = {
  /** Where the reader's state stands; null before the first snapshot. */
  position: () => { epoch: string; seq: number } | null;
  ticket: () => Promise<Ticket>;
  /** Fetch a snapshot and make it the reader's state. */
  snapshot: () => Promise<void>;
  /** Events of consecutive seq. False: there was a hole, a snapshot is needed. */
  onEvents: (events: (WireEvent | Stub)[]) => boolean;
  onFrame: (frame: Record<string, unknown>) => void;
  onConnection: (connection: Connection) => void;
  /** True when the error means that the reader may no longer read: no further tries. */
  isFinal?: (error: unknown) => boolean;
  line: (url: string, carrier: Carrier) => SocketLike;
  timers: Timers;
  random: () => number;
};

export const RETRY_LEAST_MS = 500;
export const RETRY_MOST_MS = 15_000;
const SILENCE_AFTER_PINGS = 2.2;
const DEFAULT_PING_S = 20;
const HELLO_WITHIN_MS = 10_000;
const CARRIERS: readonly Carrier[] = ["socket", "events", "poll"];
/** So many tries without a `hello`, and the network is taken for one that breaks this carrier. */
export const TRIES_PER_CARRIER = 2;
/** While another carrier works, websockets are tried again beside it: the network may be another one by now. */
export const SOCKET_AGAIN_MS = 600_000;
const FIRST_CEILING_MS = 2_000;
const RETRY_AFTER = /^retry_after_ms=(\d{1,6})$/u;

/** Full jitter: five thousand desks that lost one server do not come back in one moment, not even the first time. */
export function retryDelay(attempt: number, random: () => number): number {
  const ceiling = Math.min(RETRY_MOST_MS, FIRST_CEILING_MS * 2 ** attempt);
  return RETRY_LEAST_MS + random() * (ceiling - RETRY_LEAST_MS);
}

/** Whether it was the server that ended the line: then the carrier is not at fault. */
function isSaid(code: number): boolean {
  return code === 1012 || (code >= 4400 && code !== SILENT);
}

const SILENT = 4408;

export class StreamClient {
  readonly #options: StreamOptions;
  #socket: SocketLike | null = null;
  #stopped = true;
  #attempt = 0;
  #round = 0;
  #silence: unknown = null;
  #retry: unknown = null;
  #lag: unknown = null;
  #ping_s = DEFAULT_PING_S;
  #offlineSince: number | null = null;
  #lastWord_ms = 0;
  #carrier: Carrier = "socket";
  #triesWithoutHello = 0;
  #greeted = false;
  #again: unknown = null;
  #probe: SocketLike | null = null;
  /** Whether the sign says live; `#lagging`: it says behind only because a ping was late. */
  #isLive = false;
  #lagging = false;
  /** Mark of the classes that the state was read with; null when the server has not said or they may have moved. */
  #classes: string | null = null;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#options.onConnection({ kind: "connecting" });
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
    this.#options.timers.clear(this.#retry);
  }

  /** Try at once: the browser says that the network is back, or the reader pressed the sign. */
  hurry(): void {
    if (this.#stopped || this.#socket !== null) return;
    this.#options.timers.clear(this.#retry);
    this.#attempt = 0;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    const round = ++this.#round;
    const current = (): boolean => !this.#stopped && round === this.#round;
    try {
      if (this.#options.position() === null) await this.#options.snapshot();
      if (!current()) return;
      const ticket = await this.#options.ticket();
      if (!current()) return;
      this.#open(ticket, current);
    } catch (error) {
      if (!current()) return;
      if (this.#options.isFinal?.(error) === true) this.#refuse(0);
      else this.#retryLater();
    }
  }

  #open(ticket: Ticket, current: () => boolean): void {
    const line = this.#options.line(ticket.url, this.#carrier);
    this.#greeted = false;
    this.#hold(line, current);
    this.#listen(HELLO_WITHIN_MS);
    line.onopen = () => { this.#signIn(line, ticket); };
  }

  #signIn(line: SocketLike, ticket: Ticket): void {
    const position = this.#options.position();
    const seen = this.#classes === null ? {} : { classes: this.#classes };
    const resume = position === null ? null : { epoch: position.epoch, after: position.seq, ...seen };
    line.send(JSON.stringify({ type: "auth", ticket: ticket.ticket, resume }));
  }

  /** Hear this line from now on, and no other. */
  #hold(line: SocketLike, current: () => boolean): void {
    this.#socket = line;
    line.onmessage = ({ data }: { data: unknown }) => {
      if (current() && this.#socket === line) void this.#take(data, line, current);
    };
    line.onclose = ({ code, reason }: { code: number; reason?: string }) => {
      if (this.#socket === line) this.#closed(code, reason);
    };
  }

  /** A carrier that brings no `hello` gives way to the next. */
  #countTry(code: number): void {
    if (this.#greeted || isSaid(code)) return;
    this.#triesWithoutHello += 1;
    if (this.#triesWithoutHello < TRIES_PER_CARRIER) return;
    this.#triesWithoutHello = 0;
    this.#carrier = CARRIERS[(CARRIERS.indexOf(this.#carrier) + 1) % CARRIERS.length] ?? "socket";
  }

  #greet(): void {
    this.#greeted = true;
    this.#triesWithoutHello = 0;
    if (this.#carrier !== "socket" && this.#probe === null) this.#trySocketLater();
  }

  #trySocketLater(): void {
    const { timers } = this.#options;
    timers.clear(this.#again);
    this.#again = timers.set(() => { void this.#trySocket(); }, SOCKET_AGAIN_MS);
  }

  /** Open a websocket beside the line that works; only one that says `hello` takes its place. */
  async #trySocket(): Promise<void> {
    if (this.#stopped || this.#carrier === "socket") return;
    if (!this.#isLive) {
      this.#carrier = "socket"; // nothing works now: the next try may as well be this one
      return;
    }
    const round = this.#round;
    const current = (): boolean => !this.#stopped && round === this.#round;
    try {
      const ticket = await this.#options.ticket();
      if (current()) this.#beginProbe(ticket, current);
    } catch {
      if (current()) this.#trySocketLater();
    }
  }

  #beginProbe(ticket: Ticket, current: () => boolean): void {
    const { timers } = this.#options;
    const probe = this.#options.line(ticket.url, "socket");
    this.#probe = probe;
    const giveUp = (): void => {
      timers.clear(late);
      if (this.#probe !== probe) return;
      this.#dropProbe();
      if (current()) this.#trySocketLater();
    };
    const late = timers.set(giveUp, HELLO_WITHIN_MS);
    probe.onopen = () => { if (current()) this.#signIn(probe, ticket); };
    probe.onclose = giveUp;
    probe.onmessage = (message: { data: unknown }) => {
      timers.clear(late);
      if (!current() || this.#probe !== probe) return;
      const before = this.#socket;
      this.#probe = null;
      this.#carrier = "socket";
      this.#hold(probe, current);
      before?.close();
      probe.onmessage?.(message);
    };
  }

  #dropProbe(): void {
    const probe = this.#probe;
    this.#probe = null;
    probe?.close();
  }

  async #take(data: unknown, socket: SocketLike, current: () => boolean): Promise<void> {
    let frame: Record<string, unknown>;
    try {
      frame = JSON.parse(String(data)) as Record<string, unknown>;
    } catch {
      return; // Not ours to understand; silence and seq tell when something is really wrong.
    }
    this.#lastWord_ms = this.#options.timers.now();
    if (typeof frame["ping_s"] === "number") this.#ping_s = frame["ping_s"];
    this.#listen(this.#ping_s * SILENCE_AFTER_PINGS * 1000);
    if (this.#lagging) this.#caughtUp();
    if (frame["type"] === "event") this.#takeEvents(frame, socket);
    else if (frame["type"] === "live") this.#live();
    else if (frame["type"] === "hello") {
      this.#classes = typeof frame["classes"] === "string" ? frame["classes"] : null;
      this.#greet();
      if (!this.#isLive) this.#behind(); // Live already: one answer has followed on another.
      this.#options.onFrame(frame); // A phone learns from it what of its own is in the backup.
    }
    else if (frame["type"] === "reset") await this.#reset(socket, current);
    else this.#options.onFrame(frame);
  }

  #takeEvents(frame: Record<string, unknown>, socket: SocketLike): void {
    const carried = frame["events"] ?? frame["event"] ?? frame;
    const events = (Array.isArray(carried) ? carried : [carried]) as (WireEvent | Stub)[];
    if (!this.#options.onEvents(events)) {
      // A hole can only be a fault; the snapshot heals it.
      this.#drop();
      socket.close();
      void this.#options.snapshot().then(
        () => { if (!this.#stopped) void this.#connect(); },
        () => { this.#retryLater(); },
      );
    }
  }

  async #reset(socket: SocketLike, current: () => boolean): Promise<void> {
    this.#behind();
    this.#classes = null;
    try {
      await this.#options.snapshot();
    } catch {
      if (current()) this.#closed(1006);
      return;
    }
    const position = this.#options.position();
    if (!current() || this.#socket !== socket || position === null) return;
    socket.send(JSON.stringify({ type: "resume", resume: { epoch: position.epoch, after: position.seq } }));
  }

  #live(): void {
    this.#attempt = 0;
    this.#offlineSince = null;
    if (!this.#isLive) this.#options.onConnection({ kind: "live" });
    this.#isLive = true;
    this.#watchLag();
  }

  /** After a ping that did not come we do not know the present any more, and say so before giving up. */
  #watchLag(): void {
    const { timers } = this.#options;
    timers.clear(this.#lag);
    this.#lag = timers.set(() => {
      const quiet_ms = timers.now() - this.#lastWord_ms;
      if (quiet_ms > this.#ping_s * 1300) {
        this.#behind();
        this.#lagging = true;
      } else this.#watchLag();
    }, this.#ping_s * 500);
  }

  /** What was late has come: nothing was lost in between, since numbers follow on each other. */
  #caughtUp(): void {
    this.#lagging = false;
    this.#live();
  }

  #behind(): void {
    this.#isLive = false;
    this.#lagging = false;
    this.#options.onConnection({ kind: "behind", since_ms: this.#offlineSince ?? this.#lastWord_ms });
  }

  #listen(within_ms: number): void {
    this.#options.timers.clear(this.#silence);
    this.#silence = this.#options.timers.set(() => { this.#closed(SILENT); }, within_ms);
  }

  #closed(code: number, reason = ""): void {
    this.#drop();
    if (this.#stopped) return;
    this.#countTry(code);
    if (code === 4403) this.#refuse(code);
    else if (code === 4409) {
      void this.#options.snapshot().then(() => { this.#retryLater(); }, () => { this.#retryLater(); });
    } else this.#retryLater(RETRY_AFTER.exec(reason)?.[1]);
  }

  #refuse(code: number): void {
    this.#stopped = true;
    this.#drop();
    this.#options.onConnection({ kind: "refused", code });
  }

  #drop(): void {
    this.#round += 1;
    this.#isLive = false;
    this.#lagging = false;
    const socket = this.#socket;
    this.#socket = null;
    this.#options.timers.clear(this.#silence);
    this.#options.timers.clear(this.#lag);
    this.#options.timers.clear(this.#again);
    this.#dropProbe();
    socket?.close();
  }

  /** A server that goes knows when it is back, and gives each of us another moment. */
  #retryLater(told_ms?: string): void {
    if (this.#stopped) return;
    const { timers, random } = this.#options;
    const own_ms = retryDelay(this.#attempt++, random);
    const delay_ms = told_ms === undefined ? own_ms : Math.min(RETRY_MOST_MS, Number(told_ms));
    this.#offlineSince ??= this.#lastWord_ms || timers.now();
    this.#options.onConnection({
      kind: "offline",
      since_ms: this.#offlineSince,
      retry_at_ms: timers.now() + delay_ms,
    });
    timers.clear(this.#retry);
    this.#retry = timers.set(() => { void this.#connect(); }, delay_ms);
  }
}
