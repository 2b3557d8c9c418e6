import { describe, expect, it } from "vitest";
import { formOf, type Settings, settingsOf } from "./widths";

const SETTINGS: Settings = {
  ground: "forest", ground_from_map: true, visibility: "medium", wind_mps: 2, signal: "whistle",
  calls: { every_s: 300, call_s: 15, silence_s: 60, synchronised: true, neighbours: 0 },
  line_spacing_m: 15, target_responsive: null, target_unresponsive: 0.7, rd: [{ ground: "dense", rd_m: 12 }], widths: [], tasks: [],
  sector_ground: { "0190": "open" },
};

describe("what sweep widths follow from", () => {
  it("comes back from the form as it was", () => {
    expect(settingsOf(formOf(SETTINGS))).toEqual(SETTINGS);
  });

  it("is shown in percent, with an empty field for what was not measured", () => {
    const form = formOf(SETTINGS);
    expect(form.target_unresponsive).toBe(70);
    expect(form.rd).toEqual({ open: null, forest: null, dense: 12 });
    expect(settingsOf({ ...form, rd: { ...form.rd, dense: null } }).rd).toEqual([]);
  });
});
