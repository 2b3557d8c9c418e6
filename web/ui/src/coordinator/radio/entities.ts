/** The radio log as the log of events keeps it. */

import type { Position } from "../../core/entities";

export const CATEGORIES = ["welfare", "task", "position", "clue", "medical", "logistics", "subject_located"] as const;
export type Category = (typeof CATEGORIES)[number];

export type RadioEntry = {
  version: number;
  caller: string;
  team_id?: string | null;
  participant_id?: string | null;
  called?: string | null;
  relay?: string | null;
  channel?: string | null;
  category: Category;
  text: string;
  position?: Position | null;
  source: "radio" | "paper";
  at: string;
  recorded_at: string;
  by: { type: string; id: string };
};
export type RadioCorrection = { version: number; entry_id: string; text: string; position?: Position | null; recorded_at: string };

/** The key of a category is its place in the list: `1` to `7`, the same on every layout. */
export const categoryOfKey = (code: string): Category | null => {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  return digit === undefined ? null : (CATEGORIES[Number(digit) - 1] ?? null);
};
