/** Times as people on a search read them: local to the operation, with their age beside them. */

export type Words = (key: string, args?: Record<string, string | number>) => string;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string, kind: "clock" | "date" | "input" | "offset"): Intl.DateTimeFormat {
  const key = `${timeZone} ${kind}`;
  let known = formats.get(key);
  if (known === undefined) {
    const options: Record<typeof kind, Intl.DateTimeFormatOptions> = {
      clock: { hour: "2-digit", minute: "2-digit" },
      date: { day: "2-digit", month: "2-digit" },
      input: { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
      offset: { timeZoneName: "shortOffset" },
    };
    known = new Intl.DateTimeFormat("ru-RU", { ...options[kind], hourCycle: "h23", timeZone });
    formats.set(key, known);
  }
  return known;
}

const dayIn = (at: Date, timeZone: string): string => format(timeZone, "input").format(at).slice(0, 10);

/** `14:05`, or `20.11 14:05` when it is not today there. */
export function clock(iso: string, timeZone: string, now: Date): string {
  const at = new Date(iso);
  const time = format(timeZone, "clock").format(at);
  return dayIn(at, timeZone) === dayIn(now, timeZone) ? time : `${format(timeZone, "date").format(at)} ${time}`;
}

/** `12 мин назад`, `через 40 мин`, `только что`. */
export function age(iso: string, now: Date, words: Words): string {
  const span = now.getTime() - new Date(iso).getTime();
  const size = Math.abs(span);
  if (size < MINUTE_MS) return words("age-now");
  const direction = span > 0 ? "ago" : "ahead";
  if (size < HOUR_MS) return words(`age-minutes-${direction}`, { minutes: Math.floor(size / MINUTE_MS) });
  if (size < DAY_MS) {
    const hours = Math.floor(size / HOUR_MS);
    return words(`age-hours-${direction}`, { hours, minutes: Math.floor((size - hours * HOUR_MS) / MINUTE_MS) });
  }
  return words(`age-days-${direction}`, { days: Math.floor(size / DAY_MS) });
}

/** `14:05 · 12 мин назад`. */
export function clockAndAge(iso: string, timeZone: string, now: Date, words: Words): string {
  return `${clock(iso, timeZone, now)} · ${age(iso, now, words)}`;
}

/** Whole minutes from then to now; negative when it is ahead. */
export function minutesSince(iso: string, now: Date): number {
  return Math.floor((now.getTime() - new Date(iso).getTime()) / MINUTE_MS);
}

/** `UTC+3` when the reader's own zone shows another time than the operation's, else null. */
export function foreignZone(timeZone: string, now: Date, own = Intl.DateTimeFormat().resolvedOptions().timeZone): string | null {
  const [theirs, ours] = [timeZone, own].map((zone) => format(zone, "input").format(now));
  if (theirs === ours) return null;
  const name = format(timeZone, "offset").formatToParts(now).find((part) => part.type === "timeZoneName")?.value;
  return (name ?? timeZone).replace("GMT", "UTC");
}

function partsIn(at: Date, timeZone: string): Record<string, string> {
  return Object.fromEntries(format(timeZone, "input").formatToParts(at).map(({ type, value }) => [type, value]));
}

/** Value of a `datetime-local` field that shows this moment in the operation's zone. */
export function toLocalInput(iso: string, timeZone: string): string {
  const { year, month, day, hour, minute } = partsIn(new Date(iso), timeZone);
  return `${year ?? ""}-${month ?? ""}-${day ?? ""}T${hour ?? ""}:${minute ?? ""}`;
}

/** Moment that a `datetime-local` field of the operation's zone means, RFC 3339 UTC; null when empty or wrong. */
export function fromLocalInput(text: string, timeZone: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const asUtc = Date.parse(`${text.slice(0, 16)}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset is read at the guess and once more at the corrected moment, for the hours round a change of clocks.
  let moment = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const { year, month, day, hour, minute, second } = partsIn(new Date(moment), timeZone);
    const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    moment += asUtc - shown;
  }
  return new Date(moment).toISOString();
}
