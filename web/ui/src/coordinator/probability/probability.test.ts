import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { addTexts } from "../../core/i18n.svelte";
import { clueWish, type ClueForm } from "./clue-form";
import type { EffortRead, ProbabilityMap, ScenarioRead, SectorProbability } from "./entities";
import { askedAt, inOrder, placeOf, shownMap } from "./history";
import { massesOf, mixed, mixedCells, mixedSectors, normalised } from "./mixing";
import { pictureOf, rampOf, rangeOf, type Rgb, STEPS, stepsOf } from "./ramp";
import { ranked, restOf } from "./ranking";
import { emptyScenario, formOf, isWhole, wishOf } from "./scenario-form";
import { effortWish, leftOut, teamsNow, withMore, worthwhile } from "./what-if";
import { causesText, changeText, densityText, gainText, shareText, whyTexts } from "./words";

const scenario = (id: string, weight: number, parts: Partial<ScenarioRead> = {}): ScenarioRead => ({
  scenario_id: id, weight, in_area: 0, outside_area: 0, beyond: 0, category_used: null, source: null, n: null,
  small_sample: false, notices: [], ...parts,
});
const sector = (id: string, share: number, more: Partial<SectorProbability> = {}): SectorProbability => ({
  sector_id: id, label: id, share, responsive: share / 2, unresponsive: share / 2, density_per_km2: 0, next_best_per_h: 0,
  pod_responsive: 0, pod_unresponsive: 0, why: { scenarios: [], pulls: [], even: 1 }, ...more,
});
const total = (values: Iterable<number>): number => [...values].reduce((sum, one) => sum + one, 0);

// Two scenarios of four cells, partly searched already, and one in which the person is elsewhere.
const NEAR = scenario("near", 60, { in_area: 0.5, outside_area: 0.125, beyond: 0.125 });
const FAR = scenario("far", 20, { in_area: 0.25, outside_area: 0.25, beyond: 0.5 });
const GONE = scenario("gone", 20, { beyond: 1 });
const SCENARIOS = [NEAR, FAR, GONE];
const MASSES = [[0.25, 0.25, 0.125, 0], [0, 0.25, 0, 0.25], [0, 0, 0, 0]].map((cells) => Float32Array.from(cells));
const LATTICE = { west_m: 0, south_m: 0, cell_m: 500, rows: 2, columns: 2, corners: [[9, 48], [10, 48], [10, 47], [9, 47]] } as const;

describe("scenarios put together", () => {
  it("weighs shares that sum to one, and alike when all weights are zero", () => {
    expect(normalised([60, 20, 20])).toEqual([0.6, 0.2, 0.2]);
    expect(normalised([0, 0])).toEqual([0.5, 0.5]);
  });

  it.each([{}, { near: 0 }, { near: 0, far: 0, gone: 0 }, { gone: 100 }, { near: 3, far: 97 }])("sums to one with the rest of the world under %j", (weights) => {
    const mix = mixed(SCENARIOS, weights);
    if (mix === null) throw new Error("nothing mixed");
    const cells = mixedCells(MASSES, mix.factors);
    expect(mix.in_area + mix.outside_area + mix.beyond).toBeCloseTo(1, 12);
    expect(total(cells) + mix.beyond).toBeCloseTo(1, 6);
  });

  it("is one scenario when the others have no weight", () => {
    const mix = mixed(SCENARIOS, { far: 0, gone: 0 });
    expect([...mixedCells(MASSES, mix?.factors ?? [])].map((one) => Number(one.toFixed(6)))).toEqual([0.333333, 0.333333, 0.166667, 0]);
    expect(mix?.beyond).toBeCloseTo(0.125 / 0.75, 12);
  });

  it("has nothing to mix without scenarios or when nothing is left", () => {
    expect(mixed([], {})).toBeNull();
    expect(mixed([scenario("found", 10)], {})).toBeNull();
  });

  it("reads the raster scenario by scenario and refuses one of another size", () => {
    const bytes = new ArrayBuffer(3 * 4 * 4);
    const view = new DataView(bytes);
    MASSES.forEach((mass, at) => { mass.forEach((value, cell) => { view.setFloat32((at * 4 + cell) * 4, value, true); }); });
    const read = { lattice: { ...LATTICE, corners: [...LATTICE.corners] as never }, scenarios: SCENARIOS };
    expect(massesOf(bytes, read)).toEqual(MASSES);
    expect(() => massesOf(bytes.slice(4), read)).toThrow(RangeError);
  });

  it("moves the sectors with the sliders, and waits for the server where a scenario had no weight", () => {
    // The sectors are the upper and the lower row of cells.
    const at = mixed(SCENARIOS, {});
    if (at === null) throw new Error("nothing mixed");
    const rows = [[0, 1], [2, 3]].map((cells, number) => {
      const of = MASSES.map((mass, index) => total(cells.map((cell) => mass[cell] ?? 0)) * (at.factors[index] ?? 0));
      const share = total(of);
      return sector(String(number), share, { why: { pulls: [], even: 1, scenarios: SCENARIOS.map(({ scenario_id }, index) => ({ scenario_id, share: (of[index] ?? 0) / share })) } });
    });
    const weights = { near: 10, far: 80 };
    const moved = mixed(SCENARIOS, weights);
    const cells = mixedCells(MASSES, moved?.factors ?? []);
    const shares = mixedSectors({ scenarios: SCENARIOS, sectors: rows }, weights);
    expect(shares?.get("0")).toBeCloseTo((cells[0] ?? 0) + (cells[1] ?? 0), 6);
    expect(shares?.get("1")).toBeCloseTo((cells[2] ?? 0) + (cells[3] ?? 0), 6);
    expect(mixedSectors({ scenarios: [scenario("new", 0, { in_area: 1 }), NEAR], sectors: rows }, { new: 50 })).toBeNull();
  });
});

