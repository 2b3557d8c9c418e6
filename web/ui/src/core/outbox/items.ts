/** What the outbox keeps: one entry for each report made on this device. */

/** The envelope that goes over the wire, exactly as it was made at the tap; it never changes afterwards. */
export interface OutboxEvent {
  readonly id: string;
  readonly v: number;
  readonly device_id: string;
  readonly dseq: number;
  readonly kind: string;
  readonly at: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly after: readonly string[];
  readonly base_version: number | null;
}

/**
 * Where an entry stands.
 *
 * - `unsent`: on this phone only, goes on being offered.
 * - `waiting`: the server knows it but a cause is still missing; offered again, slowly.
 * - `filed`: in the log of headquarters, with its `seq`.
 * - `tray`: headquarters cannot file it as it is; shown, exportable, never dropped.
 */
export type ItemState = "unsent" | "waiting" | "filed" | "tray";

export interface OutboxItem {
  readonly id: string;
  readonly operationId: string;
  readonly lane: Lane;
  readonly event: OutboxEvent;
  readonly state: ItemState;
  readonly madeAtMs: number;
  /** Not offered before this moment (a waiting entry). */
  readonly heldUntilMs: number;
  readonly seq: number | null;
  readonly epoch: string | null;
  readonly filedAtMs: number | null;
  /** Why headquarters did not take it, or that a claim was lost: a code of the server. */
  readonly reason: string | null;
  /** A claim that lost is filed all the same. */
  readonly refused: boolean;
}

/** 0 goes first. An SOS has a channel of its own. */
export type Lane = 0 | 1 | 2;

export const SOS_LANE: Lane = 0;

const LANES: Readonly<Record<string, Lane>> = {
  sos_raised: SOS_LANE,
  found_reported: 1,
  check_in: 1,
  clue_found: 1,
};

export function laneOf(kind: string): Lane {
  return LANES[kind] ?? 2;
}

/** What a page asks to have reported. */
export interface Draft {
  readonly operationId: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly after?: readonly string[];
  readonly baseVersion?: number | null;
}

/** The entry for a draft; id and time are those of the tap, `dseq` comes from the store. */
export function makeItem(
  draft: Draft,
  tap: { readonly id: string; readonly atMs: number },
  device: { readonly id: string; readonly dseq: number },
): OutboxItem {
  return {
    id: tap.id,
    operationId: draft.operationId,
    lane: laneOf(draft.kind),
    event: {
      id: tap.id,
      v: 1,
      device_id: device.id,
      dseq: device.dseq,
      kind: draft.kind,
      at: new Date(tap.atMs).toISOString(),
      payload: draft.payload,
      after: draft.after ?? [],
      base_version: draft.baseVersion ?? null,
    },
    state: "unsent",
    madeAtMs: tap.atMs,
    heldUntilMs: 0,
    seq: null,
    epoch: null,
    filedAtMs: null,
    reason: null,
    refused: false,
  };
}
