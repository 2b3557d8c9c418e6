/** The words this phone has said, newest last. */
import type { OutboxItem } from "../core/outbox/items";

export function lastWordOf(items: readonly OutboxItem[]): string | null {
  const said = items.filter((item) => item.event.kind === "check_in" && item.state !== "tray");
  const last = said.at(-1);
  return last === undefined ? null : String(last.event.payload["word"]);
}

/** The last report from this phone that counts as contact, in milliseconds; null when there is none. */
export function lastReportMs(items: readonly OutboxItem[]): number | null {
  return items.at(-1)?.madeAtMs ?? null;
}
