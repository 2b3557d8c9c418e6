import type { Map as MapLibreMap, MapMouseEvent } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { polygonArea } from "../core/ground/measure";
import { applyChange, type BorderChange, grips, removal, type Shape, touchedBy } from "./edit/borders";
import { advance, amend, begin, type History, redo, undo } from "./edit/history";
import { linesOf, same } from "./edit/shapes";
import { SnapTargets } from "./edit/snap";
import { gripAt, letGo, reachDegrees } from "./grip-reach";
import { NOTHING } from "./overlay";
import { crossesItself } from "./outline";
import type { LonLat, MapGeometry, Reshaping, ReshapingOptions } from "./types";

/** One press of an arrow key; with Shift a tenth of it. */
const STEP_PX = 10;
/** More grips than this would hide the map and slow every drag: then only corners are drawn. */
const MANY_GRIPS = 400;
/** Rings longer than this are left to the server to judge: the check here takes every pair of sides. */
const CHECKED_CORNERS = 600;

type Held = { shapes: readonly Shape[]; changes: readonly BorderChange[] };
type Grip = { from: LonLat } | { between: readonly [LonLat, LonLat]; at: LonLat };

/**
 * Moves, adds and takes away corners of a sector; neighbours that share them follow.
 *
 * Drag a corner or the small circle between two; Delete takes a corner away. By keys: `[` and `]` choose a corner,
 * arrows move it, Insert adds one after it, Ctrl Z and Ctrl Y undo and redo, Enter ends, Escape leaves.
 */
export class MapReshaping implements Reshaping {
  readonly #map: MapLibreMap;
  readonly #options: ReshapingOptions;
  readonly #show: (drawing: FeatureCollection) => void;
  readonly #over: () => void;
  readonly #listening = new AbortController();
  readonly #targets: SnapTargets;
  #history: History<Held>;
  #grip: Grip | null = null;
  #dragged = false;
  #chosen: LonLat | null = null;

