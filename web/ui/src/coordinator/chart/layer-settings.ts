/** What one reader wants to see of the map: values, kept in his browser. */

import { LAYER_GROUPS, type LayerGroup, type MapLayers, type RasterOnMap } from "../../map/layers";

export type RasterSetting = { id: string; visible: boolean; opacity: number };
export type LayerSettings = {
  hidden: readonly LayerGroup[];
  hillshade: number;
  heat: number;
  /** Uppermost first, as the list shows them; maps that came later join on top, hidden. */
  rasters: readonly RasterSetting[];
};

/** A scanned map as the server lists it. */
export type RasterLayer = {
  id: string;
  name: string;
  bounds: [number, number, number, number];
  min_zoom: number;
  max_zoom: number;
  tile_px: number;
  attribution: string;
  /** Template of its tiles. */
  url: string;
};

export const DEFAULT_SETTINGS: LayerSettings = { hidden: [], hillshade: 0.45, heat: 0.7, rasters: [] };

export function parseSettings(text: string | null): LayerSettings {
  try {
    const read = JSON.parse(text ?? "{}") as Partial<LayerSettings>;
    const known = (read.hidden ?? DEFAULT_SETTINGS.hidden).filter((one) => LAYER_GROUPS.includes(one));
    const rasters = (read.rasters ?? []).filter((one) => typeof one.id === "string" && Number.isFinite(one.opacity));
    const [hillshade, heat] = [share(read.hillshade ?? DEFAULT_SETTINGS.hillshade), share(read.heat ?? DEFAULT_SETTINGS.heat)];
    return { hidden: known, hillshade, heat, rasters };
  } catch {
    return DEFAULT_SETTINGS;
  }
}

const share = (value: number): number => (Number.isFinite(value) ? Math.max(0, Math.min(1, value)) : 0.5);

export const isVisible = (settings: LayerSettings, group: LayerGroup): boolean => !settings.hidden.includes(group);

export function toggleGroup(settings: LayerSettings, group: LayerGroup): LayerSettings {
  const hidden = isVisible(settings, group) ? [...settings.hidden, group] : settings.hidden.filter((one) => one !== group);
  return { ...settings, hidden };
}

/** The settings with one entry for every map that there is, the reader's order kept. */
export function withRasters(settings: LayerSettings, layers: readonly RasterLayer[]): LayerSettings {
  const known = settings.rasters.filter((one) => layers.some((layer) => layer.id === one.id));
  const fresh = layers
    .filter((layer) => !known.some((one) => one.id === layer.id))
    .map((layer) => ({ id: layer.id, visible: false, opacity: 1 }));
  return { ...settings, rasters: [...fresh, ...known] };
}

export function changeRaster(settings: LayerSettings, id: string, change: Partial<RasterSetting>): LayerSettings {
  return { ...settings, rasters: settings.rasters.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

/** Move a map to another place of the list; places beyond its ends are its ends. */
export function moveRaster(settings: LayerSettings, id: string, to: number): LayerSettings {
  const moved = settings.rasters.find((one) => one.id === id);
  if (moved === undefined) return settings;
  const others = settings.rasters.filter((one) => one !== moved);
  const at = Math.max(0, Math.min(others.length, to));
  return { ...settings, rasters: [...others.slice(0, at), moved, ...others.slice(at)] };
}

/** What the map draws of it. */
export function mapLayers(
  settings: LayerSettings,
  layers: readonly RasterLayer[],
  { coveredLeft_px, hasRelief }: { coveredLeft_px: number; hasRelief: boolean },
): MapLayers {
  const rasters = [...settings.rasters].reverse().flatMap((one): RasterOnMap[] => {
    const layer = layers.find((each) => each.id === one.id);
    if (layer === undefined || !one.visible) return [];
    return [{
      id: one.id,
      tiles: layer.url,
      opacity: one.opacity,
      bounds: layer.bounds,
      minzoom: layer.min_zoom,
      maxzoom: layer.max_zoom,
      tile_px: layer.tile_px,
      attribution: layer.attribution,
    }];
  });
  const hidden = hasRelief ? settings.hidden : [...new Set([...settings.hidden, "hillshade" as const])];
  return { hidden, hillshade: settings.hillshade, heat: settings.heat, rasters, coveredLeft_px };
}
