/** One long work asked for by a panel: its progress from the stream, its result, and stopping it. */

import { ApiError } from "../core/api";
import type { Progress } from "../core/live.svelte";
import type { Desk } from "./desk.svelte";

const UNFINISHED = new Set(["waiting", "running"]);

export class Job<Result = Record<string, unknown>> {
  readonly #desk: Desk;
  id = $state<string | null>(null);
  /** What the server said when asked directly: a frame may have been missed. */
  #asked = $state.raw<Progress | null>(null);

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  progress = $derived.by<Progress | null>(() => {
    if (this.id === null) return null;
    const told = this.#desk.live.progress[this.id] ?? null;
    if (told === null || (this.#asked !== null && !UNFINISHED.has(this.#asked.state))) return this.#asked;
    return told;
  });
  running = $derived(this.id !== null && (this.progress === null || UNFINISHED.has(this.progress.state)));
  result = $derived.by<Result | null>(() => (this.progress?.state === "done" ? ((this.progress.result ?? {}) as Result) : null));
  failed = $derived.by<ApiError | null>(() => {
    if (this.progress?.state !== "failed") return null;
    const { code, detail, title } = (this.progress.result ?? {}) as { code?: string; detail?: string; title?: string };
    return new ApiError(409, code ?? "job_failed", detail ?? title ?? code ?? "job_failed", this.progress.result ?? {});
  });

  watch(id: string): void {
    this.id = id;
    this.#asked = null;
    const look = async (): Promise<void> => {
      if (this.id !== id || !this.running) return;
      this.#asked = await this.#desk.api.get<Progress>(`${this.#desk.path}/jobs/${id}`).catch(() => this.#asked);
      if (this.running) setTimeout(() => void look(), 2000);
    };
    setTimeout(() => void look(), 700);
  }

  clear(): void {
    this.id = null;
    this.#asked = null;
  }

  async cancel(): Promise<void> {
    if (this.id === null) return;
    this.#asked = await this.#desk.api.send<Progress>("POST", `${this.#desk.path}/jobs/${this.id}/cancellation`);
  }
}
