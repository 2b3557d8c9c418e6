/**
 * What a page knows of the map: plain values in WGS 84 (EPSG:4326), nothing of the map library.
 *
 * The library stays behind `adapter.ts`; pages import from `index.ts` only.
 */

import type { BorderChange, Shape } from "./edit/borders";
import type { HeatOnMap } from "./heat";
import type { MapLayers } from "./layers";
import type { AreaGeometry, Bounds, Language, LineGeometry, LonLat, MapGeometry, PlacesGeometry, PolygonGeometry, SectorState, Theme } from "./values";

export * from "./values";

export type SectorOnMap = {
  id: string;
  label: string;
  kind: "area" | "line" | "list";
  state: SectorState;
  geometry: MapGeometry | PlacesGeometry;
  /** Second line of the label: callsigns of the teams, a POD, the agency that holds it. */
  note?: string;
};

export type PointRole = "lkp" | "entry" | "headquarters" | "find" | "clue" | "alarm" | "radio";

export type PointOnMap = {
  id: string;
  role: PointRole;
  at: LonLat;
  /** Read out by screen readers and drawn beside the sign. */
  label: string;
};

export type TeamOnMap = {
  id: string;
  callsign: string;
  at: LonLat;
  accuracy_m: number | null;
  /** Age in words of the current language, for instance «38 мин назад». */
  age: string;
  /** Drawn hollow: the position is too old to act upon. */
  old: boolean;
  alarm?: boolean;
};

export type Pointer = { at: LonLat; zoom: number };

/** A way that was walked, cut to the search. */
export type TrackOnMap = {
  id: string;
  /** Drawn along it: the callsign, or the file's name while nobody claims it. */
  label: string;
  /** False: no team or task is known for it; drawn dotted. */
  matched: boolean;
  /** False: way to the sector, standing still, jumps: it was walked but does not count. */
  counted: boolean;
  geometry: LineGeometry;
};

/** A call of a sound search that counts: where a team stood and listened, or, with a label, where it was made. */
export type CallOnMap = { at: LonLat; label?: string };

/** Shapes of a cut, a measurement or a found place that are not kept anywhere; `label` is written beside. */
export type PreviewOnMap = { geometry: MapGeometry | { type: "Point"; coordinates: number[] }; label?: string };

export type MapClick = {
  at: LonLat;
  /** Ctrl, Shift or Cmd was held: one more beside what is chosen. */
  adding: boolean;
  /** Topmost sector under the pointer, its children excluded; null over bare ground. */
  sectorId: string | null;
};

export type MapOptions = {
  language: Language;
  theme: Theme;
  /** Shown at first; ignored when `bounds` is given. */
  center?: LonLat;
  zoom?: number;
  bounds?: Bounds;
  /** Name of the map for screen readers. */
  title: string;
  /** Bearer token for tiles; absent in the browser, where the session cookie travels by itself. */
  token?: () => string | null;
  /** Template of the ground tiles. Default: `/tiles/ground/{z}/{x}/{y}.mvt` of this origin. */
  tiles?: string;
  /** Pointer moved over the map; null when it left. At most once per frame. */
  onPointer?: (pointer: Pointer | null) => void;
  onClick?: (click: MapClick) => void;
  /** After every move: the ground now in sight. */
  onMove?: (bounds: Bounds, zoom: number) => void;
  /** The map cannot be drawn (no WebGL) or its tiles fail. The page says so in words. */
  onTrouble?: (trouble: MapTrouble) => void;
  /** No movement by hand; for small overview maps. */
  still?: boolean;
};

export type MapTrouble = { kind: "no_webgl" | "tiles" | "style"; status?: number };

export type DrawingShape = "polygon" | "line";

export type DrawingState = {
  vertices: number;
  /** Area of the shape under the pointer; 0 for lines and fewer than three corners. */
  area_m2: number;
  /** Length of the line, or of the outline. */
  length_m: number;
  /** False when the outline crosses itself: it cannot be closed so. */
  valid: boolean;
};

export type DrawingOptions<S extends DrawingShape> = {
  shape: S;
  /** Start from this outline and change it instead of drawing a new one. */
  initial?: PolygonGeometry;
  /** Corners and borders that the pointer is drawn to, unless Alt is held. */
  snapTo?: Iterable<MapGeometry>;
  onChange?: (state: DrawingState) => void;
  onDone: (geometry: S extends "polygon" ? PolygonGeometry : LineGeometry) => void;
  onCancel?: () => void;
};

