/**
 * The sender: takes entries out of the store, offers them to headquarters and writes down what came of it.
 *
 * Two channels run side by side, each with its own request, back-off and timer: the SOS and the rest. What hangs in
 * one cannot delay the other. Ids make repeats harmless, so an SOS does not even wait for the right to send.
 */
import type { OutboxItem } from "./items";
import { backoffMs, FIRST_PACE, judge, nextBatch, nextDueInMs, pauseLeftMs, settle, timeoutMs } from "./policy";
import type { Answer, Channel, Pace } from "./policy";
import type { OutboxStore } from "./store";
import type { Post } from "./transport";
import type { AsOnlySender } from "./writer";

export interface Surroundings {
  readonly store: OutboxStore;
  readonly post: Post;
  readonly asOnlySender: AsOnlySender;
  /** Token for an operation; null sends with the cookie of the browser. */
  readonly tokenFor: (operationId: string) => Promise<string | null>;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, delayMs: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
  readonly onNews: (news: News) => void;
}

/** What pages are told about the attempts themselves; entries they read from the store. */
export interface News {
  readonly type: "reached" | "failed" | "sign_in";
  readonly epoch?: { readonly operationId: string; readonly epoch: string };
}

/** Another page is sending: look again soon, it may be asleep in a pocket. */
const OTHER_SENDER_MS = 3_000;
/** A page asleep can hold the lock for ever; after this long we send all the same, as repeats are harmless. */
const OTHER_SENDER_PATIENCE_MS = 90_000;
/** A tap during a failing request brings the next attempt this near. */
const WANTED_DELAY_MS = 1_000;

class ChannelRun {
  private pace: Pace = FIRST_PACE;
  private timer: unknown = null;
  private running = false;
  private wanted = false;
  private stopped = false;
  private lockedOutSinceMs: number | null = null;

  constructor(
    private readonly channel: Channel,
    private readonly around: Surroundings,
  ) {}

  /** Something happened that makes another attempt worth while: a tap, the network, the screen, a timer. */
  kick(): void {
    if (this.stopped) return;
    this.wanted = true;
    if (this.running) return;
    this.clearTimer();
    this.pace = { ...this.pace, failures: Math.min(this.pace.failures, 1) };
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.clearTimer();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      let delayMs: number | null = 0;
      while (delayMs === 0 && !this.stopped) {
        this.wanted = false;
        delayMs = await this.attempt();
        if (this.wanted && delayMs !== 0) delayMs = delayMs === null ? 0 : Math.min(delayMs, WANTED_DELAY_MS);
      }
      if (delayMs !== null) this.startTimer(delayMs);
    } catch {
      // The database can fail under us (a full disk, a closing page); the entries are still there: try again.
      this.pace = { ...this.pace, failures: this.pace.failures + 1 };
      this.startTimer(backoffMs(this.channel, this.pace.failures, this.around.random(), null));
    } finally {
      this.running = false;
    }
  }

  /** One request at most. Answers how long to wait until the next; 0 at once, null nothing to do. */
  private async attempt(): Promise<number | null> {
    const { store, now } = this.around;
    const items = await store.all();
    const batch = nextBatch(items, this.channel, now(), this.pace.batchSize);
    if (batch.length === 0) {
      const dueInMs = nextDueInMs(items, this.channel, now());
      return dueInMs === null ? null : Math.max(1, dueInMs);
    }
    const pauseMs = pauseLeftMs(this.pace, now());
    if (pauseMs > 0) return pauseMs;
    let delayMs = 0;
    const waitMs = timeoutMs(this.channel, this.pace.failures);
    const send = async (): Promise<void> => {
      delayMs = await this.offer(batch, waitMs);
    };
    if (this.channel === "sos" || this.isPatienceOver()) await send();
    else if (!(await this.around.asOnlySender(waitMs + 5_000, send))) {
      this.lockedOutSinceMs ??= now();
      return OTHER_SENDER_MS;
    }
    this.lockedOutSinceMs = null;
    return delayMs;
  }

  private isPatienceOver(): boolean {
    const sinceMs = this.lockedOutSinceMs;
    if (sinceMs === null) return false;
    const waitedMs = this.around.now() - sinceMs;
    // Less than nothing: the clock was put back, and nobody knows how long it has been.
    return waitedMs < 0 || waitedMs >= OTHER_SENDER_PATIENCE_MS;
  }

  private async offer(batch: readonly OutboxItem[], waitMs: number): Promise<number> {
    const first = batch[0];
    if (first === undefined) return 0;
    const token = await this.around.tokenFor(first.operationId);
    const events = batch.map((item) => item.event);
    const answer = await this.around.post({ operationId: first.operationId, token, events, timeoutMs: waitMs });
    const outcome = judge(batch, answer, this.around.now());
    await this.around.store.change(outcome.changes);
    this.tell(first.operationId, answer);
    const { pace, delayMs } = settle(
      this.channel,
      this.pace,
      answer,
      outcome,
      batch.length,
      this.around.now(),
      this.around.random(),
    );
    this.pace = pace;
    return delayMs;
  }

  private tell(operationId: string, answer: Answer): void {
    if (answer.type === "judged") this.around.onNews({ type: "reached", epoch: { operationId, epoch: answer.epoch } });
    else if (answer.type === "sign_in") this.around.onNews({ type: "sign_in" });
    else if (answer.type === "later") this.around.onNews({ type: answer.cause === "busy" ? "reached" : "failed" });
  }

  private startTimer(delayMs: number): void {
    if (this.stopped) return;
    this.clearTimer();
    this.timer = this.around.setTimer(() => {
      this.timer = null;
      if (!this.running) void this.run();
    }, delayMs);
  }

  private clearTimer(): void {
    if (this.timer !== null) this.around.clearTimer(this.timer);
    this.timer = null;
  }
}

/** Runs both channels. */
export class Sender {
  private readonly channels: readonly ChannelRun[];

  constructor(around: Surroundings) {
    this.channels = [new ChannelRun("sos", around), new ChannelRun("rest", around)];
  }

  kick(): void {
    for (const channel of this.channels) channel.kick();
  }

  stop(): void {
    for (const channel of this.channels) channel.stop();
  }
}
