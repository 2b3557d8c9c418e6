/** Categories of radio entry and the bodies they become. Digits for words, letters for the loud ones. */

import type { Body } from "../core/api";
import type { Position, Source } from "../core/entities";
import type { Sender } from "./views";

export type Condition = "walking" | "carried" | "needs_checking";
export type Category = {
  kind: "check_in" | "found_reported" | "sos_raised" | "clue_found" | "note_added";
  word: string | null;
  /** Key of its words. */
  key: string;
  code: string;
  shown: string;
  loud: boolean;
  needsText: boolean;
};

const TEAM_WORDS = ["out", "started", "finished", "returning", "back", "all_well", "stop_seen", "rest"] as const;
const PERSON_WORDS = ["going", "arrived", "ready", "rest", "leaving", "home", "all_well", "stop_seen"] as const;

const LOUD: readonly Category[] = [
  { kind: "found_reported", word: null, key: "word-found", code: "KeyF", shown: "F", loud: true, needsText: false },
  { kind: "sos_raised", word: null, key: "word-sos", code: "KeyS", shown: "S", loud: true, needsText: false },
  { kind: "clue_found", word: null, key: "word-clue", code: "KeyC", shown: "C", loud: false, needsText: true },
  { kind: "note_added", word: null, key: "word-note", code: "KeyN", shown: "N", loud: false, needsText: true },
];

export function categoriesFor(kind: Sender["kind"]): Category[] {
  const words = (kind === "team" ? TEAM_WORDS : PERSON_WORDS).map((word, index) => ({
    kind: "check_in" as const,
    word,
    key: `word-${word}`,
    code: `Digit${String(index + 1)}`,
    shown: String(index + 1),
    loud: false,
    needsText: false,
  }));
  return [...words, ...LOUD];
}

export type Details = { at: string; source: Source; text: string; condition: Condition; position: Position | null };

/** Body of `POST …/reports`; members that say nothing are left out. */
export function reportBody(sender: Sender, category: Category, details: Details): Body {
  return {
    kind: category.kind,
    at: details.at,
    source: details.source,
    ...(sender.kind === "team" ? { team_id: sender.id } : { participant_id: sender.id }),
    ...(category.word === null ? {} : { word: category.word }),
    ...(category.kind === "found_reported" ? { condition: details.condition } : {}),
    ...(details.text === "" ? {} : { text: details.text }),
    ...(details.position === null ? {} : { position: details.position }),
  };
}
