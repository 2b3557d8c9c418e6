/** Alarms of clocks as the log keeps them. */

export type ClockWhat = "overdue" | "no_contact" | "silent_device" | "low_battery";

export type ClockAlarm = {
  version: number;
  what: ClockWhat;
  team_id: string;
  task_id: string;
  participant_id: string | null;
  /** When the clock ran out. */
  since: string;
  heard_at: string | null;
  device_at: string | null;
  battery_pct: number | null;
  /** 0: the leader is to act, 1: the radio operator, 2 and more: the coordinator. */
  step: number;
  state: "open" | "taken" | "over";
  raised_at: string;
  by_name?: string | null;
  taken_at?: string;
};
