/** What headquarters could not file, as a file that a person can carry there. */
import type { OutboxItem } from "./items";

/** Text of the file; the events are exactly as they were made, so that headquarters can file them by hand. */
export function trayFile(items: readonly OutboxItem[], nowMs: number): string {
  const kept = items.filter((item) => item.state !== "filed");
  return JSON.stringify(
    {
      format: "search-ops-outbox",
      version: 1,
      written_at: new Date(nowMs).toISOString(),
      entries: kept.map((item) => ({
        operation_id: item.operationId,
        state: item.state,
        reason: item.reason,
        event: item.event,
      })),
    },
    null,
    2,
  );
}
