/** Tracks, evidence, proposals and judgements of one desk's operation, read from its live state. */

import type { Task } from "../../core/entities";
import { countsAsSearched, newest } from "../../core/sector-state";
import type { Desk } from "../desk.svelte";
import type { SectorRow, WithId } from "../views";
import { groupBySector } from "./by-sector";
import type { Evidence, Judgement, LostTrack, Missing, Proposal, Track } from "./entities";

export class Proof {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  tracks = $derived.by(() => this.#list<Track>("tracks").sort((a, b) => (a.from ?? "").localeCompare(b.from ?? "")));
  evidence = $derived.by(() => this.#list<Evidence>("evidence"));
  judgements = $derived.by(() => this.#list<Judgement>("judgements"));
  lost = $derived.by(() => this.#list<LostTrack>("lost_tracks"));
  bySector = $derived.by<ReadonlyMap<string, WithId<Evidence>[]>>(() => groupBySector(this.evidence));
  /** Proposals that nobody has decided since; the sector is still in force. */
  proposals = $derived.by(() =>
    this.#list<Proposal>("proposals").filter((proposal) => {
      const judged = this.judgements.find((one) => one.id === proposal.sector_id);
      const isOpen = judged === undefined || judged.version < proposal.version;
      return isOpen && this.sector(proposal.sector_id) !== null;
    }),
  );
  /** Parts of sectors that no track has covered, of the newest evidence of each. */
  missing = $derived.by<Missing[]>(() =>
    [...this.bySector].flatMap(([sectorId, rows]) => {
      const latest = newest(rows);
      // A neighbour's way along the border leaves the sector planned: nobody has promised anything there yet.
      const counts = rows.some(countsAsSearched);
      return counts && latest?.missing && this.sector(sectorId) !== null ? [latest.missing] : [];
    }),
  );
  unmatched = $derived.by(() => this.tracks.filter((track) => track.team_id === null && track.set_aside === null));
  /** Finished tasks that still wait for their track. */
  awaited = $derived.by<WithId<Task>[]>(() =>
    this.#desk.tasks.filter(
      (task) =>
        ["back", "debriefed", "closed"].includes(task.state) &&
        task.sector_id !== null &&
        this.sector(task.sector_id) !== null &&
        !this.tracks.some((track) => track.task_id === task.id && track.set_aside === null) &&
        !this.lost.some((one) => one.id === task.id),
    ),
  );

  latest(sectorId: string): WithId<Evidence> | null {
    return newest(this.bySector.get(sectorId) ?? []) ?? null;
  }

  sector(id: string): SectorRow | null {
    return this.#desk.sectors.find((one) => one.id === id) ?? null;
  }

  #list<T>(collection: string): WithId<T>[] {
    return this.#desk.live.store.list<T>(collection);
  }
}

const PROOFS = new WeakMap<Desk, Proof>();

/** The proof of a desk; made when it is first asked for. */
export function proofOf(desk: Desk): Proof {
  let proof = PROOFS.get(desk);
  if (proof === undefined) {
    proof = new Proof(desk);
    PROOFS.set(desk, proof);
  }
  return proof;
}
