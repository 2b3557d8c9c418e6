import { describe, expect, it } from "vitest";
import { mgrs, sk42, utm, utmPlane } from "./grids";
import { geodesic, lineLength, polygonArea, ringArea } from "./measure";
import { formatCoordinates } from "../coordinates";

/** Written by PROJ 9 and GEOTRANS (pyproj, mgrs of PyPI): lon, lat, UTM, MGRS, СК-42 with GOST R 51794-2008. */
const KNOWN: [number, number, number, number, number, string, number, number, number][] = [
  [37.61985, 55.75321, 37, 413378.42, 6179475.546, "37UDB1337879475", 7, 6182049.542, 7413459.9],
  [9.5401, 47.1452, 32, 540949.996, 5221441.357, "32TNT4094921441", 2, 5223685.797, 2541094.207],
  [131.8855, 43.1155, 52, 734758.014, 4777683.039, "52TGN3475877683", 22, 4779642.049, 22734768.109],
  [-70.5, -33.4, 19, 360505.62, 6303362.288, "19HCD6050503362", 49, -3698187.193, 49360457.529],
  [5.32, 60.39, 32, 297230.22, 6700510.175, "32VKN9723000510", 1, 6699955.369, 1628042.773],
  [15.6, 78.22, 33, 513674.065, 8682991.985, "33XWG1367482991", 3, 8686628.819, 3513819.578],
  [179.9, 65.5, 60, 634155.279, 7267270.761, "60WXT3415567270", 30, 7270297.051, 30634060.323],
  [-179.9, 65.5, 1, 365844.721, 7267270.761, "01WCN6584467270", 31, 7270311.418, 31365637.733],
  [102.5, 51.9, 48, 328004.462, 5752869.716, "48UUC2800452869", 18, 5755205.331, 18327916.116],
];

describe("grids of paper maps", () => {
  it.each(KNOWN)("writes %d, %d as PROJ does", (lon, lat, zone, east, north, square, skZone, x, y) => {
    const written = utm(lon, lat);
    expect(written?.zone).toBe(zone);
    expect(written?.east_m).toBeCloseTo(east, 2);
    expect(written?.north_m).toBeCloseTo(north, 2);
    // Within two centimetres of a metre the next one is written: places are kept to a centimetre.
    const [ours, theirs] = [mgrs(lon, lat)?.replace(/ /g, "").padStart(15, "0") ?? "", square];
    expect(ours.slice(0, 5)).toBe(theirs.slice(0, 5));
    expect(Number(ours.slice(5, 10)) - Math.floor((east + 0.02) % 100_000)).toBe(0);
    expect(Number(ours.slice(10)) - Math.floor((north + 0.02) % 100_000)).toBe(0);
    expect(Math.abs(Number(ours.slice(5, 10)) - Number(theirs.slice(5, 10)))).toBeLessThanOrEqual(1);
    const old = sk42(lon, lat);
    expect(old?.zone).toBe(skZone);
    expect(old?.x_m).toBeCloseTo(x, 2);
    expect(old?.y_m).toBeCloseTo(y, 2);
  });

  it.each(KNOWN)("comes back to %d, %d from the plane of its zone", (lon, lat) => {
    const plane = utmPlane(lon, lat);
    const [east, north] = plane.from(plane.to(lon, lat));
    expect(east).toBeCloseTo(lon, 8);
    expect(north).toBeCloseTo(lat, 8);
  });

  it("has nothing to say near the poles", () => {
    expect(utm(10, 85)).toBeNull();
    expect(mgrs(10, -81)).toBeNull();
    expect(sk42(10, 89)).toBeNull();
  });

  it("counts longitudes beyond 180° as the same place", () => {
    expect(utm(180.1, 65.5)?.east_m).toBeCloseTo(utm(-179.9, 65.5)?.east_m ?? 0, 6);
  });
});

describe("a place as text", () => {
  it("is written in every system that people here read", () => {
    const write = (format: Parameters<typeof formatCoordinates>[2]): string => formatCoordinates(37.61985, 55.75321, format);
    expect(write("dd")).toBe("55.75321, 37.61985");
    expect(write("dmm")).toBe("N 55° 45.193′, E 37° 37.191′");
    expect(write("dms")).toBe("N 55° 45′ 11.6″, E 37° 37′ 11.5″");
    expect(write("utm")).toBe("37U 413378 6179476");
    expect(write("mgrs")).toBe("37U DB 13378 79475");
    expect(write("sk42")).toBe("X 6182050 Y 7413460");
  });

  it("falls back to degrees where a grid ends", () => {
    expect(formatCoordinates(10, 86, "utm")).toBe("86.00000, 10.00000");
  });
});

describe("measuring", () => {
  it.each([
    [[9.53, 47.14], [9.55, 47.15], 1880.757, 53.756762],
    [[37.6, 55.75], [30.3, 59.94], 636254.7927, 320.156084],
    [[179.9, 65], [-179.9, 65], 9435.1023, 89.909369],
    [[10, 0], [10, 0.5], 55287.152, 0],
    [[-70, -33], [151, -34], 11444168.1933, 213.838128],
  ] as [[number, number], [number, number], number, number][])("%j to %j is as GeographicLib says", (from, to, length, bearing) => {
    expect(geodesic(from, to).length_m).toBeCloseTo(length, 2);
    expect(geodesic(from, to).bearing_deg).toBeCloseTo(bearing, 4);
  });

  it("is nothing from a place to itself, and a number between antipodes", () => {
    expect(geodesic([9, 47], [9, 47]).length_m).toBe(0);
    expect(geodesic([0, 0.3], [179.7, -0.2]).length_m).toBeGreaterThan(1.9e7);
  });

  it("adds up lines", () => {
    expect(lineLength([[10, 0], [10, 0.5], [10, 0]])).toBeCloseTo(2 * 55287.152, 2);
    expect(lineLength([])).toBe(0);
  });

  it("measures areas as GeographicLib does, also across 180°, holes taken off", () => {
    const square: [number, number][] = [[9.53, 47.14], [9.55, 47.14], [9.55, 47.15], [9.53, 47.15]];
    expect(ringArea(square) / 1686504.37).toBeCloseTo(1, 5);
    const across: [number, number][] = [[179.95, 65], [-179.95, 65], [-179.95, 65.05], [179.95, 65.05]];
    expect(ringArea(across) / 26274112.58).toBeCloseTo(1, 4);
    const hole: [number, number][] = [[9.535, 47.142], [9.54, 47.142], [9.54, 47.145], [9.535, 47.145]];
    const rings = [square, hole].map((ring) => [...ring, ring[0] ?? [0, 0]].map(([lon, lat]) => [lon, lat]));
    expect(polygonArea({ type: "Polygon", coordinates: rings })).toBeCloseTo(ringArea(square) - ringArea(hole), 3);
  });
});
