/** The words everything on the map is said in: places, shapes, states, looks. Imports nothing. */

export type Language = "ru" | "en";
export type Theme = "light" | "dark" | "sunlight";

/** Longitude and latitude in degrees, in this order, as in GeoJSON. */
export type LonLat = readonly [lon: number, lat: number];

/** West, south, east, north in degrees. `west > east` means that the box crosses 180°. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

export type PolygonGeometry = { type: "Polygon"; coordinates: number[][][] };
export type MultiPolygonGeometry = { type: "MultiPolygon"; coordinates: number[][][][] };
export type LineGeometry =
  | { type: "LineString"; coordinates: number[][] }
  | { type: "MultiLineString"; coordinates: number[][][] };
export type AreaGeometry = PolygonGeometry | MultiPolygonGeometry;
export type MapGeometry = AreaGeometry | LineGeometry;
/** Addresses of a list, as far as their places are known. */
export type PlacesGeometry = { type: "Point"; coordinates: number[] } | { type: "MultiPoint"; coordinates: number[][] };

/** States of CONTRACT 1, derived from a sector's tasks and evidence. */
export const SECTOR_STATES = [
  "planned",
  "assigned",
  "on_task",
  "awaiting_track",
  "searched_proven",
  "searched_partly",
  "to_search_again",
  "blocked",
  "held_by_other",
] as const;
export type SectorState = (typeof SECTOR_STATES)[number];
