/** What sweep widths follow from, as the server keeps it; and as the form holds it: percent, empty fields as null. */

import type { TeamKind } from "../../core/entities";
import type { Subject } from "../../core/sector-state";

export const GROUNDS = ["open", "forest", "dense"] as const;
export type Ground = (typeof GROUNDS)[number];
export const VISIBILITIES = ["high", "medium", "low"] as const;
export type Visibility = (typeof VISIBILITIES)[number];
export const SIGNALS = ["voice", "whistle", "megaphone", "horn", "siren"] as const;
export type Signal = (typeof SIGNALS)[number];
export const LIGHTS = ["day", "night"] as const;
export type Light = (typeof LIGHTS)[number];
export const SEARCH_METHODS = ["sound", "line", "visual"] as const;

export type EnteredWidth = {
  team: TeamKind | "any";
  ground: Ground | "any";
  subject: Subject;
  visibility: Visibility | "any";
  light: Light | "any";
  width_m: number;
  source: string;
};
export type TaskMethod = {
  task_id: string;
  method: (typeof SEARCH_METHODS)[number] | null;
  searchers: number | null;
  spacing_m: number | null;
  width_responsive_m: number | null;
  width_unresponsive_m: number | null;
};
export type Settings = {
  ground: Ground;
  ground_from_map?: boolean;
  visibility: Visibility;
  wind_mps: number;
  signal: (typeof SIGNALS)[number];
  calls: { every_s: number; call_s: number; silence_s: number; synchronised: boolean; neighbours: number };
  line_spacing_m: number;
  target_responsive: number | null;
  target_unresponsive: number | null;
  rd: { ground: Ground; rd_m: number }[];
  widths: EnteredWidth[];
  tasks: TaskMethod[];
  sector_ground: Record<string, Ground>;
};
export type DefaultRow = Omit<EnteredWidth, "team" | "ground" | "visibility" | "light" | "source"> & {
  source_ru: string; source_en: string;
  team: string; ground: string; visibility: string; light: string; status: "measured" | "published" | "assumed" | "entered";
};
export type Sound = { width_m: number | null; team_distance_m: number | null };
export type WidthsRead = { version: number | null; settings: Settings; defaults: DefaultRow[]; sound: Record<Light, Sound> };

/** The settings as fields: a range measured on each kind of ground, or none; targets in percent, or the usual one. */
export type WidthsForm = Omit<Settings, "rd" | "target_responsive" | "target_unresponsive" | "sector_ground"> & {
  rd: Record<Ground, number | null>;
  target_responsive: number | null;
  target_unresponsive: number | null;
  sectors: { sector_id: string; ground: Ground }[];
};

const percent = (share: number | null): number | null => (share === null ? null : Math.round(share * 100));
const shareOf = (value: number | null): number | null => (value === null ? null : value / 100);

export function formOf({ rd, sector_ground, ...settings }: Settings): WidthsForm {
  const measured = (ground: Ground): number | null => rd.find((one) => one.ground === ground)?.rd_m ?? null;
  return {
    ...structuredClone(settings),
    rd: { open: measured("open"), forest: measured("forest"), dense: measured("dense") },
    target_responsive: percent(settings.target_responsive),
    target_unresponsive: percent(settings.target_unresponsive),
    sectors: Object.entries(sector_ground).map(([sector_id, ground]) => ({ sector_id, ground })),
  };
}

export function settingsOf({ rd, sectors, ...form }: WidthsForm): Settings {
  return {
    ...form,
    rd: GROUNDS.flatMap((ground) => (rd[ground] === null ? [] : [{ ground, rd_m: rd[ground] }])),
    target_responsive: shareOf(form.target_responsive),
    target_unresponsive: shareOf(form.target_unresponsive),
    sector_ground: Object.fromEntries(sectors.map((one) => [one.sector_id, one.ground])),
  };
}

/** Widths entered by hand need a source; a row without one is not sent, but said. */
export const isWhole = (row: EnteredWidth): boolean => row.source.trim() !== "" && row.width_m > 0;

export const emptyWidth = (): EnteredWidth => ({
  team: "any", ground: "any", subject: "unresponsive", visibility: "any", light: "any", width_m: 40, source: "",
});
export const emptyTask = (task_id: string): TaskMethod => ({
  task_id, method: null, searchers: null, spacing_m: null, width_responsive_m: null, width_unresponsive_m: null,
});
