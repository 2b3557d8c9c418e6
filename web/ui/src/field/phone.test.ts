import { describe, expect, it } from "vitest";
import type { Alarm } from "../core/entities";
import { makeItem, type OutboxItem } from "../core/outbox/items";
import { compassWord, contactDue } from "./clock-work";
import { copyIsOver, hasGaps } from "./copy";
import { LongPoll, type EventsAnswer } from "./feed";
import { codeFromAddress } from "./join-code";
import { outlineOf } from "./outline";
import { dialable, smsLink, smsText, sosStage } from "./sos";
import { readCoordinates } from "./typed-coordinates";

const HOUR_MS = 3_600_000;

describe("sosStage", () => {
  const sos = (more: Partial<OutboxItem> = {}): OutboxItem => ({
    ...makeItem(
      { operationId: "op", kind: "sos_raised", payload: {} },
      { id: "s1", atMs: 1_000 },
      { id: "d", dseq: 1 },
    ),
    ...more,
  });
  const alarm = (state: string): Record<string, Alarm> =>
    ({ s1: { version: 1, state, by_name: "Дежурный", taken_at: "T" } }) as unknown as Record<string, Alarm>;
  const stage = (item: OutboxItem, nowMs: number, alarms = {}, away = new Set<string>()): string =>
    sosStage([item], "op", alarms, away, nowMs).stage;

  it("fills the screen when nothing was stored for 10 seconds", () => {
    expect(stage(sos(), 10_999)).toBe("sending");
    expect(stage(sos(), 11_000)).toBe("not_delivered");
  });

  it("counts a clock put back as late rather than as early", () => {
    expect(stage(sos(), 0)).toBe("not_delivered");
  });

  it("does not wait 10 seconds for an SOS that headquarters refused", () => {
    expect(stage(sos({ state: "tray" }), 1_001)).toBe("not_delivered");
  });

  it("turns to filed once stored, to taken once a person took it, and goes with the closing", () => {
    const filed = sos({ state: "filed", seq: 5 });
    expect(stage(filed, 99_000)).toBe("filed");
    expect(stage(filed, 99_000, alarm("open"))).toBe("filed");
    expect(stage(filed, 99_000, alarm("taken"))).toBe("taken");
    expect(stage(filed, 99_000, alarm("closed"))).toBe("none");
    expect(stage(filed, 99_000, {}, new Set(["s1"]))).toBe("none");
  });
});

describe("the ready message", () => {
  const parts = {
    heading: "SOS!",
    name: "Иван Пробный",
    callsign: "Лиса-12",
    operation: "2026-38-0147",
    time: "14:05",
    noPosition: "место неизвестно",
  };

  it("holds name, callsign, coordinates with latitude first, time and number of the search", () => {
    const fix = { lon: 37.6, lat: 55.75, accuracy_m: 12, at: "T" };
    expect(smsText(parts, fix)).toBe("SOS!\nИван Пробный, Лиса-12\n55.75000, 37.60000 ±12 м\n14:05\n2026-38-0147");
    expect(smsText({ ...parts, callsign: null }, null)).toContain("место неизвестно");
  });

  it("becomes a link that phones understand", () => {
    expect(dialable("+7 (000) 123-45-67")).toBe("+70001234567");
    expect(smsLink("8 000 1", "a b\nc")).toBe("sms:80001?&body=a%20b%0Ac");
  });
});

describe("outlineOf", () => {
  const square = (west: number, south: number, size: number): GeoJSON.Polygon => ({
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
      ],
    ],
  });

  it("gives a square's own four corners and its centre", () => {
    const outline = outlineOf(square(10, 50, 0.01), null);
    expect(outline?.corners).toHaveLength(4);
    expect(outline?.cornersAreFrame).toBe(false);
    expect(outline?.centre.lon).toBeCloseTo(10.005, 6);
    expect(outline?.centre.lat).toBeCloseTo(50.005, 6);
  });

  it("draws metres alike in both directions at 60 N", () => {
    const outline = outlineOf(square(10, 60, 0.01), null);
    const xs = [...(outline?.paths[0]?.d.matchAll(/[ML](-?[\d.]+)/g) ?? [])].map((match) => Number(match[1]));
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(212 / 2, 0);
  });

  it("keeps a sector over 180 degrees in one piece", () => {
    const geometry: GeoJSON.MultiPolygon = {
      type: "MultiPolygon",
      coordinates: [square(179.99, 65, 0.01).coordinates, square(-180, 65, 0.01).coordinates],
    };
    const outline = outlineOf(geometry, null);
    expect(Math.abs(outline?.centre.lon ?? 0)).toBeCloseTo(180, 6);
    expect(outline?.scale.metres).toBeLessThan(1_000);
  });

  it("tells distance and direction from me to the centre, and keeps me on the drawing", () => {
    const outline = outlineOf(square(10, 50, 0.01), { lon: 10.005, lat: 49.995 });
    expect(outline?.away?.distanceM).toBeCloseTo(1_112, 0);
    expect(compassWord(outline?.away?.bearingDeg ?? 0)).toBe("n");
    expect(outline?.me?.inside).toBe(false);
  });

  it("offers the frame where a shape has many corners, and nothing for an empty shape", () => {
    const line: GeoJSON.LineString = {
      type: "LineString",
      coordinates: Array.from({ length: 20 }, (_, n) => [10 + n / 1000, 50 + (n % 3) / 1000]),
    };
    expect(outlineOf(line, null)).toMatchObject({ cornersAreFrame: true, corners: { length: 4 } });
    expect(outlineOf({ type: "MultiPolygon", coordinates: [] }, null)).toBeNull();
  });
});

