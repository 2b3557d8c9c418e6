/** Finds that this desk has seen; an alarm is taken on the server for everybody instead. */

const KEY = "search-ops.acknowledged";

function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}

class Acknowledged {
  #at = $state.raw<Readonly<Record<string, number>>>(read());

  has(key: string): boolean {
    return this.#at[key] !== undefined;
  }

  add(key: string): void {
    // Only the newest are kept: the list would grow through years of searches.
    const kept = Object.entries({ ...this.#at, [key]: Date.now() }).sort((a, b) => b[1] - a[1]).slice(0, 200);
    this.#at = Object.fromEntries(kept);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#at));
    } catch {
      // Without storage it is asked again after a reload.
    }
  }
}

export const acknowledged = new Acknowledged();