describe("the heat map", () => {
  const lightness = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

  it("has colours that are told apart by lightness alone, the other way round at night", () => {
    const light = rampOf("light").map(lightness);
    expect(light).toEqual([...light].sort((a, b) => b - a));
    light.slice(1).forEach((value, at) => { expect((light[at] ?? 0) - value).toBeGreaterThan(12); });
    expect(rampOf("dark")).toEqual([...rampOf("light")].reverse());
  });

  it("steps evenly through what the map has to say, in short figures", () => {
    expect(stepsOf({ low: 0.002, high: 0.128 })).toEqual([0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.13]);
    expect(stepsOf({ low: 1, high: 8 })).toHaveLength(STEPS);
    expect(stepsOf(null)).toEqual([]);
  });

  it("takes the densest part as its upper end, not one single cell, and makes no mountain of an even map", () => {
    const cells = new Float32Array(1000).fill(0.00096);
    cells[7] = 0.04;
    const range = rangeOf(cells, 0.25);
    expect(range?.high).toBeLessThan(0.01);
    expect((range?.high ?? 0) / (range?.low ?? 1)).toBeCloseTo(8, 6);
    expect(rangeOf(new Float32Array(4), 0.25)).toBeNull();
  });

  it("draws the north first, clear where there is hardly anything", () => {
    const picture = pictureOf(Float32Array.from([0.5, 0, 0.0001, 0.01]), LATTICE, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2], "light");
    expect([picture.width, picture.height]).toEqual([2, 2]);
    expect([...picture.rgba.slice(0, 3)]).toEqual(rampOf("light").at(-1));
    expect([...picture.rgba.slice(4, 12)].every((value) => value === 0)).toBe(true);
    expect([...picture.rgba.slice(12, 15)]).toEqual(rampOf("light")[0]);
    const alphas = [3, 15].map((at) => picture.rgba[at] ?? 0);
    expect(alphas[0]).toBeGreaterThan(alphas[1] ?? 0);
  });
});

