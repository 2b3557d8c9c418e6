import "../theme/tokens.css";
import "../theme/base.css";
import "./duty.css";
import { mount } from "svelte";
import { addTexts } from "../core/i18n.svelte";
import { preferences } from "../core/preferences.svelte";
import { desk } from "./desk.svelte";
import DutyPage from "./DutyPage.svelte";

addTexts(
  // The page of a case is the desk's own, with its words.
  import.meta.glob<string>("../../../../search_ops/texts/*/{words,desk,duty,stops}.ftl", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);
preferences.apply();
desk.start();

const target = document.getElementById("app");
if (target !== null) mount(DutyPage, { target });
