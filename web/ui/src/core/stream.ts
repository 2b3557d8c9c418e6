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
  socket: (url: string) => SocketLike;
  timers: Timers;
  random: () => number;
};

export const RETRY_LEAST_MS = 500;
export const RETRY_MOST_MS = 15_000;
const SILENCE_AFTER_PINGS = 2.2;
const DEFAULT_PING_S = 20;
const HELLO_WITHIN_MS = 10_000;

/** Full jitter: a hundred desks that lost one server do not come back in one moment. */
export function retryDelay(attempt: number, random: () => number): number {
  const ceiling = Math.min(RETRY_MOST_MS, RETRY_LEAST_MS * 2 ** attempt);
  return RETRY_LEAST_MS + random() * (ceiling - RETRY_LEAST_MS);
}

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
    const socket = this.#options.socket(ticket.url);
    this.#socket = socket;
    this.#listen(HELLO_WITHIN_MS);
    socket.onopen = () => {
      const position = this.#options.position();
      const seen = this.#classes === null ? {} : { classes: this.#classes };
      const resume = position === null ? null : { epoch: position.epoch, after: position.seq, ...seen };
      socket.send(JSON.stringify({ type: "auth", ticket: ticket.ticket, resume }));
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (current() && this.#socket === socket) void this.#take(data, socket, current);
    };
    socket.onclose = ({ code }: { code: number }) => {
      if (this.#socket === socket) this.#closed(code);
    };
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
    if (frame["type"] === "event") this.#takeEvents(frame, socket);
    else if (frame["type"] === "live") this.#live();
    else if (frame["type"] === "hello") {
      this.#classes = typeof frame["classes"] === "string" ? frame["classes"] : null;
      this.#behind();
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
    this.#options.onConnection({ kind: "live" });
    this.#watchLag();
  }

  /** After a ping that did not come we do not know the present any more, and say so before giving up. */
  #watchLag(): void {
    const { timers } = this.#options;
    timers.clear(this.#lag);
    this.#lag = timers.set(() => {
      const quiet_ms = timers.now() - this.#lastWord_ms;
      if (quiet_ms > this.#ping_s * 1300) this.#behind();
      else this.#watchLag();
    }, this.#ping_s * 500);
  }

  #behind(): void {
    this.#options.onConnection({ kind: "behind", since_ms: this.#offlineSince ?? this.#lastWord_ms });
  }

  #listen(within_ms: number): void {
    this.#options.timers.clear(this.#silence);
    this.#silence = this.#options.timers.set(() => { this.#closed(4408); }, within_ms);
  }

  #closed(code: number): void {
    this.#drop();
    if (this.#stopped) return;
    if (code === 4403) this.#refuse(code);
    else if (code === 4409) {
      void this.#options.snapshot().then(() => { this.#retryLater(); }, () => { this.#retryLater(); });
    } else this.#retryLater();
  }

  #refuse(code: number): void {
    this.#stopped = true;
    this.#drop();
    this.#options.onConnection({ kind: "refused", code });
  }

  #drop(): void {
    this.#round += 1;
    const socket = this.#socket;
    this.#socket = null;
    this.#options.timers.clear(this.#silence);
    this.#options.timers.clear(this.#lag);
    socket?.close();
  }

  #retryLater(): void {
    if (this.#stopped) return;
    const { timers, random } = this.#options;
    const delay_ms = retryDelay(this.#attempt++, random);
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
