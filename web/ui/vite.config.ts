import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin, Rollup } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Files of the built site that the phone page can reach; everything else stays out of its offline store. */
const reachableFromField = new Set<string>(["field/index.html"]);

/**
 * Collect what the phone page needs, lazily loaded chunks included.
 *
 * The three pages share one build. A volunteer's phone in the forest must hold its own page, but should not spend
 * mobile data on the desk or on the map library, which it does without.
 */
function collectFieldFiles(): Plugin {
  return {
    name: "collect-field-files",
    generateBundle(_options, bundle) {
      const waiting: string[] = [];
      for (const file of Object.values(bundle)) {
        if (file.type === "chunk" && file.facadeModuleId?.endsWith("/field/index.html")) waiting.push(file.fileName);
      }
      while (waiting.length > 0) {
        const name = waiting.pop() as string;
        const file = bundle[name];
        if (reachableFromField.has(name) || file?.type !== "chunk") continue;
        reachableFromField.add(name);
        const chunk: Rollup.OutputChunk & { viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> } } =
          file;
        waiting.push(...chunk.imports, ...chunk.dynamicImports);
        for (const asset of chunk.viteMetadata?.importedCss ?? []) reachableFromField.add(asset);
        for (const asset of chunk.viteMetadata?.importedAssets ?? []) reachableFromField.add(asset);
      }
      for (const file of Object.values(bundle)) if (file.fileName.endsWith(".woff2")) reachableFromField.add(file.fileName);
    },
  };
}

export default defineConfig({
  plugins: [
    svelte(),
    collectFieldFiles(),
    VitePWA({
      filename: "field-sw.js",
      scope: "/field",
      injectRegister: null,
      registerType: "autoUpdate",
      includeAssets: [],
      manifestFilename: "field.webmanifest",
      manifest: {
        id: "/field",
        name: "Поиск: телефон участника",
        short_name: "Поиск",
        lang: "ru",
        start_url: "/field",
        scope: "/field",
        display: "standalone",
        background_color: "#ffffff",
        theme_color: "#14324a",
        icons: [
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "maskable" },
        ],
      },
      workbox: {
        globPatterns: ["field/index.html", "icon.svg", "assets/**/*.{js,mjs,css,woff2,json,svg}"],
        globIgnores: [],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        navigateFallback: "/field/index.html",
        navigateFallbackAllowlist: [/^\/field(\/|\?|$)/],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
        skipWaiting: true,
        manifestTransforms: [
          (entries) => ({
            manifest: entries.filter((entry) => reachableFromField.has(entry.url) || entry.url === "icon.svg"),
            warnings: [],
          }),
        ],
      },
    }),
  ],
  worker: { format: "es" },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    // The map library is 1 MB before compression and is loaded lazily; the budget is checked in tests, not here.
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { desk: here("index.html"), field: here("field/index.html"), duty: here("duty/index.html") },
    },
  },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
    sequence: { shuffle: true },
  },
});
