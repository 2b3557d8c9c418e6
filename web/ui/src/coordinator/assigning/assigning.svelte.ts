/** Plans of one desk's shift: the newest proposal, what is chosen in it, ranks and locks by hand. */

import type { Desk } from "../desk.svelte";
import { Job } from "../job.svelte";
import type { WithId } from "../views";
import type { AssignmentEntity, AssignmentRead, PairLock, SectorRank } from "./entities";

export class Assigning {
  readonly #desk: Desk;
  readonly job: Job;
  read = $state.raw<AssignmentRead | null>(null);
  error = $state.raw<unknown>(null);
  #asking: AbortController | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.job = new Job(desk);
  }

  newest = $derived.by<WithId<AssignmentEntity> | null>(() =>
    this.#desk.live.store.list<AssignmentEntity>("assignments").reduce<WithId<AssignmentEntity> | null>(
      (best, one) => (best === null || one.version > best.version ? one : best), null,
    ),
  );
  locks = $derived.by(() => this.#desk.live.store.list<PairLock>("pair_locks").filter((one) => one.lock !== null));

  rankOf(sectorId: string): SectorRank | null {
    return this.#desk.live.store.get<SectorRank>("sector_ranks", sectorId);
  }

  /** Ask for the plan that the log names; a newer question makes an older answer worthless. */
  async load(id: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const read = await this.#desk.api.get<AssignmentRead>(`${this.#desk.path}/assignment?assignment_id=${encodeURIComponent(id)}`, asking.signal);
      if (asking.signal.aborted) return;
      this.read = read;
      this.error = null;
    } catch (caught) {
      if (!asking.signal.aborted) this.error = caught;
    }
  }
}

const KNOWN = new WeakMap<Desk, Assigning>();

/** The plans of a desk; made when they are first asked for. */
export function assigningOf(desk: Desk): Assigning {
  let assigning = KNOWN.get(desk);
  if (assigning === undefined) {
    assigning = new Assigning(desk);
    KNOWN.set(desk, assigning);
  }
  return assigning;
}
