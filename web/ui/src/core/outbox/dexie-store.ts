/** The outbox in the phone's own database (IndexedDB), shared by all pages of this browser. */
import { Dexie, liveQuery, type Table } from "dexie";
import type { Draft, OutboxItem } from "./items";
import { makeItem } from "./items";
import type { ItemChange } from "./policy";
import { leaseIsFree, type Lease, type OutboxStore, type Tap } from "./store";

interface MetaRow {
  readonly key: string;
  readonly value: unknown;
}

export class DexieStore implements OutboxStore {
  readonly durable = true;
  private readonly items: Table<OutboxItem, string>;
  private readonly meta: Table<MetaRow, string>;

  private constructor(private readonly database: Dexie) {
    this.items = database.table("items");
    this.meta = database.table("meta");
  }

  /**
   * Open the database, or throw where the browser refuses it.
   *
   * `strict`: a report counts as kept only once it is on the disk, not in a buffer that a flat battery empties.
   */
  static async open(name: string, makeDeviceId: () => string): Promise<DexieStore> {
    const database = new Dexie(name, { chromeTransactionDurability: "strict" });
    database.version(1).stores({ items: "id", meta: "key" });
    await database.open();
    const store = new DexieStore(database);
    await database.transaction("rw", store.meta, async () => {
      if ((await store.meta.get("device")) === undefined) {
        await store.meta.bulkPut([
          { key: "device", value: makeDeviceId() },
          { key: "dseq", value: 0 },
        ]);
      }
    });
    return store;
  }

  add(draft: Draft, tap: Tap): Promise<OutboxItem> {
    return this.database.transaction("rw", this.items, this.meta, async () => {
      const device = String((await this.meta.get("device"))?.value);
      const dseq = Number((await this.meta.get("dseq"))?.value ?? 0) + 1;
      const item = makeItem(draft, tap, { id: device, dseq });
      await this.meta.put({ key: "dseq", value: dseq });
      await this.items.add(item);
      return item;
    });
  }

  async all(): Promise<readonly OutboxItem[]> {
    const items = await this.items.toArray();
    return items.sort((a, b) => a.event.dseq - b.event.dseq);
  }

  async change(changes: readonly ItemChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.database.transaction("rw", this.items, async () => {
      for (const { id, change } of changes) {
        const item = await this.items.get(id);
        if (item !== undefined) await this.items.put({ ...item, ...change });
      }
    });
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.items.bulkDelete([...ids]);
  }

  async deviceId(): Promise<string> {
    return String((await this.meta.get("device"))?.value);
  }

  takeLease(holder: string, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.database.transaction("rw", this.meta, async () => {
      const lease = ((await this.meta.get("lease"))?.value ?? null) as Lease | null;
      if (!leaseIsFree(lease, holder, nowMs)) return false;
      await this.meta.put({ key: "lease", value: { holder, fromMs: nowMs, untilMs: nowMs + leaseMs } satisfies Lease });
      return true;
    });
  }

  async releaseLease(holder: string): Promise<void> {
    await this.database.transaction("rw", this.meta, async () => {
      const lease = ((await this.meta.get("lease"))?.value ?? null) as Lease | null;
      if (lease?.holder === holder) await this.meta.delete("lease");
    });
  }

  watch(listener: () => void): () => void {
    const subscription = liveQuery(() => this.items.toArray()).subscribe({
      next: () => {
        listener();
      },
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  close(): void {
    this.database.close();
  }
}
