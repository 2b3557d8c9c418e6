/**
 * The rules of the outbox as pure functions: what is sent next, what an answer means, how long to wait.
 *
 * No clock, no network, no storage here; `sending.ts` supplies them.
 */
import type { OutboxItem } from "./items";
import { SOS_LANE } from "./items";

export const MAX_BATCH_EVENTS = 100;
/** The server takes 2 MiB; half of it keeps one answer short on a slow line. */
export const MAX_BATCH_BYTES = 1024 * 1024;
const BASE_DELAY_MS = 1_000;
export const MAX_DELAY_MS = 60_000;
export const SOS_MAX_DELAY_MS = 5_000;
const WAITING_RETRY_MS = 60_000;
export const KEEP_FILED_MS = 72 * 3_600_000;

/** A queue of its own for the SOS: nothing that hangs in the other one can hold it up. */
export type Channel = "sos" | "rest";

export function channelOf(item: OutboxItem): Channel {
  return item.lane === SOS_LANE ? "sos" : "rest";
}

export interface VerdictOnOne {
  readonly id: string;
  readonly status: string;
  readonly seq: number | null;
  readonly reason: string | null;
}

/** What came of one request, already told apart from noise on the way by `transport.ts`. */
export type Answer =
  | {
      readonly type: "judged";
      readonly epoch: string;
      /** When headquarters filed it, by its own clock; null when it did not say. */
      readonly atMs: number | null;
      readonly results: readonly VerdictOnOne[];
    }
  | {
      readonly type: "later";
      readonly cause: "network" | "timeout" | "server" | "busy";
      readonly retryAfterMs: number | null;
    }
  | { readonly type: "sign_in" }
  | { readonly type: "too_large" }
  | { readonly type: "refused"; readonly code: string };

/** A change to one entry; everything else of it stays. */
export interface ItemChange {
  readonly id: string;
  readonly change: Partial<
    Pick<OutboxItem, "state" | "heldUntilMs" | "seq" | "epoch" | "filedAtMs" | "reason" | "refused">
  >;
}

/** What the sender does after an answer. */
export interface Outcome {
  readonly changes: readonly ItemChange[];
  /** `progress`: go on at once; `split`: again with fewer; `later`: back off; `sign_in`: stop until signed in. */
  readonly next: "progress" | "split" | "later" | "sign_in";
  readonly retryAfterMs: number | null;
}

/** Entries of one operation for the next request: by lane, then in the order they were made. */
export function nextBatch(
  items: readonly OutboxItem[],
  channel: Channel,
  nowMs: number,
  maxEvents: number,
): readonly OutboxItem[] {
  const due = items
    .filter((item) => channelOf(item) === channel && isOffered(item, nowMs))
    .sort((a, b) => a.lane - b.lane || a.event.dseq - b.event.dseq);
  const first = due[0];
  if (first === undefined) return [];
  const batch: OutboxItem[] = [];
  let bytes = 0;
  for (const item of due) {
    if (item.operationId !== first.operationId) continue;
    bytes += sizeOf(item);
    if (batch.length > 0 && (bytes > MAX_BATCH_BYTES || batch.length >= Math.min(maxEvents, MAX_BATCH_EVENTS))) break;
    batch.push(item);
  }
  return batch;
}

function isOffered(item: OutboxItem, nowMs: number): boolean {
  return item.state === "unsent" || (item.state === "waiting" && leftMs(item.heldUntilMs, nowMs, WAITING_RETRY_MS) === 0);
}

/**
 * What is left of a wait that was to last `longestMs` at most.
 *
 * More than that is left only where the clock was put back since: then the wait is over. A phone whose battery died
 * may wake up in 1970, and nothing must be held until it has counted to the present.
 */
function leftMs(untilMs: number, nowMs: number, longestMs: number): number {
  const left = untilMs - nowMs;
  return left > longestMs ? 0 : Math.max(0, left);
}

function sizeOf(item: OutboxItem): number {
  // Cyrillic takes two bytes a letter in UTF-8: the upper bound is good enough and needs no encoder.
  return JSON.stringify(item.event).length * 2;
}

