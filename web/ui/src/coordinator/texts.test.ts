import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FluentBundle, FluentResource } from "@fluent/bundle";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function catalogue(language: string): Map<string, string> {
  const bundle = new FluentBundle(language);
  const keys = new Map<string, string>();
  for (const name of ["words", "desk", "planning", "probability", "roster", "region", "calls", "assigning", "evidence", "alarms", "radio", "backup", "transport", "stops", "board-schedule", "trackers", "transport_last_leg", "transport_on", "sorties", "landing"]) {
    const source = readFileSync(here(`../../../../search_ops/texts/${language}/${name}.ftl`), "utf-8");
    expect(bundle.addResource(new FluentResource(source)), `${language}/${name}`).toEqual([]);
    for (const match of source.matchAll(/^([a-z][\w-]*) =([^]*?)(?=^\S|(?![^]))/gm)) keys.set(match[1] ?? "", match[2] ?? "");
  }
  return keys;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /(?<!\.test)\.(ts|svelte)$/.test(name) ? [readFileSync(path, "utf-8")] : [];
  });
}

describe("texts of the desk", () => {
  const [ru, en] = [catalogue("ru"), catalogue("en")];

  it("has the same keys with the same values to fill in, in both languages", () => {
    expect([...en.keys()].sort()).toEqual([...ru.keys()].sort());
    const filled = (text: string | undefined): string[] => [...new Set(text?.match(/\$\w+/g))].sort();
    for (const [key, text] of ru) expect(filled(en.get(key)), key).toEqual(filled(text));
  });

  it("has a text for every key that the desk and the shared parts name", () => {
    const code = [here("."), here("../components")].flatMap(sources).join("\n");
    const named = [...code.matchAll(/\bt\(\s*"([a-z][\w-]+)"/g), ...code.matchAll(/\bkey: "([a-z][\w-]+)"/g)].map((match) => match[1] ?? "");
    const chosen = [...code.matchAll(/\bt\([^()"`]*\? "([a-z][\w-]+)" : "([a-z][\w-]+)"/g)].flatMap((match) => match.slice(1));
    expect([...named, ...chosen].filter((key) => !ru.has(key))).toEqual([]);
    const prefixes = [...code.matchAll(/\bt\(\s*`([a-z][\w-]+?)\$\{/g)].map((match) => match[1] ?? "");
    expect(prefixes.filter((prefix) => ![...ru.keys()].some((key) => key.startsWith(prefix)))).toEqual([]);
  });
});
