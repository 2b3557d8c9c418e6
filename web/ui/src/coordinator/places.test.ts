import { describe, expect, it } from "vitest";
import { nearestFirst } from "./places";

describe("nearestFirst", () => {
  const readings = [{ lon: 47.15, lat: 9.52 }, { lon: 9.52, lat: 47.15 }];

  it("puts the reading near the search first, also across 180 degrees", () => {
    expect(nearestFirst(readings, { lon: 9.5, lat: 47.1 })[0]).toEqual(readings[1]);
    const east = [{ lon: 100, lat: 66 }, { lon: -179.9, lat: 66 }];
    expect(nearestFirst(east, { lon: 179.9, lat: 66 })[0]).toEqual(east[1]);
  });

  it("keeps the order of the server when nothing says where the search is", () => {
    expect(nearestFirst(readings, null)).toEqual(readings);
  });
});
