/** Entries that the server does not have yet: kept in the browser until it says that they are stored. */

export type Body = Record<string, unknown>;
/** Who wrote an entry: under another sign-in it would be filed as somebody else's words. */
export type Author = { id: string; name: string };
export type Refused = { body: Body; error: unknown };
/** Where they are kept between two openings of the page; one key for each, so that two tabs erase nothing of each other. */
export type Kept = { keys: () => string[]; read: (key: string) => string | null; write: (key: string, text: string) => void; remove: (key: string) => void };
type Line = { body: Body; author: Author; refused?: boolean };

const isRetryable = (error: unknown): boolean => (error as { retryable?: boolean }).retryable !== false;
/** The entry is right, only its writer may not file it now: signed out, or the right is not his at the moment. */
const isUnsigned = (error: unknown): boolean => [401, 403].includes((error as { status?: number }).status ?? 0);

/** Keys of a browser's storage that begin with a prefix; the rest of a key is the id of its entry. */
export function shelf(storage: Storage, prefix: string): Kept {
  return {
    keys: () => Object.keys(storage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)),
    read: (key) => storage.getItem(prefix + key),
    write: (key, text) => { storage.setItem(prefix + key, text); },
    remove: (key) => { storage.removeItem(prefix + key); },
  };
}

export class Unsent {
  #errors = new Map<string, unknown>();
  #sending: Promise<void> | null = null;
  readonly #kept: Kept;
  readonly #author: () => Author | null;
  readonly #send: (body: Body) => Promise<unknown>;
  /** Whether the server wants a sign-in, or a right, before it takes what waits. */
  unsigned = false;
  /** Called after every change. */
  changed: () => void = () => undefined;

  constructor(kept: Kept, author: () => Author | null, send: (body: Body) => Promise<unknown>) {
    this.#kept = kept;
    this.#author = author;
    this.#send = send;
  }

  /** What goes as soon as it can. */
  get waiting(): Body[] {
    return this.#mine().filter((one) => one.refused !== true).map((one) => one.body);
  }

  get refused(): Refused[] {
    return this.#mine().filter((one) => one.refused === true).map((one) => ({ body: one.body, error: this.#errors.get(idOf(one)) ?? null }));
  }

  /** Names of the others whose entries wait here until they sign in again. */
  get others(): string[] {
    const me = this.#author()?.id;
    return [...new Set(this.#lines().filter((one) => one.author.id !== me).map((one) => one.author.name))];
  }

  add(body: Body): void {
    const author = this.#author();
    if (author === null) throw new Error("nobody is signed in");
    this.#put({ body, author });
    this.changed();
  }

  /** Take a refused entry off the list: it was written anew. */
  drop(commandId: string): void {
    this.#kept.remove(commandId);
    this.changed();
  }

  /** Try a refused entry once more, with its first id. */
  again(commandId: string): void {
    const line = this.#lines().find((one) => idOf(one) === commandId);
    if (line === undefined) return;
    this.#put({ body: line.body, author: line.author });
    this.changed();
  }

  /** Send what waits, in order; stops where the network is away. One at a time: an order must not turn. */
  flush(): Promise<void> {
    this.#sending ??= this.#go().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #go(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      try {
        await this.#send(next.body);
        this.unsigned = false;
        this.#kept.remove(idOf(next));
      } catch (error) {
        this.unsigned = isUnsigned(error);
        if (!this.unsigned && !isRetryable(error)) {
          // Another tab may have sent it, or its writer dropped it, meanwhile.
          if (this.#kept.read(idOf(next)) !== null) this.#put({ ...next, refused: true });
          this.#errors.set(idOf(next), error);
        } else {
          this.changed();
          return;
        }
      }
      this.changed();
    }
  }

  #next(): Line | undefined {
    return this.#mine().find((one) => one.refused !== true);
  }

  #mine(): Line[] {
    const me = this.#author()?.id;
    return this.#lines().filter((one) => one.author.id === me);
  }

  /** Read anew each time: another tab may have added or sent some. Ids are made in the order of time. */
  #lines(): Line[] {
    return this.#kept.keys().sort().flatMap((key) => parsed(this.#kept.read(key)));
  }

  #put(line: Line): void {
    this.#kept.write(idOf(line), JSON.stringify(line));
  }
}

const idOf = (line: Line): string => String(line.body["command_id"]);

function parsed(text: string | null): Line[] {
  if (text === null) return [];
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
