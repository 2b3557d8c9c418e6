/** The duty desk as one object: who is signed in, the stream of the organisation, the officer of the shift. */
import { ApiError } from "../core/api";
import { clock } from "../core/clock.svelte";
import type { Commitment, OperationSummary, Organisation } from "../core/entities";
import { t } from "../core/i18n.svelte";
import { LiveStream } from "../core/live.svelte";
import { session } from "../core/session.svelte";
import { uuid7 } from "../core/uuid7";
import { keepOfficer, readOfficer, type Officer } from "./officer";
import { requestRows, type RequestRow } from "./requests";
import { hashOf, readRoute, type Route } from "./route";

export type CaseSummary = {
  readonly id: string;
  readonly number: string;
  readonly region: string;
  readonly exercise: boolean;
  readonly opened_at: string;
  readonly names: readonly (string | null)[] | null;
  readonly operations: readonly { readonly id: string; readonly number: string }[];
};

export type Answer = Pick<Commitment, "decision" | "quantity" | "arrive_at" | "leader" | "phone" | "reason">;

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

class DutyDesk {
  route = $state.raw<Route>(readRoute(location.hash));
  live = $state.raw<LiveStream | null>(null);
  officer = $state.raw<Officer | null>(null);
  organisations = $state.raw<Readonly<Record<string, Organisation>>>({});
  cases = $state.raw<readonly CaseSummary[] | null>(null);
  loadError = $state.raw<unknown>(null);
  /** The case or search in front of us is an exercise. */
  exerciseHere = $state(false);
  /** Requests whose receipt could not be recorded, with the cause. */
  receiptErrors = $state.raw<Readonly<Record<string, unknown>>>({});
  #operations = $state.raw<Readonly<Record<string, OperationSummary>>>({});
  #receiptCommands = new Map<string, string>();
  #openedFor: string | null = null;

  readonly organisation = $derived(session.account?.organisation ?? null);
  readonly isPolice = $derived(session.hasRole("police"));
  readonly rows = $derived.by<readonly RequestRow[]>(() => {
    if (this.live === null || this.organisation === null) return [];
    return requestRows(this.live.store.state, this.organisation.id);
  });
  readonly waiting = $derived(this.rows.filter((row) => row.needsUs).length);
  readonly current = $derived.by<RequestRow | null>(() => {
    const route = this.route;
    return route.page === "queue" ? (this.rows.find((row) => row.id === route.requestId) ?? null) : null;
  });

  start(): void {
    addEventListener("hashchange", () => {
      this.route = readRoute(location.hash);
    });
    clock.start(1_000);
  }

  go(route: Route): void {
    location.hash = hashOf(route);
    this.route = route;
  }

  /** Open the stream of the signed-in person's organisation; again after another sign-in. */
  async enter(): Promise<void> {
    const { account } = session;
    if (account === null || account === undefined || account.id === this.#openedFor) return;
    this.leave();
    this.#openedFor = account.id;
    this.officer = readOfficer(sessionStorage, account.id, Date.now());
    if (account.organisation === null) return;
    this.live = new LiveStream(session.api, "organisations", account.organisation.id);
    this.live.start();
    await this.loadLists();
  }

  leave(): void {
    this.live?.stop();
    this.live = null;
    this.#openedFor = null;
    this.cases = null;
  }

  /** Names and lists that the stream does not bring; asked again when the language changes. */
  async loadLists(): Promise<void> {
    this.loadError = null;
    try {
      const organisations = listIn<Organisation>(await session.api.get("/api/organisations"), "organisations");
      this.organisations = Object.fromEntries(organisations.map((each) => [each.id, each]));
      const operations = listIn<OperationSummary>(await session.api.get("/api/operations"), "operations");
      this.#operations = Object.fromEntries(operations.map((each) => [each.id, each]));
      await this.loadCases();
    } catch (error) {
      this.loadError = error;
    }
  }

  async loadCases(): Promise<void> {
    if (!this.isPolice) return;
    this.cases = listIn<CaseSummary>(await session.api.get("/api/cases"), "cases");
  }

  nameOf(organisationId: string): string {
    const known = this.organisations[organisationId];
    return known?.short_name ?? known?.name ?? t("duty-organisation-unknown");
  }

  isExercise(operationId: string): boolean {
    return this.#operations[operationId]?.exercise ?? false;
  }

  phoneOf(organisationId: string): string | null {
    return this.organisations[organisationId]?.phone ?? null;
  }

  /** Times are those of the search; where its zone is not known to us, our own. */
  timeZoneOf(operationId: string | undefined): string {
    return (operationId === undefined ? undefined : this.#operations[operationId]?.time_zone) ?? OWN_ZONE;
  }

  setOfficer(officer: Officer | null): void {
    this.officer = officer;
    if (session.account !== null && session.account !== undefined) {
      keepOfficer(sessionStorage, session.account.id, officer);
    }
  }

  /** Record that the named officer of this shift has opened the request; does nothing when it is recorded. */
  async recordReceipt(row: RequestRow): Promise<void> {
    const { officer, organisation } = this;
    if (officer === null || organisation === null || !row.unseenBy.includes(organisation.id)) return;
    const commandId = this.#receiptCommands.get(row.id) ?? uuid7();
    this.#receiptCommands.set(row.id, commandId);
    const { [row.id]: _, ...others } = this.receiptErrors;
    try {
      await session.api.command("POST", `${this.#pathOf(row)}/received`, {
        command_id: commandId,
        base_version: row.request.version,
        organisation_id: organisation.id,
        officer_name: officer.name,
        officer_post: officer.post,
        officer_phone: officer.phone,
        via: "opened",
      });
      this.receiptErrors = others;
    } catch (error) {
      // A refused command is not repeated under its id; one without an answer is.
      if (error instanceof ApiError && !error.retryable) this.#receiptCommands.delete(row.id);
      this.receiptErrors = { ...others, [row.id]: error };
    }
  }

  async answer(row: RequestRow, itemId: string, commandId: string, answer: Answer): Promise<void> {
    await session.api.command("POST", `${this.#pathOf(row)}/answers`, {
      command_id: commandId,
      base_version: row.request.version,
      organisation_id: this.organisation?.id,
      item_id: itemId,
      ...answer,
    });
  }

  async confirmTold(row: RequestRow, toldId: string, commandId: string): Promise<void> {
    await session.api.command("POST", `/api/operations/${row.request.operation_id ?? ""}/told/${toldId}/confirmation`, {
      command_id: commandId,
      officer_name: this.officer?.name ?? null,
    });
  }

  #pathOf(row: RequestRow): string {
    return `/api/operations/${row.request.operation_id ?? ""}/requests/${row.id}`;
  }
}

/** Lists come bare, or under their name. */
function listIn<T>(answer: unknown, name: string): T[] {
  if (Array.isArray(answer)) return answer as T[];
  const held = (answer as Record<string, unknown> | null)?.[name];
  return Array.isArray(held) ? (held as T[]) : [];
}

export const desk = new DutyDesk();
