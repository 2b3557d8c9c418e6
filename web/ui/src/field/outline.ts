/** The shape of a sector as a small drawing: flat around its own middle, in metres, north up. */

type Ring = readonly (readonly number[])[];
export type LonLat = { readonly lon: number; readonly lat: number };

const METRES_PER_DEGREE = 111_195;

export type Outline = {
  /** One SVG path per ring or line. */
  readonly paths: readonly { readonly d: string; readonly closed: boolean }[];
  readonly width: number;
  readonly height: number;
  readonly centre: LonLat;
  /** Corners for typing into a navigator: the shape's own when it has few, else those of its frame. */
  readonly corners: readonly LonLat[];
  readonly cornersAreFrame: boolean;
  /** Round length in metres and its length in the drawing. */
  readonly scale: { readonly metres: number; readonly length: number };
  /** Own position in the drawing, pushed to the rim when it is outside; null without a position. */
  readonly me: { readonly x: number; readonly y: number; readonly inside: boolean } | null;
  /** From own position to the centre. */
  readonly away: { readonly distanceM: number; readonly bearingDeg: number } | null;
};

const SIZE = 240;
const MARGIN = 14;
const FEW_CORNERS = 6;

export function outlineOf(geometry: GeoJSON.Geometry, me: LonLat | null): Outline | null {
  const parts = partsOf(geometry);
  const points = parts.flatMap((part) => part.ring);
  const first = points[0];
  if (first === undefined) return null;
  const originLon = first[0] ?? 0;
  // Longitudes are unrolled around the first point, so that a sector over 180 degrees stays one piece.
  const lons = points.map((point) => unroll(point[0] ?? 0, originLon));
  const lats = points.map((point) => point[1] ?? 0);
  const frame = {
    west: Math.min(...lons),
    east: Math.max(...lons),
    south: Math.min(...lats),
    north: Math.max(...lats),
  };
  const centre = { lon: (frame.west + frame.east) / 2, lat: (frame.south + frame.north) / 2 };
  const shrink = Math.cos((centre.lat * Math.PI) / 180);
  const toMetres = (lon: number, lat: number): [number, number] => [
    (unroll(lon, originLon) - centre.lon) * METRES_PER_DEGREE * shrink,
    (lat - centre.lat) * METRES_PER_DEGREE,
  ];
  const [halfX, halfY] = toMetres(frame.east, frame.north);
  const factor = (SIZE / 2 - MARGIN) / Math.max(halfX, halfY, 1);
  const height = Math.max(80, Math.min(SIZE, 2 * (halfY * factor + MARGIN)));
  const place = (lon: number, lat: number): [number, number] => {
    const [x, y] = toMetres(lon, lat);
    return [SIZE / 2 + x * factor, height / 2 - y * factor];
  };
  const { corners, cornersAreFrame } = cornersOf(parts, frame);
  return {
    paths: parts.map(({ ring, closed }) => ({ d: pathOf(ring, closed, place), closed })),
    width: SIZE,
    height,
    centre: { lon: rewrap(centre.lon), lat: centre.lat },
    corners,
    cornersAreFrame,
    scale: scaleFor(factor),
    me: me === null ? null : meIn(place(me.lon, me.lat), height),
    away: me === null ? null : awayFrom(toMetres(me.lon, me.lat)),
  };
}

function partsOf(geometry: GeoJSON.Geometry): { ring: Ring; closed: boolean }[] {
  switch (geometry.type) {
    case "Polygon":
      return geometry.coordinates.map((ring) => ({ ring, closed: true }));
    case "MultiPolygon":
      return geometry.coordinates.flat().map((ring) => ({ ring, closed: true }));
    case "LineString":
      return [{ ring: geometry.coordinates, closed: false }];
    case "MultiLineString":
      return geometry.coordinates.map((ring) => ({ ring, closed: false }));
    case "Point":
      return [{ ring: [geometry.coordinates], closed: false }];
    case "MultiPoint":
      return geometry.coordinates.map((point) => ({ ring: [point], closed: false }));
    case "GeometryCollection":
      return geometry.geometries.flatMap(partsOf);
  }
}

const unroll = (lon: number, origin: number): number =>
  lon - origin > 180 ? lon - 360 : lon - origin < -180 ? lon + 360 : lon;
const rewrap = (lon: number): number => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);

function pathOf(ring: Ring, closed: boolean, place: (lon: number, lat: number) => [number, number]): string {
  const steps = ring.map(([lon = 0, lat = 0], index) => {
    const [x, y] = place(lon, lat);
    return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  // A lone point becomes a dot: a line without length and with round ends.
  if (steps.length === 1) steps.push("h0.01");
  return steps.join("") + (closed ? "Z" : "");
}

function cornersOf(
  parts: readonly { ring: Ring; closed: boolean }[],
  frame: { west: number; east: number; south: number; north: number },
): { corners: LonLat[]; cornersAreFrame: boolean } {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) {
    const ring = only.closed ? only.ring.slice(0, -1) : only.ring;
    if (ring.length <= FEW_CORNERS) {
      return { corners: ring.map(([lon = 0, lat = 0]) => ({ lon, lat })), cornersAreFrame: false };
    }
  }
  const [west, east] = [rewrap(frame.west), rewrap(frame.east)];
  return {
    corners: [
      { lon: west, lat: frame.north },
      { lon: east, lat: frame.north },
      { lon: east, lat: frame.south },
      { lon: west, lat: frame.south },
    ],
    cornersAreFrame: true,
  };
}

function scaleFor(factor: number): { metres: number; length: number } {
  const longest = SIZE / 3 / factor;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = [5, 2, 1].map((n) => n * power).find((each) => each <= longest) ?? power;
  return { metres, length: metres * factor };
}

function meIn([x, y]: [number, number], height: number): { x: number; y: number; inside: boolean } {
  const inside = x >= 6 && x <= SIZE - 6 && y >= 6 && y <= height - 6;
  return { x: clamp(x, 6, SIZE - 6), y: clamp(y, 6, height - 6), inside };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

function awayFrom([x, y]: [number, number]): { distanceM: number; bearingDeg: number } {
  // (x, y) is where I am, seen from the centre: the way back is the opposite.
  const bearing = (Math.atan2(-x, -y) * 180) / Math.PI;
  return { distanceM: Math.hypot(x, y), bearingDeg: (bearing + 360) % 360 };
}
