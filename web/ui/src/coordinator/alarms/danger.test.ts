import { describe, expect, it } from "vitest";
import type { Alarm } from "../../core/entities";
import type { TeamRow, WithId } from "../views";
import { alarmsByDanger, quietSigns, rings, stepName } from "./danger";
import type { ClockAlarm } from "./entities";

const NOW = new Date("2026-08-23T12:00:00Z");
const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();
const clock = (id: string, more: Partial<ClockAlarm>): WithId<ClockAlarm> =>
  ({ id, what: "overdue", team_id: "t1", state: "open", step: 0, since: ago(10), ...more }) as WithId<ClockAlarm>;
const sos = (id: string, state: Alarm["state"]): WithId<Alarm> => ({ id, state, at: ago(1) }) as WithId<Alarm>;
const row = (id: string, heard_min: number, every: number | null, away = true): TeamRow =>
  ({
    team: { id, callsign: id, member_ids: [`${id}-a`], last_contact_at: ago(heard_min) },
    task: { contact_every_min: every, state_at: ago(100) },
    away,
  }) as unknown as TeamRow;

describe("alarms", () => {
  it("stand by danger, then unanswered, then step, then age; what is over is gone", () => {
    const list = alarmsByDanger(
      [sos("s2", "closed"), sos("s1", "taken")],
      [
        clock("low", { what: "low_battery", step: 1 }),
        clock("silent", { what: "no_contact" }),
        clock("new", { since: ago(1) }),
        clock("high", { step: 2, since: ago(1) }),
        clock("taken", { step: 3, state: "taken" }),
        clock("gone", { state: "over" }),
        clock("old", {}),
      ],
    );
    expect(list.map((one) => one.id)).toEqual(["s1", "high", "old", "new", "taken", "silent", "low"]);
  });

  it("ring while an SOS is open, and from the radio operator's step on, never for a battery", () => {
    const heard = (clocks: WithId<ClockAlarm>[], open: Alarm["state"] = "closed"): boolean =>
      alarmsByDanger([sos("s", open)], clocks).some(rings);
    expect(heard([], "open")).toBe(true);
    expect(heard([], "taken")).toBe(false);
    expect(heard([clock("a", { step: 0 })])).toBe(false);
    expect(heard([clock("a", { step: 1 })])).toBe(true);
    expect(heard([clock("a", { step: 1, state: "taken" })])).toBe(false);
    expect(heard([clock("a", { step: 1, what: "low_battery" })])).toBe(false);
    expect([0, 1, 2, 7].map(stepName)).toEqual(["leader", "radio", "coordinator", "coordinator"]);
  });
});

describe("quiet signs", () => {
  const positions: Record<string, string> = { "t1-a": ago(38), "t2-a": ago(5), "t4-a": ago(90) };
  const signs = (rows: TeamRow[], alarms: WithId<ClockAlarm>[] = []): string[] =>
    quietSigns(rows, alarmsByDanger([], alarms), (id) => positions[id] ?? null, NOW).map((one) => `${one.what} ${one.row.team.id} ${String(one.minutes)}`);

  it("name a silent phone of a team that was heard, and who is to be called before his interval ends", () => {
    expect(signs([row("t1", 10, 60), row("t2", 57, 60), row("t3", 57, null), row("t4", 5, 60, false)])).toEqual([
      "call_soon t2 3",
      "silent_phone t1 38",
    ]);
  });

  it("are silent about a team whose silence is an alarm already", () => {
    expect(signs([row("t1", 70, 60)], [clock("a", { what: "no_contact", team_id: "t1" })])).toEqual([]);
    expect(signs([row("t1", 10, 60)], [clock("a", { what: "overdue", team_id: "t1" })])).toEqual(["silent_phone t1 38"]);
  });
});
