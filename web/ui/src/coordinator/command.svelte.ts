/** One form's way to the server: busy, the error beside it, and one command id until it is answered. */

import { type Api, ApiError, type Body, type Method } from "../core/api";
import { uuid7 } from "../core/uuid7";

export class Command {
  busy = $state(false);
  error = $state.raw<unknown>(null);
  readonly #api: Api;
  #id = uuid7();
  #sent = "";

  constructor(api: Api) {
    this.#api = api;
  }

  /** Code of the last refusal, to offer what fits it. */
  get code(): string | null {
    return this.error instanceof ApiError ? this.error.code : null;
  }

  clear(): void {
    this.error = null;
  }

  /** Send; null means refused or unanswered, with `error` set. Pressed again after a lost answer it counts once. */
  async send<T = { seq: number }>(method: Exclude<Method, "GET">, path: string, body: Body = {}): Promise<T | null> {
    const content = JSON.stringify([method, path, body]);
    if (content !== this.#sent) this.#id = uuid7();
    this.#sent = content;
    this.busy = true;
    this.error = null;
    try {
      const answer = await this.#api.send<T>(method, path, { command_id: this.#id, ...body });
      this.#sent = "";
      return answer;
    } catch (error) {
      this.error = error;
      if (error instanceof ApiError && !error.retryable) this.#sent = "";
      return null;
    } finally {
      this.busy = false;
    }
  }
}
