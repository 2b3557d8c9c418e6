import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin, Rollup } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const WORKER = "field-sw.js";
/** Files of the phone's page whose names do not tell their content: the browser needs its digest. */
const FIELD_FILES_BY_CONTENT = ["field/index.html", "icon.svg", "field.webmanifest"];

/**
 * Tell the phone's service worker which files to keep, lazily loaded chunks included.
 *
 * The three pages share one build. A volunteer's phone in the forest must hold its own page, but should not spend
 * mobile data on the desk or on the map library, which it does without.
 */
function keepFieldFiles(): Plugin {
  return {
    name: "keep-field-files",
    apply: "build",
    async writeBundle(options, bundle) {
      const folder = options.dir as string;
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk" || worker.imports.length > 0) throw new Error(`${WORKER} must be one file`);
      const byContent = FIELD_FILES_BY_CONTENT.map(async (url) => ({
        url,
        revision: createHash("sha256").update(await readFile(join(folder, url))).digest("hex"),
      }));
      const byName = [...namedFieldFiles(bundle)].map((url) => ({ url, revision: null }));
      const written = worker.code.replace("__FIELD_FILES__", JSON.stringify([...(await Promise.all(byContent)), ...byName]));
      await writeFile(join(folder, WORKER), written);
    },
  };
}

function namedFieldFiles(bundle: Rollup.OutputBundle): Set<string> {
  const named = new Set<string>();
  const waiting: string[] = [];
  for (const file of Object.values(bundle)) {
    if (file.type === "chunk" && file.facadeModuleId?.endsWith("/field/index.html")) waiting.push(file.fileName);
    if (file.fileName.endsWith(".woff2")) named.add(file.fileName);
  }
  while (waiting.length > 0) {
    const name = waiting.pop() as string;
    const file = bundle[name];
    if (named.has(name) || file?.type !== "chunk") continue;
    named.add(name);
    const chunk: Rollup.OutputChunk & { viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> } } = file;
    waiting.push(...chunk.imports, ...chunk.dynamicImports);
    for (const asset of chunk.viteMetadata?.importedCss ?? []) named.add(asset);
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) named.add(asset);
  }
  return named;
}

export default defineConfig({
  plugins: [
    svelte(),
    keepFieldFiles(),
  ],
  worker: { format: "es" },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    // The map library is 1 MB before compression and is loaded lazily; the budget is checked in tests, not here.
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: {
        desk: here("index.html"),
        field: here("field/index.html"),
        duty: here("duty/index.html"),
        worker: here("src/field/service-worker.ts"),
      },
      output: { entryFileNames: (entry) => (entry.name === "worker" ? WORKER : "assets/[name]-[hash].js") },
    },
  },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
    sequence: { shuffle: true },
  },
});
