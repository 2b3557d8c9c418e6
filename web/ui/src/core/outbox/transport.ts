/** One request to headquarters and what its answer means. A strange answer counts as no answer. */
import type { Answer, VerdictOnOne } from "./policy";
import type { OutboxEvent } from "./items";

export interface PostRequest {
  readonly operationId: string;
  readonly token: string | null;
  readonly events: readonly OutboxEvent[];
  readonly timeoutMs: number;
}

export type Post = (request: PostRequest) => Promise<Answer>;

/** Send a batch with `fetch`. Never throws: every fault on the way is an answer of its own. */
export function makePost(fetchLike: typeof fetch = (...args) => fetch(...args)): Post {
  return async (request) => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      abort.abort();
    }, request.timeoutMs);
    try {
      const response = await fetchLike(`/api/operations/${request.operationId}/events`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          ...(request.token === null ? {} : { authorization: `Bearer ${request.token}` }),
        },
        body: JSON.stringify({ events: request.events }),
        signal: abort.signal,
        cache: "no-store",
      });
      // The body may hang as well: the timer runs until it is read.
      const text = await response.text();
      return readAnswer(response.status, response.headers, text, Date.now());
    } catch {
      return { type: "later", cause: abort.signal.aborted ? "timeout" : "network", retryAfterMs: null };
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * Tell a verdict of our server from noise: a sign-in page of a hotel network answers 200 with HTML, and a proxy
 * answers 403 or 404 with it. Only what looks like our server is believed.
 */
export function readAnswer(status: number, headers: Headers, text: string, nowMs: number): Answer {
  const retryAfterMs = readRetryAfter(headers.get("retry-after"), nowMs);
  const body = parseObject(text);
  if (status >= 200 && status < 300) {
    const judged = body === null ? null : readResults(body);
    return judged ?? { type: "later", cause: "server", retryAfterMs };
  }
  if (status === 401) return { type: "sign_in" };
  if (status === 413) return { type: "too_large" };
  if (status === 429 || status === 408 || status === 425) return { type: "later", cause: "busy", retryAfterMs };
  const code = body?.["code"];
  if (status >= 400 && status < 500 && typeof code === "string") return { type: "refused", code };
  return { type: "later", cause: "server", retryAfterMs };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A moment as headquarters writes it; null when it is none. */
export function momentOf(value: unknown): number | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readResults(body: Record<string, unknown>): Answer | null {
  const { epoch, at, results } = body;
  if (typeof epoch !== "string" || !Array.isArray(results)) return null;
  const verdicts: VerdictOnOne[] = [];
  for (const entry of results as unknown[]) {
    if (!isObject(entry)) continue;
    const { id, status, seq, reason } = entry;
    if (typeof id !== "string" || typeof status !== "string") continue;
    verdicts.push({
      id,
      status,
      seq: Number.isSafeInteger(seq) ? (seq as number) : null,
      reason: typeof reason === "string" ? reason : null,
    });
  }
  return { type: "judged", epoch, atMs: momentOf(at), results: verdicts };
}

/** A date is read by the phone's own clock, which may be years off: no more than this follows from it. */
const LONGEST_BY_DATE_MS = 600_000;

/** Seconds or an HTTP date, as milliseconds from now; null when absent or unreadable. */
export function readRetryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.min(LONGEST_BY_DATE_MS, Math.max(0, atMs - nowMs));
}
