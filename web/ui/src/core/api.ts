/**
 * The one way to the server's HTTP interface.
 *
 * Errors come as values of one class: the server's own problem (RFC 9457 with a stable `code`), or `network`
 * and `timeout` when there was no answer at all.
 */

import { uuid7 } from "./uuid7";

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** Stable word, for instance `sector_taken`. */
    readonly code: string,
    message: string,
    /** Further members of the problem, for instance `held_by`. */
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** True when trying the same command again later is right. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export type ApiOptions = {
  /** Bearer token; null when the session cookie is the key. */
  token?: () => string | null;
  language: () => string;
  /** The session is over: the page shows its sign-in. */
  onSignedOut?: () => void;
  fetch?: typeof fetch;
  timeout_ms?: number;
};

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Body = Readonly<Record<string, unknown>>;

async function problemOf(response: Response): Promise<ApiError> {
  let problem: Record<string, unknown> = {};
  try {
    problem = (await response.json()) as Record<string, unknown>;
  } catch {
    // A proxy's error page: the status is all there is.
  }
  const { code, title, detail, type: _type, status: _status, ...data } = problem;
  const words = [detail, title].find((text): text is string => typeof text === "string" && text !== "");
  return new ApiError(
    response.status,
    typeof code === "string" ? code : `http_${String(response.status)}`,
    words ?? `HTTP ${String(response.status)}`,
    data,
  );
}

export class Api {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  async send<T>(method: Method, path: string, body?: Body, signal?: AbortSignal): Promise<T> {
    const response = await this.#ask(method, path, body, signal);
    return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  }

  /** What is no JSON: rasters. */
  async bytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
    return (await this.#ask("GET", path, undefined, signal)).arrayBuffer();
  }

  async #ask(method: Method, path: string, body?: Body, signal?: AbortSignal): Promise<Response> {
    const { token, language, onSignedOut, timeout_ms = 30_000 } = this.#options;
    const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
    const bearer = token?.() ?? null;
    if (bearer !== null) headers["Authorization"] = `Bearer ${bearer}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const stop = new AbortController();
    const timer = setTimeout(() => { stop.abort(new ApiError(0, "timeout", "timeout")); }, timeout_ms);
    signal?.addEventListener("abort", () => { stop.abort(signal.reason); }, { once: true });
    let response: Response;
    try {
      response = await (this.#options.fetch ?? fetch)(path, {
        method,
        headers,
        credentials: "same-origin",
        signal: stop.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (signal?.aborted === true) throw error;
      throw new ApiError(0, "network", "network");
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) {
      const problem = await problemOf(response);
      if (problem.status === 401) onSignedOut?.();
      throw problem;
    }
    return response;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.send<T>("GET", path, undefined, signal);
  }

  /**
   * Send an intent. Its id is made here unless the caller keeps one: a second press after a lost answer must
   * carry the same `command_id`, so forms hold theirs until they are answered.
   */
  command<T = { seq: number }>(method: Exclude<Method, "GET">, path: string, body: Body = {}): Promise<T> {
    return this.send<T>(method, path, { command_id: uuid7(), ...body });
  }
}
