/**
 * Letters and numbers of the grid along the edges of the map, as on the edge of a sheet: at every zoom the reader
 * sees in which column and row he is, also where the labels of the sectors are too small or out of sight.
 */

import { boundsOf } from "./bounds";
import type { Bounds, LonLat, SectorOnMap } from "./types";

export type RulerMark = { text: string; at: LonLat; edge: "top" | "left" };

/** Letters and number of a plain cell; sub-cells and pieces (G5-1, Г5б) stand within theirs. */
const CELL = /^(\p{Lu}{1,3})(\d{1,4})(?:[-.\p{Ll}].*)?$/u;

type Span = { from: number; to: number };

function widen(spans: Map<string, Span>, key: string, from: number, to: number): void {
  const held = spans.get(key);
  spans.set(key, held === undefined ? { from, to } : { from: Math.min(held.from, from), to: Math.max(held.to, to) });
}

/** Columns and rows of the labelled cells with their extent; computed once per list of sectors. */
export function gridSpans(sectors: readonly SectorOnMap[]): { columns: Map<string, Span>; rows: Map<string, Span> } {
  const columns = new Map<string, Span>();
  const rows = new Map<string, Span>();
  for (const sector of sectors) {
    const [, letters, number] = CELL.exec(sector.label) ?? [];
    const box = sector.kind === "area" && letters !== undefined ? boundsOf([sector.geometry]) : null;
    if (box === null || letters === undefined || number === undefined) continue;
    widen(columns, letters, box[0], box[2] < box[0] ? box[2] + 360 : box[2]);
    widen(rows, number, box[1], box[3]);
  }
  // One letter or number alone is no grid: natural sectors are labelled A1, A2 ... in any place.
  const isGrid = columns.size > 1 && rows.size > 1 && apart(columns) && apart(rows);
  return isGrid ? { columns, rows } : { columns: new Map(), rows: new Map() };
}

/** Whether the spans lie beside one another, as columns do, and do not run into each other as natural pieces would. */
function apart(spans: Map<string, Span>): boolean {
  const ordered = [...spans.values()].sort((a, b) => a.from - b.from);
  return ordered.every((one, at) => {
    const next = ordered[at + 1];
    return next === undefined || one.to - next.from <= 0.25 * Math.min(one.to - one.from, next.to - next.from);
  });
}

const STEPS = [1, 2, 5, 10, 20, 50, 100];

/** Every n-th mark, so that they do not run into one another. */
function thinned(spans: Map<string, Span>, px_per_deg: number, needed_px: number): [string, Span][] {
  const all = [...spans].sort(([, a], [, b]) => a.from - b.from);
  const typical = all.map(([, { from, to }]) => (to - from) * px_per_deg).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  const step = STEPS.find((one) => one * typical >= needed_px) ?? 100;
  return all.filter((_, at) => at % step === 0);
}

/**
 * Marks along the top and left edge of what is in sight.
 *
 * @param inset shares of the view that panels cover at the left and top, 0..1
 */
export function gridRulers(
  spans: { columns: Map<string, Span>; rows: Map<string, Span> },
  [west, south, eastRaw, north]: Bounds,
  size: { width_px: number; height_px: number },
  inset: { left: number; top: number } = { left: 0, top: 0 },
): RulerMark[] {
  const east = eastRaw < west ? eastRaw + 360 : eastRaw;
  const across = size.width_px / (east - west);
  const up = size.height_px / (north - south);
  const left = west + (east - west) * inset.left;
  const top = north - (north - south) * inset.top;
  const marks: RulerMark[] = [];
  for (const [text, { from, to }] of thinned(spans.columns, across, 26)) {
    // The part of the column that is in sight carries the letter.
    const [a, b] = [Math.max(from, left), Math.min(to, east)];
    if (b > a) marks.push({ text, at: [(a + b) / 2, top - 14 / up], edge: "top" });
  }
  for (const [text, { from, to }] of thinned(spans.rows, up, 20)) {
    const [a, b] = [Math.max(from, south), Math.min(to, top)];
    if (b > a) marks.push({ text, at: [left + 14 / across, (a + b) / 2], edge: "left" });
  }
  return marks;
}
