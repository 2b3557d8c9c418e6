/** Teams on the screen before they are formed: moved by hand, judged at once by the server's rules. */

import type { TeamKind } from "../../core/entities";
import { uuid7 } from "../../core/uuid7";
import type { Desk } from "../desk.svelte";
import { suggestCallsign, type WithId } from "../views";
import { resourcesOf, rosterPeople, type Resource, type RosterPerson } from "./entities";
import { outingFromNow, type Outing } from "./outing";
import type { BrokenRule, Shortage } from "./rules";

export type Draft = {
  key: string;
  callsign: string;
  kind: TeamKind;
  leader_id: string | null;
  member_ids: string[];
  resource_ids: string[];
  competences: string[];
};
export type Asked = { kind: TeamKind; people: number };
export type Proposal = {
  teams: (Omit<Draft, "key"> & { request: number | null })[];
  refused: { request: number; faults: BrokenRule[]; shortages: Shortage[] }[];
  left: { participant_id: string; faults: BrokenRule[] }[];
  next_team: Shortage[];
  proven: boolean;
  beyond: number;
};

const CHECK_AFTER_MS = 150;
const HERE = new Set(["on_site", "available"]);

export class Builder {
  readonly #desk: Desk;
  hours = $state(4);
  people = $state(4);
  night = $state(false);
  requests = $state<Asked[]>([]);
  drafts = $state<Draft[]>([]);
  proposal = $state.raw<Proposal | null>(null);
  faults = $state.raw<Readonly<Record<string, BrokenRule[]>>>({});
  error = $state.raw<unknown>(null);
  asking = $state(false);
  checking = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Who is here and in no team, neither formed nor on this screen. */
  pool = $derived.by<WithId<RosterPerson>[]>(() => {
    const placed = this.drafts.flatMap((draft) => draft.member_ids);
    return rosterPeople(this.#desk).filter((person) => HERE.has(person.state) && !placed.includes(person.id) && this.#desk.teamOf(person.id) === null);
  });

  /** Things that can be given: usable, in nobody's hands but of those here, not on this screen. */
  stock = $derived.by<WithId<Resource>[]>(() => {
    const given = this.drafts.flatMap((draft) => draft.resource_ids);
    return resourcesOf(this.#desk).filter((thing) => thing.condition === "ok" && !thing.team_id && !given.includes(thing.id) && !this.#away(thing));
  });

  /** Why nobody took this person, as the last proposal said. */
  reasonsOf(personId: string): readonly BrokenRule[] {
    return this.proposal?.left.find((one) => one.participant_id === personId)?.faults ?? [];
  }

  outing(): Outing {
    return outingFromNow(this.hours, this.night);
  }

  async propose(): Promise<void> {
    this.asking = true;
    this.error = null;
    try {
      const asked = { outing: this.outing(), requests: this.requests.map((one) => ({ kind: one.kind, people: one.people })), fill_kind: "foot", fill_people: this.people };
      const proposal = await this.#desk.api.send<Proposal>("POST", `${this.#desk.path}/team-proposals`, asked);
      this.proposal = proposal;
      this.drafts = proposal.teams.map(({ request: _, ...team }) => ({ key: uuid7(), ...team }));
      this.check();
    } catch (error) {
      this.error = error;
    } finally {
      this.asking = false;
    }
  }

  add(kind: TeamKind = "foot"): string {
    const used = [...this.#desk.teams, ...this.drafts];
    const key = uuid7();
    this.drafts.push({ key, callsign: suggestCallsign(kind, used), kind, leader_id: null, member_ids: [], resource_ids: [], competences: [] });
    this.check();
    return key;
  }

  remove(key: string): void {
    this.drafts = this.drafts.filter((draft) => draft.key !== key);
    this.check();
  }

  /** Put a person into a team of the screen, or back among the others (null). */
  place(personId: string, key: string | null): void {
    for (const draft of this.drafts) {
      draft.member_ids = draft.member_ids.filter((id) => id !== personId);
      if (draft.leader_id === personId) draft.leader_id = draft.member_ids.find((id) => this.#leads(id)) ?? null;
    }
    const target = this.drafts.find((draft) => draft.key === key);
    if (target !== undefined) {
      target.member_ids.push(personId);
      if (target.leader_id === null && this.#leads(personId)) target.leader_id = personId;
    }
    this.check();
  }

  give(resourceId: string, key: string | null): void {
    for (const draft of this.drafts) draft.resource_ids = draft.resource_ids.filter((id) => id !== resourceId);
    this.drafts.find((draft) => draft.key === key)?.resource_ids.push(resourceId);
    this.check();
  }

  lead(personId: string): void {
    const draft = this.drafts.find((one) => one.member_ids.includes(personId));
    if (draft !== undefined) draft.leader_id = personId;
    this.check();
  }

  name(key: string, callsign: string): void {
    const draft = this.drafts.find((one) => one.key === key);
    if (draft !== undefined) draft.callsign = callsign;
    this.check();
  }

  /** In the hands of somebody who is in another team, or not here. */
  #away(thing: Resource): boolean {
    const holder = rosterPeople(this.#desk).find((person) => person.id === thing.participant_id);
    return holder !== undefined && (!HERE.has(holder.state) || this.#desk.teamOf(holder.id) !== null);
  }

  /** Another kind has callsigns of its own family, unless somebody has typed one. */
  turn(key: string, kind: TeamKind): void {
    const draft = this.drafts.find((one) => one.key === key);
    if (draft === undefined) return;
    const others = [...this.#desk.teams, ...this.drafts.filter((one) => one !== draft)];
    if (draft.callsign === suggestCallsign(draft.kind, others) || draft.callsign.trim() === "") draft.callsign = suggestCallsign(kind, others);
    draft.kind = kind;
    this.check();
  }

  #leads(id: string): boolean {
    const person = rosterPeople(this.#desk).find((one) => one.id === id);
    return (person?.certificates ?? []).some((one) => one.competence === "leader");
  }

  /** Ask the rules soon; of several changes the last counts. */
  check(): void {
    clearTimeout(this.#timer);
    const round = ++this.#round;
    if (this.drafts.length === 0) {
      this.faults = {};
      return;
    }
    this.checking = true;
    this.#timer = setTimeout(() => void this.#ask(round), CHECK_AFTER_MS);
  }

  async #ask(round: number): Promise<void> {
    try {
      const body = { outing: this.outing(), teams: this.wire() };
      const told = await this.#desk.api.send<{ teams: { key: string; faults: BrokenRule[] }[] }>("POST", `${this.#desk.path}/team-checks`, body);
      if (round !== this.#round) return;
      this.faults = Object.fromEntries(told.teams.map((team) => [team.key, team.faults]));
      this.error = null;
    } catch (error) {
      if (round === this.#round) this.error = error;
    } finally {
      if (round === this.#round) this.checking = false;
    }
  }

  wire(): Draft[] {
    return this.drafts.map((draft) => ({ ...draft, callsign: draft.callsign.trim() === "" ? "?" : draft.callsign.trim() }));
  }
}
