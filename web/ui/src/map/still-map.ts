import type { MapOptions, SearchMap } from "./types";

/** A map that draws nothing, for browsers without WebGL: every call is allowed and changes nothing. */
export function stillMap(options: MapOptions): SearchMap {
  const nothing = (): void => undefined;
  return {
    setTheme: nothing,
    setLanguage: nothing,
    setArea: nothing,
    setSectors: nothing,
    setPoints: nothing,
    setTeams: nothing,
    select: nothing,
    choose: nothing,
    setLayers: nothing,
    setTracks: nothing,
    setMissing: nothing,
    setSwept: nothing,
    setCalls: nothing,
    setPreview: nothing,
    setHeat: nothing,
    fit: nothing,
    flyTo: nothing,
    startDrawing: () => ({ addVertex: nothing, undo: nothing, redo: nothing, corners: () => [], finish: () => false, cancel: nothing }),
    startReshaping: () => ({ choose: nothing, moveTo: nothing, insertAfter: nothing, remove: nothing, undo: nothing, redo: nothing, finish: () => false, cancel: nothing }),
    pickPoint: () => nothing,
    bounds: () => options.bounds ?? [-180, -85, 180, 85],
    zoom: () => options.zoom ?? 0,
    resize: nothing,
    destroy: nothing,
  };
}
