/** One page sends at a time: Web Locks where the browser has them, otherwise a lease in the database. */
import type { OutboxStore } from "./store";

/** Run `work` as the only sender; answers false without running it when another page is sending. */
export type AsOnlySender = (leaseMs: number, work: () => Promise<void>) => Promise<boolean>;

interface LockManagerLike {
  request(
    name: string,
    options: { readonly ifAvailable: boolean },
    callback: (lock: unknown) => Promise<boolean>,
  ): Promise<boolean>;
}

export function withWebLocks(locks: LockManagerLike, name: string): AsOnlySender {
  return (_leaseMs, work) =>
    locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null) return false;
      await work();
      return true;
    });
}

export function withLease(store: OutboxStore, holder: string, now: () => number): AsOnlySender {
  return async (leaseMs, work) => {
    if (!(await store.takeLease(holder, now(), leaseMs))) return false;
    try {
      await work();
    } finally {
      await store.releaseLease(holder);
    }
    return true;
  };
}
