/** Calls of a sound search as the log keeps them, and how they go to the server. */

import type { Task } from "../../core/entities";
import type { Signal, TaskMethod } from "../evidence/widths";

export const CALLERS = ["listeners", "team", "place"] as const;
export type Caller = (typeof CALLERS)[number];

export type SoundCalls = {
  version: number;
  task_ids: string[];
  times: string[];
  signal: Signal;
  caller: Caller;
  team_id: string | null;
  place: { lon: number; lat: number } | null;
  call_s: number;
  silence_s: number;
  withdrawn: string | null;
};

/** What became of the calls that one task listened to. */
export type CallFigures = { recorded: number; counted: number; spoiled: number; unplaced: number; hears_m: number; answered_m: number };

export type CallsForm = {
  task_ids: string[];
  first: string;
  count: number;
  every_min: number;
  signal: Signal;
  caller: Caller;
  team_id: string;
  place: { lon: number; lat: number } | null;
  call_s: number;
  silence_s: number;
};

/** Times of calls that follow each other evenly, RFC 3339. */
export function evenTimes(first: string, count: number, every_min: number): string[] {
  const begin = Date.parse(first);
  return Array.from({ length: Math.max(1, count) }, (_, at) => new Date(begin + at * every_min * 60_000).toISOString());
}

/** What the server takes; null while the time cannot be read. */
export function callsWish(form: CallsForm, first: string | null): Record<string, unknown> | null {
  if (first === null) return null;
  const { task_ids, signal, caller, call_s, silence_s } = form;
  return {
    task_ids, signal, caller, call_s, silence_s,
    times: evenTimes(first, form.count, form.every_min),
    ...(caller === "team" ? { team_id: form.team_id } : {}),
    ...(caller === "place" ? { place: form.place } : {}),
  };
}

const HAS_LEFT: ReadonlySet<string> = new Set(["out", "on_task", "returning", "back", "debriefed", "closed", "recalled"]);

/** Whether a task is a sound search: by what was said with the widths, else by how it was given. */
export function bySound(task: Task & { id: string }, said: readonly TaskMethod[]): boolean {
  const method = said.find((one) => one.task_id === task.id)?.method ?? null;
  return method === null ? task.method === "response" : method === "sound";
}

/** Tasks whose teams may have listened: sound searches first. The server says no to what is none. */
export function listeningTasks<T extends Task & { id: string }>(tasks: readonly T[], said: readonly TaskMethod[]): T[] {
  const left = tasks.filter((task) => HAS_LEFT.has(task.state) && task.sector_id !== null);
  return left.sort((a, b) => Number(bySound(b, said)) - Number(bySound(a, said)));
}
