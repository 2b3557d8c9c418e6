import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { OutboxItem } from "./items";
import {
  judge,
  mayForget,
  nextBatch,
  nextDueInMs,
  offerAgain,
  pauseLeftMs,
  settle,
  timeoutMs,
  type Answer,
  type Channel,
  type Outcome,
  type Pace,
} from "./policy";

/** Written by `python -m tests.faults.outbox_vectors`: programs of faults and the simulator send by the same rules. */
interface Case {
  readonly items: readonly (OutboxItem & { readonly letters: number })[];
  readonly channel: Channel;
  readonly now_ms: number;
  readonly size: number;
  readonly batch: readonly string[];
  readonly due_in_ms: number | null;
  readonly answer: Answer;
  readonly outcome: Outcome;
  readonly pace: Pace;
  readonly pause_left_ms: number;
  readonly timeout_ms: number;
  readonly sent: number;
  readonly chance: number;
  readonly after: Pace;
  readonly delay_ms: number;
  readonly again: readonly string[];
  readonly backed_up_seq: number | null;
  readonly forgotten: readonly string[];
}

const file = new URL("../../../../../fixtures/reference/outbox_vectors.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf-8")) as { cases: readonly Case[] };

it("answers the shared questions as the programs of faults do", () => {
  for (const asked of cases) {
    const items = asked.items.map(({ letters, ...item }) => ({
      ...item,
      event: { ...item.event, payload: { text: "я".repeat(letters) } },
    }));
    const batch = nextBatch(items, asked.channel, asked.now_ms, asked.size);
    expect(batch.map((item) => item.id)).toEqual(asked.batch);
    expect(nextDueInMs(items, asked.channel, asked.now_ms)).toBe(asked.due_in_ms);
    const outcome = judge(batch, asked.answer, asked.now_ms);
    expect(outcome).toEqual(asked.outcome);
    expect(pauseLeftMs(asked.pace, asked.now_ms)).toBe(asked.pause_left_ms);
    expect(timeoutMs(asked.channel, asked.pace.failures)).toBe(asked.timeout_ms);
    const { pace, delayMs } = settle(
      asked.channel, asked.pace, asked.answer, outcome, asked.sent, asked.now_ms, asked.chance,
    );
    expect(pace).toEqual(asked.after);
    expect(delayMs).toBe(asked.delay_ms);
    expect(offerAgain(items, "op-1", "E").map(({ id }) => id).sort()).toEqual(asked.again);
    const forgotten = items.filter((item) => mayForget(item, asked.backed_up_seq, asked.now_ms));
    expect(forgotten.map((item) => item.id)).toEqual(asked.forgotten);
  }
});
