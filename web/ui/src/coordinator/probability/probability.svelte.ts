/** Probability of one desk's operation: what the log keeps, the map that is looked at, the sliders as they stand. */

import { preferences } from "../../core/preferences.svelte";
import type { HeatOnMap } from "../../map";
import { chartOf } from "../chart/chart.svelte";
import { isVisible } from "../chart/layer-settings";
import type { Desk } from "../desk.svelte";
import { Job } from "../job.svelte";
import type { ClueWeight, LostPersonCategory, ProbabilityMap, ProbabilityRead, Scenario, SectorProbability, SubjectState } from "./entities";
import { inOrder, shownMap } from "./history";
import { massesOf, mixed, mixedCells, mixedSectors, type Weights, type Whereabouts } from "./mixing";
import { sectorsById } from "./ranking";
import { pictureOf, rangeOf, stepsOf } from "./ramp";

export class Probability {
  readonly #desk: Desk;
  read = $state.raw<ProbabilityRead | null>(null);
  #masses = $state.raw<readonly Float32Array[]>([]);
  /** The map of the history that was asked for; null: whatever is newest. */
  asked = $state<string | null>(null);
  /** Weights while a slider is being moved, before the server knows of them. */
  moved = $state.raw<Weights>({});
  error = $state.raw<unknown>(null);
  categories = $state.raw<readonly LostPersonCategory[]>([]);
  /** The reckoning that this desk has asked for last. */
  readonly job: Job;
  #asking: AbortController | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.job = new Job(desk);
  }

  scenarios = $derived.by(() =>
    this.#desk.live.store.list<Scenario>("scenarios").filter((one) => !one.dropped).sort((one, other) => one.id.localeCompare(other.id)),
  );
  clues = $derived.by(() =>
    this.#desk.live.store.list<ClueWeight>("clue_weights").filter((one) => !one.dropped).sort((one, other) => one.id.localeCompare(other.id)),
  );
  subject = $derived.by(() => this.#desk.live.store.get<SubjectState>("subject_state", this.#desk.id));
  maps = $derived.by(() => inOrder(this.#desk.live.store.list<ProbabilityMap>("probability_maps")));
  shown = $derived.by(() => shownMap(this.maps, this.asked));
  isOld = $derived.by(() => this.shown !== null && this.shown.id !== this.maps.at(-1)?.id);

  /** Sliders act on the newest map only: history is looked at, not changed. */
  #weights = $derived.by<Weights>(() => (this.isOld ? {} : this.moved));
  #mix = $derived.by(() => (this.read === null ? null : mixed(this.read.scenarios, this.#weights)));
  cells = $derived.by(() => (this.#mix === null || this.#masses.length === 0 ? null : mixedCells(this.#masses, this.#mix.factors)));
  /** In the area, outside it and beyond the map: sums to one. */
  whereabouts = $derived.by<Whereabouts | null>(() => this.#mix ?? this.read);
  /** Limits of the steps of the heat map, shares per km2. */
  steps = $derived.by<number[]>(() => {
    if (this.cells === null || this.read === null) return [];
    const { cell_m } = this.read.lattice;
    return stepsOf(rangeOf(this.cells, (cell_m * cell_m) / 1e6));
  });
  isDrawn = $derived.by(() => isVisible(chartOf(this.#desk).settings, "probability"));
  picture = $derived.by<HeatOnMap | null>(() => {
    if (this.cells === null || this.read === null || !this.isDrawn) return null;
    const { lattice } = this.read;
    return { ...pictureOf(this.cells, lattice, this.steps, preferences.theme), corners: lattice.corners };
  });

  /** Sectors as the sliders stand; the server's own figures once it has answered. */
  sectors = $derived.by<readonly SectorProbability[]>(() => {
    if (this.read === null) return [];
    const shares = Object.keys(this.#weights).length === 0 ? null : mixedSectors(this.read, this.#weights);
    if (shares === null) return this.read.sectors;
    return this.read.sectors.map((one) => {
      const share = shares.get(one.sector_id) ?? one.share;
      const scale = one.share > 0 ? share / one.share : 1;
      return {
        ...one,
        share,
        density_per_km2: one.density_per_km2 * scale,
        next_best_per_h: one.next_best_per_h * scale,
      };
    });
  });
  bySector = $derived.by<ReadonlyMap<string, SectorProbability>>(() => sectorsById(this.sectors));

  /** What is assumed of the person while nobody has said otherwise: by the category of the weightiest scenario. */
  usual = $derived.by(() => {
    const here = this.scenarios.filter((one) => !one.elsewhere).sort((one, other) => other.weight - one.weight);
    const category = here[0]?.category ?? "other";
    return this.categories.find((one) => one.category === category) ?? null;
  });

  /** Categories with their figures; the same for every search, so asked for once. */
  async loadCategories(): Promise<void> {
    if (this.categories.length > 0) return;
    this.categories = (await this.#desk.api.get<{ categories: LostPersonCategory[] }>("/api/lost-person-categories")).categories;
  }

  nameOf(scenarioId: string): string {
    return this.#desk.live.store.get<Scenario>("scenarios", scenarioId)?.name ?? "";
  }

  /** Where a slider stands: moved and not yet answered, or as the log has it. */
  weightOf(scenario: Scenario & { id: string }): number {
    return this.moved[scenario.id] ?? scenario.weight;
  }

  move(scenarioId: string, weight: number): void {
    this.asked = null;
    this.moved = { ...this.moved, [scenarioId]: weight };
  }

  /** Follow the reckoning that an answer names; without an area or a scenario there is none. */
  follow(answer: { job_id: string | null }): void {
    this.asked = null;
    if (answer.job_id !== null) this.job.watch(answer.job_id);
  }

  /** Ask for the map that is to be seen; a newer question makes an older answer worthless. */
  async load(mapId: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const query = `map_id=${encodeURIComponent(mapId)}`;
    try {
      const [read, bytes] = await Promise.all([
        this.#desk.api.get<ProbabilityRead>(`${this.#desk.path}/probability?${query}`, asking.signal),
        this.#desk.api.bytes(`${this.#desk.path}/probability/raster?${query}`, asking.signal),
      ]);
      if (asking.signal.aborted) return;
      this.#masses = massesOf(bytes, read);
      this.read = read;
      this.error = null;
      // What the new map already follows is no longer moved.
      const kept = Object.entries(this.moved).filter(([id, weight]) => read.scenarios.find((one) => one.scenario_id === id)?.weight !== weight);
      this.moved = Object.fromEntries(kept);
    } catch (caught) {
      if (!asking.signal.aborted) this.error = caught;
    }
  }
}

const KNOWN = new WeakMap<Desk, Probability>();

/** The probability of a desk; made when it is first asked for. */
export function probabilityOf(desk: Desk): Probability {
  let probability = KNOWN.get(desk);
  if (probability === undefined) {
    probability = new Probability(desk);
    KNOWN.set(desk, probability);
  }
  return probability;
}
