import { describe, expect, it } from "vitest";
import {
  changeRaster, DEFAULT_SETTINGS, isVisible, mapLayers, moveRaster, parseSettings, type RasterLayer, toggleGroup, withRasters,
} from "./layer-settings";

const layer = (id: string): RasterLayer => ({
  id, name: id, bounds: [9, 47, 10, 48], min_zoom: 8, max_zoom: 15, tile_px: 256, attribution: "", url: `/tiles/raster/${id}/{z}/{x}/{y}`,
});
const LAYERS = [layer("a"), layer("b"), layer("c")];
const MORE = { coveredLeft_px: 0, hasRelief: true };

describe("settings of the layers", () => {
  it("survive nonsense in the browser's storage", () => {
    expect(parseSettings("{")).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings(null)).toEqual(DEFAULT_SETTINGS);
    const read = parseSettings('{"hidden":["teams","no-such"],"hillshade":7,"heat":-1,"rasters":[{"id":"a","visible":true,"opacity":0.5},{"id":1}]}');
    expect(read).toEqual({ hidden: ["teams"], hillshade: 1, heat: 0, rasters: [{ id: "a", visible: true, opacity: 0.5 }] });
  });

  it("switch a layer off and on", () => {
    const off = toggleGroup(DEFAULT_SETTINGS, "tracks");
    expect(isVisible(off, "tracks")).toBe(false);
    expect(isVisible(toggleGroup(off, "tracks"), "tracks")).toBe(true);
  });

  it("take new maps on top and forget those that are gone, in the reader's order", () => {
    const first = withRasters(DEFAULT_SETTINGS, LAYERS.slice(0, 2));
    const moved = moveRaster(first, "b", 0);
    expect(withRasters(moved, [layer("b"), layer("a"), layer("c")]).rasters.map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(withRasters(moved, [layer("a")]).rasters.map(({ id }) => id)).toEqual(["a"]);
  });

  it("move a map within the list, not beyond its ends", () => {
    const all = withRasters(DEFAULT_SETTINGS, LAYERS);
    expect(moveRaster(all, "a", 9).rasters.map(({ id }) => id)).toEqual(["b", "c", "a"]);
    expect(moveRaster(all, "c", -4).rasters.map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(moveRaster(all, "none", 0)).toBe(all);
  });

  it("draw no shading where no heights are known, whatever is switched on", () => {
    expect(mapLayers(DEFAULT_SETTINGS, LAYERS, MORE).hidden).toEqual([]);
    expect(mapLayers(DEFAULT_SETTINGS, LAYERS, { ...MORE, hasRelief: false }).hidden).toEqual(["hillshade"]);
  });

  it("draw the lowest first, and only what is visible", () => {
    let all = withRasters(DEFAULT_SETTINGS, LAYERS);
    all = changeRaster(changeRaster(all, "a", { visible: true, opacity: 0.4 }), "c", { visible: true });
    const drawn = mapLayers(all, LAYERS, MORE).rasters;
    expect(drawn.map(({ id, opacity }) => [id, opacity])).toEqual([["c", 1], ["a", 0.4]]);
    expect(drawn[0]).toMatchObject({ tiles: "/tiles/raster/c/{z}/{x}/{y}", maxzoom: 15 });
  });
});
