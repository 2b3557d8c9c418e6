import { describe, expect, it } from "vitest";
import type { Task, Team } from "../../core/entities";
import type { WithId } from "../views";
import { cardCode, findPeople, newPeople } from "./arrivals";
import type { Resource, RosterPerson } from "./entities";
import { mismatches, shiftHours } from "./mismatches";

const person = (id: string, more: Partial<RosterPerson> = {}): WithId<RosterPerson> => ({
  id, version: 1, name: null, phone: null, callsign: null, channel: "headquarters", state: "going",
  state_at: "2026-08-23T06:00:00.000Z", last_contact_at: null, ...more,
});
const ANNA = person("01990000-0000-7000-8000-00000000ab1e", { name: "Фёдорова Анна", phone: "+7 900 000-12-34" });
const LYNX = person("01990000-0000-7000-8000-000000000002", { callsign: "Рысь", name: "Борис", state: "on_site" });
const PEOPLE = [LYNX, ANNA];
const NOW = new Date("2026-08-23T20:00:00Z");

describe("finding whoever stands at the table", () => {
  it.each([
    ["рысь", LYNX], ["РЫ", LYNX], ["федор", ANNA], ["анна фед", ANNA], ["1234", ANNA], ["000-12", ANNA], ["ab1e", ANNA],
    ["01990000-0000-7000-8000-00000000AB1E", ANNA],
  ])("%s", (query, wanted) => {
    expect(findPeople(PEOPLE, query)[0]).toBe(wanted);
  });

  it("shows those who are expected first, and nobody for a stranger", () => {
    expect(findPeople(PEOPLE, "")).toEqual([ANNA, LYNX]);
    expect(findPeople(PEOPLE, "Ветров")).toEqual([]);
    expect(cardCode(ANNA.id)).toBe("AB1E");
  });

  it("reads what a new person is called", () => {
    expect(newPeople("Сокол")).toEqual([{ callsign: "Сокол", name: null, phone: null }, { callsign: null, name: "Сокол", phone: null }]);
    expect(newPeople("Иван  Котов +7 900 000 00 01")).toEqual([{ callsign: null, name: "Иван Котов", phone: "+7 900 000 00 01" }]);
    expect(newPeople("+7 900 000 00 01")).toEqual([]);
    expect(newPeople(ANNA.id)).toEqual([]);
  });
});

const team = (id: string, members: string[], disbanded = false): WithId<Team> => ({
  id, version: 1, callsign: id, kind: "foot", leader_id: members[0] ?? null, member_ids: members, roster: null, formed_at: "", disbanded,
});
const task = (teamId: string, state: Task["state"]): WithId<Task> => ({
  id: `task ${teamId}`, version: 1, team_id: teamId, sector_id: null, sector_label: null, state, state_at: "", given_at: "", method: null,
  due_at: null, contact_every_min: null, text: null, emergency_bearing_deg: null, alongside: false,
});
const radio = (more: Partial<Resource>): WithId<Resource> => ({
  id: "radio", version: 1, kind: "radio", number: "14", name: null, ground_class: null, seats: null, gear_space_l: null, plate: null,
  goes_with: [], ready_until: null, condition: "ok", note: null, ...more,
});
const kinds = (site: Partial<Parameters<typeof mismatches>[0]>): string[] =>
  mismatches({ people: [], teams: [], tasks: [], resources: [], ...site }, NOW).map((one) => one.kind);

describe("what does not fit together", () => {
  it("finds people whose state and team contradict each other", () => {
    expect(kinds({ people: [person("a", { state: "on_task" })] })).toEqual(["task-without-team"]);
    expect(kinds({ people: [person("a", { state: "home" })], teams: [team("t", ["a"])] })).toEqual(["team-without-person"]);
    expect(kinds({ people: [person("a", { state: "available" })], teams: [team("t", ["a"])], tasks: [task("t", "out")] })).toEqual(["away-but-not-on-task"]);
    expect(kinds({ people: [person("a", { state: "on_task" })], teams: [team("t", ["a"])], tasks: [task("t", "out")] })).toEqual([]);
  });

  it("finds callsigns and phones that two people have", () => {
    expect(kinds({ people: [person("a", { callsign: "Рысь-1" }), person("b", { callsign: "рысь 1" })] })).toEqual(["callsign-twice"]);
    expect(kinds({ people: [person("a", { phone: "+7 900" }), person("b", { phone: "7900" })] })).toEqual(["phone-twice"]);
  });

  it("finds things that did not come back with whoever had them", () => {
    expect(kinds({ teams: [team("t", [], true)], resources: [radio({ team_id: "t" })] })).toEqual(["thing-of-disbanded"]);
    expect(kinds({ people: [person("a", { state: "left" })], resources: [radio({ participant_id: "a" })] })).toEqual(["thing-of-left"]);
  });

  it("finds who has worked too long or should have gone", () => {
    const tired = person("a", { state: "available", shift_from: "2026-08-23T07:00:00.000Z" });
    expect(shiftHours(tired, NOW)).toBe(13);
    expect(kinds({ people: [tired] })).toEqual(["shift-over"]);
    expect(kinds({ people: [{ ...tired, state: "resting" as const, off_since: "2026-08-23T19:30:00.000Z" }] })).toEqual([]);
    expect(kinds({ people: [person("a", { state: "on_site", leaves_at: "2026-08-23T19:00:00.000Z" })] })).toEqual(["past-leaving"]);
  });
});
