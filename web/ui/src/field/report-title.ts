/** A report in the words of its button. */
import { hasText, t } from "../core/i18n.svelte";
import type { OutboxItem } from "../core/outbox/items";

export function reportTitle({ event }: OutboxItem): string {
  const payload = event.payload;
  switch (event.kind) {
    case "check_in": {
      const key = `word-${String(payload["word"])}`;
      return hasText(key) ? t(key) : String(payload["word"]);
    }
    case "found_reported":
      return `${t("word-found")}: ${t(`condition-${String(payload["condition"])}`)}`;
    case "clue_found":
      return `${t("word-clue")}: ${String(payload["text"])}`;
    case "sos_raised":
      return t("word-sos");
    default:
      return event.kind;
  }
}
