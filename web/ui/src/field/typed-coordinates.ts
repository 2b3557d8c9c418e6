/** Coordinates as a person reads them off another device: `56.1234 37.5678`, `56 07.404 37 34.068`, with N/E or N/W. */
import type { LonLat } from "./outline";

/** Null when it cannot be one place on the earth; latitude comes first unless letters say otherwise. */
export function readCoordinates(text: string): LonLat | null {
  const upper = text
    .toUpperCase()
    .replace(/С\.?\s?Ш\.?/g, "N")
    .replace(/Ю\.?\s?Ш\.?/g, "S")
    .replace(/В\.?\s?Д\.?/g, "E")
    .replace(/З\.?\s?Д\.?/g, "W");
  // A comma between digits is a decimal sign when there is no point in the text, else a separator.
  const plain = upper.includes(".")
    ? upper.replace(/,/g, " ")
    : upper.replace(/(\d),(\d)/g, "$1.$2").replace(/,/g, " ");
  const numbers = plain.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  if (numbers.length !== 2 && numbers.length !== 4 && numbers.length !== 6) return null;
  const half = numbers.length / 2;
  const first = join(numbers.slice(0, half));
  const second = join(numbers.slice(half));
  if (first === null || second === null) return null;
  const letters: readonly string[] = plain.match(/[NSEW]/g) ?? [];
  const swapped = letters.length === 2 && "EW".includes(letters[0] ?? "");
  const [lat, lon] = swapped ? [second, first] : [first, second];
  const signedLat = letters.includes("S") ? -Math.abs(lat) : lat;
  const signedLon = letters.includes("W") ? -Math.abs(lon) : lon;
  if (Math.abs(signedLat) > 90 || Math.abs(signedLon) > 180) return null;
  return { lon: signedLon, lat: signedLat };
}

function join([degrees = 0, minutes = 0, seconds = 0]: readonly number[]): number | null {
  if (minutes < 0 || minutes >= 60 || seconds < 0 || seconds >= 60) return null;
  const size = Math.abs(degrees) + minutes / 60 + seconds / 3600;
  return degrees < 0 || Object.is(degrees, -0) ? -size : size;
}
