/**
 * Texts for people, from the catalogues that the server and the paper use too.
 *
 * A page names the catalogues it needs once, `addTexts(import.meta.glob(...))`, and then calls `t(key)`.
 * Both languages are in the page: the switch works without a network.
 */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { type Language, preferences } from "./preferences.svelte";

const bundles: Record<Language, FluentBundle> = {
  // Isolation marks would get into copied callsigns and coordinates; Cyrillic and Latin run the same way.
  ru: new FluentBundle("ru", { useIsolating: false }),
  en: new FluentBundle("en", { useIsolating: false }),
};

export type TextArguments = Record<string, FluentVariable>;

/** Add catalogues; paths end in `/{language}/{name}.ftl`. */
export function addTexts(files: Readonly<Record<string, string>>): void {
  for (const [path, source] of Object.entries(files)) {
    const language = path.includes("/en/") ? "en" : "ru";
    const errors = bundles[language].addResource(new FluentResource(source), { allowOverrides: true });
    if (errors.length > 0) throw new Error(`${path}: ${errors.map(String).join("; ")}`);
  }
}

/** Text in one language; falls back to Russian, the original, then to the key itself. */
export function textIn(language: Language, key: string, args: TextArguments = {}): string {
  for (const bundle of [bundles[language], bundles.ru]) {
    const pattern = bundle.getMessage(key)?.value;
    if (pattern !== undefined && pattern !== null) return bundle.formatPattern(pattern, args, []);
  }
  return key;
}

/** Text in the reader's language. */
export function t(key: string, args?: TextArguments): string {
  return textIn(preferences.language, key, args);
}

/** True when the catalogues have this key. */
export function hasText(key: string): boolean {
  return bundles.ru.hasMessage(key);
}
