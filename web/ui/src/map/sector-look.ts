import { MAP_TOKENS, type MapTokens } from "./tokens";
import { SECTOR_STATES, type SectorState, type Theme } from "./types";

export type Pattern = "dots" | "diagonal" | "cross" | "hazard" | "upright";
export type Outline = "solid" | "dashed" | "dotted";

/** How a state is drawn: colour and, for eyes that do not see it, pattern and kind of line. */
export type SectorLook = {
  fillOpacity: number;
  pattern: Pattern | null;
  outline: Outline;
  width_px: number;
};

export const SECTOR_LOOKS: Record<SectorState, SectorLook> = {
  planned: { fillOpacity: 0, pattern: null, outline: "solid", width_px: 1 },
  assigned: { fillOpacity: 0, pattern: null, outline: "solid", width_px: 3 },
  on_task: { fillOpacity: 0.3, pattern: null, outline: "dashed", width_px: 3 },
  awaiting_track: { fillOpacity: 0, pattern: "dots", outline: "dotted", width_px: 2.5 },
  searched_proven: { fillOpacity: 0.4, pattern: null, outline: "solid", width_px: 2 },
  searched_partly: { fillOpacity: 0.1, pattern: "diagonal", outline: "solid", width_px: 2 },
  to_search_again: { fillOpacity: 0.1, pattern: "cross", outline: "solid", width_px: 2.5 },
  blocked: { fillOpacity: 0.25, pattern: "hazard", outline: "solid", width_px: 2 },
  held_by_other: { fillOpacity: 0.08, pattern: "upright", outline: "solid", width_px: 3 },
};

export const DASHES: Record<Exclude<Outline, "solid">, [number, number]> = { dashed: [3, 1.5], dotted: [0.8, 1.2] };

export const PATTERN_PIXEL_RATIO = 2;
const TILE_PX = 16 * PATTERN_PIXEL_RATIO;

export const patternImage = (state: SectorState): string => `sector-${state}`;

export function stateOfPattern(image: string): SectorState | null {
  return SECTOR_STATES.find((state) => patternImage(state) === image && SECTOR_LOOKS[state].pattern !== null) ?? null;
}

/** Lines of a pattern over a square of `side`: they meet at its edges, so that it can be repeated. */
function strokes(pattern: Pattern, side: number): { lines: number[][]; dots: number[][]; width: number } {
  const up = [
    [0, side, side, 0],
    [-side / 2, side / 2, side / 2, -side / 2],
    [side / 2, side * 1.5, side * 1.5, side / 2],
  ];
  const down = up.map(([x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => [side - x1, y1, side - x2, y2]);
  if (pattern === "dots") {
    return { lines: [], dots: [[side / 4, side / 4], [(side * 3) / 4, (side * 3) / 4]], width: side / 9 };
  }
  if (pattern === "upright") {
    const lines = [side / 4, (side * 3) / 4].map((x) => [x, 0, x, side]);
    return { lines, dots: [], width: side / 12 };
  }
  if (pattern === "diagonal") return { lines: up, dots: [], width: side / 9 };
  if (pattern === "cross") return { lines: [...up, ...down], dots: [], width: side / 12 };
  return { lines: up, dots: [], width: side / 4 };
}

/** Picture of a state's pattern for the map, or null when the state has none. */
export function patternPicture(state: SectorState, tokens: MapTokens): ImageData | null {
  const { pattern } = SECTOR_LOOKS[state];
  const context = document.createElement("canvas").getContext("2d");
  if (pattern === null || context === null) return null;
  context.canvas.width = context.canvas.height = TILE_PX;
  const { lines, dots, width } = strokes(pattern, TILE_PX);
  context.strokeStyle = context.fillStyle = tokens.state[state];
  context.globalAlpha = pattern === "hazard" ? 0.45 : 0.85;
  context.lineWidth = width;
  for (const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] of lines) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  for (const [x = 0, y = 0] of dots) {
    context.beginPath();
    context.arc(x, y, width, 0, 2 * Math.PI);
    context.fill();
  }
  return context.getImageData(0, 0, TILE_PX, TILE_PX);
}

/**
 * Small picture (SVG text, 28 x 18) of a sector's look, for legends and lists. Never colour alone.
 *
 * It is decoration: the word of the state stands beside it, so it is hidden from screen readers.
 */
export function sectorSwatch(state: SectorState, theme: Theme): string {
  const look = SECTOR_LOOKS[state];
  const colour = MAP_TOKENS[theme].state[state];
  const id = `swatch-${state}-${theme}`;
  const dash = look.outline === "solid" ? "" : ` stroke-dasharray="${DASHES[look.outline].map((n) => n * 2).join(" ")}"`;
  let defs = "";
  let hatch = "";
  if (look.pattern !== null) {
    const { lines, dots, width } = strokes(look.pattern, 8);
    const shapes = [
      ...lines.map(([a, b, c, d]) => `<path d="M${a} ${b}L${c} ${d}" stroke="${colour}" stroke-width="${width}"/>`),
      ...dots.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${width}" fill="${colour}"/>`),
    ].join("");
    defs = `<defs><pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse">${shapes}</pattern></defs>`;
    hatch = `<rect x="2" y="2" width="24" height="14" fill="url(#${id})"/>`;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="18" viewBox="0 0 28 18" aria-hidden="true">${defs}` +
    `<rect x="2" y="2" width="24" height="14" fill="${colour}" fill-opacity="${look.fillOpacity}"/>${hatch}` +
    `<rect x="2" y="2" width="24" height="14" fill="none" stroke="${colour}" stroke-width="${Math.min(look.width_px, 2.5)}"${dash}/></svg>`
  );
}