/** How long until something held becomes due, or null. */
export function nextDueInMs(items: readonly OutboxItem[], channel: Channel, nowMs: number): number | null {
  let dueInMs: number | null = null;
  for (const item of items) {
    if (item.state !== "waiting" || channelOf(item) !== channel) continue;
    const left = leftMs(item.heldUntilMs, nowMs, WAITING_RETRY_MS);
    if (dueInMs === null || left < dueInMs) dueInMs = left;
  }
  return dueInMs;
}

/** Judge an answer to `batch`. An entry leaves the unsent list only with a verdict of the server about it. */
export function judge(batch: readonly OutboxItem[], answer: Answer, nowMs: number): Outcome {
  switch (answer.type) {
    case "later":
      return { changes: [], next: "later", retryAfterMs: answer.retryAfterMs };
    case "sign_in":
      return { changes: [], next: "sign_in", retryAfterMs: null };
    case "too_large":
      return refuseOrSplit(batch, "too_large");
    case "refused":
      return refuseOrSplit(batch, answer.code);
    case "judged":
      return judgeEach(batch, answer, nowMs);
  }
}

function refuseOrSplit(batch: readonly OutboxItem[], code: string): Outcome {
  const only = batch[0];
  if (batch.length > 1 || only === undefined) return { changes: [], next: "split", retryAfterMs: null };
  return { changes: [toTray(only.id, code)], next: "progress", retryAfterMs: null };
}

function judgeEach(
  batch: readonly OutboxItem[],
  answer: Extract<Answer, { type: "judged" }>,
  nowMs: number,
): Outcome {
  const verdicts = new Map(answer.results.map((result) => [result.id, result]));
  const changes: ItemChange[] = [];
  for (const item of batch) {
    const verdict = verdicts.get(item.id);
    const change = verdict === undefined ? null : changeFor(verdict, answer, nowMs);
    if (change !== null) changes.push(change);
  }
  // An answer without a word about any of ours is no progress: hammering on would help nobody.
  return { changes, next: changes.length > 0 ? "progress" : "later", retryAfterMs: null };
}

function changeFor(
  verdict: VerdictOnOne,
  { epoch, atMs }: Extract<Answer, { type: "judged" }>,
  nowMs: number,
): ItemChange | null {
  switch (verdict.status) {
    case "stored":
    case "duplicate":
    case "refused": {
      if (verdict.seq === null) return null;
      const refused = verdict.status === "refused";
      const reason = refused ? verdict.reason : null;
      return { id: verdict.id, change: { state: "filed", seq: verdict.seq, epoch, filedAtMs: atMs, reason, refused } };
    }
    case "waiting":
      return {
        id: verdict.id,
        change: { state: "waiting", heldUntilMs: nowMs + WAITING_RETRY_MS, reason: verdict.reason },
      };
    case "quarantined":
    case "refused_input":
      return toTray(verdict.id, verdict.reason ?? verdict.status);
    default:
      return null;
  }
}

function toTray(id: string, reason: string): ItemChange {
  return { id, change: { state: "tray", reason } };
}

/** Full jitter: anything between nothing and the growing cap; never earlier than the server asked. */
export function backoffMs(channel: Channel, failures: number, random: number, retryAfterMs: number | null): number {
  const cap = channel === "sos" ? SOS_MAX_DELAY_MS : MAX_DELAY_MS;
  const grown = Math.min(cap, BASE_DELAY_MS * 2 ** Math.min(failures, 16));
  const drawn = Math.round(random * grown);
  if (retryAfterMs === null) return drawn;
  // A server that asks for an hour must not silence an SOS.
  const asked = channel === "sos" ? Math.min(retryAfterMs, SOS_MAX_DELAY_MS) : retryAfterMs;
  return Math.max(drawn, asked);
}

/** How long to wait for an answer; longer after each failure, as a slow line must be able to win at last. */
export function timeoutMs(channel: Channel, failures: number): number {
  const steps = channel === "sos" ? [6_000, 10_000, 15_000, 20_000] : [15_000, 30_000, 45_000, 60_000];
  return steps[Math.min(failures, steps.length - 1)] ?? 60_000;
}

