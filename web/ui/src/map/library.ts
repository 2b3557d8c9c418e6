/** Small dealings with the map library: its words, fonts and boxes. */

import type * as maplibre from "maplibre-gl";
import { LABEL_FONTS } from "./style";
import type { Bounds, Language, LonLat } from "./types";

const FONT_WAIT_MS = 1500;
export const LOCALES: Record<Language, Record<string, string>> = {
  ru: {
    "AttributionControl.ToggleAttribution": "Источники карты",
    "NavigationControl.ZoomIn": "Приблизить",
    "NavigationControl.ZoomOut": "Отдалить",
    "ScaleControl.Meters": "м",
    "ScaleControl.Kilometers": "км",
  },
  en: {
    "AttributionControl.ToggleAttribution": "Sources of the map",
    "NavigationControl.ZoomIn": "Zoom in",
    "NavigationControl.ZoomOut": "Zoom out",
    "ScaleControl.Meters": "m",
    "ScaleControl.Kilometers": "km",
  },
};


/** Labels are drawn once into textures: they should not be drawn in a font that is still on its way. */
export async function fontsReady(): Promise<void> {
  const wanted = ["400", "700"].map((weight) => document.fonts.load(`${weight} 24px "${LABEL_FONTS[0] ?? ""}"`, "Aa Яя"));
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FONT_WAIT_MS));
  await Promise.race([Promise.allSettled(wanted), patience]);
}

export function boxOf([west, south, east, north]: Bounds): [number, number, number, number] {
  return [west, south, east < west ? east + 360 : east, north];
}

export function wrapped(at: maplibre.LngLat): LonLat {
  return at.wrap().toArray();
}
