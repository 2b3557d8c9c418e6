/** Lengths and areas on the ellipsoid: never in degrees, and the same numbers as the server's. */

import { eccentricitySquared, equalAreaFrame, RADIANS, WGS84, wrapLon } from "./ellipsoid";

export type Place = readonly [lon: number, lat: number];

/**
 * Geodesic between two places by Vincenty's inverse formula (1975): its length, to a millimetre, and the bearing at
 * its beginning, clockwise from true north. Nearly antipodal places, where the formula does not settle, give the
 * great circle of a sphere instead.
 */
export function geodesic([lon1, lat1]: Place, [lon2, lat2]: Place): { length_m: number; bearing_deg: number } {
  const f = WGS84.flattening;
  const polar_m = WGS84.radius_m * (1 - f);
  const across = wrapLon(lon2 - lon1) * RADIANS;
  const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - f) * Math.tan(lat * RADIANS))) as [number, number];
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = across;
  for (let round = 0; round < 50; round++) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    const sineSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    if (sineSigma === 0) return { length_m: 0, bearing_deg: 0 };
    const cosineSigma = s1 * s2 + c1 * c2 * cl;
    const sigma = Math.atan2(sineSigma, cosineSigma);
    const sineAlpha = (c1 * c2 * sl) / sineSigma;
    const cosine2 = 1 - sineAlpha ** 2;
    const middle = cosine2 === 0 ? 0 : cosineSigma - (2 * s1 * s2) / cosine2;
    const c = (f / 16) * cosine2 * (4 + f * (4 - 3 * cosine2));
    const next =
      across + (1 - c) * f * sineAlpha * (sigma + c * sineSigma * (middle + c * cosineSigma * (2 * middle ** 2 - 1)));
    const settled = Math.abs(next - lambda) < 1e-12;
    lambda = next;
    if (!settled) continue;
    const e2 = eccentricitySquared(WGS84);
    const k2 = (cosine2 * e2) / (1 - e2);
    const a = 1 + (k2 / 16_384) * (4096 + k2 * (k2 * (320 - 175 * k2) - 768));
    const b = (k2 / 1024) * (256 + k2 * (k2 * (74 - 47 * k2) - 128));
    const correction =
      b * sineSigma *
      (middle + (b / 4) * (cosineSigma * (2 * middle ** 2 - 1) -
        (b / 6) * middle * (4 * sineSigma ** 2 - 3) * (4 * middle ** 2 - 3)));
    const bearing = Math.atan2(c2 * Math.sin(lambda), c1 * s2 - s1 * c2 * Math.cos(lambda)) / RADIANS;
    return { length_m: polar_m * a * (sigma - correction), bearing_deg: (bearing + 360) % 360 };
  }
  const half = Math.sin(((lat2 - lat1) * RADIANS) / 2) ** 2 + Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS) * Math.sin(across / 2) ** 2;
  return { length_m: 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(half))), bearing_deg: 0 };
}

/** Length of a line over all its corners. */
export function lineLength(line: readonly Place[]): number {
  return line.slice(1).reduce((sum, to, at) => sum + geodesic(line[at] as Place, to).length_m, 0);
}

/** Mean place of corners, longitudes taken from the first so that 180° is no border. */
function middleOf(corners: readonly Place[]): Place {
  const [first, lat0] = corners[0] ?? [0, 0];
  const lon = corners.reduce((sum, [one]) => sum + wrapLon(one - first), 0) / Math.max(1, corners.length);
  const lat = corners.reduce((sum, [, one]) => sum + one - lat0, 0) / Math.max(1, corners.length);
  return [wrapLon(first + lon), lat0 + lat];
}

/** Area of a ring without its holes, closed or not, in an equal-area frame round its middle. */
export function ringArea(ring: readonly Place[]): number {
  if (ring.length < 3) return 0;
  const frame = equalAreaFrame(...middleOf(ring));
  const points = ring.map(([lon, lat]) => frame(lon, lat));
  const twice = points.reduce((sum, one, at) => {
    const next = points[(at + 1) % points.length] ?? one;
    return sum + one.east_m * next.north_m - next.east_m * one.north_m;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Area of a polygon or of several, holes taken off. */
export function polygonArea(geometry: { type: "Polygon"; coordinates: number[][][] } | { type: "MultiPolygon"; coordinates: number[][][][] }): number {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const places = (ring: number[][]): Place[] => ring.map(([lon = 0, lat = 0]) => [lon, lat] as const);
  return polygons.reduce(
    (sum, [outer = [], ...holes]) => sum + ringArea(places(outer)) - holes.reduce((all, hole) => all + ringArea(places(hole)), 0),
    0,
  );
}
