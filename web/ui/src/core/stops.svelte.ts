/** СТОП of all operations that the signed-in person may read; asked again and again while any page shows them. */

import { session } from "./session.svelte";

export type Stop = { id: string; number: string; state: string; exercise: boolean; time_zone: string; state_at: string };

const EVERY_MS = 4_000;
/** So long without an answer, and the page says that it does not know. */
export const UNKNOWN_AFTER_MS = 20_000;

class Stops {
  list = $state.raw<readonly Stop[]>([]);
  /** When the server last told; null before the first answer. */
  toldAt = $state.raw<Date | null>(null);
  #watchers = 0;
  #asking = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Ask while the caller watches; returns how to end it. */
  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) {
      this.toldAt = null;
      this.#timer = setInterval(() => void this.#ask(), EVERY_MS);
      void this.#ask();
    }
    return () => {
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      clearInterval(this.#timer);
      this.list = []; // another person may sign in here
    };
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { account } = session;
    try {
      const told = await session.api.get<Stop[]>("/api/stops");
      if (this.#watchers === 0 || session.account !== account) return;
      this.list = told;
      this.toldAt = new Date();
    } catch {
      // What was told last stands; the band says since when nothing is known.
    } finally {
      this.#asking = false;
    }
  }
}

export const stops = new Stops();
