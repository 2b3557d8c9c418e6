/** What this browser remembers about its reader: language, theme, way of writing coordinates. */

import type { CoordinateFormat } from "./coordinates";

export type Language = "ru" | "en";
export type Theme = "light" | "dark" | "sunlight";

const KEY = "search-ops.preferences";

type Stored = { language: Language; theme: Theme; coordinates: CoordinateFormat; sound: boolean; singleKeys: boolean };

function read(): Stored {
  const dark = typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;
  const defaults: Stored = { language: "ru", theme: dark ? "dark" : "light", coordinates: "dd", sound: true, singleKeys: true };
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Stored>) };
  } catch {
    return defaults; // Private windows may refuse storage; the page works without it.
  }
}

class Preferences {
  #kept = $state<Stored>(read());

  constructor() {
    // What is chosen in one window holds in the others.
    if (typeof addEventListener !== "function") return;
    addEventListener("storage", (event: StorageEvent) => {
      if (event.key !== KEY) return;
      this.#kept = read();
      this.apply();
    });
  }

  get language(): Language {
    return this.#kept.language;
  }
  set language(language: Language) {
    this.#keep({ language });
  }
  get theme(): Theme {
    return this.#kept.theme;
  }
  set theme(theme: Theme) {
    this.#keep({ theme });
  }
  get coordinates(): CoordinateFormat {
    return this.#kept.coordinates;
  }
  set coordinates(coordinates: CoordinateFormat) {
    this.#keep({ coordinates });
  }
  get sound(): boolean {
    return this.#kept.sound;
  }
  set sound(sound: boolean) {
    this.#keep({ sound });
  }
  /** Shortcuts of one key can be turned off (speech input, keys brushed by a sleeve). */
  get singleKeys(): boolean {
    return this.#kept.singleKeys;
  }
  set singleKeys(singleKeys: boolean) {
    this.#keep({ singleKeys });
  }

  /** Put language and theme on the document; call once per page. */
  apply(): void {
    document.documentElement.dataset["theme"] = this.#kept.theme;
    document.documentElement.lang = this.#kept.language;
  }

  #keep(change: Partial<Stored>): void {
    this.#kept = { ...this.#kept, ...change };
    this.apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // As above.
    }
  }
}

export const preferences = new Preferences();
