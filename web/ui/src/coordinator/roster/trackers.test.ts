import { describe, expect, it } from "vitest";
import { settingsOf } from "./trackers";

describe("lines for tracking apps", () => {
  it("carry the token and say that OsmAnd sends metres per second", () => {
    const lines = settingsOf({ tracker_id: "t", token: "AB2", osmand_url: "https://hq.example/osmand/", owntracks_url: "https://hq.example/owntracks/" });
    expect(lines.map((line) => line.key)).toEqual(["traccar-url", "traccar-id", "osmand", "owntracks-url", "owntracks-password"].map((key) => `trackers-setting-${key}`));
    expect(lines[2]?.value).toMatch(/^https:\/\/hq\.example\/osmand\/\?id=AB2&lat=\{0\}.*&unit=mps$/);
  });
});
