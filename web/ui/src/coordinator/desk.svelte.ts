/** The model of one operation's desk: live streams, what is derived from them, and what is open on screen. */

import { getContext, setContext } from "svelte";
import type { Api } from "../core/api";
import { clock } from "../core/clock.svelte";
import type {
  Alarm, Area, Briefing, Clue, Commitment, Find, JointRequest, Operation, OperationHead, OperationPoint, Organisation,
  Participant, Partition, Receipt, Sector, Task, Team, Told,
} from "../core/entities";
import { t } from "../core/i18n.svelte";
import { LiveStream } from "../core/live.svelte";
import type { LonLat } from "../map";
import type { ClockAlarm } from "./alarms/entities";
import { Geometries } from "./geometries.svelte";
import type { Evidence, Judgement } from "./evidence/entities";
import { isAwaited, personName, sectorRows, teamRows, type Sender, type SectorRow, type WithId } from "./views";

export const TABS = ["sectors", "teams", "people", "tasks", "requests", "feed", "case"] as const;
export type Tab = (typeof TABS)[number];

/** Panels leave the map in use; dialogs do not need it. */
export type PanelOpen =
  | { kind: "give"; sectorId: string | null; teamId: string | null }
  | { kind: "point"; role: "lkp" | "entry" }
  | { kind: "area" }
  | { kind: "partition" }
  | { kind: "layers" }
  | { kind: "edit" }
  | { kind: "measure" }
  | { kind: "place"; start: string }
  | { kind: "tracks" }
  | { kind: "proof" }
  | { kind: "widths" }
  | { kind: "calls" }
  | { kind: "probability" }
  | { kind: "evacuation"; findId: string | null };
export type DialogOpen =
  | { kind: "team"; teamId: string | null }
  | { kind: "person" }
  | { kind: "report"; sender: Sender | null }
  | { kind: "closing" }
  | { kind: "briefing" }
  | { kind: "request" }
  | { kind: "told"; requestId: string; organisationId: string }
  | { kind: "receipt"; requestId: string; organisationId: string }
  | { kind: "print" }
  | { kind: "backup" }
  | { kind: "board-schedule" }
  | { kind: "shortcuts" };

export class Desk {
  readonly id: string;
  readonly api: Api;
  readonly live: LiveStream;
  readonly head: OperationHead;
  readonly geometries: Geometries;
  caseLive = $state.raw<LiveStream | null>(null);
  organisations = $state.raw<readonly Organisation[]>([]);

  tab = $state<Tab | null>("sectors");
  panel = $state.raw<PanelOpen | null>(null);
  dialog = $state.raw<DialogOpen | null>(null);
  selectedSector = $state<string | null>(null);
  /** The team or person whose row is open in its list: R speaks about it at once. */
  openRow = $state<string | null>(null);
  /** Asks the map to show a place; replaced, so that the same place may be asked for twice. */
  focusAt = $state.raw<{ at: LonLat; zoom?: number } | null>(null);
  focusSector = $state.raw<{ id: string } | null>(null);

  constructor(api: Api, head: OperationHead) {
    this.api = api;
    this.head = head;
    this.id = head.id;
    this.live = new LiveStream(api, "operations", head.id);
    this.geometries = new Geometries(api);
  }

  /** Begin of this operation's addresses. */
  get path(): string {
    return this.live.path;
  }

