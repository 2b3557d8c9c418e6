/**
 * Long polling for networks that break websockets: the same snapshot and events, asked for instead of sent.
 *
 * Pure of browser and framework, as the client of the stream is.
 */
import type { Stub, WireEvent } from "../core/fold";

export type EventsAnswer = { epoch: string; head: number; events: (WireEvent | Stub)[] };

export type PollOptions = {
  readonly position: () => { epoch: string; seq: number } | null;
  readonly snapshot: () => Promise<void>;
  readonly events: (after: number, epoch: string, wait_s: number) => Promise<EventsAnswer>;
  /** False: there was a hole, a snapshot is needed. */
  readonly onEvents: (events: (WireEvent | Stub)[]) => boolean;
  readonly onAnswer: () => void;
  readonly onSilence: () => void;
  readonly isFinal: (error: unknown) => boolean;
  readonly onRefused: () => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
};

const LONGEST_PAUSE_MS = 30_000;
const WAIT_S = 25;
/** What was taken away from this reader comes as no event: now and then the whole is asked for again. */
const ROUNDS_PER_SNAPSHOT = 8;

export class LongPoll {
  #stopped = false;

  constructor(private readonly options: PollOptions) {}

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    let failures = 0;
    let rounds = 0;
    while (!this.#stopped) {
      try {
        await this.#round(rounds);
        failures = 0;
        rounds = (rounds + 1) % ROUNDS_PER_SNAPSHOT;
        if (!this.#stopped) this.options.onAnswer();
      } catch (error) {
        if (this.#stopped) return;
        if (this.options.isFinal(error)) {
          this.options.onRefused();
          return;
        }
        this.options.onSilence();
        failures += 1;
        rounds = 0;
        await this.options.sleep(this.options.random() * Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** failures));
      }
    }
  }

  async #round(round: number): Promise<void> {
    const position = this.options.position();
    if (position === null || round === 0) {
      await this.options.snapshot();
      return;
    }
    const answer = await this.options.events(position.seq, position.epoch, WAIT_S);
    if (this.#stopped) return;
    if (answer.epoch !== position.epoch || !this.options.onEvents(answer.events)) await this.options.snapshot();
  }
}
