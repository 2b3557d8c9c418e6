/**
 * The national map: an equal-area conic projection (Albers, parallels 52 and 64, meridian 105), drawn by us, for at
 * this scale there are no tiles and longitude 180 must not cut Chukotka in two.
 */

const RAD = Math.PI / 180;
const [PARALLEL_1, PARALLEL_2, MERIDIAN, ORIGIN] = [52 * RAD, 64 * RAD, 105, 56 * RAD];
const N = (Math.sin(PARALLEL_1) + Math.sin(PARALLEL_2)) / 2;
const C = Math.cos(PARALLEL_1) ** 2 + 2 * N * Math.sin(PARALLEL_1);
const rho = (lat: number): number => Math.sqrt(C - 2 * N * Math.sin(lat)) / N;
const RHO_0 = rho(ORIGIN);
/** Kilometres: the map is drawn in them. */
const EARTH_KM = 6371;

export type Spot = { x: number; y: number };

/** Place on the map, kilometres from its centre, y downwards as on screens. */
export function project(lon: number, lat: number): Spot {
  const across = ((((lon - MERIDIAN + 180) % 360) + 360) % 360) - 180;
  const theta = N * across * RAD;
  const r = rho(lat * RAD);
  return { x: EARTH_KM * r * Math.sin(theta), y: -EARTH_KM * (RHO_0 - r * Math.cos(theta)) };
}

export type Frame = { x: number; y: number; width: number; height: number };

/** The whole country. */
export const COUNTRY: Frame = { x: -4150, y: -2650, width: 7900, height: 4450 };

/** Frame around spots with a margin, never smaller than 400 km; the whole country for none. */
export function frameOf(spots: readonly Spot[]): Frame {
  if (spots.length === 0) return COUNTRY;
  const xs = spots.map(({ x }) => x);
  const ys = spots.map(({ y }) => y);
  const width = Math.max(400, (Math.max(...xs) - Math.min(...xs)) * 1.3);
  const height = Math.max(260, (Math.max(...ys) - Math.min(...ys)) * 1.5, width * 0.45);
  return {
    x: (Math.max(...xs) + Math.min(...xs)) / 2 - width / 2,
    y: (Math.max(...ys) + Math.min(...ys)) / 2 - height / 2,
    width,
    height,
  };
}

/** Path of a ring given as lon, lat, lon, lat ... */
export function ringPath(ring: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at + 1 < ring.length; at += 2) {
    const { x, y } = project(ring[at] ?? 0, ring[at + 1] ?? 0);
    parts.push(`${at === 0 ? "M" : "L"}${x.toFixed(0)} ${y.toFixed(0)}`);
  }
  return `${parts.join("")}Z`;
}
