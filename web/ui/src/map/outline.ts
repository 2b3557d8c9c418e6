import type { DrawingShape, DrawingState, LineGeometry, LonLat, PolygonGeometry } from "./types";

const EQUATOR_RADIUS_M = 6_378_137;
const ECCENTRICITY_SQUARED = 0.006_694_379_990_14;
const RADIANS = Math.PI / 180;

/**
 * A line or polygon while it is drawn: corners, undo, measures. Knows nothing of the map.
 *
 * Longitudes run on across 180° (181, 182 ...) as the map gives them, so that a shape there stays in one piece.
 */
export class Outline {
  readonly shape: DrawingShape;
  #corners: LonLat[];
  #before: LonLat[][] = [];
  #after: LonLat[][] = [];

  constructor(shape: DrawingShape, corners: readonly LonLat[] = []) {
    this.shape = shape;
    this.#corners = [...corners];
  }

  get corners(): readonly LonLat[] {
    return this.#corners;
  }

  add(at: LonLat): void {
    const last = this.#corners.at(-1);
    // A double click brings the same place twice.
    if (last !== undefined && last[0] === at[0] && last[1] === at[1]) return;
    this.#change([...this.#corners, at]);
  }

  insert(index: number, at: LonLat): void {
    this.#change([...this.#corners.slice(0, index), at, ...this.#corners.slice(index)]);
  }

  /** Moves a corner; `remember` is true for the first step of a drag, so that undo takes back the whole of it. */
  move(index: number, at: LonLat, remember: boolean): void {
    const moved = this.#corners.map((corner, each) => (each === index ? at : corner));
    if (remember) this.#change(moved);
    else this.#corners = moved;
  }

  remove(index: number): void {
    this.#change(this.#corners.filter((_, each) => each !== index));
  }

  undo(): boolean {
    const before = this.#before.pop();
    if (before === undefined) return false;
    this.#after.push(this.#corners);
    this.#corners = before;
    return true;
  }

  redo(): boolean {
    const after = this.#after.pop();
    if (after === undefined) return false;
    this.#before.push(this.#corners);
    this.#corners = after;
    return true;
  }

  /** Corners with the place under the pointer, which is not set yet. */
  withPointer(pointer: LonLat | null): LonLat[] {
    const last = this.#corners.at(-1);
    // Right after a click the pointer is still on the corner that was set.
    const isThere = pointer !== null && last !== undefined && last[0] === pointer[0] && last[1] === pointer[1];
    return pointer === null || isThere ? [...this.#corners] : [...this.#corners, pointer];
  }

  state(pointer: LonLat | null = null): DrawingState {
    const corners = this.withPointer(pointer);
    const isPolygon = this.shape === "polygon";
    return {
      vertices: this.#corners.length,
      area_m2: isPolygon ? areaOf(corners) : 0,
      length_m: lengthOf(isPolygon && corners.length > 2 ? closed(corners) : corners),
      valid: !isPolygon || !crossesItself(corners),
    };
  }

  get complete(): boolean {
    if (this.shape === "line") return this.#corners.length >= 2;
    return this.#corners.length >= 3 && areaOf(this.#corners) > 0 && !crossesItself(this.#corners);
  }

  /** The finished shape; polygons are closed and run counter-clockwise, as GeoJSON wants. Null when incomplete. */
  geometry(): PolygonGeometry | LineGeometry | null {
    if (!this.complete) return null;
    if (this.shape === "line") return { type: "LineString", coordinates: this.#corners.map(([lon, lat]) => [lon, lat]) };
    const ring = signedArea(this.#corners) > 0 ? this.#corners : [...this.#corners].reverse();
    return { type: "Polygon", coordinates: [closed(ring).map(([lon, lat]) => [lon, lat])] };
  }

  #change(corners: LonLat[]): void {
    this.#before.push(this.#corners);
    this.#after = [];
    this.#corners = corners;
  }
}

function closed(corners: readonly LonLat[]): LonLat[] {
  return corners[0] === undefined ? [] : [...corners, corners[0]];
}

/** Metres east and north of the mean of the corners, on the WGS 84 ellipsoid: good to 0.1 % within 50 km. */
function inMetres(corners: readonly LonLat[]): [number, number][] {
  const middle = corners.reduce((sum, [, lat]) => sum + lat, 0) / Math.max(1, corners.length);
  const first = corners[0]?.[0] ?? 0;
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(middle * RADIANS) ** 2;
  const perDegreeEast = (EQUATOR_RADIUS_M / Math.sqrt(w)) * Math.cos(middle * RADIANS) * RADIANS;
  const perDegreeNorth = ((EQUATOR_RADIUS_M * (1 - ECCENTRICITY_SQUARED)) / w ** 1.5) * RADIANS;
  return corners.map(([lon, lat]) => [(lon - first) * perDegreeEast, (lat - middle) * perDegreeNorth]);
}

function signedArea(corners: readonly LonLat[]): number {
  const points = inMetres(corners);
  return points.reduce((sum, [x1, y1], at) => {
    const [x2, y2] = points[(at + 1) % points.length] ?? [0, 0];
    return sum + (x1 * y2 - x2 * y1) / 2;
  }, 0);
}

export function areaOf(corners: readonly LonLat[]): number {
  return corners.length < 3 ? 0 : Math.abs(signedArea(corners));
}

export function lengthOf(corners: readonly LonLat[]): number {
  const points = inMetres(corners);
  return points.slice(1).reduce((sum, [x2, y2], at) => {
    const [x1, y1] = points[at] ?? [x2, y2];
    return sum + Math.hypot(x2 - x1, y2 - y1);
  }, 0);
}

const side = (a: LonLat, b: LonLat, c: LonLat): number =>
  Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** Whether two sides that are not neighbours cross or touch. */
export function crossesItself(corners: readonly LonLat[]): boolean {
  const count = corners.length;
  if (count < 4) return false;
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      const [a, b, c, d] = [corners[i], corners[(i + 1) % count], corners[j], corners[(j + 1) % count]];
      if (a === undefined || b === undefined || c === undefined || d === undefined) continue;
      if (side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)) return true;
    }
  }
  return false;
}
