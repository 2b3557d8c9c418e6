import type { LonLat, MapGeometry, PlacesGeometry } from "./types";

type Ring = number[][];

/**
 * A place for a label that lies inside the shape: the middle of its widest stretch at mid-height, or the middle
 * of a line, the first of several places. Degrees serve as plane coordinates: it only places text.
 */
export function interiorPoint(geometry: MapGeometry | PlacesGeometry): LonLat | null {
  switch (geometry.type) {
    case "Point":
      return middleOf([geometry.coordinates]);
    case "MultiPoint":
      return middleOf(geometry.coordinates.slice(0, 1));
    case "Polygon":
      return insidePolygon(geometry.coordinates);
    case "MultiPolygon":
      return insidePolygon(largest(geometry.coordinates));
    case "LineString":
      return middleOf(geometry.coordinates);
    case "MultiLineString":
      return middleOf(geometry.coordinates.reduce((a, b) => (b.length > a.length ? b : a), []));
  }
}

function largest(polygons: Ring[][]): Ring[] {
  return polygons.reduce<Ring[]>((best, rings) => (twiceArea(rings[0]) > twiceArea(best[0]) ? rings : best), []);
}

function twiceArea(ring: Ring | undefined): number {
  let sum = 0;
  for (const [[x1, y1], [x2, y2]] of edges(ring ?? [])) sum += x1 * y2 - x2 * y1;
  return Math.abs(sum);
}

function* edges(ring: Ring): Generator<[[number, number], [number, number]]> {
  for (let at = 1; at < ring.length; at++) {
    const [x1 = 0, y1 = 0] = ring[at - 1] ?? [];
    const [x2 = 0, y2 = 0] = ring[at] ?? [];
    yield [[x1, y1], [x2, y2]];
  }
}

function insidePolygon(rings: Ring[]): LonLat | null {
  const heights = (rings[0] ?? []).map(([, y = 0]) => y);
  if (heights.length < 3) return null;
  const low = Math.min(...heights);
  const span = Math.max(...heights) - low;
  let best: { width: number; at: LonLat } | null = null;
  // Three cuts: the one in the middle may meet a narrow waist.
  for (const share of [0.5, 0.35, 0.65]) {
    // A hair off round numbers, so that the cut does not run through a corner.
    const y = low + span * (share + 1e-4);
    const crossings: number[] = [];
    for (const ring of rings) {
      for (const [[x1, y1], [x2, y2]] of edges(ring)) {
        if (y1 > y !== y2 > y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
      }
    }
    crossings.sort((a, b) => a - b);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const [from = 0, to = 0] = crossings.slice(at, at + 2);
      if (best === null || to - from > best.width * 1.2) best = { width: to - from, at: [(from + to) / 2, y] };
    }
  }
  return best?.at ?? null;
}

function middleOf(line: Ring): LonLat | null {
  const [x, y] = line[Math.floor(line.length / 2)] ?? [];
  return x === undefined || y === undefined ? null : [x, y];
}
