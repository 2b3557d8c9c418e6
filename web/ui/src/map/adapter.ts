import type { MapOptions, SearchMap } from "./types";

export function createMap(_container: HTMLElement, _options: MapOptions): SearchMap {
  throw new Error("the map is not drawn yet");
}
