/** Where entries live. The rules do not care whether it is the phone's database or the memory of a page. */
import type { Draft, OutboxItem } from "./items";
import { makeItem } from "./items";
import type { ItemChange } from "./policy";

export interface Tap {
  readonly id: string;
  readonly atMs: number;
}

export interface OutboxStore {
  /** False when entries are lost with the page (a browser that refuses us a database). */
  readonly durable: boolean;
  /** Keep a report; its `dseq` is the next of this device, taken in the same transaction. */
  add(draft: Draft, tap: Tap): Promise<OutboxItem>;
  all(): Promise<readonly OutboxItem[]>;
  change(changes: readonly ItemChange[]): Promise<void>;
  forget(ids: readonly string[]): Promise<void>;
  deviceId(): Promise<string>;
  /** Take the right to send for `leaseMs`; false when another page holds it. */
  takeLease(holder: string, nowMs: number, leaseMs: number): Promise<boolean>;
  releaseLease(holder: string): Promise<void>;
  /** Told of every change, also one made by another page. Returns how to stop. */
  watch(listener: () => void): () => void;
}

/** A lease is free when nobody holds it, we hold it, it ran out, or the clock was put back behind its start. */
export interface Lease {
  readonly holder: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export function leaseIsFree(lease: Lease | null, holder: string, nowMs: number): boolean {
  return lease === null || lease.holder === holder || nowMs >= lease.untilMs || nowMs < lease.fromMs;
}

/** For tests, and for browsers that refuse a database: reports still go out while the page is open. */
export class MemoryStore implements OutboxStore {
  readonly durable = false;
  private readonly items = new Map<string, OutboxItem>();
  private readonly listeners = new Set<() => void>();
  private lease: Lease | null = null;
  private dseq = 0;

  constructor(private readonly device: string) {}

  add(draft: Draft, tap: Tap): Promise<OutboxItem> {
    this.dseq += 1;
    const item = makeItem(draft, tap, { id: this.device, dseq: this.dseq });
    this.items.set(item.id, item);
    this.tell();
    return Promise.resolve(item);
  }

  all(): Promise<readonly OutboxItem[]> {
    return Promise.resolve([...this.items.values()].sort((a, b) => a.event.dseq - b.event.dseq));
  }

  change(changes: readonly ItemChange[]): Promise<void> {
    for (const { id, change } of changes) {
      const item = this.items.get(id);
      if (item !== undefined) this.items.set(id, { ...item, ...change });
    }
    this.tell();
    return Promise.resolve();
  }

  forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.items.delete(id);
    this.tell();
    return Promise.resolve();
  }

  deviceId(): Promise<string> {
    return Promise.resolve(this.device);
  }

  takeLease(holder: string, nowMs: number, leaseMs: number): Promise<boolean> {
    if (!leaseIsFree(this.lease, holder, nowMs)) return Promise.resolve(false);
    this.lease = { holder, fromMs: nowMs, untilMs: nowMs + leaseMs };
    return Promise.resolve(true);
  }

  releaseLease(holder: string): Promise<void> {
    if (this.lease?.holder === holder) this.lease = null;
    return Promise.resolve();
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
