/** Undo and redo as a value: every step gives a new history, nothing is changed in place. */

export type History<T> = { readonly past: readonly T[]; readonly present: T; readonly future: readonly T[] };

/** Far more than anybody takes back, and a bound for a long night at one desk. */
const STEPS = 200;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

export const advance = <T>({ past, present }: History<T>, next: T): History<T> => ({
  past: [...past, present].slice(-STEPS),
  present: next,
  future: [],
});

/** The present changes without a step of its own: the further pixels of one drag. */
export const amend = <T>(history: History<T>, next: T): History<T> => ({ ...history, present: next });

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (history.past.length === 0) return history;
  return { past: history.past.slice(0, -1), present: before as T, future: [history.present, ...history.future] };
}

export function redo<T>(history: History<T>): History<T> {
  const [after, ...rest] = history.future;
  if (history.future.length === 0) return history;
  return { past: [...history.past, history.present], present: after as T, future: rest };
}
