import { describe, expect, it } from "vitest";
import { formatCoordinates } from "./coordinates";

describe("formatCoordinates", () => {
  it("writes latitude first in degrees, minutes or seconds", () => {
    expect(formatCoordinates(37.61985, 55.75321)).toBe("55.75321, 37.61985");
    expect(formatCoordinates(37.61985, 55.75321, "dmm")).toBe("N 55° 45.193′, E 37° 37.191′");
    expect(formatCoordinates(-0.5, -33.25, "dms")).toBe("S 33° 15′ 00.0″, W 0° 30′ 00.0″");
  });

  it("never shows sixty minutes or seconds", () => {
    expect(formatCoordinates(9.99999999, 59.99999999, "dmm")).toBe("N 60° 00.000′, E 10° 00.000′");
    expect(formatCoordinates(9.99999999, 59.99999999, "dms")).toBe("N 60° 00′ 00.0″, E 10° 00′ 00.0″");
  });
});
