/** Typed views of what the log keeps about probability, and of what the server reckons from it. */

import type { GeometryRef, TeamKind } from "../../core/entities";
import type { Grade } from "../evidence/entities";

export const TERRAINS = ["temperate_flat", "temperate_mountain", "dry_flat", "dry_mountain", "urban"] as const;
export type Terrain = (typeof TERRAINS)[number];
export const MOBILITIES = ["not", "little", "freely"] as const;
export type Mobility = (typeof MOBILITIES)[number];

export type Scenario = {
  version: number;
  name: string;
  weight: number;
  /** The person is not here at all: no point, all of it outside the area. */
  elsewhere: boolean;
  lon: number | null;
  lat: number | null;
  uncertainty_m: number;
  category: string | null;
  terrain: Terrain;
  heading_deg: number | null;
  by_travel_time: boolean;
  pulled: boolean;
  dropped: boolean;
  set_at: string;
};

export type SubjectState = { version: number; responsive_share: number; moves: Mobility; set_at: string };

export type ClueWeight = {
  version: number;
  text: string;
  clue_id: string | null;
  lon: number | null;
  lat: number | null;
  spread_m: number | null;
  geometry?: GeoJSON.Geometry | null;
  geometry_ref?: GeometryRef | null;
  weight: number;
  seen_at: string | null;
  dropped: boolean;
  set_at: string;
};

/** Why a map differs from the one before: a code, and the clue's words or the team that is meant. */
export type MapCause = { code: string; text: string | null; grade: Grade | null };

/** One reckoning; the newest is the map, the others are its history. */
export type ProbabilityMap = {
  version: number;
  made_at: string;
  causes: MapCause[];
  in_area: number;
  outside_area: number;
  beyond: number;
  found: number;
  notices: string[];
};

export type LonLatPair = [number, number];
export type LatticeRead = {
  west_m: number;
  south_m: number;
  cell_m: number;
  rows: number;
  columns: number;
  /** North-west, north-east, south-east, south-west. */
  corners: [LonLatPair, LonLatPair, LonLatPair, LonLatPair];
};

/** What is left of one scenario after clues and searches; its cells are in the raster. */
export type ScenarioRead = {
  scenario_id: string;
  weight: number;
  in_area: number;
  outside_area: number;
  beyond: number;
  category_used: string | null;
  source: string | null;
  n: number | null;
  small_sample: boolean;
  notices: string[];
};

export type Why = {
  scenarios: { scenario_id: string; share: number }[];
  pulls: { kind: string; share: number; within_m: number }[];
  /** What no feature explains: distance and direction. */
  even: number;
};

export type SectorProbability = {
  sector_id: string;
  label: string;
  /** 0..1 of everything, the rest of the world included. */
  share: number;
  responsive: number;
  unresponsive: number;
  density_per_km2: number;
  next_best_per_h: number;
  pod_responsive: number;
  pod_unresponsive: number;
  why: Why;
};

export type SectorChange = {
  sector_id: string;
  label: string;
  before: number;
  after: number;
  /** Strongest first. */
  causes: (MapCause & { times: number; pod_responsive: number | null; pod_unresponsive: number | null })[];
};

export type ProbabilityRead = {
  map_id: string;
  made_at: string;
  lattice: LatticeRead;
  scenarios: ScenarioRead[];
  in_area: number;
  outside_area: number;
  beyond: number;
  /** Part of the area that no sector holds. */
  unpartitioned: number;
  found: number;
  /** Hours are those of a team on foot of so many. */
  team_people: number;
  notices: string[];
  sectors: SectorProbability[];
  changes: SectorChange[];
};

export type LostPersonCategory = {
  category: string;
  terrain: Terrain;
  median_km: number;
  p95_km: number;
  n: number | null;
  small_sample: boolean;
  source: string;
  reliability: "good" | "fair" | "weak" | "purchased";
  /** What is assumed of the person while nobody has said otherwise. */
  responsive_share: number;
  moves: Mobility;
  notices: string[];
};

export type TeamsAsked = { kind: TeamKind; count: number; hours: number };
export type EffortWish = { teams: TeamsAsked[]; first: string[] };
export type EffortRead = {
  pos: number;
  level_per_h: number;
  refused: string | null;
  sectors: { sector_id: string; hours: number; pos: number; next_best_per_h: number }[];
  left_out: { sector_id: string; reason: string }[];
  pos_of_first: number;
};