/** How a channel is getting on: failures in a row, events per request, and a pause that headquarters asked for. */
export interface Pace {
  readonly failures: number;
  readonly batchSize: number;
  readonly notBeforeMs: number;
  readonly pauseMs: number;
}

export const FIRST_PACE: Pace = { failures: 0, batchSize: MAX_BATCH_EVENTS, notBeforeMs: 0, pauseMs: 0 };

/** What is left of a pause that headquarters asked for: no tap shortens it. */
export function pauseLeftMs(pace: Pace, nowMs: number): number {
  return leftMs(pace.notBeforeMs, nowMs, pace.pauseMs);
}

/** The pace after an answer, and how long to wait before the next request; 0: at once. */
export function settle(
  channel: Channel,
  pace: Pace,
  answer: Answer,
  outcome: Outcome,
  sent: number,
  nowMs: number,
  random: number,
): { readonly pace: Pace; readonly delayMs: number } {
  if (outcome.next === "progress") {
    return { pace: { ...pace, failures: 0, batchSize: nextBatchSize(pace.batchSize, "well", sent) }, delayMs: 0 };
  }
  if (outcome.next === "split") {
    return { pace: { ...pace, batchSize: nextBatchSize(pace.batchSize, "split", sent) }, delayMs: 0 };
  }
  const tooSlow = answer.type === "later" && answer.cause === "timeout";
  const batchSize = tooSlow ? nextBatchSize(pace.batchSize, "timeout", sent) : pace.batchSize;
  const delayMs = backoffMs(channel, pace.failures, random, outcome.retryAfterMs);
  const pause = outcome.retryAfterMs === null ? {} : { notBeforeMs: nowMs + delayMs, pauseMs: delayMs };
  return { pace: { ...pace, ...pause, failures: pace.failures + 1, batchSize }, delayMs: Math.max(1, delayMs) };
}

/** Batch size after a time-out (halved) or a success (doubled up to the limit). */
export function nextBatchSize(size: number, went: "well" | "timeout" | "split", sent: number): number {
  if (went === "well") return Math.min(MAX_BATCH_EVENTS, size * 2);
  return Math.max(1, Math.floor(Math.min(size, Math.max(sent, 1)) / 2));
}

/**
 * May a filed entry be forgotten? Only when it is in the backup and three days have passed: both moments by the
 * clock of headquarters, for a phone whose own clock jumps ahead would forget what a restore may want back.
 */
export function mayForget(item: OutboxItem, backedUpSeq: number | null, serverAtMs: number | null): boolean {
  if (item.state !== "filed" || item.seq === null || item.filedAtMs === null) return false;
  if (backedUpSeq === null || serverAtMs === null) return false;
  return item.seq <= backedUpSeq && serverAtMs - item.filedAtMs >= KEEP_FILED_MS;
}

/** After a restore on the server (another epoch) what was filed in the lost one is offered again. */
export function offerAgain(items: readonly OutboxItem[], operationId: string, epoch: string): readonly ItemChange[] {
  return items
    .filter((item) => item.operationId === operationId && item.state === "filed" && item.epoch !== epoch)
    .map((item) => ({ id: item.id, change: { state: "unsent" as const } }));
}

/** What the sign of the connection says. */
export interface Backlog {
  readonly unsent: number;
  readonly oldestAtMs: number | null;
  readonly tray: number;
}

export function backlogOf(items: readonly OutboxItem[]): Backlog {
  let unsent = 0;
  let tray = 0;
  let oldestAtMs: number | null = null;
  for (const item of items) {
    if (item.state === "tray") tray += 1;
    if (item.state !== "unsent" && item.state !== "waiting") continue;
    unsent += 1;
    if (oldestAtMs === null || item.madeAtMs < oldestAtMs) oldestAtMs = item.madeAtMs;
  }
  return { unsent, oldestAtMs, tray };
}
