/** What the log and the server say of plans of a shift. */

import type { TeamKind } from "../../core/entities";
import type { Competence } from "../roster/entities";

export const RIDES = ["none", "car", "4x4", "quad", "swamp_vehicle", "snowmobile", "boat"] as const;
export type Ride = (typeof RIDES)[number];
export type Need = TeamKind | Competence;
export type Lock = "must" | "must_not";

export type AssignmentEntity = {
  version: number;
  stage: "first" | "best";
  made_at: string;
  accepted_at: string | null;
  refused: string | null;
  teams: number;
  sectors: number;
  changes: number;
};
export type SectorRank = { version: number; priority: number | null; needs: Need[] };
export type PairLock = { version: number; team_id: string; sector_id: string; lock: Lock | null };

export type PlanLine = {
  sector_id: string;
  label: string;
  task_id: string | null;
  because: "locked" | "running" | "gain";
  way_s: number;
  walk_s: number | null;
  drop_off: { lon: number; lat: number } | null;
  begin_at: string;
  end_at: string;
  home_by: string;
  search_s: number;
  detour_s: number;
  gain: number;
  gain_per_h: number;
  price: number;
};
export type PlanTour = {
  team_id: string;
  callsign: string;
  kind: TeamKind;
  people: number;
  ride: Ride;
  start_at: string;
  back_at: string;
  due_at: string;
  home_s: number;
  idle_s: number;
  lines: PlanLine[];
};
/** A sector or a team that is not in the plan, with the pair that came closest. */
export type LeftOut = {
  sector_id: string | null;
  label: string | null;
  team_id: string | null;
  callsign: string | null;
  reason: string;
  figure: number;
  gain_per_h: number;
};
export type PlanChange = {
  sector_id: string;
  label: string;
  kind: "added" | "removed" | "moved";
  was: { team_id: string | null; callsign: string | null };
  now: { team_id: string | null; callsign: string | null };
  running: boolean;
  reason: string;
  gain: number;
};
export type FallenLine = { team_id: string; callsign: string; sector_id: string; label: string; reason: string; held_by: string | null };
export type AssignmentRead = {
  assignment_id: string;
  version: number;
  stage: "first" | "best";
  made_at: string;
  begins_at: string;
  hours: number;
  seed: number;
  by: "probability" | "priority";
  base: { lon: number; lat: number; source: string } | null;
  notices: string[];
  fingerprint: string;
  teams_out: { team_id: string; callsign: string; reason: string }[];
  without_place: { sector_id: string; label: string }[];
  refused: string | null;
  value: number;
  gap: number | null;
  ended: string | null;
  tours: PlanTour[];
  left_sectors: LeftOut[];
  idle_teams: LeftOut[];
  broken: LeftOut[];
  changes: PlanChange[];
  stayed: number;
  accepted_at: string | null;
};
