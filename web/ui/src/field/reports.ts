/** The reports of the phone as drafts for the outbox: who speaks, for whom, from where. */
import type { Draft } from "../core/outbox/items";
import type { FieldView, LeaderWord, Who } from "./view";
import { LEADER_WORDS } from "./view";

export type Fix = {
  readonly lon: number;
  readonly lat: number;
  readonly accuracy_m: number | null;
  readonly at: string;
};

/** What the device knows at the moment of the tap. */
export type Circumstances = {
  readonly position: Fix | null;
  readonly batteryPct: number | null;
};

export type PersonWord = "going" | "arrived" | "leaving" | "home" | "rest" | "ready" | "all_well" | "stop_seen";
export type Condition = "walking" | "carried" | "needs_checking";

const TEAM_WORDS: ReadonlySet<string> = new Set<LeaderWord>(LEADER_WORDS);
/** Said by the leader these count for the whole team. */
const LEADER_SPEAKS_FOR_TEAM: ReadonlySet<string> = new Set(["all_well", "stop_seen"]);

/** A word of a person, or of a leader for the team with its task. */
export function checkIn(
  view: FieldView,
  who: Who,
  word: LeaderWord | PersonWord,
  now: Circumstances,
  text: string | null = null,
): Draft {
  const forTeam = view.isLeader && (TEAM_WORDS.has(word) || (LEADER_SPEAKS_FOR_TEAM.has(word) && view.task !== null));
  return {
    operationId: who.operationId,
    kind: "check_in",
    payload: {
      word,
      participant_id: forTeam ? null : who.participantId,
      team_id: forTeam ? (view.team?.id ?? null) : null,
      task_id: forTeam ? (view.task?.id ?? null) : null,
      position: now.position,
      battery_pct: now.batteryPct,
      text,
      source: "phone",
    },
  };
}

/** Goes to headquarters only. Carries a condition and a place, never a name or a diagnosis. */
export function foundReport(view: FieldView, who: Who, condition: Condition, now: Circumstances): Draft {
  return {
    operationId: who.operationId,
    kind: "found_reported",
    payload: { condition, ...speaker(view, who), position: now.position, text: null, source: "phone" },
  };
}

export function clueReport(view: FieldView, who: Who, text: string, now: Circumstances): Draft {
  return {
    operationId: who.operationId,
    kind: "clue_found",
    payload: { ...speaker(view, who), position: now.position, text, source: "phone" },
  };
}

export function sosReport(view: FieldView, who: Who, now: Circumstances): Draft {
  return {
    operationId: who.operationId,
    kind: "sos_raised",
    payload: {
      ...speaker(view, who),
      position: now.position,
      battery_pct: now.batteryPct,
      text: null,
      source: "phone",
    },
  };
}

function speaker(view: FieldView, who: Who): { participant_id: string; team_id: string | null } {
  return { participant_id: who.participantId, team_id: view.team?.id ?? null };
}
