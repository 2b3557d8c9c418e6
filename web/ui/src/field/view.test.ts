import { describe, expect, it } from "vitest";
import type { State } from "../core/fold";
import { makeItem, type OutboxItem } from "../core/outbox/items";
import { checkIn, clueReport, foundReport, sosReport } from "./reports";
import { holdOf, nextWord, otherWords, screenOf, viewOf } from "./view";

const WHO = { operationId: "op", participantId: "me" };
const NOW = { position: null, batteryPct: 50 };

function stateWith(more: Record<string, Record<string, unknown>> = {}): State {
  return {
    operation: { op: { version: 1, state: "active", opened_at: "2026-06-01T08:00:00.000Z" } },
    participants: { me: { version: 2, state: "on_site" } },
    teams: {
      t1: {
        version: 3,
        callsign: "Лиса-12",
        leader_id: "me",
        member_ids: ["me", "you"],
        formed_at: "1",
        disbanded: false,
      },
    },
    tasks: { k1: { version: 4, team_id: "t1", state: "assigned", given_at: "2" } },
    ...more,
  } as State;
}

let made = 0;
function said(word: string, payload: Record<string, unknown>, more: Partial<OutboxItem> = {}): OutboxItem {
  made += 1;
  const draft = { operationId: "op", kind: "check_in", payload: { word, ...payload } };
  return { ...makeItem(draft, { id: `e${String(made)}`, atMs: made }, { id: "d", dseq: made }), ...more };
}

describe("viewOf", () => {
  it("finds own team, leadership and the task under way", () => {
    const view = viewOf(stateWith(), 10, [], WHO);
    expect(view).toMatchObject({ isLeader: true, taskState: "assigned", task: { id: "k1" }, team: { id: "t1" } });
    expect(screenOf(view)).toBe("task");
  });

  it("moves the task at the tap, before headquarters has heard", () => {
    const items = [said("out", { task_id: "k1" }), said("started", { task_id: "k1" })];
    expect(viewOf(stateWith(), 10, items, WHO).taskState).toBe("on_task");
  });

  it("stops counting a report once the state contains its number", () => {
    const filed = said("out", { task_id: "k1" }, { state: "filed", seq: 10 });
    expect(viewOf(stateWith(), 9, [filed], WHO).taskState).toBe("out");
    expect(viewOf(stateWith(), 10, [filed], WHO).taskState).toBe("assigned");
  });

  it("never moves a task backwards, and out of 'recalled' only by 'we are back'", () => {
    const onTask = stateWith({ tasks: { k1: { version: 4, team_id: "t1", state: "on_task", given_at: "2" } } });
    expect(viewOf(onTask, 10, [said("out", { task_id: "k1" })], WHO).taskState).toBe("on_task");
    const recalled = stateWith({ tasks: { k1: { version: 4, team_id: "t1", state: "recalled", given_at: "2" } } });
    expect(viewOf(recalled, 10, [said("returning", { task_id: "k1" })], WHO).taskState).toBe("recalled");
    expect(viewOf(recalled, 10, [said("back", { task_id: "k1" })], WHO).taskState).toBe("back");
  });

  it("shows nothing of a disbanded team or of one without me", () => {
    const teams = { t1: { version: 3, leader_id: "me", member_ids: ["me"], disbanded: true, formed_at: "1" } };
    expect(viewOf(stateWith({ teams }), 10, [], WHO).team).toBeNull();
    const others = { t1: { version: 3, leader_id: "you", member_ids: ["you"], disbanded: false, formed_at: "1" } };
    expect(viewOf(stateWith({ teams: others }), 10, [], WHO).task).toBeNull();
  });

  it("survives an entity of which only a later event was seen", () => {
    const teams = { t1: { version: 3, disbanded: false } };
    expect(viewOf(stateWith({ teams }), 10, [], WHO).team).toBeNull();
  });
});

describe("screenOf", () => {
  const view = (state: string, more = {}) =>
    viewOf(stateWith({ participants: { me: { version: 2, state } }, tasks: {}, ...more }), 10, [], WHO);

  it.each([
    ["going", "trip"],
    ["on_site", "waiting"],
    ["available", "waiting"],
    ["resting", "waiting"],
    ["left", "left"],
    ["home", "home"],
  ])("of somebody '%s' is '%s'", (state, screen) => {
    expect(screenOf(view(state))).toBe(screen);
  });

  it("says so when the search has ended", () => {
    const operation = { op: { version: 9, state: "closed/not_found", opened_at: "1" } };
    expect(screenOf(view("on_site", { operation }))).toBe("closed");
  });

  it("leaves the task when the leader reported 'we are back'", () => {
    const items = [said("back", { task_id: "k1" })];
    expect(screenOf(viewOf(stateWith(), 10, items, WHO))).toBe("waiting");
  });
});

describe("words of the leader", () => {
  it("come one after the other, the forgotten ones stay within reach", () => {
    expect(nextWord("assigned")).toBe("out");
    expect(otherWords("assigned")).toEqual(["started", "finished", "returning", "back"]);
    expect(nextWord("on_task")).toBe("finished");
    expect(otherWords("on_task")).toEqual(["returning", "back"]);
    expect(nextWord("recalled")).toBe("back");
    expect(otherWords("recalled")).toEqual([]);
    expect(nextWord("closed")).toBeNull();
  });
});

describe("reports", () => {
  const leader = viewOf(stateWith(), 10, [], WHO);
  const member = viewOf(stateWith(), 10, [], { operationId: "op", participantId: "you" });

  it("of the leader speak for the team and its task", () => {
    expect(checkIn(leader, WHO, "out", NOW).payload).toMatchObject({
      participant_id: null,
      team_id: "t1",
      task_id: "k1",
    });
    expect(checkIn(leader, WHO, "all_well", NOW).payload).toMatchObject({ participant_id: null, team_id: "t1" });
  });

  it("about oneself speak for oneself, also the leader's", () => {
    expect(checkIn(leader, WHO, "leaving", NOW).payload).toMatchObject({
      participant_id: "me",
      team_id: null,
      task_id: null,
    });
  });

  it("of a member speak for the member", () => {
    const you = { operationId: "op", participantId: "you" };
    expect(checkIn(member, you, "all_well", NOW).payload).toMatchObject({ participant_id: "you", team_id: null });
  });

  it("of a find carry condition and place, and no word that names or describes a person", () => {
    const { kind, payload } = foundReport(leader, WHO, "carried", NOW);
    expect(kind).toBe("found_reported");
    expect(payload).toEqual({
      condition: "carried",
      participant_id: "me",
      team_id: "t1",
      position: null,
      text: null,
      source: "phone",
    });
  });

  it("SOS and clue name the person and the team", () => {
    expect(sosReport(leader, WHO, NOW).payload).toMatchObject({ participant_id: "me", team_id: "t1", battery_pct: 50 });
    expect(clueReport(leader, WHO, "рюкзак", NOW).payload).toMatchObject({ text: "рюкзак", participant_id: "me" });
  });
});

describe("СТОП", () => {
  it("is known by its state and its hour, and is over with the state", () => {
    const operation = { op: { version: 9, state: "hold_verify", state_at: "T1", opened_at: "0" } };
    const hold = holdOf(viewOf(stateWith({ operation }), 10, [], WHO));
    expect(hold).toEqual({ state: "hold_verify", since: "T1" });
    expect(holdOf(viewOf(stateWith(), 10, [], WHO))).toBeNull();
  });
});
