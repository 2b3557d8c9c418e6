/** How tracks, what they proved and what is missing are drawn. Never colour alone: line, dash and hatch tell too. */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { PATTERN_PIXEL_RATIO } from "./sector-look";
import { LABEL_FONTS } from "./style";
import type { MapTokens } from "./tokens";
import type { Theme } from "./types";

export type ProofTokens = { track: string; missing: string; preview: string };

export const PROOF_TOKENS: Record<Theme, ProofTokens> = {
  light: { track: "#3d2f8f", missing: "#b84a00", preview: "#c2007a" },
  dark: { track: "#c3b5ff", missing: "#ff9a5c", preview: "#ff7ac8" },
  sunlight: { track: "#1d0f6f", missing: "#8a3300", preview: "#8f0059" },
};

export const MISSING_IMAGE = "proof-missing";

/** Lines both ways over a square, so that the missing part is seen on paper and without colour. */
export function missingPicture(tokens: ProofTokens): ImageData | null {
  const side = 16 * PATTERN_PIXEL_RATIO;
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return null;
  context.canvas.width = context.canvas.height = side;
  context.strokeStyle = tokens.missing;
  context.lineWidth = PATTERN_PIXEL_RATIO;
  context.globalAlpha = 0.7;
  for (const [x1, y1, x2, y2] of [[0, side, side, 0], [-2, 2, 2, -2], [side - 2, side + 2, side + 2, side - 2]] as const) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.moveTo(side - x1, y1);
    context.lineTo(side - x2, y2);
    context.stroke();
  }
  return context.getImageData(0, 0, side, side);
}

export function proofLayers(tokens: MapTokens, proof: ProofTokens): LayerSpecification[] {
  const line = { "line-join": "round", "line-cap": "round" } as const;
  const counted: ExpressionSpecification = ["==", ["get", "counted"], true];
  const matched: ExpressionSpecification = ["==", ["get", "matched"], true];
  return [
    {
      id: "swept",
      source: "swept",
      type: "fill",
      paint: { "fill-color": tokens.state.searched_proven, "fill-opacity": 0.38 },
    },
    {
      id: "walked-left-out",
      source: "tracks",
      type: "line",
      filter: ["!", counted],
      paint: { "line-color": proof.track, "line-width": 1, "line-opacity": 0.6, "line-dasharray": [3, 2] },
    },
    {
      id: "walked-halo",
      source: "tracks",
      type: "line",
      filter: counted,
      layout: line,
      paint: { "line-color": tokens.halo, "line-width": 4.5, "line-opacity": 0.7 },
    },
    {
      id: "walked",
      source: "tracks",
      type: "line",
      filter: ["all", counted, matched],
      layout: line,
      paint: { "line-color": proof.track, "line-width": 2 },
    },
    {
      id: "walked-unmatched",
      source: "tracks",
      type: "line",
      filter: ["all", counted, ["!", matched]],
      paint: { "line-color": proof.track, "line-width": 2, "line-dasharray": [1, 1.6] },
    },
    {
      id: "walked-name",
      source: "tracks",
      type: "symbol",
      minzoom: 12,
      filter: counted,
      layout: { "symbol-placement": "line", "text-field": ["get", "label"], "text-font": LABEL_FONTS, "text-size": 11, "symbol-spacing": 350 },
      paint: { "text-color": proof.track, "text-halo-color": tokens.halo, "text-halo-width": 1.5 },
    },
    { id: "missing", source: "missing", type: "fill", paint: { "fill-pattern": MISSING_IMAGE } },
    {
      id: "missing-edge",
      source: "missing",
      type: "line",
      paint: { "line-color": proof.missing, "line-width": 2.5, "line-dasharray": [2, 1.2] },
    },
    {
      id: "call-listened",
      source: "calls",
      type: "circle",
      minzoom: 11,
      filter: ["!", ["has", "label"]],
      paint: { "circle-radius": 5, "circle-color": tokens.halo, "circle-stroke-color": proof.track, "circle-stroke-width": 2 },
    },
    {
      id: "call-listened-dot",
      source: "calls",
      type: "circle",
      minzoom: 11,
      filter: ["!", ["has", "label"]],
      paint: { "circle-radius": 1.8, "circle-color": proof.track },
    },
    {
      id: "call-made",
      source: "calls",
      type: "symbol",
      filter: ["has", "label"],
      layout: { "text-field": ["concat", "◉ ", ["get", "label"]], "text-font": LABEL_FONTS, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": proof.track, "text-halo-color": tokens.halo, "text-halo-width": 2 },
    },
  ];
}

/** A cut that is not made yet, and letters and numbers along the edges. */
export function aidLayers(tokens: MapTokens, proof: ProofTokens): LayerSpecification[] {
  return [
    {
      id: "preview-fill",
      source: "preview",
      type: "fill",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": proof.preview, "fill-opacity": 0.1 },
    },
    { id: "preview-line", source: "preview", type: "line", paint: { "line-color": proof.preview, "line-width": 1.5, "line-dasharray": [4, 2] } },
    {
      id: "preview-point",
      source: "preview",
      type: "circle",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 6, "circle-color": proof.preview, "circle-stroke-color": tokens.halo, "circle-stroke-width": 2 },
    },
    {
      id: "preview-text",
      source: "preview",
      type: "symbol",
      filter: ["has", "label"],
      layout: { "text-field": ["get", "label"], "text-font": LABEL_FONTS, "text-size": 12, "text-anchor": "bottom", "text-offset": [0, -0.7], "text-allow-overlap": true },
      paint: { "text-color": proof.preview, "text-halo-color": tokens.halo, "text-halo-width": 2 },
    },
    {
      id: "ruler",
      source: "rulers",
      type: "symbol",
      layout: { "text-field": ["get", "text"], "text-font": LABEL_FONTS, "text-size": 15, "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": tokens.label, "text-halo-color": tokens.halo, "text-halo-width": 3 },
    },
  ];
}
