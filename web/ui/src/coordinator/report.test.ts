import { describe, expect, it } from "vitest";
import { CATEGORIES, categoriesFor, hear, reportBody } from "./report";
import type { Sender } from "./views";

const team = (label: string): Sender => ({ kind: "team", id: label, label, detail: "" });
const person = (label: string, detail = ""): Sender => ({ kind: "person", id: label, label, detail });
const senders = [team("Лиса-1"), team("Лиса-12"), team("Лиса-112"), team("Кинолог-2"), team("Лиса-2"), person("Арвен (Волкова Анна)"), person("Артём"), person("Ёж (Мария)", "12-я школа")];
const meant = (typed: string): string | null => hear(typed, senders).meant?.label ?? null;

describe("who is calling", () => {
  it("takes the exact number although others begin with it", () => {
    expect([meant("1"), meant("12"), meant("112")]).toEqual(["Лиса-1", "Лиса-12", "Лиса-112"]);
    expect(hear("12", senders).found.map((one) => one.label)).toEqual(["Лиса-12", "Лиса-112", "Ёж (Мария)"]);
  });
  it("leaves open what fits two equally, until one letter more", () => {
    expect(meant("2")).toBeNull();
    expect(hear("2", senders).found.slice(0, 2).map((one) => one.label)).toEqual(["Кинолог-2", "Лиса-2"]);
    expect([meant("к2"), meant("л2"), meant("лиса-2")]).toEqual(["Кинолог-2", "Лиса-2", "Лиса-2"]);
    expect([meant("ар"), meant("арв"), meant("мар"), meant("волкова анна")]).toEqual([null, "Арвен (Волкова Анна)", "Ёж (Мария)", "Арвен (Волкова Анна)"]);
  });
  it("means nobody when nothing fits, and nobody before a key was pressed", () => {
    expect([meant("13"), meant("")]).toEqual([null, null]);
    expect(hear("", senders).found).toHaveLength(senders.length);
  });
  it("takes what follows the name as words", () => {
    expect(hear("12 двое устали", senders)).toMatchObject({ meant: { label: "Лиса-12" }, text: "двое устали" });
    expect(hear("арвен перчатка у ручья", senders)).toMatchObject({ meant: { label: "Арвен (Волкова Анна)" }, text: "перчатка у ручья" });
  });
});

describe("categories of radio entry", () => {
  it("gives each category a key of its own", () => {
    expect(new Set(CATEGORIES.map((one) => one.code)).size).toBe(CATEGORIES.length);
    expect(new Set(CATEGORIES.map((one) => one.id)).size).toBe(CATEGORIES.length);
  });
  it("knows every word, condition and alarm of a phone", () => {
    const ids = (kind: Sender["kind"]): string[] => categoriesFor(kind).map((one) => one.id);
    expect(ids("team")).toEqual(expect.arrayContaining(["out", "started", "finished", "returning", "back"]));
    expect(ids("person")).toEqual(expect.arrayContaining(["going", "arrived", "ready", "leaving", "home", "cannot"]));
    for (const id of ["all_well", "stop_seen", "rest", "found-walking", "found-carried", "found-needs_checking", "sos", "clue"]) {
      expect(ids("team")).toContain(id);
      expect(ids("person")).toContain(id);
    }
  });
  it("becomes a body with the time it happened and the source", () => {
    const carried = CATEGORIES.find((one) => one.id === "found-carried");
    const details = { at: "2026-11-22T02:00:00.000Z", source: "radio" as const, text: "", position: null };
    expect(carried && reportBody(team("Лиса-1"), carried, details)).toEqual({
      kind: "found_reported", condition: "carried", team_id: "Лиса-1", at: details.at, source: "radio",
    });
  });
});
