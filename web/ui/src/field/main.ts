import "../theme/tokens.css";
import "../theme/base.css";
import "./field.css";
import { mount } from "svelte";
import { addTexts } from "../core/i18n.svelte";
import { preferences } from "../core/preferences.svelte";
import { app } from "./app.svelte";
import FieldPage from "./FieldPage.svelte";

addTexts(
  import.meta.glob<string>("../../../../search_ops/texts/*/{words,field}.ftl", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);
preferences.apply();

const target = document.getElementById("app");
if (target !== null) mount(FieldPage, { target });
void app.open();

// Browsers may throw away what a page keeps; asked this way they do it last.
void navigator.storage?.persist?.().catch(() => false);

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Fails on an untrusted certificate; the page then works as long as it stays open, and says so beforehand.
  navigator.serviceWorker.register("/field-sw.js", { scope: "/field" }).catch(() => undefined);
}
