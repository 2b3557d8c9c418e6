/** Errors in the reader's words: the server's own text where there is one. */

import { ApiError } from "./api";
import { t } from "./i18n.svelte";

export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.code === "network" || error.code === "timeout") return t(`error-${error.code}`);
  if (error.code === "changed_meanwhile") return t("error-changed-meanwhile");
  return error.message;
}
