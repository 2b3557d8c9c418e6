/** State of one stream in the browser: a snapshot and the events after it, through the fold of the server. */

import { fold, type State, type Stub, type WireEvent } from "./fold";

export type Snapshot = { epoch: string; seq: number; state: State };

const FEED_LENGTH = 400;

export class StreamStore {
  /** Replaced, never mutated: collections that did not change stay the same objects. */
  state = $state.raw<State>({});
  seq = $state(0);
  epoch = $state<string | null>(null);
  /** Seq at the last snapshot: what is newer changed while the reader was looking. */
  seenFrom = $state(0);
  /** The newest events, newest last, for the feed. */
  feed = $state.raw<readonly WireEvent[]>([]);
  #awaited: { seq: number; arrived: () => void }[] = [];

  get position(): { epoch: string; seq: number } | null {
    return this.epoch === null ? null : { epoch: this.epoch, seq: this.seq };
  }

  load(snapshot: Snapshot): void {
    if (snapshot.epoch !== this.epoch) this.feed = [];
    this.epoch = snapshot.epoch;
    this.seq = snapshot.seq;
    this.seenFrom = snapshot.seq;
    this.state = snapshot.state;
    this.#tell();
  }

  /** Take events of consecutive seq; those already known are skipped. False when there is a hole. */
  take(events: readonly (WireEvent | Stub)[]): boolean {
    const fresh = events.filter((event) => event.seq > this.seq);
    const first = fresh[0];
    if (first === undefined) return true;
    const whole = fresh.every((event, index) => event.seq === this.seq + 1 + index);
    if (!whole) return false;
    this.state = fold(this.state, fresh);
    this.seq += fresh.length;
    this.addToFeed(fresh);
    this.#tell();
    return true;
  }

  /** Wait until this event has come: what a command did is then on the screen of who sent it. */
  async reached(seq: number): Promise<void> {
    if (this.seq < seq) await new Promise<void>((arrived) => this.#awaited.push({ seq, arrived }));
  }

  #tell(): void {
    const now = this.#awaited.filter((one) => one.seq <= this.seq);
    this.#awaited = this.#awaited.filter((one) => one.seq > this.seq);
    for (const one of now) one.arrived();
  }

  /** Show events in the feed that the snapshot already contains. */
  addToFeed(events: readonly (WireEvent | Stub)[]): void {
    const held = this.feed;
    const whole = events.filter(
      (event): event is WireEvent => "kind" in event && !held.some((known) => known.seq === event.seq),
    );
    if (whole.length === 0) return;
    this.feed = [...this.feed, ...whole].sort((a, b) => a.seq - b.seq).slice(-FEED_LENGTH);
  }

  /** Entities of a collection with their ids. */
  list<T>(collection: string): (T & { id: string })[] {
    return Object.entries(this.state[collection] ?? {}).map(([id, entity]) => ({ ...(entity as T), id }));
  }

  get<T>(collection: string, id: string | null | undefined): (T & { id: string }) | null {
    if (id === null || id === undefined) return null;
    const entity = this.state[collection]?.[id];
    return entity === undefined ? null : { ...(entity as unknown as T), id };
  }

  /** `base_version` of a command that changes this entity; null when there is none yet. */
  version(collection: string, id: string): number | null {
    return this.state[collection]?.[id]?.version ?? null;
  }
}
