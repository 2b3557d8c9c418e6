/** Under which heading a new shift reads an event. */

export const SECTIONS = ["urgent", "clues", "tasks", "ground", "people", "agencies", "other"] as const;
export type Section = (typeof SECTIONS)[number];

const OF_KIND: Record<string, Section> = {
  sos_raised: "urgent", sos_taken: "urgent", sos_closed: "urgent", found_reported: "urgent", hold_set: "urgent", evacuation_ordered: "urgent",
  operation_closed: "urgent", outcome_recorded: "urgent",
  clue_found: "clues", clue_weighed: "clues", clue_weight_dropped: "clues", scenario_set: "clues", scenario_dropped: "clues", point_set: "clues",
  task_given: "tasks", task_moved: "tasks", assignment_accepted: "tasks", claim_refused: "tasks",
  sector_judged: "ground", search_again_proposed: "ground", sector_marked: "ground", track_kept: "ground", track_lost: "ground", partition_made: "ground", area_set: "ground",
  team_formed: "people", team_changed: "people", participant_added: "people",
  request_made: "agencies", request_answered: "agencies", request_cancelled: "agencies", agency_told: "agencies", case_confirmed: "agencies",
};

export const sectionOf = (kind: string): Section => OF_KIND[kind] ?? "other";
