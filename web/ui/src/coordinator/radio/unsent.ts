/** Entries that the server does not have yet: kept in the browser until it says that they are stored. */

export type Body = Record<string, unknown>;
export type Refused = { body: Body; error: unknown };
/** Where they are kept between two openings of the page. */
export type Kept = { read: () => string | null; write: (text: string) => void };
type Line = { body: Body; refused?: boolean };

const isRetryable = (error: unknown): boolean => (error as { retryable?: boolean }).retryable !== false;

export class Unsent {
  #lines: Line[];
  #errors = new Map<unknown, unknown>();
  #sending: Promise<void> | null = null;
  readonly #kept: Kept;
  readonly #send: (body: Body) => Promise<unknown>;
  /** Called after every change. */
  changed: () => void = () => undefined;

  constructor(kept: Kept, send: (body: Body) => Promise<unknown>) {
    this.#kept = kept;
    this.#send = send;
    try {
      this.#lines = JSON.parse(kept.read() ?? "[]") as Line[];
    } catch {
      this.#lines = [];
    }
  }

  get waiting(): Body[] {
    return this.#lines.filter((one) => one.refused !== true).map((one) => one.body);
  }

  get refused(): Refused[] {
    return this.#lines.filter((one) => one.refused === true).map((one) => ({ body: one.body, error: this.#errors.get(one.body["command_id"]) ?? null }));
  }

  add(body: Body): void {
    this.#lines.push({ body });
    this.#save();
  }

  /** Take a refused entry off the list: it was written anew. */
  drop(commandId: string): void {
    this.#lines = this.#lines.filter((one) => one.body["command_id"] !== commandId);
    this.#save();
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
        this.#lines = this.#lines.filter((one) => one !== next);
      } catch (error) {
        if (isRetryable(error)) return;
        next.refused = true;
        this.#errors.set(next.body["command_id"], error);
      }
      this.#save();
    }
  }

  #next(): Line | undefined {
    return this.#lines.find((one) => one.refused !== true);
  }

  #save(): void {
    this.#kept.write(JSON.stringify(this.#lines));
    this.changed();
  }
}
