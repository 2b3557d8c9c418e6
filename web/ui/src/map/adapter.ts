import * as maplibre from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { MapDrawing } from "./drawing";
import { gridRulers, gridSpans } from "./grid-rulers";
import { heatLayers, type HeatOnMap, HeatPicture, heatSources } from "./heat";
import { areaSectorAt } from "./hit";
import { boxOf, fontsReady, LOCALES, wrapped } from "./library";
import { layeredStyle, type MapLayers, PLAIN_LAYERS } from "./layers";
import { PROOF_TOKENS } from "./proof-look";
import { MapReshaping } from "./reshaping";
import {
  chosenFilter, LINE_HIT_LAYER, NO_OVERLAY, OVERLAY_SOURCES, type Overlay, overlayData, overlayLayers, overlaySources,
  type OverlaySource, selectedFilter,
} from "./overlay";
import { same } from "./same";
import { PATTERN_PIXEL_RATIO } from "./sector-look";
import { pictureFor } from "./signs";
import { dropSky, showSource } from "./sparing";
import { GROUND_SOURCE, groundStyle, HILLSHADE_TILES } from "./style";
import { stillMap } from "./still-map";
import { MAP_TOKENS } from "./tokens";
import type {
  AreaGeometry, Bounds, CallOnMap, Drawing, DrawingOptions, DrawingShape, FitOptions,
  Language,
  LonLat,
  MapOptions,
  PointOnMap,
  PreviewOnMap,
  Reshaping,
  ReshapingOptions,
  SearchMap,
  SectorOnMap,
  TeamOnMap,
  Theme,
  TrackOnMap,
} from "./types";

maplibre.setWorkerUrl(workerUrl);
const DEFAULT_TILES = "/tiles/ground/{z}/{x}/{y}.mvt";
/**
 * Draws the map into an element. Without WebGL it calls `onTrouble` and gives a map that does nothing, so that
 * the page with its lists goes on working.
 */
export function createMap(container: HTMLElement, options: MapOptions): SearchMap {
  try {
    return new MapLibreSearchMap(container, options);
  } catch {
    options.onTrouble?.({ kind: "no_webgl" });
    return stillMap(options);
  }
}

class MapLibreSearchMap implements SearchMap {
  #controls: maplibre.IControl[] = [];
  #still = false;
  readonly #map: maplibre.Map;
  readonly #options: MapOptions;
  #theme: Theme;
  #language: Language;
  #overlay: Overlay = NO_OVERLAY;
  #layers: MapLayers = PLAIN_LAYERS;
  readonly #heat: HeatPicture;
  #spans = gridSpans([]);
  /** A drawing or a reshaping: one at a time, and clicks are its own. */
  #drawing: { cancel(): void } | null = null;
  #picking: { onPick: (at: LonLat) => void; stop: () => void } | null = null;
  #pointerFrame = 0;
  #styled = false;
  #destroyed = false;

