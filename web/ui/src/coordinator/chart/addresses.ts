/** Lists of addresses as people type or paste them. */

export const MAX_ADDRESSES = 500;

export type Address = { text: string; lon: number | null; lat: number | null };

/** Lines that say something; what stands after the last semicolon, if it has a digit, is a place in any notation. */
export function addressLines(text: string): { text: string; place: string | null }[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const at = line.lastIndexOf(";");
      const place = at < 0 ? "" : line.slice(at + 1).trim();
      return /\d/.test(place) ? { text: line.slice(0, at).trim(), place } : { text: line, place: null };
    });
}
