/** Requests as a duty desk reads them, from the state of its organisation's stream. */
import type { Commitment, JointRequest, Receipt, RequestItem, Told } from "../core/entities";
import type { State } from "../core/fold";

type WithId<T> = T & { readonly id: string };

export type ItemProgress = RequestItem & {
  /** Sum of what is promised, over all who answered. */
  readonly promised: number;
  readonly answers: readonly WithId<Commitment>[];
};

export type RequestRow = {
  readonly id: string;
  readonly request: JointRequest;
  readonly direction: "to_us" | "from_us";
  readonly receipts: readonly WithId<Receipt>[];
  readonly items: readonly ItemProgress[];
  readonly told: readonly WithId<Told>[];
  /** Who was asked and has not seen it yet. */
  readonly unseenBy: readonly string[];
  /** Our items without our answer; for requests from us those without any. */
  readonly openItems: readonly string[];
  /** Something waits for this desk. */
  readonly needsUs: boolean;
};

const LOST_STATES: ReadonlySet<string> = new Set(["declined", "withdrawn"]);

/** All requests that concern `organisationId`: what waits for it first, the oldest on top; then the newest. */
export function requestRows(state: State, organisationId: string): readonly RequestRow[] {
  const rows = list<JointRequest>(state, "requests")
    // A request whose beginning was not seen has nothing to show yet.
    .filter((request) => Array.isArray(request.items))
    .map((request) => rowOf(state, request, organisationId));
  return rows.sort(
    (a, b) =>
      Number(b.needsUs) - Number(a.needsUs) ||
      (a.needsUs
        ? a.request.requested_at.localeCompare(b.request.requested_at)
        : b.request.requested_at.localeCompare(a.request.requested_at)),
  );
}

function rowOf(state: State, request: WithId<JointRequest>, organisationId: string): RequestRow {
  const ofThis = <T extends { request_id: string | null }>(collection: string): WithId<T>[] =>
    list<T>(state, collection).filter((each) => each.request_id === request.id);
  const receipts = ofThis<Receipt>("receipts").sort((a, b) => a.at.localeCompare(b.at));
  const commitments = ofThis<Commitment>("commitments").sort((a, b) => a.at.localeCompare(b.at));
  const told = ofThis<Told>("told").sort((a, b) => a.said_at.localeCompare(b.said_at));
  const items = request.items.map((item) => {
    const answers = commitments.filter((each) => each.item_id === item.item_id);
    return { ...item, answers, promised: promisedOf(answers) };
  });
  const toUs = request.to_organisation_ids.includes(organisationId);
  const isOver = request.state === "cancelled" || request.state === "closed";
  const seenBy = new Set(receipts.map((receipt) => receipt.organisation_id));
  const unseenBy = isOver ? [] : request.to_organisation_ids.filter((id) => !seenBy.has(id));
  const isOpen = (item: ItemProgress): boolean =>
    toUs ? !item.answers.some((each) => each.organisation_id === organisationId) : item.answers.length === 0;
  const openItems = isOver ? [] : items.filter(isOpen).map((item) => item.item_id);
  const toConfirm = told.some((each) => each.organisation_id === organisationId && !each.confirmed);
  return {
    id: request.id,
    request,
    direction: toUs ? "to_us" : "from_us",
    receipts,
    items,
    told,
    unseenBy,
    openItems,
    needsUs: toUs && !isOver && (unseenBy.includes(organisationId) || openItems.length > 0 || toConfirm),
  };
}

export function promisedOf(answers: readonly Commitment[]): number {
  return answers
    .filter((each) => each.decision === "accept" && !LOST_STATES.has(each.state))
    .reduce((sum, each) => sum + (each.quantity ?? 0), 0);
}

/** How an item stands: nothing promised, a part, all; or declined by everybody who answered. */
export function itemStanding(item: ItemProgress): "open" | "partly" | "full" | "declined" {
  if (item.promised >= item.quantity) return "full";
  if (item.promised > 0) return "partly";
  return item.answers.length > 0 ? "declined" : "open";
}

function list<T>(state: State, collection: string): WithId<T>[] {
  return Object.entries(state[collection] ?? {}).map(([id, entity]) => ({ ...entity, id }) as unknown as WithId<T>);
}
