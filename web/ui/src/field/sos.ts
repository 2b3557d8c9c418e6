/** What the SOS screen shows, and the ready message for the case that only the telephone network works. */
import type { Alarm } from "../core/entities";
import type { OutboxItem } from "../core/outbox/items";
import type { Fix } from "./reports";

export const UNDELIVERED_AFTER_MS = 10_000;

export type SosStage =
  | { readonly stage: "none" }
  /** Kept on the phone, less than 10 s old. */
  | { readonly stage: "sending"; readonly item: OutboxItem }
  | { readonly stage: "not_delivered"; readonly item: OutboxItem }
  | { readonly stage: "filed"; readonly item: OutboxItem }
  | { readonly stage: "taken"; readonly item: OutboxItem; readonly byName: string | null; readonly at: string | null };

/** Where the newest SOS of this phone stands. `dismissed`: ids the person has put away after they were answered. */
export function sosStage(
  items: readonly OutboxItem[],
  operationId: string,
  alarms: Readonly<Record<string, Alarm>>,
  dismissed: ReadonlySet<string>,
  nowMs: number,
): SosStage {
  const mine = items.filter((item) => item.event.kind === "sos_raised" && item.operationId === operationId);
  const item = mine.at(-1);
  if (item === undefined || dismissed.has(item.id)) return { stage: "none" };
  if (item.state === "filed") {
    const alarm = alarms[item.id];
    if (alarm?.state === "closed") return { stage: "none" };
    if (alarm?.state === "taken") {
      return { stage: "taken", item, byName: alarm.by_name ?? null, at: alarm.taken_at ?? null };
    }
    return { stage: "filed", item };
  }
  // A clock put back must not hide the alarm: a negative age counts as old.
  const ageMs = nowMs - item.madeAtMs;
  const fresh = ageMs >= 0 && ageMs < UNDELIVERED_AFTER_MS && item.state !== "tray";
  return { stage: fresh ? "sending" : "not_delivered", item };
}

export type SmsParts = {
  readonly heading: string;
  readonly name: string;
  readonly callsign: string | null;
  readonly operation: string | null;
  readonly time: string;
  readonly noPosition: string;
};

/** Text of the message: short, digits readable aloud, coordinates as decimal degrees, latitude first. */
export function smsText(parts: SmsParts, position: Fix | null): string {
  const place =
    position === null
      ? parts.noPosition
      : `${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}` +
        (position.accuracy_m === null ? "" : ` ±${String(Math.round(position.accuracy_m))} м`);
  const who = [parts.name, parts.callsign].filter((each) => each !== null && each !== "").join(", ");
  return [parts.heading, who, place, parts.time, parts.operation]
    .filter((each) => each !== null && each !== "")
    .join("\n");
}

/** Digits and a leading plus: what `tel:` and `sms:` understand everywhere. */
export function dialable(phone: string): string {
  const plus = phone.trim().startsWith("+") ? "+" : "";
  return plus + phone.replace(/\D/g, "");
}

/** `?` before the body is the standard (RFC 5724); iOS reads `&` only, and takes `?&` as well as others do. */
export function smsLink(phone: string, body: string): string {
  return `sms:${dialable(phone)}?&body=${encodeURIComponent(body)}`;
}
