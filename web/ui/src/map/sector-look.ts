import type { SectorState, Theme } from "./types";

/** Small picture (SVG text) of a sector's look, for legends and lists. Never colour alone. */
export function sectorSwatch(_state: SectorState, _theme: Theme): string {
  return "";
}
