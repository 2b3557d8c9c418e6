/**
 * Categories of radio entry and the bodies they become.
 *
 * One key means one thing, whoever says it: digits are what a team says, letters what a person says and what is loud.
 */

import type { Body } from "../core/api";
import type { Position, Source } from "../core/entities";
import type { Sender } from "./views";

export type Condition = "walking" | "carried" | "needs_checking";
export type Category = {
  /** Tells the category from all others. */
  id: string;
  kind: "check_in" | "found_reported" | "sos_raised" | "clue_found" | "note_added";
  word: string | null;
  condition: Condition | null;
  /** Who may say it. */
  by: readonly Sender["kind"][];
  /** Key of its words. */
  key: string;
  code: string;
  shown: string;
  loud: boolean;
  needsText: boolean;
};

const BOTH: Category["by"] = ["team", "person"];
const codeOf = (shown: string): string => (/\d/.test(shown) ? `Digit${shown}` : `Key${shown}`);

function said(shown: string, word: string, by: Category["by"]): Category {
  const plain = { kind: "check_in" as const, condition: null, loud: false, needsText: false };
  return { ...plain, id: word, word, by, key: `word-${word}`, code: codeOf(shown), shown };
}
function told(shown: string, kind: Category["kind"], name: string, more: Partial<Category> = {}): Category {
  const both = { word: null, condition: null, by: BOTH, loud: false, needsText: false };
  return { ...both, id: name, kind, key: `word-${name}`, code: codeOf(shown), shown, ...more };
}
const found = (shown: string, condition: Condition): Category =>
  told(shown, "found_reported", "found", { id: `found-${condition}`, condition, loud: true });

export const CATEGORIES: readonly Category[] = [
  said("1", "out", ["team"]),
  said("2", "started", ["team"]),
  said("3", "finished", ["team"]),
  said("4", "returning", ["team"]),
  said("5", "back", ["team"]),
  said("6", "all_well", BOTH),
  said("7", "stop_seen", BOTH),
  said("8", "rest", BOTH),
  said("G", "going", ["person"]),
  said("A", "arrived", ["person"]),
  said("R", "ready", ["person"]),
  said("L", "leaving", ["person"]),
  said("H", "home", ["person"]),
  // «Не могу» is «дома» with its word: the person is safe and does not come.
  { ...said("X", "home", ["person"]), id: "cannot", key: "word-cannot" },
  found("F", "needs_checking"),
  found("W", "walking"),
  found("K", "carried"),
  told("S", "sos_raised", "sos", { loud: true }),
  told("C", "clue_found", "clue", { needsText: true }),
  told("N", "note_added", "note", { needsText: true }),
];

/** What this kind of sender may say; everything while nobody is named yet. */
export const categoriesFor = (kind: Sender["kind"] | null): Category[] =>
  CATEGORIES.filter((one) => kind === null || one.by.includes(kind));

export type Details = { at: string; source: Source; text: string; position: Position | null };

/** Body of `POST …/reports`; members that say nothing are left out. */
export function reportBody(sender: Sender, category: Category, details: Details): Body {
  return {
    kind: category.kind,
    at: details.at,
    source: details.source,
    ...(sender.kind === "team" ? { team_id: sender.id } : { participant_id: sender.id }),
    ...(category.word === null ? {} : { word: category.word }),
    ...(category.condition === null ? {} : { condition: category.condition }),
    ...(details.text === "" ? {} : { text: details.text }),
    ...(details.position === null ? {} : { position: details.position }),
  };
}

export type Heard = {
  /** Who fits, the best first. */
  found: Sender[];
  /** The one who is meant beyond doubt; null while nobody or several fit equally. */
  meant: Sender | null;
  /** What was said after the name. */
  text: string;
};

type Match = { sender: Sender; rank: number };

/**
 * Who is calling and what follows the name: `12 двое устали` is «Лиса-12» and two words.
 *
 * Of several the exact number or name wins over its beginning, `1` over «Лиса-12»; equals leave it open.
 * The first letter of the family may stand before the number: `к1`.
 */
export function hear(typed: string, senders: readonly Sender[]): Heard {
  const whole = typed.trim();
  if (whole === "") return { found: [...senders], meant: null, text: "" };
  const fits = ranked(whole, senders);
  const space = whole.search(/\s/);
  if (fits.length > 0 || space < 0) return { ...choice(fits), text: "" };
  return { ...choice(ranked(whole.slice(0, space), senders)), text: whole.slice(space).trim() };
}

function choice(fits: readonly Match[]): Omit<Heard, "text"> {
  const [first, second] = fits;
  const clear = first !== undefined && (second === undefined || first.rank < second.rank);
  return { found: fits.map((one) => one.sender), meant: clear ? first.sender : null };
}

function ranked(name: string, senders: readonly Sender[]): Match[] {
  const wanted = name.toLocaleLowerCase("ru");
  const [, letters = "", number] = /^(\p{L}*)-?(\d+)$/u.exec(wanted) ?? [];
  const rank = ({ label, detail }: Sender): number => {
    const own = label.toLocaleLowerCase("ru");
    const words = own.split(/[\s()-]+/).filter(Boolean);
    if (own === wanted || words[0] === wanted) return 0;
    if (number !== undefined && own.startsWith(letters)) {
      const ownNumber = own.split("-").at(-1) ?? "";
      if (ownNumber === number) return 0;
      if (ownNumber.startsWith(number)) return 1;
    }
    if (own.startsWith(wanted)) return 1;
    if (words.some((word) => word.startsWith(wanted))) return 2;
    return `${own} ${detail.toLocaleLowerCase("ru")}`.includes(wanted) ? 3 : 4;
  };
  return senders
    .map((sender) => ({ sender, rank: rank(sender) }))
    .filter((one) => one.rank < 4)
    .sort((a, b) => a.rank - b.rank);
}
