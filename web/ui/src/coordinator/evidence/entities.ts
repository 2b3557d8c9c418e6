/** Typed views of what the log keeps about tracks and what they prove. */

import type { GeometryRef } from "../../core/entities";
import type { CallFigures } from "../calls/entities";
import type { Subject } from "../../core/sector-state";

export type Grade = "full_track" | "partial_track" | "radio" | "paper" | "agency";
export type TrackFlags = Partial<Record<"transit" | "still" | "jump" | "clock" | "zero", number>>;
export type MatchedBy = "name" | "navigator" | "time" | "hand";
export type SetAside = "other_search" | "duplicate" | "useless";

export type Track = {
  version: number;
  file_id: string | null;
  name: string;
  device: string | null;
  /** The day that the file's name says, when its points are of another. */
  name_date?: string | null;
  from: string | null;
  to: string | null;
  n: number;
  length_m: number;
  team_id: string | null;
  task_id: string | null;
  matched_by: MatchedBy | null;
  flags: TrackFlags;
  bbox: number[] | null;
  set_aside: SetAside | null;
  kept_at: string;
};

export type Figures = Partial<Record<Subject, number | null>>;
export type Missing = { geometry?: GeoJSON.Geometry | null; geometry_ref?: GeometryRef | null };

export type Evidence = {
  version: number;
  sector_id: string;
  task_id: string | null;
  own: boolean;
  grade: Grade;
  track_ids: string[];
  length_m: number;
  coverage_responsive: number | null;
  coverage_unresponsive: number | null;
  pod_responsive: number | null;
  pod_unresponsive: number | null;
  swept_share: number | null;
  cumulative: Figures | null;
  target: { subject: Subject; pod: number } | null;
  missing: Missing | null;
  /** Where the team stood at the recorded calls that count. */
  heard?: Missing | null;
  widths?: { calls?: CallFigures };
  carried_from: string[];
  weighed_at: string;
};

export type Proposal = {
  version: number;
  sector_id: string;
  reason: "below_target" | "partial_track" | "no_track";
  cumulative: Figures | null;
  target: { subject: Subject; pod: number } | null;
  swept_share: number | null;
  missing: Missing | null;
  proposed_at: string;
};

export type Judgement = {
  version: number;
  sector_id: string;
  decision: "enough" | "again";
  reason: string | null;
  judged_at: string;
};

export type LostTrack = { version: number; reason: string; grade: Grade; at: string };
