import type { Map as MapLibreMap, MapMouseEvent } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { SnapTargets } from "./edit/snap";
import { gripAt, letGo, REACH_PX, reachDegrees } from "./grip-reach";
import { Outline } from "./outline";
import { NOTHING } from "./overlay";
import type { Drawing, DrawingOptions, DrawingShape, LonLat } from "./types";

type Grip = { corner: number } | { middle: number };

/**
 * Draws a polygon or line: click sets a corner, dragging a corner moves it, dragging a small circle between two
 * inserts one. Enter, double click or a click on the first corner ends; Escape leaves; Backspace takes back;
 * the space bar sets a corner in the middle of the map, for those who steer it with the arrow keys.
 */
export class MapDrawing<S extends DrawingShape> implements Drawing {
  readonly #map: MapLibreMap;
  readonly #options: DrawingOptions<S>;
  readonly #show: (drawing: FeatureCollection) => void;
  readonly #over: () => void;
  readonly #outline: Outline;
  readonly #targets: SnapTargets | null;
  readonly #listening = new AbortController();
  #pointer: LonLat | null = null;
  #grip: Grip | null = null;
  #dragged = false;
  /** An existing outline is changed, not continued: no line to the pointer. */
  readonly #changing: boolean;

  constructor(map: MapLibreMap, options: DrawingOptions<S>, show: (drawing: FeatureCollection) => void, over: () => void) {
    this.#map = map;
    this.#options = options;
    this.#show = show;
    this.#over = over;
    const ring = options.initial?.coordinates[0]?.slice(0, -1) ?? [];
    this.#changing = ring.length > 0;
    this.#targets = options.snapTo === undefined ? null : new SnapTargets(options.snapTo);
    this.#outline = new Outline(options.shape, ring.map(([lon = 0, lat = 0]) => [lon, lat] as const));
    map.on("click", this.#onClick);
    map.on("mousemove", this.#onMove);
    map.on("mouseout", this.#onOut);
    map.on("mousedown", this.#onDown);
    map.on("mouseup", this.#onUp);
    map.doubleClickZoom.disable();
    map.getCanvas().style.cursor = "crosshair";
    const { signal } = this.#listening;
    // Captured on the window: keys must work wherever the focus is, but for fields that are typed into.
    window.addEventListener("keydown", this.#onKey, { capture: true, signal });
    this.#draw();
  }

  addVertex(at: LonLat): void {
    this.#outline.add(at);
    this.#draw();
  }

  undo(): void {
    this.#outline.undo();
    this.#draw();
  }

  redo(): void {
    this.#outline.redo();
    this.#draw();
  }

  corners(): readonly LonLat[] {
    return this.#outline.corners;
  }

  finish(): boolean {
    const geometry = this.#outline.geometry();
    if (geometry === null) return false;
    this.#options.onChange?.(this.#outline.state());
    this.#stop();
    this.#options.onDone(geometry as Parameters<DrawingOptions<S>["onDone"]>[0]);
    return true;
  }

  cancel(): void {
    if (this.#listening.signal.aborted) return;
    this.#stop();
    this.#options.onCancel?.();
  }

  #stop(): void {
    this.#listening.abort();
    this.#map.off("click", this.#onClick);
    this.#map.off("mousemove", this.#onMove);
    this.#map.off("mouseout", this.#onOut);
    this.#map.off("mousedown", this.#onDown);
    this.#map.off("mouseup", this.#onUp);
    letGo(this.#map);
    this.#show(NOTHING);
    this.#over();
  }

  #onClick = (event: MapMouseEvent): void => {
    if (this.#dragged) {
      this.#dragged = false;
      return;
    }
    const isDouble = event.originalEvent.detail > 1;
    if (isDouble || this.#gripAt(event, 0)) {
      this.finish();
      return;
    }
    if (this.#changing) return;
    this.addVertex(this.#placeOf(event));
  };

  /** The place of the pointer, drawn to what is there already; Alt lets go. */
  #placeOf(event: MapMouseEvent): LonLat {
    const free = event.lngLat.toArray() as unknown as LonLat;
    if (this.#targets === null || event.originalEvent.altKey) return free;
    return this.#targets.near(free, reachDegrees(this.#map, free[1]))?.at ?? free;
  }

  #onMove = (event: MapMouseEvent): void => {
    const at = this.#placeOf(event);
    if (this.#grip !== null) {
      if ("middle" in this.#grip) {
        this.#outline.insert(this.#grip.middle, at);
        this.#grip = { corner: this.#grip.middle };
      } else {
        this.#outline.move(this.#grip.corner, at, !this.#dragged);
      }
      this.#dragged = true;
    } else if (!this.#changing) {
      this.#pointer = at;
    }
    this.#draw();
  };

  /** Who goes to the panel to save leaves the line to the pointer behind: only what is set counts. */
  #onOut = (): void => {
    this.#pointer = null;
    this.#draw();
  };

  #onDown = (event: MapMouseEvent): void => {
    this.#grip = this.#gripUnder(event);
    // Stops the map from being dragged along with the corner.
    if (this.#grip !== null) event.preventDefault();
  };

  #onUp = (): void => {
    this.#grip = null;
  };

  #onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement | null;
    if (target?.matches("input, textarea, select, [contenteditable=true]")) return;
    const onMap = target === null || target === document.body || this.#map.getContainer().contains(target);
    if (event.key === "Escape") this.cancel();
    else if ((event.ctrlKey || event.metaKey) && (event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey))) this.redo();
    else if (event.key === "Backspace" || (event.code === "KeyZ" && (event.ctrlKey || event.metaKey))) this.undo();
    else if (onMap && event.key === "Enter") this.finish();
    else if (onMap && event.key === " ") this.addVertex(this.#map.getCenter().toArray());
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #gripUnder(event: MapMouseEvent): Grip | null {
    const grip = gripAt(this.#map, event);
    if (grip === null) return null;
    return grip.role === "corner" ? { corner: grip.index } : { middle: grip.index };
  }

  /** Whether the click is on this corner and closing there makes sense. */
  #gripAt(event: MapMouseEvent, corner: number): boolean {
    const at = this.#outline.corners[corner];
    if (at === undefined || this.#options.shape !== "polygon" || this.#outline.corners.length < 3) return false;
    const there = this.#map.project([...at]);
    return Math.hypot(there.x - event.point.x, there.y - event.point.y) <= REACH_PX;
  }

  #draw(): void {
    if (this.#listening.signal.aborted) return;
    const state = this.#outline.state(this.#pointer);
    this.#show({ type: "FeatureCollection", features: this.#features(state.valid) });
    this.#options.onChange?.(state);
  }

  #features(valid: boolean): Feature[] {
    const corners = this.#outline.corners;
    const drawn = this.#outline.withPointer(this.#pointer).map(([lon, lat]) => [lon, lat]);
    const features: Feature[] = corners.map(([lon, lat], index) => ({
      type: "Feature",
      properties: { role: "corner", index, valid },
      geometry: { type: "Point", coordinates: [lon, lat] },
    }));
    const isPolygon = this.#options.shape === "polygon";
    const sides = isPolygon && this.#changing ? corners.length : corners.length - 1;
    for (let at = 0; at < sides; at++) {
      const [from, to] = [corners[at], corners[(at + 1) % corners.length]];
      if (from === undefined || to === undefined) continue;
      features.push({
        type: "Feature",
        properties: { role: "middle", index: at + 1, valid },
        geometry: { type: "Point", coordinates: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] },
      });
    }
    if (isPolygon && drawn.length > 2) {
      features.unshift({
        type: "Feature",
        properties: { role: "shape", valid },
        geometry: { type: "Polygon", coordinates: [[...drawn, drawn[0] ?? []]] },
      });
    } else if (drawn.length > 1) {
      features.unshift({ type: "Feature", properties: { role: "line", valid }, geometry: { type: "LineString", coordinates: drawn } });
    }
    return features;
  }
}
