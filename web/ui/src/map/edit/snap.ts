/** What the pointer is drawn to: corners first, then borders of what is already on the map. */

import type { LonLat, MapGeometry } from "../values";
import { linesOf } from "./shapes";

export type Snap = { at: LonLat; on: "corner" | "edge" };

/** Corners and borders of many shapes, flat, for one look through them per movement of the pointer. */
export class SnapTargets {
  readonly #segments: Float64Array;

  constructor(geometries: Iterable<MapGeometry>) {
    const flat: number[] = [];
    for (const geometry of geometries) {
      for (const line of linesOf(geometry)) {
        for (let at = 1; at < line.length; at++) {
          const [from, to] = [line[at - 1], line[at]];
          if (from !== undefined && to !== undefined) flat.push(from[0], from[1], to[0], to[1]);
        }
      }
    }
    this.#segments = Float64Array.from(flat);
  }

  /**
   * The nearest corner within reach, else the nearest place on a border.
   *
   * @param reach_deg how far to look, in degrees of latitude: some pixels at the present zoom
   * @param except a corner being moved is not drawn to itself
   */
  near(pointer: LonLat, reach_deg: number, except: LonLat | null = null): Snap | null {
    // Degrees of longitude shortened to those of latitude: the map is conformal, so this is distance on the screen.
    const squeeze = Math.cos((pointer[1] * Math.PI) / 180);
    const held = this.#segments;
    let [corner, cornerFar]: [LonLat | null, number] = [null, reach_deg];
    let [edge, edgeFar]: [LonLat | null, number] = [null, reach_deg];
    for (let i = 0; i < held.length; i += 4) {
      const [ax, ay, bx, by] = [held[i] as number, held[i + 1] as number, held[i + 2] as number, held[i + 3] as number];
      const reach_lon = reach_deg / squeeze;
      if (Math.min(ax, bx) - pointer[0] > reach_lon || pointer[0] - Math.max(ax, bx) > reach_lon) continue;
      if (Math.min(ay, by) - pointer[1] > reach_deg || pointer[1] - Math.max(ay, by) > reach_deg) continue;
      const [px, py] = [(pointer[0] - ax) * squeeze, pointer[1] - ay];
      const [dx, dy] = [(bx - ax) * squeeze, by - ay];
      const isHeld = except !== null && ((ax === except[0] && ay === except[1]) || (bx === except[0] && by === except[1]));
      if (isHeld) continue;
      const [toA, toB] = [Math.hypot(px, py), Math.hypot(px - dx, py - dy)];
      if (toA < cornerFar) [corner, cornerFar] = [[ax, ay], toA];
      if (toB < cornerFar) [corner, cornerFar] = [[bx, by], toB];
      const length2 = dx * dx + dy * dy;
      const share = length2 === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length2));
      const toEdge = Math.hypot(px - share * dx, py - share * dy);
      if (toEdge < edgeFar) [edge, edgeFar] = [[ax + share * (bx - ax), ay + share * (by - ay)], toEdge];
    }
    if (corner !== null) return { at: corner, on: "corner" };
    return edge === null ? null : { at: edge, on: "edge" };
  }
}