  constructor(container: HTMLElement, options: MapOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#language = options.language;
    this.#map = new maplibre.Map({
      container,
      style: { version: 8, sources: {}, layers: [] },
      ...(options.bounds === undefined
        ? { center: [...(options.center ?? [0, 20])] as [number, number], zoom: options.zoom ?? 1 }
        : { bounds: boxOf(options.bounds), fitBoundsOptions: { padding: 40 } }),
      interactive: options.still !== true,
      attributionControl: { compact: false },
      // North stays up: sheets, compasses and the radio all mean the same north.
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 19,
      // A fade costs a dozen whole repaints each time a sector changes: a laptop in a car has better uses for them.
      fadeDuration: 0,
      locale: { "Map.Title": options.title, ...LOCALES[options.language] },
      transformRequest: (url) => this.#request(url),
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#still = options.still === true;
    this.#heat = new HeatPicture(this.#map);
    this.#placeControls();
    this.#listen();
    void fontsReady().then(() => {
      if (!this.#destroyed) this.#restyle();
    });
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    for (const image of this.#map.listImages()) {
      const picture = pictureFor(image, theme);
      if (picture !== null) this.#map.updateImage(image, picture);
    }
    if (this.#styled) this.#restyle();
  }

  setLanguage(language: Language): void {
    this.#language = language;
    // The library gives its words out once, to a control that is made.
    Object.assign((this.#map as unknown as { _locale: Record<string, string> })._locale, LOCALES[language]);
    this.#placeControls();
    if (this.#styled) this.#restyle();
  }

  #placeControls(): void {
    for (const control of this.#controls) this.#map.removeControl(control);
    const scale = new maplibre.ScaleControl({ unit: "metric", maxWidth: 140 });
    this.#map.addControl(scale, "bottom-left");
    this.#controls = [scale];
    if (this.#still) return;
    const buttons = new maplibre.NavigationControl({ showCompass: false });
    this.#map.addControl(buttons, "top-right");
    this.#controls.push(buttons);
  }

  setArea(area: AreaGeometry | null): void {
    this.#put({ area }, "area");
  }

  setSectors(sectors: readonly SectorOnMap[]): void {
    this.#spans = gridSpans(sectors);
    this.#put({ sectors }, "sectors", "sector-labels");
    this.#placeRulers();
  }

  setTracks(tracks: readonly TrackOnMap[]): void {
    this.#put({ tracks }, "tracks");
  }

  setMissing(missing: readonly AreaGeometry[]): void {
    this.#put({ missing }, "missing");
  }

  setSwept(swept: readonly AreaGeometry[]): void {
    this.#put({ swept }, "swept");
  }

  setCalls(calls: readonly CallOnMap[]): void {
    this.#put({ calls }, "calls");
  }

  setPreview(preview: readonly PreviewOnMap[]): void {
    this.#put({ preview }, "preview");
  }

  setHeat(heat: HeatOnMap | null): void {
    if (this.#heat.set(heat) && this.#styled) this.#restyle();
    this.#heat.place();
  }

  setLayers(layers: MapLayers): void {
    const drawn = (one: MapLayers): MapLayers => ({ ...one, coveredLeft_px: 0 });
    const asBefore = same(drawn(layers), drawn(this.#layers));
    this.#layers = layers;
    if (this.#styled && !asBefore) this.#restyle();
    this.#placeRulers();
  }

  choose(chosen: readonly string[]): void {
    this.#overlay = { ...this.#overlay, chosen };
    if (this.#map.getLayer("sector-chosen") !== undefined) this.#map.setFilter("sector-chosen", chosenFilter(chosen));
  }

  setPoints(points: readonly PointOnMap[]): void {
    this.#put({ points }, "points");
  }

  setTeams(teams: readonly TeamOnMap[]): void {
    this.#put({ teams }, "teams");
  }

  select(sectorId: string | null): void {
    this.#overlay = { ...this.#overlay, selected: sectorId };
    if (this.#map.getLayer("sector-selected") !== undefined) {
      this.#map.setFilter("sector-selected", selectedFilter(sectorId));
    }
  }

  fit(bounds: Bounds, options: FitOptions = {}): void {
    this.#map.fitBounds(boxOf(bounds), {
      padding: options.padding_px ?? 40,
      maxZoom: options.maxZoom ?? 16,
      animate: options.animate ?? false,
    });
  }

  flyTo(at: LonLat, zoom?: number): void {
    this.#map.easeTo({ center: [...at], ...(zoom === undefined ? {} : { zoom }), duration: 400 });
  }

  startDrawing<S extends DrawingShape>(options: DrawingOptions<S>): Drawing {
    this.#begin();
    const drawing = new MapDrawing<S>(this.#map, options, this.#showDrawing, () => { this.#ended(drawing); });
    this.#drawing = drawing;
    this.#map.getCanvas().focus();
    return drawing;
  }

  startReshaping(options: ReshapingOptions): Reshaping {
    this.#begin();
    const reshaping = new MapReshaping(this.#map, options, this.#showDrawing, () => { this.#ended(reshaping); });
    this.#drawing = reshaping;
    this.#map.getCanvas().focus();
    return reshaping;
  }

  #begin(): void {
    this.#drawing?.cancel();
    this.#picking?.stop();
  }

  #showDrawing = (drawing: Overlay["drawing"]): void => { this.#put({ drawing }, "drawing"); };
  /** The click that ended it is still on its way: it must not select a sector. */
  #ended(drawing: { cancel(): void }): void {
    setTimeout(() => {
      if (this.#drawing === drawing) this.#drawing = null;
    });
  }

  pickPoint(onPick: (at: LonLat) => void, onCancel?: () => void): () => void {
    this.#picking?.stop();
    const listening = new AbortController();
    const stop = (): void => {
      listening.abort();
      this.#map.getCanvas().style.cursor = "";
      this.#picking = null;
    };
    window.addEventListener(
      "keydown",
      (event) => {
        const onMap = this.#map.getContainer().contains(event.target as Node | null);
        if (event.key === "Escape") {
          stop();
          onCancel?.();
        } else if (onMap && (event.key === "Enter" || event.key === " ")) {
          stop();
          onPick(wrapped(this.#map.getCenter()));
        } else return;
        event.preventDefault();
        event.stopPropagation();
      },
      { capture: true, signal: listening.signal },
    );
    this.#map.getCanvas().style.cursor = "crosshair";
    this.#map.getCanvas().focus();
    this.#picking = { onPick, stop };
    return stop;
  }

  bounds(): Bounds {
    const box = this.#map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  }

  zoom(): number {
    return this.#map.getZoom();
  }

  resize(): void {
    this.#map.resize();
  }

  destroy(): void {
    this.#destroyed = true;
    this.#drawing?.cancel();
    this.#picking?.stop();
    cancelAnimationFrame(this.#pointerFrame);
    this.#map.remove();
  }

  /** Style, sources and layers in one: the library finds out what differs and keeps the rest. */
  #restyle(): void {
    const tokens = MAP_TOKENS[this.#theme];
    const style = groundStyle(this.#tiles(), tokens, this.#language, location.origin + HILLSHADE_TILES);
    const { selected, chosen } = this.#overlay;
    const { corners } = this.#heat;
    const absolute = (tiles: string): string => (tiles.startsWith("/") ? location.origin + tiles : tiles);
    const rasters = this.#layers.rasters.map((one) => ({ ...one, tiles: absolute(one.tiles) }));
    this.#map.setStyle(
      layeredStyle(
        style,
        {
          sources: { ...heatSources(corners), ...overlaySources(this.#overlay) },
          layers: [...heatLayers(corners), ...overlayLayers(tokens, selected, chosen, PROOF_TOKENS[this.#theme])],
        },
        { ...this.#layers, rasters },
      ),
      // The first replaces an empty style that may still be on its way: nothing to compare with.
      { diff: this.#styled },
    );
    this.#styled = true;
  }

  #put(change: Partial<Overlay>, ...changed: OverlaySource[]): void {
    // Asked at every tick and event: what is as it was is not drawn again; but a drawing grows in place.
    if (Object.entries(change).every(([key, value]) => key !== "drawing" && same(value, this.#overlay[key as keyof Overlay]))) return;
    this.#overlay = { ...this.#overlay, ...change };
    const data = overlayData(this.#overlay);
    for (const id of OVERLAY_SOURCES) {
      if (!changed.includes(id)) continue;
      // Before the style is there nothing is lost: `#restyle` takes the whole overlay with it.
      this.#map.getSource<maplibre.GeoJSONSource>(id)?.setData(data[id]);
      if (this.#styled) showSource(this.#map, id, data[id].features.length > 0, this.#layers);
    }
  }

  #placeRulers(): void {
    const { clientWidth: width_px, clientHeight: height_px } = this.#map.getContainer();
    if (this.#spans.columns.size === 0 && this.#overlay.rulers.length === 0) return;
    const inset = { left: Math.min(0.8, this.#layers.coveredLeft_px / Math.max(1, width_px)), top: 0 };
    this.#put({ rulers: gridRulers(this.#spans, this.bounds(), { width_px, height_px }, inset) }, "rulers");
  }

  #listen(): void {
    const map = this.#map;
    map.setMissingStyleImageResolver((id) => {
      const picture = pictureFor(id, this.#theme);
      if (picture !== null && !map.hasImage(id)) map.addImage(id, picture, { pixelRatio: PATTERN_PIXEL_RATIO });
    });
    map.on("style.load", () => { dropSky(map); });
    map.on("click", (event) => this.#onClick(event));
    map.on("mousemove", ({ lngLat }) => {
      cancelAnimationFrame(this.#pointerFrame);
      this.#pointerFrame = requestAnimationFrame(() =>
        this.#options.onPointer?.({ at: wrapped(lngLat), zoom: map.getZoom() }),
      );
    });
    map.on("mouseout", () => {
      cancelAnimationFrame(this.#pointerFrame);
      this.#options.onPointer?.(null);
    });
    map.on("moveend", () => {
      this.#placeRulers();
      this.#options.onMove?.(this.bounds(), map.getZoom());
    });
    map.on("resize", () => { this.#placeRulers(); });
    map.on("error", (event) => {
      const { sourceId } = event as { sourceId?: string };
      const status = (event.error as { status?: number } | undefined)?.status;
      this.#options.onTrouble?.({
        kind: sourceId === GROUND_SOURCE ? "tiles" : "style",
        ...(status === undefined ? {} : { status }),
      });
    });
  }

  #onClick(event: maplibre.MapMouseEvent): void {
    if (this.#drawing !== null) return;
    const at = wrapped(event.lngLat);
    if (this.#picking !== null) {
      const { onPick, stop } = this.#picking;
      stop();
      onPick(at);
      return;
    }
    const { ctrlKey, shiftKey, metaKey } = event.originalEvent;
    this.#options.onClick?.({ at, adding: ctrlKey || shiftKey || metaKey, sectorId: this.#lineSectorAt(event.point) ?? areaSectorAt(this.#overlay.sectors, at) });
  }

  #lineSectorAt(point: maplibre.Point): string | null {
    if (this.#map.getLayer(LINE_HIT_LAYER) === undefined) return null;
    const [hit] = this.#map.queryRenderedFeatures(point, { layers: [LINE_HIT_LAYER] });
    return (hit?.properties["id"] as string | undefined) ?? null;
  }

  #request(url: string): maplibre.RequestParameters {
    const token = this.#options.token?.() ?? null;
    const isOurs = new URL(url, location.href).origin === location.origin;
    return token !== null && isOurs ? { url, headers: { Authorization: `Bearer ${token}` } } : { url };
  }

  #tiles(): string {
    const template = this.#options.tiles ?? DEFAULT_TILES;
    // The worker knows no page to be relative to; `URL` would escape the braces.
    return template.startsWith("/") ? location.origin + template : template;
  }
}
