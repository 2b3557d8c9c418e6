/** What the log and the server say of an evacuation. */

export type EvacuationEntity = {
  version: number;
  find_id: string | null;
  lon: number;
  lat: number;
  refused: string | null;
  made_at: string;
  ordered_at: string | null;
  exit_kind?: "ambulance" | "road" | "landing";
  meeting?: { lon: number; lat: number };
  called_team_ids?: string[];
  recalled_team_ids?: string[];
};
export type EvacuationWay = {
  exit_id: string;
  kind: "ambulance" | "road" | "landing";
  meeting: { lon: number; lat: number };
  line: [number, number][];
  way_m: Record<string, number>;
  carriers_needed: number;
  carriers: number;
  called: string[];
  carry_m: number;
  carry_s: number;
  first_crew_at: string;
  gathered_at: string;
  there_at: string;
  handed_over_at: string;
  later_by_s: number;
  notices: string[];
};
export type RankedTeam = {
  team_id: string;
  callsign: string;
  walk_s: number | null;
  carriers: number;
  stretcher: boolean;
  medic: boolean;
  known_by: "found" | "fix" | "sector" | "base";
  fault: string | null;
};
export type EvacuationRead = {
  evacuation_id: string;
  version: number;
  made_at: string;
  place: { lon: number; lat: number };
  walking: "carried" | "escorted";
  notices: string[];
  refused: string | null;
  reasons: string[];
  ways: EvacuationWay[];
  exits_out: { exit_id: string; fault: string; need: number | null; have: number | null }[];
  ranking: RankedTeam[];
  ordered_at: string | null;
};
