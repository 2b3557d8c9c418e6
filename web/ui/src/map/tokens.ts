import type { SectorState, Theme } from "./values";

/** Colours of the base map and of what lies on it. State colours are Okabe and Ito's, as in theme/tokens.css. */
export type MapTokens = {
  open: string;
  unknown: string;
  forest: string;
  scrub: string;
  grass: string;
  farmland: string;
  built: string;
  building: string;
  industrial: string;
  rock: string;
  sand: string;
  ice: string;
  wetland: string;
  water: string;
  waterLine: string;
  road: string;
  roadMajor: string;
  roadEdge: string;
  track: string;
  path: string;
  cutline: string;
  rail: string;
  power: string;
  cliff: string;
  barrier: string;
  contour: string;
  labelContour: string;
  label: string;
  labelWater: string;
  halo: string;
  extent: string;
  area: string;
  selected: string;
  sign: string;
  signInk: string;
  alarm: string;
  lkp: string;
  state: Record<SectorState, string>;
};

const STATE_LIGHT: Record<SectorState, string> = {
  planned: "#6b7278",
  assigned: "#0072b2",
  on_task: "#e69f00",
  awaiting_track: "#009e73",
  searched_proven: "#009e73",
  searched_partly: "#009e73",
  to_search_again: "#d55e00",
  blocked: "#555b60",
  held_by_other: "#9b5b87",
};

const LIGHT: MapTokens = {
  open: "#ffffff",
  unknown: "#eceff1",
  forest: "#d3e7c4",
  scrub: "#e3edcf",
  grass: "#f3f7e4",
  farmland: "#faf6e6",
  built: "#efece8",
  building: "#cfc8c0",
  industrial: "#ebe7ee",
  rock: "#e2dfdb",
  sand: "#f6edcf",
  ice: "#eef7fb",
  wetland: "#7fb2cc",
  water: "#b9dcef",
  waterLine: "#5ba3cf",
  road: "#ffffff",
  roadMajor: "#fbd894",
  roadEdge: "#8d8377",
  track: "#7a5b34",
  path: "#9c4a2f",
  cutline: "#6f8a55",
  rail: "#4b4b4b",
  power: "#8a7f99",
  cliff: "#7a5b34",
  barrier: "#5b5b5b",
  contour: "#b98a5a",
  labelContour: "#8a5a2b",
  label: "#26323b",
  labelWater: "#1d5f8a",
  halo: "#ffffff",
  extent: "#b5572a",
  area: "#14212b",
  selected: "#c2007a",
  sign: "#14212b",
  signInk: "#ffffff",
  alarm: "#b3261e",
  lkp: "#b3261e",
  state: STATE_LIGHT,
};

const DARK: MapTokens = {
  open: "#1b2228",
  unknown: "#12171b",
  forest: "#22352a",
  scrub: "#263a2c",
  grass: "#222d26",
  farmland: "#29291f",
  built: "#2a2c2f",
  building: "#44484d",
  industrial: "#2e2b33",
  rock: "#33322f",
  sand: "#3a3626",
  ice: "#2c3a41",
  wetland: "#3d6b80",
  water: "#173a4f",
  waterLine: "#3d86b3",
  road: "#737d85",
  roadMajor: "#b58f45",
  roadEdge: "#0d1215",
  track: "#b89b6c",
  path: "#d18a6d",
  cutline: "#7d9a66",
  rail: "#a3a3a3",
  power: "#8f84a0",
  cliff: "#b89b6c",
  barrier: "#9a9a9a",
  contour: "#8a6a45",
  labelContour: "#c9a57a",
  label: "#dfe6ea",
  labelWater: "#8cc7ea",
  halo: "#11171b",
  extent: "#e08a5b",
  area: "#e4eaee",
  selected: "#ff7ac8",
  sign: "#e4eaee",
  signInk: "#11171b",
  alarm: "#ff8a7a",
  lkp: "#ff8a7a",
  state: {
    ...STATE_LIGHT,
    planned: "#9aa4ac",
    assigned: "#56b4e9",
    awaiting_track: "#35c79b",
    searched_proven: "#1fb587",
    searched_partly: "#1fb587",
    to_search_again: "#ff8a3d",
    blocked: "#9aa4ac",
    held_by_other: "#cc79a7",
  },
};

/** For a screen in the sun: fewer tints, darker lines. */
const SUNLIGHT: MapTokens = {
  ...LIGHT,
  forest: "#c2e0ab",
  scrub: "#ffffff",
  grass: "#ffffff",
  farmland: "#ffffff",
  waterLine: "#00518a",
  roadEdge: "#000000",
  track: "#4d2f00",
  path: "#7a1f00",
  cutline: "#2f5200",
  rail: "#000000",
  power: "#4a3d5c",
  barrier: "#000000",
  contour: "#7a4a1a",
  labelContour: "#5a3000",
  label: "#000000",
  labelWater: "#00395a",
  area: "#000000",
  sign: "#000000",
};

export const MAP_TOKENS: Record<Theme, MapTokens> = { light: LIGHT, dark: DARK, sunlight: SUNLIGHT };
