/** Changes of sectors that this desk has sent, and how each is taken back: by an opposite command, never by deleting. */

import { t } from "../../core/i18n.svelte";
import type { BorderChange, Shape } from "../../map/edit/borders";
import type { MapGeometry } from "../../map/types";
import { Command } from "../command.svelte";
import type { Sector } from "../../core/entities";
import type { Desk } from "../desk.svelte";
import type { SectorRow } from "../views";
import type { Address } from "./addresses";

export type Drawn =
  | { kind: "area"; geometry: MapGeometry; name: string | null }
  | { kind: "line"; geometry: MapGeometry; name: string | null; corridor_m?: number }
  | { kind: "list"; addresses: Address[]; name: string | null };
export type Mark = { mark: "blocked" | "held_by_other" | null; reason: string | null; organisation_id: string | null };
export type Reshaped = { changes: readonly BorderChange[]; shapes: readonly Shape[] };

type Answer = { seq: number; sector_ids?: string[] };
type Post = { path: string; body: Record<string, unknown> };
/** What was sent; `back` and `again` are the commands that take it back and do it once more; null: there is none. */
type Step = { name: string; back: () => Post | null; again: () => Post | null; sent?: (answer: Answer) => void };

/** Corners as the server takes them: a new one is named by the side that it stands on. */
function moveOf(change: BorderChange): Record<string, unknown> {
  if (change.kind === "move") return { at: change.from, to: change.to };
  const [a, b] = change.between;
  return { at: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], to: change.at, between: change.between };
}

class Edits {
  readonly #desk: Desk;
  readonly #command: Command;
  #done = $state.raw<readonly Step[]>([]);
  #undone = $state.raw<readonly Step[]>([]);
  said = $state("");
  /** The reader knows that people work in these sectors and wants it all the same. */
  although = $state(false);

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#command = new Command(desk.api);
  }

  get busy(): boolean {
    return this.#command.busy;
  }
  get error(): unknown {
    return this.#command.error;
  }
  get canUndo(): boolean {
    return this.#done.length > 0;
  }
  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  draw(command: Command, drawn: Drawn): Promise<boolean> {
    return this.#send(command, t(`edit-${drawn.kind}`), { path: "sectors", body: { ...drawn, although_worked: this.although } });
  }

  split(command: Command, sector: SectorRow, line: MapGeometry): Promise<boolean> {
    return this.#send(command, t("edit-split"), { path: `sectors/${sector.id}/split`, body: { line, although_worked: this.although } });
  }

  merge(command: Command, sectors: readonly SectorRow[]): Promise<boolean> {
    return this.#send(command, t("edit-merge"), { path: "sectors/merge", body: { sector_ids: sectors.map(({ id }) => id), although_worked: this.although } });
  }

  reshape(command: Command, { changes }: Reshaped): Promise<boolean> {
    return this.#send(command, t("edit-reshape"), { path: "sectors/reshape", body: { moves: changes.map(moveOf), although_worked: this.although } });
  }

  async mark(command: Command, sector: SectorRow, mark: Mark): Promise<boolean> {
    const before: Mark = { mark: sector.mark as Mark["mark"], reason: sector.mark_reason ?? null, organisation_id: sector.mark_organisation_id ?? null };
    const post = (wanted: Mark) => (): Post => {
      const now = this.#desk.sectors.find((one) => one.id === sector.id);
      return { path: `sectors/${sector.id}/mark`, body: { base_version: now?.version ?? sector.version, ...wanted, although_worked: this.although } };
    };
    const sent = await this.#post(command, post(mark)());
    if (sent !== null) this.#remember({ name: t("edit-mark"), back: post(before), again: post(mark) });
    return sent !== null;
  }

  async undo(): Promise<void> {
    const step = this.#done.at(-1);
    if (step === undefined || !(await this.#take(step, step.back()))) return;
    this.#done = this.#done.slice(0, -1);
    this.#undone = [...this.#undone, step];
    this.said = t("edit-undone", { what: step.name });
  }

  async redo(): Promise<void> {
    const step = this.#undone.at(-1);
    if (step === undefined || !(await this.#take(step, step.again()))) return;
    this.#undone = this.#undone.slice(0, -1);
    this.#done = [...this.#done, step];
    this.said = t("edit-redone", { what: step.name });
  }

  async #take(step: Step, post: Post | null): Promise<boolean> {
    if (post === null) {
      this.said = t("edit-no-undo", { what: step.name });
      return false;
    }
    const answer = await this.#post(this.#command, post);
    if (answer !== null) step.sent?.(answer);
    return answer !== null;
  }

  async #send(command: Command, name: string, post: Post): Promise<boolean> {
    const answer = await this.#post(command, post);
    if (answer === null) return false;
    // Taking back means cutting the ground again as the retired sectors had it; doing again, as the new ones had it.
    let made = answer.sector_ids ?? [];
    let gone: string[] | null = null;
    const opposite = (): Post | null => {
      gone ??= this.#replacedBy(made);
      return gone.length === 0 ? null : { path: "sectors/restore", body: { sector_ids: gone, although_worked: this.although } };
    };
    const sent = (last: Answer): void => {
      gone = made;
      made = last.sector_ids ?? [];
    };
    this.#remember({ name, back: opposite, again: opposite, sent });
    return true;
  }

  /** Sectors that gave way to these: known once the log has told of them. */
  #replacedBy(ids: readonly string[]): string[] {
    const sectors = ids.flatMap((id) => this.#desk.live.store.get<Sector>("sectors", id) ?? []);
    return [...new Set(sectors.flatMap((sector) => sector.replaces))];
  }

  #remember(step: Step): void {
    this.#done = [...this.#done, step].slice(-100);
    this.#undone = [];
    this.although = false;
    this.said = t("edit-done", { what: step.name });
  }

  #post(command: Command, { path, body }: Post): Promise<Answer | null> {
    this.said = "";
    return command.send<Answer>("POST", `${this.#desk.path}/${path}`, body);
  }
}

const EDITS = new WeakMap<Desk, Edits>();

/** What this desk has changed; kept while its page is open. */
export function editsOf(desk: Desk): Edits {
  let edits = EDITS.get(desk);
  if (edits === undefined) {
    edits = new Edits(desk);
    EDITS.set(desk, edits);
  }
  return edits;
}