  // Typed views. Every one depends on its own collections only.
  operation = $derived.by(() => this.live.store.get<Operation>("operation", this.id));
  area = $derived.by(() => this.live.store.get<Area>("area", this.id));
  briefing = $derived.by(() => this.live.store.get<Briefing>("briefing", this.id));
  points = $derived.by(() => this.#list<OperationPoint>("points"));
  partitions = $derived.by(() => this.#list<Partition>("partitions"));
  tasks = $derived.by(() => this.#list<Task>("tasks"));
  teams = $derived.by(() => this.#list<Team>("teams"));
  people = $derived.by(() =>
    this.#list<Participant>("participants").sort((a, b) => this.nameOf(a).localeCompare(this.nameOf(b), "ru")),
  );
  finds = $derived.by(() => this.#list<Find>("finds"));
  clues = $derived.by(() => this.#list<Clue>("clues"));
  alarms = $derived.by(() => this.#list<Alarm>("alarms"));
  clockAlarms = $derived.by(() => this.#list<ClockAlarm>("clock_alarms"));
  requests = $derived.by(() =>
    this.#list<JointRequest>("requests").sort((a, b) => b.requested_at.localeCompare(a.requested_at)),
  );
  receipts = $derived.by(() => this.#list<Receipt>("receipts"));
  commitments = $derived.by(() => this.#list<Commitment>("commitments"));
  told = $derived.by(() => this.#list<Told>("told"));
  teamRows = $derived.by(() => teamRows(this.teams, this.tasks, clock.now));
  sectors = $derived.by<SectorRow[]>(() =>
    sectorRows(this.#list<Sector>("sectors"), this.teams, this.tasks, {
      evidence: this.#list<Evidence>("evidence"),
      judgements: this.#list<Judgement>("judgements"),
    }),
  );
  /** Who may be calling: teams that are awaited first, then the other teams, then people. */
  senders = $derived.by<Sender[]>(() => [
    ...[...this.teamRows].sort((a, b) => Number(isAwaited(b)) - Number(isAwaited(a))).map(({ team, task }) => ({
      kind: "team" as const,
      id: team.id,
      label: team.callsign,
      detail: task === null ? t(`team-kind-${team.kind}`) : `${task.sector_label ?? ""} · ${t(`task-${task.state}`)}`,
    })),
    ...this.people
      .filter((person) => person.state !== "invited")
      .map((person) => ({
        kind: "person" as const,
        id: person.id,
        label: this.nameOf(person),
        detail: t(`participant-${person.state}`),
      })),
  ]);

  get timeZone(): string {
    return this.operation?.time_zone ?? this.head.time_zone;
  }

  get exercise(): boolean {
    return this.operation?.exercise ?? this.head.exercise;
  }

  get state(): string {
    return this.operation?.state ?? this.head.state;
  }

  may(right: string): boolean {
    return this.head.rights.includes(right);
  }

  nameOf(person: Pick<Participant, "callsign" | "name">): string {
    return personName(person, t("person-nameless"));
  }

  personName(id: string | null | undefined): string {
    const person = this.people.find((one) => one.id === id);
    return person === undefined ? "" : this.nameOf(person);
  }

  callsign(teamId: string | null | undefined): string {
    return this.teams.find((team) => team.id === teamId)?.callsign ?? "";
  }

  /** Whose report it was: the team's callsign, or the person. */
  who(one: { team_id?: string | null; participant_id?: string | null }): string {
    return this.callsign(one.team_id) || this.personName(one.participant_id) || t("who-unknown");
  }

  organisationName(id: string): string {
    const organisation = this.organisations.find((one) => one.id === id);
    return organisation?.short_name ?? organisation?.name ?? t("organisation-unknown");
  }

  teamOf(participantId: string): WithId<Team> | null {
    return this.teams.find((team) => !team.disbanded && team.member_ids.includes(participantId)) ?? null;
  }

  version(collection: string, id: string): number | null {
    return this.live.store.version(collection, id);
  }

  /** Whose row is open in the list that is shown. */
  openSender(): Sender | null {
    const shown = this.tab === "teams" || this.tab === "people";
    return shown ? (this.senders.find((one) => one.id === this.openRow) ?? null) : null;
  }

  showSector(id: string): void {
    this.selectedSector = id;
    this.focusSector = { id };
  }

  start(): void {
    this.live.start();
    void this.live.loadPositions().catch(() => undefined);
    this.loadOrganisations();
    if (this.may("case.read")) {
      this.caseLive = new LiveStream(this.api, "cases", this.head.case_id);
      this.caseLive.start();
    }
  }

  /** Names in the reader's language; asked again when he changes it. */
  loadOrganisations(): void {
    void this.api
      .get<Organisation[] | { organisations: Organisation[] }>("/api/organisations")
      .then((answer) => { this.organisations = Array.isArray(answer) ? answer : answer.organisations; })
      .catch(() => undefined); // Names of organisations are missing, nothing else; the list is asked for again.
  }

  stop(): void {
    this.live.stop();
    this.caseLive?.stop();
  }

  #list<T>(collection: string): WithId<T>[] {
    return this.live.store.list<T>(collection);
  }
}

const KEY = Symbol("desk");

export const provideDesk = (desk: Desk): Desk => setContext(KEY, desk);
export const useDesk = (): Desk => getContext<Desk>(KEY);
