/** A stream of the server held live in this page: store, socket, positions, progress of jobs. */

import { type Api, ApiError } from "./api";
import type { PositionNow } from "./entities";
import { type Snapshot, StreamStore } from "./store.svelte";
import type { Stub, WireEvent } from "./fold";
import { browserLine } from "./http-line";
import { type Connection, StreamClient, type Ticket } from "./stream";

/** A stream that is this late is waited for no longer: the network is away. */
const LATE_MS = 5_000;

export type StreamKind = "operations" | "cases" | "organisations";
export type Progress = {
  job_id: string;
  kind?: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** Share done, 0..1. */
  done: number;
  /** Code of what is being done. */
  step?: string | null;
  result?: Record<string, unknown> | null;
};

export class LiveStream {
  readonly store = new StreamStore();
  connection = $state.raw<Connection>({ kind: "connecting" });
  positions = $state.raw<Readonly<Record<string, PositionNow>>>({});
  progress = $state.raw<Readonly<Record<string, Progress>>>({});
  readonly path: string;
  readonly #api: Api;
  readonly #client: StreamClient;
  #hurry = (): void => { this.#client.hurry(); };

  constructor(api: Api, kind: StreamKind, id: string) {
    this.#api = api;
    this.path = `/api/${kind}/${id}`;
    this.#client = new StreamClient({
      position: () => this.store.position,
      ticket: () => api.send<Ticket>("POST", `${this.path}/stream-ticket`),
      snapshot: async () => { this.store.load(await api.get<Snapshot>(`${this.path}/snapshot`)); },
      onEvents: (events) => this.store.take(events),
      onFrame: (frame) => { this.#takeFrame(frame); },
      onConnection: (connection) => { this.connection = connection; },
      isFinal: (error) => error instanceof ApiError && [401, 403, 404].includes(error.status),
      line: browserLine,
      timers: {
        now: () => Date.now(),
        set: (run, after_ms) => setTimeout(run, after_ms),
        clear: (timer) => { clearTimeout(timer as ReturnType<typeof setTimeout> | undefined); },
      },
      random: Math.random,
    });
  }

  start(): void {
    addEventListener("online", this.#hurry);
    this.#client.start();
  }

  stop(): void {
    removeEventListener("online", this.#hurry);
    this.#client.stop();
  }

  hurry(): void {
    this.#client.hurry();
  }

  /** Wait until this event has come, but not long: the answer of the server is enough to go on with. */
  async reached(seq: number): Promise<void> {
    await Promise.race([this.store.reached(seq), new Promise((late) => setTimeout(late, LATE_MS))]);
  }

  /** Last positions; the stream then brings newer ones. */
  async loadPositions(): Promise<void> {
    const { positions } = await this.#api.get<{ positions: PositionNow[] }>(`${this.path}/positions`);
    this.positions = { ...Object.fromEntries(positions.map((one) => [one.participant_id, one])), ...this.positions };
  }

  /** The events just before the snapshot, so that the feed does not begin empty. */
  async loadFeed(count = 100): Promise<void> {
    const after = Math.max(0, this.store.seq - count);
    const { events } = await this.#api.get<{ events: (WireEvent | Stub)[] }>(
      `${this.path}/events?after=${String(after)}&limit=${String(count)}`,
    );
    this.store.addToFeed(events);
  }

  #takeFrame(frame: Record<string, unknown>): void {
    if (frame["type"] === "position") {
      const many = (frame["positions"] ?? [frame["position"] ?? frame]) as PositionNow[];
      this.positions = { ...this.positions, ...Object.fromEntries(many.map((one) => [one.participant_id, one])) };
    } else if (frame["type"] === "progress") {
      const one = (frame["progress"] ?? frame) as Progress;
      this.progress = { ...this.progress, [one.job_id]: one };
    }
  }
}