  constructor(map: MapLibreMap, options: ReshapingOptions, show: (drawing: FeatureCollection) => void, over: () => void) {
    this.#map = map;
    this.#options = options;
    this.#show = show;
    this.#over = over;
    this.#targets = new SnapTargets(options.snapTo);
    this.#history = begin<Held>({ shapes: options.shapes, changes: [] });
    map.on("mousemove", this.#onMove);
    map.on("mousedown", this.#onDown);
    map.on("mouseup", this.#onUp);
    map.on("moveend", this.#draw);
    map.doubleClickZoom.disable();
    window.addEventListener("keydown", this.#onKey, { capture: true, signal: this.#listening.signal });
    this.#draw();
  }

  undo(): void {
    this.#history = undo(this.#history);
    this.#chosen = null;
    this.#draw();
  }

  redo(): void {
    this.#history = redo(this.#history);
    this.#chosen = null;
    this.#draw();
  }

  choose(corner: LonLat): void {
    this.#chosen = this.#corners.find((one) => same(one, corner)) ?? null;
    if (this.#chosen !== null && !this.#map.getBounds().contains([...this.#chosen])) this.#map.panTo([...this.#chosen]);
    this.#draw();
  }

  moveTo(at: LonLat): void {
    if (this.#chosen === null || same(this.#chosen, at)) return;
    this.#take({ kind: "move", from: this.#chosen, to: at });
    this.#chosen = at;
    this.#draw();
  }

  insertAfter(): void {
    const own = this.#own;
    const side = own === null || this.#chosen === null ? undefined : grips(own).middles.find(({ between }) => same(between[0], this.#chosen as LonLat));
    if (side === undefined) return;
    this.#take({ kind: "insert", between: side.between, at: side.at });
    this.#chosen = side.at;
    this.#draw();
  }

  remove(): void {
    const own = this.#own;
    const change = own === null || this.#chosen === null ? null : removal(own, this.#chosen);
    if (change === null) return;
    this.#take(change);
    this.#chosen = null;
    this.#draw();
  }

  finish(): boolean {
    const { shapes, changes } = this.#history.present;
    if (changes.length === 0 || !this.#valid()) return false;
    this.#stop();
    this.#options.onDone({ changes, shapes: shapes.filter((shape, at) => shape !== this.#options.shapes[at]) });
    return true;
  }

  cancel(): void {
    if (this.#listening.signal.aborted) return;
    this.#stop();
    this.#options.onCancel?.();
  }

  #stop(): void {
    this.#listening.abort();
    this.#map.off("mousemove", this.#onMove);
    this.#map.off("mousedown", this.#onDown);
    this.#map.off("mouseup", this.#onUp);
    this.#map.off("moveend", this.#draw);
    letGo(this.#map);
    this.#show(NOTHING);
    this.#over();
  }

  get #own(): MapGeometry | null {
    return this.#history.present.shapes.find((shape) => shape.id === this.#options.id)?.geometry ?? null;
  }

  #take(change: BorderChange, isFurther = false): void {
    // The further pixels of a drag are reckoned from where it began: one move in the list, one step to undo.
    const from = isFurther ? (this.#history.past.at(-1) ?? this.#history.present) : this.#history.present;
    const shapes = applyChange(from.shapes, change);
    const next = { shapes, changes: [...from.changes, change] };
    this.#history = isFurther ? amend(this.#history, next) : advance(this.#history, next);
  }

  #onMove = (event: MapMouseEvent): void => {
    if (this.#grip === null) {
      this.#map.getCanvas().style.cursor = this.#gripUnder(event) === null ? "" : "move";
      return;
    }
    const free = event.lngLat.toArray() as unknown as LonLat;
    const from = "from" in this.#grip ? this.#grip.from : this.#grip.at;
    const snap = event.originalEvent.altKey ? null : this.#targets.near(free, reachDegrees(this.#map, free[1]), from);
    const at = snap?.at ?? free;
    if ("from" in this.#grip) this.#take({ kind: "move", from: this.#grip.from, to: at }, this.#dragged);
    else this.#take({ kind: "insert", between: this.#grip.between, at }, this.#dragged);
    this.#dragged = true;
    this.#chosen = at;
    this.#draw();
  };

  #onDown = (event: MapMouseEvent): void => {
    this.#grip = this.#gripUnder(event);
    this.#dragged = false;
    if (this.#grip === null) return;
    event.preventDefault();
    this.#chosen = "from" in this.#grip ? this.#grip.from : null;
    this.#draw();
  };

  #onUp = (): void => {
    this.#grip = null;
  };

  #onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement | null;
    if (target?.matches("input, textarea, select, [contenteditable=true]")) return;
    const onMap = target === null || target === document.body || this.#map.getContainer().contains(target);
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") this.cancel();
    else if (control && event.code === "KeyZ" && event.shiftKey) this.redo();
    else if (control && event.code === "KeyZ") this.undo();
    else if (control && event.code === "KeyY") this.redo();
    else if (onMap && event.key === "Enter") this.finish();
    else if (onMap && event.code === "BracketRight") this.#step(1);
    else if (onMap && event.code === "BracketLeft") this.#step(-1);
    else if ((event.key === "Delete" || event.key === "Backspace") && this.#chosen !== null) this.remove();
    else if (event.key === "Insert" && this.#chosen !== null) this.insertAfter();
    else if (onMap && this.#chosen !== null && event.key.startsWith("Arrow")) this.#nudge(event.key, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  get #corners(): LonLat[] {
    const own = this.#own;
    return own === null ? [] : grips(own).corners;
  }

  #step(step: 1 | -1): void {
    const corners = this.#corners;
    const now = this.#chosen === null ? -1 : corners.findIndex((corner) => same(corner, this.#chosen as LonLat));
    const next = corners[(now + step + corners.length) % Math.max(1, corners.length)];
    if (next !== undefined) this.choose(next);
  }

  #nudge(key: string, fine: boolean): void {
    if (this.#chosen === null) return;
    const step = fine ? STEP_PX / 10 : STEP_PX;
    const point = this.#map.project([...this.#chosen]);
    point.x += key === "ArrowRight" ? step : key === "ArrowLeft" ? -step : 0;
    point.y += key === "ArrowDown" ? step : key === "ArrowUp" ? -step : 0;
    this.moveTo(this.#map.unproject(point).toArray() as unknown as LonLat);
  }

  #gripUnder(event: MapMouseEvent): Grip | null {
    const grip = gripAt(this.#map, event);
    const own = this.#own;
    if (grip === null || own === null) return null;
    const { corners, middles } = grips(own);
    if (grip.role === "middle") return middles[grip.index] ?? null;
    const from = corners[grip.index];
    return from === undefined ? null : { from };
  }

  #valid(): boolean {
    const own = this.#own;
    if (own === null || own.type === "LineString" || own.type === "MultiLineString") return true;
    return linesOf(own).every((ring) => ring.length > CHECKED_CORNERS || !crossesItself(ring.slice(0, -1)));
  }

  #draw = (): void => {
    const own = this.#own;
    if (this.#listening.signal.aborted || own === null) return;
    const { changes, shapes } = this.#history.present;
    const valid = this.#valid();
    this.#show({ type: "FeatureCollection", features: this.#features(own, valid) });
    const last = changes.at(-1);
    this.#options.onChange?.({
      changes: changes.length,
      valid,
      area_m2: own.type === "Polygon" || own.type === "MultiPolygon" ? polygonArea(own) : 0,
      neighbours: shapes.filter((shape, at) => shape !== this.#options.shapes[at] && shape.id !== this.#options.id).length,
      alsoMoves: last === undefined ? 0 : touchedBy(this.#options.shapes, last).length,
      canUndo: this.#history.past.length > 0,
      canRedo: this.#history.future.length > 0,
      corners: this.#corners,
      chosen: this.#chosen,
    });
  };

  #features(own: MapGeometry, valid: boolean): Feature[] {
    const closed = own.type === "Polygon" || own.type === "MultiPolygon";
    const outlines = this.#history.present.shapes
      .filter((shape, at) => shape.id === this.#options.id || shape !== this.#options.shapes[at])
      .map(({ id, geometry }): Feature => ({
        type: "Feature",
        properties: { role: closed && id === this.#options.id ? "shape" : "line", valid },
        geometry: geometry as Feature["geometry"],
      }));
    const seen = this.#map.getBounds();
    const { corners, middles } = grips(own);
    const grip = (role: string, at: LonLat, index: number): Feature[] =>
      seen.contains([...at])
        ? [{
            type: "Feature",
            properties: { role, index, valid, chosen: this.#chosen !== null && same(at, this.#chosen) },
            geometry: { type: "Point", coordinates: [...at] },
          }]
        : [];
    const shown = corners.flatMap((at, index) => grip("corner", at, index));
    if (shown.length <= MANY_GRIPS) shown.push(...middles.flatMap(({ at }, index) => grip("middle", at, index)));
    return [...outlines, ...shown];
  }
}
