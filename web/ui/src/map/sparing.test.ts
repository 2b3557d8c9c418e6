import type { Map as LibraryMap } from "maplibre-gl";
import { describe, expect, it } from "vitest";
import { PLAIN_LAYERS } from "./layers";
import { showSource } from "./sparing";

/** As much of the library's map as is asked here: its layers, their sources and whether they are drawn. */
function mapOf(layers: Record<string, { source: string; visibility: string }>): LibraryMap {
  const map = {
    getLayersOrder: () => Object.keys(layers),
    getLayer: (id: string) => ({ id, source: layers[id]?.source }),
    getLayoutProperty: (id: string) => layers[id]?.visibility,
    setLayoutProperty: (id: string, _: string, value: string) => { layers[id] = { source: layers[id]?.source ?? "", visibility: value }; },
  };
  return map as unknown as LibraryMap;
}

describe("the layers of a source", () => {
  const before = (): Record<string, { source: string; visibility: string }> => ({
    "sector-fill": { source: "sectors", visibility: "none" },
    walked: { source: "tracks", visibility: "none" },
  });

  it("are drawn as soon as it holds something, others stay as they are", () => {
    const layers = before();
    showSource(mapOf(layers), "sectors", true, PLAIN_LAYERS);
    expect(Object.values(layers).map(({ visibility }) => visibility)).toEqual(["visible", "none"]);
    showSource(mapOf(layers), "sectors", false, PLAIN_LAYERS);
    expect(layers["sector-fill"]?.visibility).toBe("none");
  });

  it("stay switched off when the reader has switched them off", () => {
    const layers = before();
    showSource(mapOf(layers), "tracks", true, { ...PLAIN_LAYERS, hidden: ["tracks"] });
    expect(layers["walked"]?.visibility).toBe("none");
  });
});