describe("readCoordinates", () => {
  it.each([
    ["56.12345, 37.6789", 37.6789, 56.12345],
    ["56,12345 37,6789", 37.6789, 56.12345],
    ["N 56 07.407 E 37 40.734", 37.6789, 56.12345],
    ["56°07'24.42\" с.ш. 37°40'44.04\" в.д.", 37.6789, 56.12345],
    ["E 37.6789 N 56.12345", 37.6789, 56.12345],
    ["-33.5 W 70.5", -70.5, -33.5],
  ])("reads %s", (text, lon, lat) => {
    const place = readCoordinates(text);
    expect(place?.lon).toBeCloseTo(lon, 4);
    expect(place?.lat).toBeCloseTo(lat, 4);
  });

  it.each(["", "56.1", "95.0 37.0", "56 61 37 10", "56.1 37.2 11"])("refuses '%s'", (text) => {
    expect(readCoordinates(text)).toBeNull();
  });
});

describe("the local copy", () => {
  const copy = (operation: Record<string, unknown>) => ({
    operationId: "op",
    epoch: "E",
    seq: 1,
    state: { operation: { op: { version: 1, ...operation } } },
    heardAtMs: 0,
  });

  it("goes 12 hours after the search was closed", () => {
    const closed = copy({ state: "closed/not_found", closed_at: new Date(0).toISOString() });
    expect(copyIsOver(closed, 12 * HOUR_MS - 1)).toBe(false);
    expect(copyIsOver(closed, 12 * HOUR_MS)).toBe(true);
  });

  it("stays while the search goes on, but not for ever without word", () => {
    expect(copyIsOver(copy({ state: "active" }), 13 * HOUR_MS)).toBe(false);
    expect(copyIsOver(copy({ state: "active" }), 15 * 24 * HOUR_MS)).toBe(true);
  });

  it("has gaps when it names a team whose beginning was never seen", () => {
    expect(hasGaps({ teams: { t: { version: 1, leader_id: "x" } } })).toBe(true);
    expect(hasGaps({ teams: { t: { version: 1, callsign: "Лиса-1" } }, tasks: {} })).toBe(false);
  });
});

describe("contactDue", () => {
  const task = { state: "on_task" as const, contact_every_min: 60, state_at: new Date(0).toISOString() };

  it("asks when the interval has passed, counting own unsent reports", () => {
    expect(contactDue(task, null, null, HOUR_MS)).toEqual({ isDue: true, minutes: 60 });
    expect(contactDue(task, null, HOUR_MS / 2, HOUR_MS)).toEqual({ isDue: false, minutes: 30 });
  });

  it("asks nothing of a team at headquarters or without an interval", () => {
    expect(contactDue({ ...task, state: "assigned" }, null, null, 9 * HOUR_MS)).toBeNull();
    expect(contactDue({ ...task, contact_every_min: null }, null, null, 9 * HOUR_MS)).toBeNull();
  });
});

describe("codeFromAddress", () => {
  it("reads the code after the hash or in the query", () => {
    expect(codeFromAddress("https://hq.example/field/#ABCDE23456")).toBe("ABCDE23456");
    expect(codeFromAddress("https://hq.example/field?code=ABCDE23456")).toBe("ABCDE23456");
    expect(codeFromAddress("https://hq.example/field")).toBeNull();
    expect(codeFromAddress("https://hq.example/field#%3Cscript%3E")).toBeNull();
  });
});

describe("LongPoll", () => {
  it("takes a snapshot first, then events, and a snapshot again after another epoch", async () => {
    const steps: string[] = [];
    let position: { epoch: string; seq: number } | null = null;
    const answers: EventsAnswer[] = [
      { epoch: "E", head: 6, events: [{ seq: 6 }] },
      { epoch: "F", head: 1, events: [] },
    ];
    const poll: LongPoll = new LongPoll({
      position: () => position,
      snapshot: () => {
        steps.push("snapshot");
        position = { epoch: "E", seq: 5 };
        return Promise.resolve();
      },
      events: (after, epoch) => {
        steps.push(`events after ${String(after)} of ${epoch}`);
        const answer = answers.shift();
        if (answer !== undefined) return Promise.resolve(answer);
        poll.stop();
        return Promise.reject(new Error("end of the test"));
      },
      onEvents: (events) => {
        position = { epoch: "E", seq: events.at(-1)?.seq ?? 5 };
        return true;
      },
      onAnswer: () => undefined,
      onSilence: () => undefined,
      isFinal: () => false,
      onRefused: () => undefined,
      sleep: () => Promise.resolve(),
      random: () => 0,
    });
    await poll.run();
    expect(steps).toEqual([
      "snapshot",
      "events after 5 of E",
      "events after 6 of E",
      "snapshot",
      "events after 5 of E",
    ]);
  });

  it("pauses after a failure and stops for good when the right is gone", async () => {
    let refused = false;
    let sleeps = 0;
    const failures = [new Error("network"), new Error("final")];
    const poll = new LongPoll({
      position: () => null,
      snapshot: () => Promise.reject(failures.shift() ?? new Error("none")),
      events: () => Promise.reject(new Error("unused")),
      onEvents: () => true,
      onAnswer: () => undefined,
      onSilence: () => undefined,
      isFinal: (error) => error instanceof Error && error.message === "final",
      onRefused: () => (refused = true),
      sleep: () => {
        sleeps += 1;
        return Promise.resolve();
      },
      random: () => 1,
    });
    await poll.run();
    expect([refused, sleeps]).toEqual([true, 1]);
  });
});
