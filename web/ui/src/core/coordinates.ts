/** Writing coordinates; reading typed ones is the server's work (`GET /api/coordinates`). */

import { mgrs, sk42, utm } from "./ground/grids";

export type CoordinateFormat = "dd" | "dmm" | "dms" | "utm" | "sk42" | "mgrs";
/** What a phone offers; desks, with paper maps beside them, offer the grids too. */
export const COORDINATE_FORMATS: readonly CoordinateFormat[] = ["dd", "dmm", "dms"];
export const DESK_COORDINATE_FORMATS: readonly CoordinateFormat[] = [...COORDINATE_FORMATS, "utm", "sk42", "mgrs"];

function split(value: number, parts: 1 | 2, decimals: number): string {
  // Rounded in the smallest unit first, so that 59.9999 minutes never appear as 60.
  const scale = 60 ** parts * 10 ** decimals;
  let rest = Math.round(Math.abs(value) * scale) / 10 ** decimals;
  const width = decimals > 0 ? decimals + 3 : 2;
  if (parts === 1) {
    const degrees = Math.floor(rest / 60);
    return `${String(degrees)}° ${(rest - degrees * 60).toFixed(decimals).padStart(width, "0")}′`;
  }
  const degrees = Math.floor(rest / 3600);
  rest -= degrees * 3600;
  const minutes = Math.floor(rest / 60);
  const seconds = (rest - minutes * 60).toFixed(decimals).padStart(width, "0");
  return `${String(degrees)}° ${String(minutes).padStart(2, "0")}′ ${seconds}″`;
}

/** In metres of a grid; null where the grid ends. */
function inGrid(lon: number, lat: number, format: CoordinateFormat): string | null {
  const whole = (value_m: number): string => String(Math.round(value_m));
  if (format === "utm") {
    const at = utm(lon, lat);
    return at === null ? null : `${String(at.zone)}${at.band} ${whole(at.east_m)} ${whole(at.north_m)}`;
  }
  if (format === "sk42") {
    const at = sk42(lon, lat);
    return at === null ? null : `X ${whole(at.x_m)} Y ${whole(at.y_m)}`;
  }
  return mgrs(lon, lat);
}

/** Write a place, latitude first as people say it: `55.75321, 37.61985`; near the poles, where no grid is, in degrees. */
export function formatCoordinates(lon: number, lat: number, format: CoordinateFormat = "dd"): string {
  if (format === "utm" || format === "sk42" || format === "mgrs") {
    return inGrid(lon, lat, format) ?? formatCoordinates(lon, lat);
  }
  if (format === "dd") return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const write = (value: number): string => (format === "dmm" ? split(value, 1, 3) : split(value, 2, 1));
  return `${lat < 0 ? "S" : "N"} ${write(lat)}, ${lon < 0 ? "W" : "E"} ${write(lon)}`;
}
