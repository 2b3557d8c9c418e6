import { describe, expect, it } from "vitest";
import type { Participant, Task, Team } from "../core/entities";
import { currentTask, notHome, stopNotConfirmed, suggestCallsign, teamRows, type WithId } from "./views";

const now = new Date("2026-05-01T12:00:00.000Z");

const team = (id: string, more: Partial<Team> = {}): WithId<Team> => ({
  id, version: 1, callsign: `Лиса-${id}`, kind: "foot", leader_id: null, member_ids: [], roster: [],
  formed_at: "2026-05-01T08:00:00.000Z", disbanded: false, ...more,
});
const task = (id: string, teamId: string, state: Task["state"], more: Partial<Task> = {}): WithId<Task> => ({
  id, version: 1, team_id: teamId, sector_id: "s", sector_label: "В4", state, state_at: "2026-05-01T09:00:00.000Z",
  given_at: "2026-05-01T09:00:00.000Z", method: null, due_at: null, contact_every_min: null, text: null,
  emergency_bearing_deg: null, alongside: false, ...more,
});

describe("teamRows", () => {
  it("says overdue only of teams in the ground, and silent only past the agreed interval", () => {
    const late = { due_at: "2026-05-01T11:30:00.000Z", contact_every_min: 60 };
    const rows = teamRows(
      [team("2", { last_contact_at: "2026-05-01T10:50:00.000Z" }), team("10"), team("1", { disbanded: true })],
      [task("a", "2", "on_task", late), task("b", "10", "assigned", late)],
      now,
    );
    expect(rows.map((row) => row.team.callsign)).toEqual(["Лиса-2", "Лиса-10"]);
    expect(rows[0]).toMatchObject({ away: true, overdue_min: 30, silent_min: 70 });
    expect(rows[1]).toMatchObject({ away: false, overdue_min: null, silent_min: null });
  });

  it("takes the most active task for the current one", () => {
    const tasks = [task("a", "1", "back"), task("b", "1", "on_task"), task("c", "1", "assigned"), task("d", "1", "closed")];
    expect(currentTask("1", tasks)?.id).toBe("b");
    expect(currentTask("2", tasks)).toBeNull();
  });

  it("lists teams out there that have not confirmed this STOP", () => {
    const rows = teamRows(
      [
        team("1", { last_word: "returning", hold_confirmed_seq: 41 }),
        team("2", { last_word: "stop_seen", hold_confirmed_seq: 12 }),
        team("3"),
      ],
      [task("a", "1", "on_task"), task("b", "2", "out"), task("c", "3", "assigned")],
      now,
    );
    expect(stopNotConfirmed(rows, 40).map((row) => row.team.id)).toEqual(["2"]);
  });
});

describe("people and callsigns", () => {
  it("suggests the number after the highest of the family", () => {
    expect(suggestCallsign("foot", [{ callsign: "Лиса-12" }, { callsign: "Лиса-3" }, { callsign: "Ветер-40" }])).toBe("Лиса-13");
    expect(suggestCallsign("dog", [])).toBe("Кинолог-1");
  });

  it("counts as not home whoever set out and is not home again", () => {
    const people = (["invited", "going", "on_site", "left", "home"] as const).map(
      (state) => ({ id: state, state }) as WithId<Participant>,
    );
    expect(notHome(people).map((one) => one.id)).toEqual(["going", "on_site", "left"]);
  });
});
