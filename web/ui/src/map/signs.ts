import { MISSING_IMAGE, missingPicture, PROOF_TOKENS } from "./proof-look";
import { MAP_TOKENS, type MapTokens } from "./tokens";
import type { PointRole, Theme } from "./types";
import { WETLAND_IMAGE } from "./style";
import { PATTERN_PIXEL_RATIO, patternPicture, stateOfPattern } from "./sector-look";

const SIGN_PX = 28 * PATTERN_PIXEL_RATIO;
const ROLES: readonly PointRole[] = ["lkp", "entry", "headquarters", "find", "clue", "alarm", "radio"];

export const signImage = (role: PointRole): string => `sign-${role}`;

/** Every picture that our styles name, drawn when the map first asks for it. */
export function pictureFor(image: string, theme: Theme): ImageData | null {
  const tokens = MAP_TOKENS[theme];
  if (image === MISSING_IMAGE) return missingPicture(PROOF_TOKENS[theme]);
  if (image === WETLAND_IMAGE) return wetland(tokens);
  const state = stateOfPattern(image);
  if (state !== null) return patternPicture(state, tokens);
  const role = ROLES.find((each) => signImage(each) === image);
  return role === undefined ? null : sign(role, tokens);
}

function canvas(size: number): CanvasRenderingContext2D | null {
  const context = document.createElement("canvas").getContext("2d");
  if (context !== null) context.canvas.width = context.canvas.height = size;
  return context;
}

/** Rows of short strokes, as marsh is drawn on topographic maps. */
function wetland(tokens: MapTokens): ImageData | null {
  const size = 24 * PATTERN_PIXEL_RATIO;
  const context = canvas(size);
  if (context === null) return null;
  context.strokeStyle = tokens.wetland;
  context.lineWidth = PATTERN_PIXEL_RATIO;
  context.beginPath();
  for (const [x, y, length] of [[2, 6, 12], [14, 12, 9], [4, 18, 10], [17, 22, 6]] as const) {
    context.moveTo(x * PATTERN_PIXEL_RATIO, y * PATTERN_PIXEL_RATIO);
    context.lineTo((x + length) * PATTERN_PIXEL_RATIO, y * PATTERN_PIXEL_RATIO);
  }
  context.stroke();
  return context.getImageData(0, 0, size, size);
}

/** Signs differ by shape, not by colour alone; paths are in a square of 28. */
const PATHS: Record<PointRole, string> = {
  lkp: "M14 3a11 11 0 1 0 .01 0ZM14 8v12M8 14h12",
  entry: "M8 26V4l14 6-14 6",
  headquarters: "M3 24 14 4l11 20ZM14 24v-8",
  find: "m14 2 3.4 7.8 8.4.8-6.4 5.6 2 8.3-7.4-4.4-7.4 4.4 2-8.3-6.4-5.6 8.4-.8Z",
  clue: "m14 3 11 11-11 11L3 14ZM14 9v6M14 18v1",
  alarm: "M14 2 27 25H1ZM14 10v7M14 20v2",
  radio: "M14 26C7 18 6 15 6 11a8 8 0 1 1 16 0c0 4-1 7-8 15ZM14 7v7",
};

function sign(role: PointRole, tokens: MapTokens): ImageData | null {
  const context = canvas(SIGN_PX);
  if (context === null) return null;
  context.scale(PATTERN_PIXEL_RATIO, PATTERN_PIXEL_RATIO);
  context.lineJoin = context.lineCap = "round";
  const path = new Path2D(PATHS[role]);
  const colour = role === "alarm" ? tokens.alarm : role === "lkp" ? tokens.lkp : tokens.sign;
  context.strokeStyle = tokens.halo;
  context.lineWidth = 6;
  context.stroke(path);
  context.fillStyle = role === "entry" || role === "find" || role === "alarm" ? colour : tokens.halo;
  context.fill(path);
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.stroke(path);
  if (role === "alarm") {
    context.strokeStyle = tokens.signInk;
    context.stroke(new Path2D("M14 10v7M14 20v2"));
  }
  return context.getImageData(0, 0, SIGN_PX, SIGN_PX);
}
