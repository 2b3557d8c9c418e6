/** The grids of paper maps: UTM, MGRS and Gauss-Krüger on Pulkovo 1942 (СК-42). Writing only; the server reads. */

import { eccentricitySquared, type Ellipsoid, inverseMercator, KRASSOWSKY, type Plane, RADIANS, transverseMercator, WGS84, wrapLon } from "./ellipsoid";

export type Utm = { zone: number; band: string; east_m: number; north_m: number };

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
/** Beyond these latitudes UTM is not defined; polar maps have a grid of their own. */
const SOUTH_LIMIT = -80;
const NORTH_LIMIT = 84;

function utmZone(lon: number, lat: number): number {
  if (lat >= 56 && lat < 64 && lon >= 3 && lon < 12) return 32;
  if (lat >= 72 && lon >= 0 && lon < 42) return lon < 9 ? 31 : lon < 21 ? 33 : lon < 33 ? 35 : 37;
  return Math.floor((lon + 180) / 6) + 1;
}

/** Place in UTM with the exceptions of Norway and Svalbard; null near the poles. */
export function utm(lonAny: number, lat: number): Utm | null {
  if (lat < SOUTH_LIMIT || lat > NORTH_LIMIT) return null;
  const lon = wrapLon(lonAny);
  const zone = utmZone(lon, lat);
  const { east_m, north_m } = transverseMercator(lon, lat, zone * 6 - 183, 0.9996, WGS84);
  const band = BANDS[Math.min(19, Math.floor((lat + 80) / 8))] ?? "X";
  return { zone, band, east_m: east_m + 500_000, north_m: lat < 0 ? north_m + 10_000_000 : north_m };
}

/**
 * The plane of the six-degree zone that a place lies in, as grids are cut in it (no exceptions for Norway): there and
 * back.
 */
export function utmPlane(lon: number, lat: number): { to: (lon: number, lat: number) => Plane; from: (plane: Plane) => [number, number] } {
  const meridian = Math.floor((wrapLon(lon) + 180) / 6) * 6 - 177;
  const south_m = lat < 0 ? 10_000_000 : 0;
  return {
    to: (east, north) => {
      const { east_m, north_m } = transverseMercator(east, north, meridian, 0.9996, WGS84);
      return { east_m: east_m + 500_000, north_m: north_m + south_m };
    },
    from: ({ east_m, north_m }) => inverseMercator({ east_m: east_m - 500_000, north_m: north_m - south_m }, meridian, 0.9996, WGS84),
  };
}

const COLUMNS = ["ABCDEFGH", "JKLMNPQR", "STUVWXYZ"] as const;
const ROWS = ["ABCDEFGHJKLMNPQRSTUV", "FGHJKLMNPQRSTUVABCDE"] as const;

/** Places are kept to a centimetre: what was typed as a whole metre must not come back as the one before it. */
const KEPT_M = 0.02;

/** `32T NT 41234 21987`: square and metres, cut off, not rounded, as MGRS wants. */
export function mgrs(lon: number, lat: number): string | null {
  const at = utm(lon, lat);
  if (at === null) return null;
  const column = COLUMNS[(at.zone - 1) % 3]?.[Math.floor((at.east_m + KEPT_M) / 100_000) - 1];
  const row = ROWS[(at.zone - 1) % 2]?.[Math.floor((at.north_m + KEPT_M) / 100_000) % 20];
  if (column === undefined || row === undefined) return null;
  const digits = (value_m: number): string => String(Math.floor((value_m + KEPT_M) % 100_000)).padStart(5, "0");
  return `${String(at.zone)}${at.band} ${column}${row} ${digits(at.east_m)} ${digits(at.north_m)}`;
}

type Cartesian = [number, number, number];

function cartesian(lon: number, lat: number, on: Ellipsoid): Cartesian {
  const e2 = eccentricitySquared(on);
  const [sine, cosine] = [Math.sin(lat * RADIANS), Math.cos(lat * RADIANS)];
  const normal = on.radius_m / Math.sqrt(1 - e2 * sine ** 2);
  return [normal * cosine * Math.cos(lon * RADIANS), normal * cosine * Math.sin(lon * RADIANS), normal * (1 - e2) * sine];
}

/** Bowring's formula (1976): exact to a micrometre near the ground. */
function geodetic([x, y, z]: Cartesian, on: Ellipsoid): [number, number] {
  const e2 = eccentricitySquared(on);
  const polar_m = on.radius_m * (1 - on.flattening);
  const across = Math.hypot(x, y);
  const theta = Math.atan2(z * on.radius_m, across * polar_m);
  const lat = Math.atan2(
    z + ((e2 * on.radius_m ** 2) / polar_m) * Math.sin(theta) ** 3,
    across - e2 * on.radius_m * Math.cos(theta) ** 3,
  );
  return [Math.atan2(y, x) / RADIANS, lat / RADIANS];
}

/** Pulkovo 1942 to WGS 84, GOST R 51794-2008 (EPSG:5044), coordinate frame rotation: the server uses the same. */
const SHIFT_M: Cartesian = [23.57, -140.95, -79.8];
const TURN: Cartesian = [0, -0.35, -0.79].map((seconds) => (seconds / 3600) * RADIANS) as Cartesian;
const SCALE = 1 - 0.22e-6;

export function pulkovo(lon: number, lat: number): [number, number] {
  const on84 = cartesian(lon, lat, WGS84);
  const [x, y, z] = on84.map((value, axis) => (value - (SHIFT_M[axis] ?? 0)) / SCALE) as Cartesian;
  const [rx, ry, rz] = TURN;
  return geodetic([x - rz * y + ry * z, rz * x + y - rx * z, -ry * x + rx * y + z], KRASSOWSKY);
}

export type GaussKrueger = { zone: number; x_m: number; y_m: number };

/** Place in the six-degree zones of СК-42: `x` to the north, `y` to the east with the zone's number before it. */
export function sk42(lonAny: number, lat: number): GaussKrueger | null {
  if (Math.abs(lat) > NORTH_LIMIT) return null;
  const [lon, latitude] = pulkovo(wrapLon(lonAny), lat);
  const east = (lon + 360) % 360;
  const zone = Math.floor(east / 6) + 1;
  const { east_m, north_m } = transverseMercator(lon, latitude, wrapLon(zone * 6 - 3), 1, KRASSOWSKY);
  return { zone, x_m: north_m, y_m: zone * 1_000_000 + 500_000 + east_m };
}
