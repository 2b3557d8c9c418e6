import { describe, expect, it } from "vitest";
import { isUuid7, uuid7 } from "./uuid7";

describe("uuid7", () => {
  it("has the shape of version 7 and carries the time", () => {
    const id = uuid7(4_000_000_000_000);
    expect(isUuid7(id)).toBe(true);
    expect(parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBeGreaterThanOrEqual(4_000_000_000_000);
  });

  it("sorts in the order of making within one millisecond and when the clock is set back", () => {
    const now = 4_100_000_000_000;
    const made = Array.from({ length: 6000 }, (_, index) => uuid7(index < 5000 ? now : now - 60_000));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });
});