describe("the history", () => {
  const map = (id: string, version: number): ProbabilityMap & { id: string } => ({
    id, version, made_at: "2026-11-22T07:00:00Z", causes: [], in_area: 1, outside_area: 0, beyond: 0, found: 0, notices: [],
  });
  const maps = inOrder([map("b", 12), map("c", 30), map("a", 3)]);

  it("goes by the log and shows the newest unless another is asked for", () => {
    expect(maps.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(shownMap(maps, null)?.id).toBe("c");
    expect(shownMap(maps, "a")?.id).toBe("a");
    expect(shownMap(maps, "gone")?.id).toBe("c");
    expect(shownMap([], null)).toBeNull();
  });

  it("follows new maps when the slider stands at its end", () => {
    expect([0, 1, 2, 9].map((place) => askedAt(maps, place))).toEqual(["a", "b", null, null]);
    expect([placeOf(maps, "b"), placeOf(maps, null)]).toEqual([1, 2]);
  });
});

describe("what if", () => {
  it("begins with the teams that are there, on foot without any", () => {
    const teams = [{ kind: "dog", disbanded: false }, { kind: "foot", disbanded: false }, { kind: "foot", disbanded: true }] as const;
    expect(teamsNow(teams)).toEqual([{ kind: "foot", count: 1, hours: 4 }, { kind: "dog", count: 1, hours: 4 }]);
    expect(teamsNow([])).toEqual([{ kind: "foot", count: 1, hours: 4 }]);
  });

  it("adds teams to their kind or as a kind of their own", () => {
    const rows = [{ kind: "foot", count: 3, hours: 5 }] as const;
    expect(withMore(rows, "foot", 2)).toEqual([{ kind: "foot", count: 5, hours: 5 }]);
    expect(withMore(rows, "dog", 1)).toEqual([{ kind: "foot", count: 3, hours: 5 }, { kind: "dog", count: 1, hours: 5 }]);
    expect(withMore(rows, "dog", 0)).toEqual(rows);
  });

  it("asks only about teams with hours, each sector once", () => {
    const rows = [{ kind: "foot", count: 2, hours: 4 }, { kind: "boat", count: 0, hours: 4 }, { kind: "dog", count: 1, hours: 0 }] as const;
    expect(effortWish(rows, ["x", "y", "x"])).toEqual({ teams: [{ kind: "foot", count: 2, hours: 4 }], first: ["x", "y"] });
    expect(effortWish([{ kind: "foot", count: 0, hours: 4 }], [])).toBeNull();
    expect(effortWish([{ kind: "foot", count: 1.5, hours: 4 }], [])).toBeNull();
  });

  it("lists what gets hours, and what does not by the reason", () => {
    const plan: EffortRead = {
      pos: 0.4, level_per_h: 0.01, pos_of_first: 0, refused: null,
      sectors: [{ sector_id: "a", hours: 2, pos: 0.1, next_best_per_h: 0.01 }, { sector_id: "b", hours: 0, pos: 0, next_best_per_h: 0 }, { sector_id: "c", hours: 1, pos: 0.3, next_best_per_h: 0.01 }],
      left_out: [{ sector_id: "b", reason: "no_hours" }, { sector_id: "d", reason: "blocked" }, { sector_id: "e", reason: "no_hours" }],
    };
    expect(worthwhile(plan).map(({ sector_id }) => sector_id)).toEqual(["c", "a"]);
    expect(leftOut(plan)).toEqual([{ reason: "no_hours", sector_ids: ["b", "e"] }, { reason: "blocked", sector_ids: ["d"] }]);
  });
});

describe("the ranking", () => {
  it("puts the most first, equals by label", () => {
    const rows = [sector("Б1", 0.2, { density_per_km2: 0.1 }), sector("А10", 0.2), sector("А2", 0.2, { density_per_km2: 0.3 })];
    expect(ranked(rows, "probability").map(({ label }) => label)).toEqual(["А2", "А10", "Б1"]);
    expect(ranked(rows, "density").map(({ label }) => label)).toEqual(["А2", "Б1", "А10"]);
  });

  it("keeps the rest of the world beside the sectors", () => {
    expect(restOf({ in_area: 0.8, unpartitioned: 0.1 }, { in_area: 0.4, outside_area: 0.35, beyond: 0.25 })).toEqual({ unpartitioned: 0.05, outside: 0.6 });
  });
});

describe("the forms", () => {
  it("sends a scenario as it was read, and none without its place and category", () => {
    const form = { ...emptyScenario(0, { lon: 9, lat: 47 }), name: " Ручей ", category: "gatherer" };
    expect(isWhole(form)).toBe(true);
    expect(isWhole({ ...form, place: null })).toBe(false);
    expect(isWhole({ ...form, place: null, elsewhere: true })).toBe(true);
    const wish = wishOf(form);
    expect(wish).toMatchObject({ name: "Ручей", weight: 100, lon: 9, lat: 47, uncertainty_m: 100, category: "gatherer", heading_deg: null });
    expect(wishOf(formOf({ ...(wish as never as Parameters<typeof formOf>[0]), version: 1, dropped: false, set_at: "" }))).toEqual(wish);
    expect(wishOf({ ...form, elsewhere: true })).toMatchObject({ lon: null, lat: null, category: null });
  });

  it("sends a clue with a point and its spread or with an outline, never both", () => {
    const form: ClueForm = { text: "Рюкзак", clue_id: "", by: "point", place: { lon: 9, lat: 47 }, spread_m: 200, weight: 0.7 };
    const outline: GeoJSON.Polygon = { type: "Polygon", coordinates: [[[9, 47], [9.1, 47], [9.1, 47.1], [9, 47]]] };
    expect(clueWish(form, outline, null)).toEqual({ text: "Рюкзак", clue_id: null, lon: 9, lat: 47, spread_m: 200, geometry: null, weight: 0.7, seen_at: null });
    expect(clueWish({ ...form, by: "outline" }, outline, null)).toMatchObject({ lon: null, spread_m: null, geometry: outline });
    expect(clueWish({ ...form, by: "outline" }, null, null)).toBeNull();
    expect(clueWish({ ...form, spread_m: null }, null, null)).toBeNull();
    expect(clueWish({ ...form, text: " " }, null, null)).toBeNull();
  });
});

describe("reasons in words", () => {
  beforeAll(() => {
    const read = (name: string): string => readFileSync(fileURLToPath(new URL(`../../../../../search_ops/texts/ru/${name}.ftl`, import.meta.url)), "utf-8");
    addTexts(Object.fromEntries(["words", "desk", "planning", "probability"].map((name) => [`/ru/${name}.ftl`, read(name)])));
  });
  const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, " ");

  it("tells shares with the figures they have", () => {
    expect([0.1234, 0.034, 0.004, 0.00001, 0, 1].map((share) => plain(shareText(share)))).toEqual(["12 %", "3,4 %", "0,4 %", "<0,1 %", "0 %", "100 %"]);
    expect(shareText(null)).toBe("–");
    expect([0.034, 0.5, 0.000021].map((density) => plain(densityText(density)))).toEqual(["3,4 % на км²", "50 % на км²", "0,0021 % на км²"]);
    expect(plain(gainText(0.02))).toBe("2 % за час");
  });

  it("says why a sector is where to look", () => {
    const texts = whyTexts(
      { pulls: [{ kind: "drainage", share: 0.68, within_m: 300 }, { kind: "road", share: 0.01, within_m: 900 }], scenarios: [{ scenario_id: "a", share: 0.8 }, { scenario_id: "b", share: 0.2 }], even: 0.31 },
      (id) => (id === "a" ? "Ушла к ручью" : "Села в машину"),
    ).map(plain);
    expect(texts).toEqual(["68 % веса – ручей в пределах 300 м", "31 % веса – расстояние и направление", "80 % – версия «Ушла к ручью»", "20 % – версия «Села в машину»"]);
    expect(whyTexts({ pulls: [], scenarios: [{ scenario_id: "a", share: 1 }], even: 1 }, () => "Одна")).toEqual([]);
  });

  it("says what has changed a sector", () => {
    const change = { sector_id: "g5", label: "Г5", before: 0.12, after: 0.04, causes: [
      { code: "searched", text: "Лиса-12", grade: "full_track", times: 0.3, pod_responsive: 0.87, pod_unresponsive: 0.7 },
      { code: "others", text: null, grade: null, times: 1.02, pod_responsive: null, pod_unresponsive: null },
    ] } as const;
    expect(plain(changeText(change as never))).toBe("Сектор Г5: было 12 %, стало 4 %. Причина: отработано, Лиса-12, полный трек, POD: откликается 85–90 %, не откликается около 70 %.");
    const rose = { ...change, before: 0.04, after: 0.12, causes: [{ ...change.causes[1], code: "clue", text: "Рюкзак" }] };
    expect(plain(changeText(rose as never))).toContain("теперь больше: 12 %. Причина: свидетельство, Рюкзак");
    const cause = (code: string, text: string | null = null): { code: string; text: string | null; grade: null } => ({ code, text, grade: null });
    expect(causesText([cause("clue", "Рюкзак"), cause("others"), cause("scenarios"), cause("scenarios")])).toBe("свидетельство, Рюкзак; изменены версии");
    expect(causesText([cause("others")])).toBe("изменились другие секторы");
    expect(causesText([])).toBe("первая карта");
  });
});
