/**
 * Keeps the phone's page for the forest: once opened, it opens again without network.
 *
 * The page holds nothing of the operation here: what a volunteer knows and reports lies in his own store
 * (`stored.ts`); these are the files of the site, the same for everybody.
 */
import { clientsClaim } from "workbox-core";
import { cleanupOutdatedCaches, createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: { skipWaiting(): Promise<void> };
/** Written by the build: see `keepFieldFiles` in vite.config.ts. */
declare const __FIELD_FILES__: PrecacheEntry[];

void self.skipWaiting();
clientsClaim();
precacheAndRoute(__FIELD_FILES__);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/field/index.html"), { allowlist: [/^\/field(\/|\?|$)/] }));
