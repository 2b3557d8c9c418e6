/** Own position, where the browser gives it; otherwise what is missing, in a word. */
import type { Fix } from "./reports";

export type PositionState = "off" | "asking" | "on" | "denied" | "unavailable" | "no_https";

/** A fix this old is still sent (it carries its time) but no longer drawn as "here". */
export const FRESH_MS = 5 * 60_000;

class OwnPosition {
  state = $state<PositionState>("off");
  /** The newest fix of the receiver, or what the person typed. */
  fix = $state.raw<Fix | null>(null);
  #watch: number | null = null;

  /** Ask the browser; the first time it asks the person. */
  start(): void {
    if (!globalThis.isSecureContext) {
      // Plain http over Wi-Fi: browsers give no position there.
      this.state = "no_https";
      return;
    }
    if (!("geolocation" in navigator)) {
      this.state = "unavailable";
      return;
    }
    if (this.#watch !== null) return;
    this.state = "asking";
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        this.state = "on";
        this.fix = {
          lon: coords.longitude,
          lat: coords.latitude,
          // The server takes circles up to 100 km; a wider one is no position.
          accuracy_m: Number.isFinite(coords.accuracy) ? Math.min(100_000, Math.round(coords.accuracy)) : null,
          // Some receivers give seconds, or count from their own start.
          at: new Date(plausible(timestamp) ? timestamp : Date.now()).toISOString(),
        };
      },
      (error) => {
        if (error.code === error.PERMISSION_DENIED) {
          this.state = "denied";
          this.stop();
        } else if (this.fix === null) this.state = "unavailable";
      },
      { enableHighAccuracy: true, maximumAge: 30_000, timeout: 60_000 },
    );
  }

  stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
  }

  /** Start without a question where the person has allowed it before. */
  async resume(): Promise<void> {
    if (!globalThis.isSecureContext) {
      this.state = "no_https";
      return;
    }
    try {
      const { state } = await navigator.permissions.query({ name: "geolocation" });
      if (state === "granted") this.start();
      else if (state === "denied") this.state = "denied";
    } catch {
      // Browsers without this question: the button asks.
    }
  }

  type(lon: number, lat: number): void {
    this.fix = { lon, lat, accuracy_m: null, at: new Date().toISOString() };
  }
}

export const ownPosition = new OwnPosition();

const plausible = (timeMs: number): boolean => Math.abs(timeMs - Date.now()) < 24 * 3_600_000;

type BatteryLike = { readonly level: number };

/** Battery in percent where the browser tells it. */
export async function batteryPct(): Promise<number | null> {
  try {
    const ask = (navigator as { getBattery?: () => Promise<BatteryLike> }).getBattery;
    if (ask === undefined) return null;
    return Math.round((await ask.call(navigator)).level * 100);
  } catch {
    return null;
  }
}
