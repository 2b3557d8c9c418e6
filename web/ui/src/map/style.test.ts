import { describe, expect, it } from "vitest";
import { layeredStyle, LAYER_GROUPS, PLAIN_LAYERS } from "./layers";
import { NO_OVERLAY as EMPTY, type Overlay, overlayData, overlayLayers, overlaySources } from "./overlay";
import { SECTOR_LOOKS, sectorSwatch, stateOfPattern } from "./sector-look";
import { groundStyle, nameIn } from "./style";
import { MAP_TOKENS } from "./tokens";
import { SECTOR_STATES, type Theme } from "./types";

const THEMES: Theme[] = ["light", "dark", "sunlight"];
const TILES = "/tiles/ground/{z}/{x}/{y}.mvt";

describe("the style of the map", () => {
  it.each(THEMES)("names no address outside this site in %s, but for the licence link", (theme) => {
    const style = groundStyle(TILES, MAP_TOKENS[theme], "ru");
    const whole = JSON.stringify([style, overlayLayers(MAP_TOKENS[theme], null)]);
    expect(whole.match(/https?:\/\/[^"'\\]+/g)).toEqual(["https://www.openstreetmap.org/copyright"]);
    expect(style).not.toHaveProperty("glyphs");
    expect(style).not.toHaveProperty("sprite");
  });

  it("always carries the attribution that the licence asks for", () => {
    expect(groundStyle(TILES, MAP_TOKENS.light, "en").sources["ground"]).toHaveProperty(
      "attribution",
      expect.stringContaining("© OpenStreetMap contributors"),
    );
  });

  it("prefers the name in the language of the screen and falls back to the local one", () => {
    expect(nameIn("ru")).toEqual(["coalesce", ["get", "name_ru"], ["get", "name"], ["get", "name_en"], ""]);
    expect(nameIn("en")).toEqual(["coalesce", ["get", "name_en"], ["get", "name"], ["get", "name_ru"], ""]);
  });

  it("draws the heights under the roads and numbers every index contour", () => {
    const order = groundStyle(TILES, MAP_TOKENS.light, "ru").layers.map(({ id }) => id);
    for (const [lower, upper] of [["cover", "hillshade"], ["hillshade", "contour"], ["contour", "road"]] as const)
      expect(order.indexOf(lower)).toBeLessThan(order.indexOf(upper));
    expect(order).toContain("contour-height");
  });

  it.each(THEMES)("gives every layer of %s a source and an id of its own", (theme) => {
    const style = groundStyle(TILES, MAP_TOKENS[theme], "ru");
    const sources = new Set([...Object.keys(style.sources), ...Object.keys(overlaySources(EMPTY))]);
    const layers = [...style.layers, ...overlayLayers(MAP_TOKENS[theme], null)];
    expect(new Set(layers.map(({ id }) => id)).size).toBe(layers.length);
    for (const layer of layers) if ("source" in layer) expect(sources).toContain(layer.source);
  });
});

const SHAPE = { type: "Polygon" as const, coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]] };
const FEATURE = { type: "Feature" as const, properties: {}, geometry: SHAPE };
/** Something in each source. */
const FULL: Overlay = {
  ...EMPTY,
  area: SHAPE,
  sectors: [{ id: "s", label: "Г5", kind: "area", state: "assigned", note: "", geometry: SHAPE }],
  points: [{ id: "p", role: "lkp", at: [1, 1], label: "" }],
  teams: [{ id: "t", callsign: "Лиса-12", at: [1, 1], accuracy_m: null, age: "", old: false }],
  tracks: [{ id: "w", label: "", matched: true, counted: true, geometry: { type: "LineString", coordinates: [[0, 0], [1, 1]] } }],
  missing: [SHAPE],
  swept: [SHAPE],
  preview: [{ geometry: SHAPE }],
  rulers: [{ text: "Г", at: [1, 1], edge: "top" }],
  drawing: { type: "FeatureCollection", features: [FEATURE] },
};

describe("the layers", () => {
  const whole = (layers: Partial<typeof PLAIN_LAYERS>): ReturnType<typeof layeredStyle> =>
    layeredStyle(
      groundStyle(TILES, MAP_TOKENS.light, "ru"),
      { sources: overlaySources(FULL), layers: overlayLayers(MAP_TOKENS.light, null) },
      { ...PLAIN_LAYERS, ...layers },
    );
  const ids = (style: ReturnType<typeof whole>): string[] => style.layers.map(({ id }) => id);

  it("put scanned maps in their order between the ground and the search", () => {
    const rasters = ["one", "two"].map((id) => ({ id, tiles: `/tiles/raster/${id}/{z}/{x}/{y}`, opacity: 0.5 }));
    const order = ids(whole({ rasters }));
    expect(order.indexOf("place")).toBeLessThan(order.indexOf("raster-one"));
    expect(order.indexOf("raster-one")).toBeLessThan(order.indexOf("raster-two"));
    expect(order.indexOf("raster-two")).toBeLessThan(order.indexOf("area"));
  });

  it("draw swept ground over the sectors and under the tracks", () => {
    const order = ids(whole({}));
    expect(order.indexOf("sector-selected")).toBeLessThan(order.indexOf("swept"));
    expect(order.indexOf("missing-edge")).toBeLessThan(order.indexOf("sector-label"));
    expect(order.indexOf("swept")).toBeLessThan(order.indexOf("walked"));
  });

  it("are all switched by some group, but the area and what is being drawn", () => {
    for (const layer of whole({ hidden: LAYER_GROUPS }).layers) {
      const always = /^(unknown|area|area-halo|preview-|drawing-|raster-)/.test(layer.id);
      expect(layer.layout?.visibility === "none", layer.id).toBe(!always);
    }
  });

  it("are hidden while their source holds nothing: each costs a mask over the whole map", () => {
    const style = layeredStyle(
      groundStyle(TILES, MAP_TOKENS.light, "ru"),
      { sources: overlaySources(EMPTY), layers: overlayLayers(MAP_TOKENS.light, null) },
      PLAIN_LAYERS,
    );
    for (const layer of style.layers) {
      const ground = "source" in layer && ["ground", "hillshade"].includes(String(layer.source));
      expect(layer.layout?.visibility === "none", layer.id).toBe(layer.type !== "background" && !ground);
    }
  });
});

describe("the look of sectors", () => {
  it("tells states apart without any colour", () => {
    const looks = SECTOR_STATES.map((state) => {
      const { pattern, outline, fillOpacity, width_px } = SECTOR_LOOKS[state];
      return [pattern, outline, fillOpacity > 0, width_px > 1.5].join();
    });
    expect(new Set(looks).size).toBe(SECTOR_STATES.length);
  });

  it("tells states of one colour apart by pattern or line", () => {
    for (const theme of THEMES) {
      const looks = SECTOR_STATES.map((state) => {
        const { pattern, outline, fillOpacity } = SECTOR_LOOKS[state];
        return [MAP_TOKENS[theme].state[state], pattern, outline, fillOpacity > 0].join();
      });
      expect(new Set(looks).size).toBe(SECTOR_STATES.length);
    }
  });

  it("draws a swatch for every state that is hidden from screen readers", () => {
    for (const state of SECTOR_STATES) {
      const swatch = sectorSwatch(state, "light");
      expect(swatch).toContain('aria-hidden="true"');
      expect(swatch.includes("<pattern")).toBe(SECTOR_LOOKS[state].pattern !== null);
    }
  });

  it("knows the pictures of patterned states only", () => {
    expect(stateOfPattern("sector-blocked")).toBe("blocked");
    expect(stateOfPattern("sector-planned")).toBeNull();
  });

  it("labels a sector once, inside, with its note", () => {
    const geometry = { type: "Polygon" as const, coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]] };
    const sector = { id: "s", label: "Г5", kind: "area" as const, state: "assigned" as const, note: "Лиса-12", geometry };
    const labels = overlayData({ ...EMPTY, sectors: [sector] })["sector-labels"].features;
    expect(labels).toHaveLength(1);
    expect(labels[0]?.properties).toMatchObject({ label: "Г5", note: "Лиса-12" });
  });
});
