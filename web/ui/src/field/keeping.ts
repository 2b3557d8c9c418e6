/** What the phone keeps besides the outbox: who it is for this search, and the last state it was told. */
import { Dexie, type Table } from "dexie";
import { type Copy, copyIsOver } from "./copy";

export type Membership = {
  readonly operationId: string;
  readonly participantId: string;
  readonly token: string;
  readonly name: string;
  readonly callsign: string | null;
  readonly phone: string | null;
  readonly joinedAtMs: number;
};

type Row = { readonly key: string; readonly value: unknown };

/** Small rows by key, in the phone's database or, where the browser refuses one, in the memory of the page. */
export class Keeping {
  readonly #memory = new Map<string, unknown>();
  readonly #rows: Table<Row, string> | null;

  private constructor(rows: Table<Row, string> | null) {
    this.#rows = rows;
  }

  static async open(name = "search-ops-field"): Promise<Keeping> {
    try {
      const database = new Dexie(name, { chromeTransactionDurability: "strict" });
      database.version(1).stores({ rows: "key" });
      await database.open();
      return new Keeping(database.table("rows"));
    } catch {
      return new Keeping(null);
    }
  }

  async membership(): Promise<Membership | null> {
    return (await this.#read("membership")) as Membership | null;
  }

  /** The key for an operation, also for one that this phone has left with reports still unsent. */
  async tokenFor(operationId: string): Promise<string | null> {
    const tokens = ((await this.#read("tokens")) ?? {}) as Record<string, string>;
    return tokens[operationId] ?? null;
  }

  async join(membership: Membership): Promise<void> {
    const tokens = ((await this.#read("tokens")) ?? {}) as Record<string, string>;
    await this.#write("tokens", { ...tokens, [membership.operationId]: membership.token });
    await this.#write("membership", membership);
    await this.#write("copy", null);
  }

  /** The kept state of this operation; one past its time is erased instead of returned. */
  async copy(operationId: string, nowMs: number): Promise<Copy | null> {
    const copy = (await this.#read("copy")) as Copy | null;
    if (copy === null || copy.operationId !== operationId) return null;
    if (!copyIsOver(copy, nowMs)) return copy;
    await this.#write("copy", null);
    return null;
  }

  keepCopy(copy: Copy): Promise<void> {
    // Plain data: a proxy of the page's state cannot be stored.
    return this.#write("copy", JSON.parse(JSON.stringify(copy)));
  }

  /** Forget the search on this phone; keys stay as long as reports may have to be sent. */
  async leave(): Promise<void> {
    await this.#write("copy", null);
    await this.#write("membership", null);
  }

  async dropCopy(): Promise<void> {
    await this.#write("copy", null);
  }

  /** Small marks, for instance which answered SOS was put away. */
  async mark(key: string): Promise<unknown> {
    return this.#read(`mark.${key}`);
  }

  setMark(key: string, value: unknown): Promise<void> {
    return this.#write(`mark.${key}`, value);
  }

  async #read(key: string): Promise<unknown> {
    if (this.#rows === null) return this.#memory.get(key) ?? null;
    try {
      return (await this.#rows.get(key))?.value ?? null;
    } catch {
      return this.#memory.get(key) ?? null;
    }
  }

  async #write(key: string, value: unknown): Promise<void> {
    this.#memory.set(key, value);
    try {
      await this.#rows?.put({ key, value });
    } catch {
      // A full disk: the memory of the page holds it until it closes.
    }
  }
}
