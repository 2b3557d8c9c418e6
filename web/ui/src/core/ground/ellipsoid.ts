/**
 * Figures of the Earth and the two plane frames that a map desk needs: transverse Mercator for the grids of paper
 * maps, and an equal-area frame round a place for measuring. Angles in degrees, lengths in metres.
 */

export type Ellipsoid = { radius_m: number; flattening: number };

export const WGS84: Ellipsoid = { radius_m: 6_378_137, flattening: 1 / 298.257223563 };
export const KRASSOWSKY: Ellipsoid = { radius_m: 6_378_245, flattening: 1 / 298.3 };

export const RADIANS = Math.PI / 180;

export const eccentricitySquared = ({ flattening: f }: Ellipsoid): number => f * (2 - f);

/** Longitude brought into [-180, 180). */
export const wrapLon = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180;

export type Plane = { east_m: number; north_m: number };

/** Krüger's series to the fourth order in n: exact to a millimetre within the zones of paper maps. */
export function transverseMercator(lon: number, lat: number, meridian: number, scale: number, on: Ellipsoid): Plane {
  const n = on.flattening / (2 - on.flattening);
  const [n2, n3, n4] = [n ** 2, n ** 3, n ** 4];
  const rectifying_m = (on.radius_m / (1 + n)) * (1 + n2 / 4 + n4 / 64);
  const terms = [
    n / 2 - (2 / 3) * n2 + (5 / 16) * n3 + (41 / 180) * n4,
    (13 / 48) * n2 - (3 / 5) * n3 + (557 / 1440) * n4,
    (61 / 240) * n3 - (103 / 140) * n4,
    (49_561 / 161_280) * n4,
  ];
  const e = Math.sqrt(eccentricitySquared(on));
  const sine = Math.sin(lat * RADIANS);
  const conformal = Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
  const away = wrapLon(lon - meridian) * RADIANS;
  const north = Math.atan2(conformal, Math.cos(away));
  const east = Math.asinh(Math.sin(away) / Math.hypot(conformal, Math.cos(away)));
  let [x, y] = [east, north];
  terms.forEach((term, index) => {
    const j = 2 * (index + 1);
    x += term * Math.cos(j * north) * Math.sinh(j * east);
    y += term * Math.sin(j * north) * Math.cosh(j * east);
  });
  return { east_m: scale * rectifying_m * x, north_m: scale * rectifying_m * y };
}

/** The way back from the plane: the same series reversed, exact to a millimetre within a zone; longitude first. */
export function inverseMercator({ east_m, north_m }: Plane, meridian: number, scale: number, on: Ellipsoid): [number, number] {
  const n = on.flattening / (2 - on.flattening);
  const [n2, n3, n4] = [n ** 2, n ** 3, n ** 4];
  const rectifying_m = (on.radius_m / (1 + n)) * (1 + n2 / 4 + n4 / 64);
  const terms = [
    n / 2 - (2 / 3) * n2 + (37 / 96) * n3 - n4 / 360,
    n2 / 48 + n3 / 15 - (437 / 1440) * n4,
    (17 / 480) * n3 - (37 / 840) * n4,
    (4397 / 161_280) * n4,
  ];
  const [x, y] = [east_m / (scale * rectifying_m), north_m / (scale * rectifying_m)];
  let [east, north] = [x, y];
  terms.forEach((term, index) => {
    const j = 2 * (index + 1);
    east -= term * Math.cos(j * y) * Math.sinh(j * x);
    north -= term * Math.sin(j * y) * Math.cosh(j * x);
  });
  const conformal = Math.asin(Math.sin(north) / Math.cosh(east));
  const back = [
    2 * n - (2 / 3) * n2 - 2 * n3 + (116 / 45) * n4,
    (7 / 3) * n2 - (8 / 5) * n3 - (227 / 45) * n4,
    (56 / 15) * n3 - (136 / 35) * n4,
    (4279 / 630) * n4,
  ];
  const lat = back.reduce((sum, term, index) => sum + term * Math.sin(2 * (index + 1) * conformal), conformal);
  return [wrapLon(meridian + Math.atan2(Math.sinh(east), Math.cos(north)) / RADIANS), lat / RADIANS];
}

/** Snyder's q of a latitude (1987, 3-12): the area between it and the equator, in units of the radius. */
function authalicQ(lat: number, on: Ellipsoid): number {
  const e2 = eccentricitySquared(on);
  const e = Math.sqrt(e2);
  const sine = Math.sin(lat * RADIANS);
  return (1 - e2) * (sine / (1 - e2 * sine ** 2) + Math.atanh(e * sine) / e);
}

/** Lambert's azimuthal equal-area frame round a place, as the server measures (Snyder 1987, 24-17 to 24-20). */
export function equalAreaFrame(lon0: number, lat0: number, on: Ellipsoid = WGS84): (lon: number, lat: number) => Plane {
  const e2 = eccentricitySquared(on);
  const pole = authalicQ(90, on);
  const radius_m = on.radius_m * Math.sqrt(pole / 2);
  const beta = (lat: number): number => Math.asin(Math.max(-1, Math.min(1, authalicQ(lat, on) / pole)));
  const beta0 = beta(lat0);
  const sine0 = Math.sin(lat0 * RADIANS);
  const parallel = (on.radius_m * Math.cos(lat0 * RADIANS)) / Math.sqrt(1 - e2 * sine0 ** 2);
  const stretch = parallel / (radius_m * Math.cos(beta0));
  return (lon, lat) => {
    const away = wrapLon(lon - lon0) * RADIANS;
    const b = beta(lat);
    const spread = Math.sqrt(2 / (1 + Math.sin(beta0) * Math.sin(b) + Math.cos(beta0) * Math.cos(b) * Math.cos(away)));
    return {
      east_m: radius_m * spread * stretch * Math.cos(b) * Math.sin(away),
      north_m: ((radius_m * spread) / stretch) * (Math.cos(beta0) * Math.sin(b) - Math.sin(beta0) * Math.cos(b) * Math.cos(away)),
    };
  };
}
