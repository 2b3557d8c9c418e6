/** Every alarm in one list, by danger; and beside them what is quiet: who is to be called soon, which phones are silent. */

import type { Alarm } from "../../core/entities";
import { minutesSince } from "../../core/time";
import type { TeamRow, WithId } from "../views";
import type { ClockAlarm, ClockWhat } from "./entities";

export type AnyAlarm =
  | { what: "sos"; id: string; open: boolean; since: string; sos: WithId<Alarm> }
  | { what: ClockWhat; id: string; open: boolean; since: string; clock: WithId<ClockAlarm> };

/** The most dangerous first. */
const BY_DANGER: readonly AnyAlarm["what"][] = ["sos", "overdue", "no_contact", "silent_device", "low_battery"];

/** A phone that has sent nothing for so long is shown as silent. */
export const SILENT_PHONE_MIN = 20;
/** So long before its interval ends a team is named, so that it can be called in time. */
export const CALL_BEFORE_MIN = 5;

const stepOf = (alarm: AnyAlarm): number => (alarm.what === "sos" ? 0 : alarm.clock.step);

/** Alarms that are not over: by danger, then the unanswered, then the highest step, then the oldest. */
export function alarmsByDanger(sos: readonly WithId<Alarm>[], clocks: readonly WithId<ClockAlarm>[]): AnyAlarm[] {
  const all: AnyAlarm[] = [
    ...sos
      .filter((one) => one.state !== "closed")
      .map((one) => ({ what: "sos" as const, id: one.id, open: one.state === "open", since: one.at, sos: one })),
    ...clocks
      .filter((one) => one.state !== "over")
      .map((one) => ({ what: one.what, id: one.id, open: one.state === "open", since: one.since, clock: one })),
  ];
  return all.sort(
    (a, b) =>
      BY_DANGER.indexOf(a.what) - BY_DANGER.indexOf(b.what) ||
      Number(b.open) - Number(a.open) ||
      stepOf(b) - stepOf(a) ||
      a.since.localeCompare(b.since),
  );
}

/** What rings: an unanswered SOS, and a clock from the radio operator's step on. A low battery is seen, not heard. */
export const rings = (alarm: AnyAlarm): boolean =>
  alarm.open && (alarm.what === "sos" || (alarm.what !== "low_battery" && alarm.clock.step > 0));

export const STEPS = ["leader", "radio", "coordinator"] as const;
export const stepName = (step: number): (typeof STEPS)[number] => STEPS[Math.min(step, 2)] ?? "coordinator";

export type Quiet = { what: "call_soon" | "silent_phone"; row: TeamRow; minutes: number };

/** Quiet signs of teams in the ground, for whom no alarm of contact stands. `heardFrom`: time of each phone's last position. */
export function quietSigns(
  rows: readonly TeamRow[],
  alarms: readonly AnyAlarm[],
  heardFrom: (participantId: string) => string | null,
  now: Date,
): Quiet[] {
  const alarmed = new Set(alarms.flatMap((one) => (one.what === "no_contact" || one.what === "silent_device" ? [one.clock.team_id] : [])));
  return rows
    .filter((row) => row.away && !alarmed.has(row.team.id))
    .flatMap((row): Quiet[] => {
      const signs: Quiet[] = [];
      const every = row.task?.contact_every_min ?? null;
      const heard = row.team.last_contact_at ?? row.task?.state_at ?? null;
      if (every !== null && heard !== null) {
        const left = every - minutesSince(heard, now);
        if (left >= 0 && left <= CALL_BEFORE_MIN) signs.push({ what: "call_soon", row, minutes: left });
      }
      const newest = row.team.member_ids.flatMap((id) => heardFrom(id) ?? []).sort().at(-1);
      const silent = newest === undefined ? 0 : minutesSince(newest, now);
      if (silent > SILENT_PHONE_MIN) signs.push({ what: "silent_phone", row, minutes: silent });
      return signs;
    })
    .sort((a, b) => a.what.localeCompare(b.what) || a.minutes - b.minutes);
}
