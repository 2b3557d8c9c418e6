/** Preview of a split: the two pieces that a line makes of a polygon. The server cuts; this only shows. */

import { ringArea } from "../../core/ground/measure";
import type { AreaGeometry, LonLat } from "../values";
import { crossing, type Line } from "./shapes";

export type SplitPreview =
  /** The line does not cross the whole shape yet. */
  | { kind: "short" }
  | { kind: "pieces"; areas_m2: [number, number] }
  /** More than one passage, or holes in the way: the server will find the pieces. */
  | { kind: "several" };

type Hit = { side: number; share: number; segment: number; along: number; at: LonLat };

function hits(ring: Line, line: Line): Hit[] {
  const found: Hit[] = [];
  for (let side = 0; side + 1 < ring.length; side++) {
    for (let segment = 0; segment + 1 < line.length; segment++) {
      const [a, b, c, d] = [ring[side], ring[side + 1], line[segment], line[segment + 1]];
      if (a === undefined || b === undefined || c === undefined || d === undefined) continue;
      const met = crossing(a, b, c, d);
      // A corner belongs to the side that begins with it, or it would be met twice.
      if (met !== null && met.along < 1 - 1e-12) found.push({ side, share: met.along, segment, along: met.across, at: met.at });
    }
  }
  return found.sort((one, other) => one.segment - other.segment || one.along - other.along);
}

/** Ring from one hit along the outline to the other, and back along the line between them. */
function piece(ring: Line, from: Hit, to: Hit, inner: Line): LonLat[] {
  const count = ring.length - 1;
  const corners: LonLat[] = [from.at];
  let side = from.side;
  if (!(side === to.side && to.share > from.share)) {
    do {
      side = (side + 1) % count;
      corners.push(ring[side] as LonLat);
    } while (side !== to.side);
  }
  return [...corners, to.at, ...inner];
}

export function previewSplit(geometry: AreaGeometry, line: Line): SplitPreview {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const rings = polygons.flatMap((parts) => parts.map((ring) => ring.map(([lon = 0, lat = 0]) => [lon, lat] as const)));
  const met = rings.map((ring) => hits(ring, line));
  const total = met.reduce((sum, one) => sum + one.length, 0);
  if (total < 2) return { kind: "short" };
  const at = met.findIndex((one) => one.length === 2);
  const [ring, pair] = [rings[at], met[at]];
  if (total !== 2 || ring === undefined || pair === undefined) return { kind: "several" };
  const isHole = polygons.some((parts) => parts.slice(1).some((hole) => hole.length === ring.length && hole[0]?.[0] === ring[0]?.[0] && hole[0]?.[1] === ring[0]?.[1]));
  const [first, second] = pair as [Hit, Hit];
  if (isHole) return { kind: "several" };
  const inner = line.slice(first.segment + 1, second.segment + 1);
  const one = ringArea(piece(ring, first, second, [...inner].reverse()));
  const other = ringArea(piece(ring, second, first, inner));
  return { kind: "pieces", areas_m2: [one, other] };
}
