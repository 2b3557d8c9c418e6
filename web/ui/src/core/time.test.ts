import { describe, expect, it } from "vitest";
import { age, clock, clockAndAge, foreignZone, fromLocalInput, minutesSince, toLocalInput } from "./time";

const now = new Date("2026-05-01T12:17:30.000Z");
const words = (key: string, args: Record<string, string | number> = {}): string =>
  [key, ...Object.values(args)].join(" ");

describe("times", () => {
  it("shows the operation's zone, and the date when it is not today there", () => {
    expect(clock("2026-05-01T11:05:00.000Z", "Europe/Moscow", now)).toBe("14:05");
    expect(clock("2026-04-30T20:30:00.000Z", "Europe/Moscow", now)).toBe("30.04 23:30");
    expect(clock("2026-04-30T20:30:00.000Z", "Asia/Vladivostok", now)).toBe("06:30");
  });

  it("says how long ago or how soon in the smallest fitting unit", () => {
    expect(age("2026-05-01T12:17:00.000Z", now, words)).toBe("age-now");
    expect(age("2026-05-01T12:05:30.000Z", now, words)).toBe("age-minutes-ago 12");
    expect(age("2026-05-01T14:00:00.000Z", now, words)).toBe("age-hours-ahead 1 42");
    expect(age("2026-04-28T12:17:30.000Z", now, words)).toBe("age-days-ago 3");
    expect(clockAndAge("2026-05-01T12:05:30.000Z", "UTC", now, words)).toBe("12:05 · age-minutes-ago 12");
    expect(minutesSince("2026-05-01T12:05:31.000Z", now)).toBe(11);
  });

  it("names the zone only for a reader whose clock shows another time", () => {
    expect(foreignZone("Europe/Moscow", now, "Europe/Moscow")).toBeNull();
    expect(foreignZone("Europe/Moscow", now, "Asia/Yekaterinburg")).toBe("UTC+3");
  });

  it("reads a typed local time in the operation's zone, also next to a change of clocks", () => {
    expect(fromLocalInput("2026-05-01T14:05", "Europe/Moscow")).toBe("2026-05-01T11:05:00.000Z");
    expect(fromLocalInput("2026-03-29T03:30", "Europe/Vaduz")).toBe("2026-03-29T01:30:00.000Z");
    expect(fromLocalInput("", "Europe/Moscow")).toBeNull();
    const iso = "2026-10-25T05:00:00.000Z";
    expect(fromLocalInput(toLocalInput(iso, "Europe/Vaduz"), "Europe/Vaduz")).toBe(iso);
  });
});
