/**
 * The outbox a page uses: keep a report, show what became of it, hand out what could not be filed.
 *
 * Opened once per page with `openOutbox`. Everything in it survives the page except where the browser refuses
 * a database; then `durable` is false and the page says so.
 */
import { DexieStore } from "./dexie-store";
import { uuid7 } from "../uuid7";
import type { Draft, OutboxItem } from "./items";
import { backlogOf, mayForget, offerAgain, type Backlog } from "./policy";
import { Sender, type News } from "./sending";
import { MemoryStore, type OutboxStore } from "./store";
import { makePost, type Post } from "./transport";
import { withLease, withWebLocks, type AsOnlySender } from "./writer";

export interface OutboxOptions {
  readonly name: string;
  readonly tokenFor: (operationId: string) => Promise<string | null>;
  readonly onNews?: (news: News) => void;
  readonly post?: Post;
}

/** One place of entries with the sender that empties it. */
interface Box {
  readonly store: OutboxStore;
  readonly sender: Sender;
}

const REGULAR_MS = 20_000;

export class Outbox {
  private readonly boxes: Box[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly ends: (() => void)[] = [];

  private constructor(
    readonly durable: boolean,
    readonly deviceId: string,
    private readonly options: OutboxOptions,
  ) {}

  static async open(options: OutboxOptions): Promise<Outbox> {
    const store = await openStore(options.name);
    const outbox = new Outbox(store.durable, await store.deviceId(), options);
    outbox.addBox(store, pickWriter(store, options.name));
    outbox.watchSurroundings();
    outbox.kick();
    return outbox;
  }

  /**
   * Keep a report made at this tap and start sending it.
   *
   * Where the phone's database fails at this very moment (full disk), the report lives in the page's memory and is
   * sent from there: losing an SOS to a full disk is not an option.
   */
  async report(draft: Draft): Promise<OutboxItem> {
    const atMs = Date.now();
    const tap = { id: uuid7(atMs), atMs };
    let item: OutboxItem;
    try {
      item = await this.mainBox().store.add(draft, tap);
    } catch {
      item = await this.spareBox().store.add(draft, tap);
    }
    this.tell();
    this.kick();
    return item;
  }

  /** Every entry kept on this phone, oldest first. */
  async items(): Promise<readonly OutboxItem[]> {
    const lists = await Promise.all(this.boxes.map((box) => box.store.all()));
    return lists.flat().sort((a, b) => a.madeAtMs - b.madeAtMs);
  }

  async backlog(): Promise<Backlog> {
    return backlogOf(await this.items());
  }

  kick(): void {
    for (const box of this.boxes) box.sender.kick();
  }

  /** Offer an entry of the tray once more. */
  async retry(id: string): Promise<void> {
    for (const box of this.boxes) await box.store.change([{ id, change: { state: "unsent", reason: null } }]);
    this.kick();
  }

  /** What headquarters said about itself: another epoch brings filed entries back, a backup lets old ones go. */
  async noteServer(
    operationId: string,
    epoch: string | null,
    backedUpSeq: number | null,
    serverAtMs: number | null,
  ): Promise<void> {
    for (const { store } of this.boxes) {
      const items = await store.all();
      if (epoch !== null) await store.change(offerAgain(items, operationId, epoch));
      const old = items.filter(
        (item) =>
          item.operationId === operationId &&
          (epoch === null || item.epoch === epoch) &&
          mayForget(item, backedUpSeq, serverAtMs),
      );
      if (old.length > 0) await store.forget(old.map((item) => item.id));
    }
    this.kick();
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  close(): void {
    for (const box of this.boxes) box.sender.stop();
    for (const end of this.ends) end();
  }

  private mainBox(): Box {
    const box = this.boxes[0];
    if (box === undefined) throw new Error("outbox is not open");
    return box;
  }

  private spareBox(): Box {
    return (
      this.boxes[1] ??
      this.addBox(new MemoryStore(uuid7()), async (_lease, work) => {
        await work();
        return true;
      })
    );
  }

  private addBox(store: OutboxStore, asOnlySender: AsOnlySender): Box {
    const sender = new Sender({
      store,
      asOnlySender,
      post: this.options.post ?? makePost(),
      tokenFor: this.options.tokenFor,
      now: () => Date.now(),
      random: () => Math.random(),
      setTimer: (run, delayMs) => setTimeout(run, delayMs),
      clearTimer: (timer) => {
        clearTimeout(timer as ReturnType<typeof setTimeout>);
      },
      onNews: (news) => {
        this.hear(news);
      },
    });
    const box = { store, sender };
    this.boxes.push(box);
    this.ends.push(
      store.watch(() => {
        this.tell();
      }),
    );
    return box;
  }

  private hear(news: News): void {
    if (news.epoch !== undefined) void this.noteServer(news.epoch.operationId, news.epoch.epoch, null, null);
    this.options.onNews?.(news);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private watchSurroundings(): void {
    const kick = (): void => {
      this.kick();
    };
    const onVisible = (): void => {
      if (document.visibilityState === "visible") this.kick();
    };
    window.addEventListener("online", kick);
    window.addEventListener("pageshow", kick);
    document.addEventListener("visibilitychange", onVisible);
    const timer = setInterval(kick, REGULAR_MS);
    this.ends.push(() => {
      window.removeEventListener("online", kick);
      window.removeEventListener("pageshow", kick);
      document.removeEventListener("visibilitychange", onVisible);
      clearInterval(timer);
    });
  }
}

async function openStore(name: string): Promise<OutboxStore> {
  try {
    return await DexieStore.open(name, () => uuid7());
  } catch {
    return new MemoryStore(uuid7());
  }
}

function pickWriter(store: OutboxStore, name: string): AsOnlySender {
  const locks = "locks" in navigator ? navigator.locks : undefined;
  if (locks !== undefined) return withWebLocks(locks, `${name}-sender`);
  return withLease(store, uuid7(), () => Date.now());
}
