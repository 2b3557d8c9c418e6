import "../theme/tokens.css";
import "./texts";
import { mount } from "svelte";
import { clock } from "../core/clock.svelte";
import { preferences } from "../core/preferences.svelte";
import App from "./App.svelte";

preferences.apply();
clock.start();
mount(App, { target: document.getElementById("app") ?? document.body });