/** A drawing in progress. Enter or double click ends it, Escape leaves it, Backspace takes a corner back. */
export type Drawing = {
  /** Adds a corner without the pointer: for people at the keyboard who type coordinates. */
  addVertex(at: LonLat): void;
  undo(): void;
  redo(): void;
  /** Corners set so far, without the pointer. */
  corners(): readonly LonLat[];
  /** True when the shape was complete and handed to `onDone`. */
  finish(): boolean;
  cancel(): void;
};

export type ReshapingState = {
  changes: number;
  valid: boolean;
  area_m2: number;
  /** Neighbours whose border has changed too. */
  neighbours: number;
  /** Sectors that the last change touched, the own one included. */
  alsoMoves: number;
  canUndo: boolean;
  canRedo: boolean;
  /** Corners of the sector as they are now, in order, and the one that keys act upon. */
  corners: readonly LonLat[];
  chosen: LonLat | null;
};

export type ReshapingOptions = {
  /** The sector and those that share corners with it. */
  shapes: readonly Shape[];
  id: string;
  snapTo: Iterable<MapGeometry>;
  onChange?: (state: ReshapingState) => void;
  /** The changes in order, and the shapes that they changed. */
  onDone: (result: { changes: readonly BorderChange[]; shapes: readonly Shape[] }) => void;
  onCancel?: () => void;
};

/** A reshaping in progress. What keys and the pointer do on the map is here for those who type. */
export type Reshaping = {
  /** Takes a corner; the others wait. */
  choose(corner: LonLat): void;
  /** Moves the chosen corner; neighbours that share it follow. */
  moveTo(at: LonLat): void;
  /** A new corner in the middle of the side after the chosen one; it is chosen then. */
  insertAfter(): void;
  /** Takes the chosen corner away, unless nothing would be left. */
  remove(): void;
  undo(): void;
  redo(): void;
  finish(): boolean;
  cancel(): void;
};

export type FitOptions = { padding_px?: number; maxZoom?: number; animate?: boolean };

/** The map as pages see it. Every method may be called before the map is ready. */
export type SearchMap = {
  setTheme(theme: Theme): void;
  setLanguage(language: Language): void;
  /** Outline of the search area; null takes it away. */
  setArea(geometry: AreaGeometry | null): void;
  /** The whole list each time: the adapter finds out what changed. */
  setSectors(sectors: readonly SectorOnMap[]): void;
  setPoints(points: readonly PointOnMap[]): void;
  setTeams(teams: readonly TeamOnMap[]): void;
  /** Thick outline round one sector; null for none. */
  select(sectorId: string | null): void;
  /** Sectors chosen together, for instance to be merged. */
  choose(sectorIds: readonly string[]): void;
  setLayers(layers: MapLayers): void;
  setTracks(tracks: readonly TrackOnMap[]): void;
  /** Parts of sectors that no track has covered. */
  setMissing(parts: readonly AreaGeometry[]): void;
  /** Ground that tracks have covered. */
  setSwept(parts: readonly AreaGeometry[]): void;
  setCalls(calls: readonly CallOnMap[]): void;
  setPreview(shapes: readonly PreviewOnMap[]): void;
  /** Probability as a picture under the sectors; null takes it away. */
  setHeat(heat: HeatOnMap | null): void;
  fit(bounds: Bounds, options?: FitOptions): void;
  flyTo(at: LonLat, zoom?: number): void;
  /** One drawing at a time: a new one cancels the old. Clicks reach `onClick` only when none is going on. */
  startDrawing<S extends DrawingShape>(options: DrawingOptions<S>): Drawing;
  /** Changes corners of a sector and its neighbours; a drawing in progress is cancelled. */
  startReshaping(options: ReshapingOptions): Reshaping;
  /** Next click gives its place instead of reaching `onClick`. Returns a function that calls it off. */
  pickPoint(onPick: (at: LonLat) => void, onCancel?: () => void): () => void;
  bounds(): Bounds;
  zoom(): number;
  resize(): void;
  destroy(): void;
};
