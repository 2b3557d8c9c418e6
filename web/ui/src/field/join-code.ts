/** The join code of a link: `/field/#CODE` (never sent to a server) or `/field?code=CODE`. */
export function codeFromAddress(href: string): string | null {
  const url = new URL(href);
  const fragment = decodeURIComponent(url.hash.slice(1)).trim();
  const code = /^[0-9A-Za-z-]{6,40}$/.test(fragment) ? fragment : (url.searchParams.get("code") ?? "").trim();
  return code === "" ? null : code;
}
