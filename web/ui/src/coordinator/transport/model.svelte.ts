/** The transport desk: the network, the movements of one search, and the stream that says when to read again. */

import { getContext, setContext } from "svelte";
import type { Api } from "../../core/api";
import type { OperationHead } from "../../core/entities";
import { LiveStream } from "../../core/live.svelte";
import type { Movement, Network, Place, Transport } from "./entities";

const WORKING_MS = 1_500;
const SOON_MS = 500;

export class TransportDesk {
  readonly api: Api;
  readonly head: OperationHead;
  readonly live: LiveStream;
  network = $state.raw<Network | null>(null);
  transport = $state.raw<Transport | null>(null);
  error = $state.raw<unknown>(null);
  selected = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #soon: ReturnType<typeof setTimeout> | null = null;

  constructor(api: Api, head: OperationHead) {
    this.api = api;
    this.head = head;
    this.live = new LiveStream(api, "operations", head.id);
  }

  get path(): string {
    return this.live.path;
  }

  get timeZone(): string {
    return this.head.time_zone;
  }

  may(right: string): boolean {
    return this.head.rights.includes(right);
  }

  places = $derived.by<Readonly<Record<string, Place>>>(() => Object.fromEntries((this.network?.places ?? []).map((place) => [place.place_id, place])));
  movements = $derived.by(() => this.transport?.movements ?? []);
  working = $derived.by(() => (this.transport?.jobs ?? []).filter((job) => job.state === "waiting" || job.state === "running"));
  failed = $derived.by(() => (this.transport?.jobs ?? []).filter((job) => job.state === "failed"));
  movement = $derived.by<Movement | null>(() => this.movements.find((one) => one.id === this.selected) ?? this.movements.at(-1) ?? null);

  place(id: string | null): Place | undefined {
    return id === null ? undefined : this.places[id];
  }

  async readNetwork(): Promise<void> {
    await this.#guarded(async () => {
      this.network = await this.api.get<Network>("/api/transport/network");
    });
  }

  /** Read the movements a moment after the log has moved: of a hundred reports a minute few are about transport. */
  readSoon(): void {
    this.#soon ??= setTimeout(() => void this.read(), SOON_MS);
  }

  /** Read the movements; while the worker is busy, again soon. */
  async read(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#soon = null;
    await this.#guarded(async () => {
      this.transport = await this.api.get<Transport>(`${this.path}/transport`);
    });
    if (this.working.length > 0) this.#timer = setTimeout(() => void this.read(), WORKING_MS);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  start(): void {
    this.live.start();
    void this.readNetwork();
    void this.read();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.live.stop();
  }
}

const KEY = Symbol("transport");
export const provideTransport = (desk: TransportDesk): TransportDesk => setContext(KEY, desk);
export const useTransport = (): TransportDesk => getContext<TransportDesk>(KEY);
