/** The duty officer who answers at this desk: named once per shift, kept while the browser's tab lives. */
export type Officer = {
  readonly name: string;
  readonly post: string;
  readonly phone: string;
  readonly since: string;
};

const KEY = "search-ops.duty-officer";
/** Longer than any shift: who comes after a forgotten tab is asked again. */
const SHIFT_MS = 25 * 3_600_000;

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function readOfficer(store: Store, accountId: string, nowMs: number): Officer | null {
  try {
    const kept = JSON.parse(store.getItem(KEY) ?? "null") as (Officer & { accountId: string }) | null;
    if (kept?.accountId !== accountId || nowMs - Date.parse(kept.since) >= SHIFT_MS) return null;
    return { name: kept.name, post: kept.post, phone: kept.phone, since: kept.since };
  } catch {
    return null;
  }
}

export function keepOfficer(store: Store, accountId: string, officer: Officer | null): void {
  try {
    if (officer === null) store.removeItem(KEY);
    else store.setItem(KEY, JSON.stringify({ ...officer, accountId }));
  } catch {
    // A browser without storage asks again after a reload.
  }
}
