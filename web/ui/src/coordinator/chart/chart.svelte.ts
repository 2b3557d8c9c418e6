/** The map work of one desk: what is shown, what is being measured or drawn, tracks and what they prove. */

import { t } from "../../core/i18n.svelte";
import type { CallOnMap, LineGeometry, PreviewOnMap, TrackOnMap } from "../../map";
import type { AreaGeometry, SearchMap } from "../../map/types";
import { panelPx } from "../operation/on-map";
import type { SoundCalls } from "../calls/entities";
import type { Desk } from "../desk.svelte";
import { proofOf } from "../evidence/proof.svelte";
import {
  DEFAULT_SETTINGS, type LayerSettings, mapLayers, parseSettings, type RasterLayer, withRasters,
} from "./layer-settings";

const KEY = "search-ops.layers";

type TrackShape = { id: string; counted: boolean; geometry: LineGeometry };
type TrackFeature = { properties: { track_id: string; part: "counted" | "left_out" }; geometry: LineGeometry | null };
type Dataset = { id: string; source_name: string; kind: string; data_at: string | null; imported_at: string };
export type Ground = { datasets: Dataset[]; missing: string[] };
type GroundFeature = { geometry: AreaGeometry | { type: "GeometryCollection" } | null };

export type SheetKind = "plan" | "board" | "handover";

export class Chart {
  readonly desk: Desk;
  map = $state.raw<SearchMap | null>(null);
  settings = $state.raw<LayerSettings>(DEFAULT_SETTINGS);
  rasters = $state.raw<readonly RasterLayer[]>([]);
  /** Which map data there are for the area; null before the first answer. */
  ground = $state.raw<Ground | null>(null);
  /** Sectors chosen together by Ctrl and click. */
  chosen = $state.raw<readonly string[]>([]);
  preview = $state.raw<readonly PreviewOnMap[]>([]);
  /** While an editing tool waits for sectors, clicks on the map choose them. */
  choosing = $state(false);
  table = $state(false);
  /** The sheet under the map; the table has the same place, so one puts the other away. */
  #sheet = $state<SheetKind | null>(null);
  get sheet(): SheetKind | null {
    return this.#sheet;
  }
  set sheet(kind: SheetKind | null) {
    this.#sheet = kind;
    if (kind !== null) this.table = false;
  }
  trackShapes = $state.raw<readonly TrackShape[]>([]);
  swept = $state.raw<readonly AreaGeometry[]>([]);

  constructor(desk: Desk) {
    this.desk = desk;
    try {
      this.settings = parseSettings(localStorage.getItem(KEY));
    } catch {
      // Private windows may refuse storage.
    }
  }

  coveredLeft_px = $derived.by(() => (this.desk.tab === null ? 0 : panelPx()));
  /** Without heights the shading is a dozen clear pictures that take a fifth of each frame. */
  hasRelief = $derived.by(() => this.ground !== null && !this.ground.missing.includes("dem"));
  layers = $derived.by(() => mapLayers(this.settings, this.rasters, { coveredLeft_px: this.coveredLeft_px, hasRelief: this.hasRelief }));

  /** Ways on the map with the name of who walked them. */
  tracks = $derived.by<TrackOnMap[]>(() =>
    this.trackShapes.flatMap(({ id, counted, geometry }) => {
      const track = proofOf(this.desk).tracks.find((one) => one.id === id);
      if (track === undefined || track.set_aside !== null) return [];
      const callsign = this.desk.callsign(track.team_id);
      return [{ id, label: callsign === "" ? track.name : callsign, matched: callsign !== "", counted, geometry }];
    }),
  );
  missing = $derived.by<AreaGeometry[]>(() =>
    proofOf(this.desk).missing.flatMap((part) => (this.desk.geometries.of(part) as AreaGeometry | null) ?? []),
  );

  /** Where calls of a sound search were listened to, and where those from a place were made. */
  calls = $derived.by<CallOnMap[]>(() => {
    const heard = proofOf(this.desk).evidence.flatMap((row) => {
      const geometry = row.heard ? this.desk.geometries.of(row.heard) : null;
      if (geometry?.type === "Point") return [geometry.coordinates];
      return geometry?.type === "MultiPoint" ? geometry.coordinates : [];
    });
    const made = this.desk.live.store.list<SoundCalls>("sound_calls").flatMap(({ place, signal, withdrawn }) =>
      place === null || withdrawn !== null ? [] : [{ at: [place.lon, place.lat] as const, label: t(`widths-signal-${signal}`) }],
    );
    return [...heard.map(([lon = 0, lat = 0]) => ({ at: [lon, lat] as const })), ...made];
  });

  change(settings: LayerSettings): void {
    this.settings = settings;
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // As above: until the page is closed it is kept.
    }
  }

  async loadRasters(): Promise<void> {
    const answer = await this.desk.api.get<{ layers: RasterLayer[] }>("/api/raster-layers");
    this.rasters = answer.layers;
    this.settings = withRasters(this.settings, this.rasters);
  }

  /** Which map data there are; an answer that does not come leaves what was known. */
  async loadGround(): Promise<void> {
    this.ground = await this.desk.api.get<Ground>(`${this.desk.path}/ground`).catch(() => this.ground);
  }

  /** The ways for the map; a match or another clock cuts them anew. */
  async loadTracks(): Promise<void> {
    if (proofOf(this.desk).tracks.length === 0) return;
    const { features } = await this.desk.api.get<{ features: TrackFeature[] }>(`${this.desk.path}/tracks`);
    this.trackShapes = features.flatMap(({ properties, geometry }) =>
      geometry === null ? [] : [{ id: properties.track_id, counted: properties.part === "counted", geometry }],
    );
  }

  async loadSwept(): Promise<void> {
    if (proofOf(this.desk).evidence.length === 0) return;
    const { features } = await this.desk.api.get<{ features: GroundFeature[] }>(`${this.desk.path}/coverage`);
    this.swept = features.flatMap(({ geometry }) => (geometry === null || geometry.type === "GeometryCollection" ? [] : [geometry]));
  }

  toggleChosen(id: string): void {
    this.chosen = this.chosen.includes(id) ? this.chosen.filter((one) => one !== id) : [...this.chosen, id];
  }

  /** Put away what a tool has drawn. */
  clear(): void {
    this.preview = [];
    this.chosen = [];
    this.choosing = false;
  }
}

const CHARTS = new WeakMap<Desk, Chart>();

/** The chart of a desk; made when it is first asked for. */
export function chartOf(desk: Desk): Chart {
  let chart = CHARTS.get(desk);
  if (chart === undefined) {
    chart = new Chart(desk);
    CHARTS.set(desk, chart);
  }
  return chart;
}
