/** The phone's state kept live: the stream where it works, long polling where it does not. */
import { type Api, ApiError } from "../core/api";
import type { Stub, WireEvent } from "../core/fold";
import { type Snapshot, StreamStore } from "../core/store.svelte";
import { browserLine } from "../core/http-line";
import { type Connection, StreamClient, type Ticket, TRIES_PER_CARRIER } from "../core/stream";
import { momentOf } from "../core/outbox/transport";
import { hasGaps } from "./copy";
import { type EventsAnswer, LongPoll } from "./feed";

/**
 * So many tickets without a live stream, over whatever carrier, and the stream's own address is taken for one that
 * this network does not reach: what is left is to ask where the page came from.
 */
const TICKETS_BEFORE_POLLING = 3 * TRIES_PER_CARRIER + 1;
const SILENCE_MS = 4_000;

export type LiveNews = {
  readonly onChange: () => void;
  readonly onServer: (epoch: string | null, backedUpSeq: number | null, atMs: number | null) => void;
  readonly onRefused: (status: number) => void;
};

export class FieldLive {
  readonly store = new StreamStore();
  online = $state(false);
  /** When we last knew the present. */
  heardAtMs = $state<number | null>(null);
  readonly #api: Api;
  readonly #path: string;
  readonly #news: LiveNews;
  readonly #client: StreamClient;
  #poll: LongPoll | null = null;
  #ticketsWithoutLive = 0;
  #isStreamLive = false;
  #finalStatus = 0;

  constructor(api: Api, operationId: string, news: LiveNews) {
    this.#api = api;
    this.#path = `/api/operations/${operationId}`;
    this.#news = news;
    this.#client = new StreamClient({
      position: () => this.store.position,
      ticket: () => this.#ticket(),
      snapshot: () => this.#snapshot(),
      onEvents: (events) => this.#take(events),
      onFrame: (frame) => {
        this.#takeFrame(frame);
      },
      onConnection: (connection) => {
        this.#takeConnection(connection);
      },
      isFinal: (error) => this.#isFinal(error),
      line: browserLine,
      timers: {
        now: () => Date.now(),
        set: (run, after_ms) => setTimeout(run, after_ms),
        clear: (timer) => {
          clearTimeout(timer as ReturnType<typeof setTimeout> | undefined);
        },
      },
      random: Math.random,
    });
  }

  start(): void {
    addEventListener("online", this.#hurry);
    addEventListener("offline", this.#lost);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#client.start();
  }

  stop(): void {
    removeEventListener("online", this.#hurry);
    removeEventListener("offline", this.#lost);
    document.removeEventListener("visibilitychange", this.#hurry);
    this.#client.stop();
    this.#poll?.stop();
  }

  readonly #hurry = (): void => {
    this.#client.hurry();
  };
  readonly #lost = (): void => {
    this.online = false;
  };

  async #ticket(): Promise<Ticket> {
    if (this.#isStreamLive) return this.#api.send<Ticket>("POST", `${this.#path}/stream-ticket`); // beside what works
    if (this.#ticketsWithoutLive >= TICKETS_BEFORE_POLLING) {
      this.#startPolling();
      throw new ApiError(0, "polling", "polling");
    }
    try {
      const ticket = await this.#api.send<Ticket>("POST", `${this.#path}/stream-ticket`);
      this.#ticketsWithoutLive += 1;
      return ticket;
    } catch (error) {
      // No answer at all says nothing about websockets; an answer without a ticket does.
      if (error instanceof ApiError && error.status > 0) this.#ticketsWithoutLive += 1;
      throw error;
    }
  }

  async #snapshot(): Promise<void> {
    const snapshot = await this.#api.get<Snapshot>(`${this.#path}/snapshot`);
    this.store.load(snapshot);
    this.#heard();
    this.#news.onServer(snapshot.epoch, null, null);
    this.#news.onChange();
  }

  #take(events: (WireEvent | Stub)[]): boolean {
    const hadGaps = hasGaps(this.store.state);
    const taken = this.store.take(events);
    this.#heard();
    if (taken) this.#news.onChange();
    // Events about a team that we were just taken into: its beginning needs a snapshot.
    return taken && (hadGaps || !hasGaps(this.store.state));
  }

  #takeFrame(frame: Record<string, unknown>): void {
    this.#heard();
    if (frame["type"] !== "hello") return;
    const { epoch, backed_up_seq: backedUp, at } = frame;
    this.#news.onServer(
      typeof epoch === "string" ? epoch : null,
      typeof backedUp === "number" ? backedUp : null,
      momentOf(at),
    );
  }

  #takeConnection(connection: Connection): void {
    if (this.#poll !== null) return;
    this.#isStreamLive = connection.kind === "live";
    if (connection.kind === "live") {
      this.#ticketsWithoutLive = 0;
      this.#heard();
    } else if (connection.kind === "offline") this.#silentSoon();
    else if (connection.kind === "refused") {
      this.online = false;
      this.#news.onRefused(this.#finalStatus === 0 ? 403 : this.#finalStatus);
    }
  }

  #startPolling(): void {
    this.#client.stop();
    this.#poll = new LongPoll({
      position: () => this.store.position,
      snapshot: () => this.#snapshot(),
      events: (after, epoch, wait_s) =>
        this.#api.get<EventsAnswer>(
          `${this.#path}/events?after=${String(after)}&wait=${String(wait_s)}&epoch=${encodeURIComponent(epoch)}`,
        ),
      onEvents: (events) => this.#take(events),
      onAnswer: () => {
        this.#heard();
      },
      onSilence: () => {
        this.online = false;
      },
      isFinal: (error) => this.#isFinal(error),
      onRefused: () => {
        this.#news.onRefused(this.#finalStatus);
      },
      sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
      random: Math.random,
    });
    void this.#poll.run();
  }

  #isFinal(error: unknown): boolean {
    const final =
      error instanceof ApiError && [401, 403, 404].includes(error.status) && !error.code.startsWith("http_");
    if (final) this.#finalStatus = error.status;
    return final;
  }

  /** The socket is gone, but headquarters may just have answered another way: wait a moment before saying so. */
  #silentSoon(): void {
    const heardAtMs = this.heardAtMs;
    if (heardAtMs === null || Date.now() - heardAtMs > SILENCE_MS) {
      this.online = false;
      return;
    }
    setTimeout(() => {
      if (this.heardAtMs === heardAtMs) this.online = false;
    }, SILENCE_MS);
  }

  #heard(): void {
    this.online = true;
    this.heardAtMs = Date.now();
  }
}
