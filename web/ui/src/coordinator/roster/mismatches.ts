/** What does not fit together on site: headquarters may not be closed over it. Pure functions of the state. */

import type { Task, Team } from "../../core/entities";
import { AWAY_TASKS } from "../../core/sector-state";
import { currentTask, type WithId } from "../views";
import type { Resource, RosterPerson } from "./entities";

export type MismatchKind =
  | "task-without-team" | "team-without-person" | "away-but-not-on-task" | "callsign-twice" | "phone-twice"
  | "thing-of-disbanded" | "thing-of-left" | "shift-over" | "past-leaving";
export type Mismatch = {
  kind: MismatchKind;
  key: string;
  personId?: string;
  otherId?: string;
  teamId?: string;
  resourceId?: string;
  hours?: number;
};
export type OnSite = {
  people: readonly WithId<RosterPerson>[];
  teams: readonly WithId<Team>[];
  tasks: readonly WithId<Task>[];
  resources: readonly WithId<Resource>[];
};

const GONE = new Set(["left", "home", "invited", "going"]);
const MOST_SHIFT_H = 12;
const heard = (text: string): string => text.normalize("NFKC").toLocaleLowerCase("ru").replace(/[^\p{L}\p{N}]/gu, "");

/** Hours on shift since the last full rest. */
export function shiftHours(person: RosterPerson, now: Date): number {
  if (typeof person.shift_from !== "string") return 0;
  const until = typeof person.off_since === "string" ? new Date(person.off_since) : now;
  return Math.max(0, (until.getTime() - new Date(person.shift_from).getTime()) / 3_600_000);
}

function twice(people: readonly WithId<RosterPerson>[], kind: MismatchKind, said: (person: RosterPerson) => string | null): Mismatch[] {
  const first = new Map<string, string>();
  return people.flatMap((person) => {
    const word = heard(said(person) ?? "");
    if (word === "") return [];
    const other = first.get(word);
    if (other === undefined) {
      first.set(word, person.id);
      return [];
    }
    return [{ kind, key: `${kind}-${person.id}`, personId: person.id, otherId: other }];
  });
}

function ofPerson(person: WithId<RosterPerson>, site: OnSite, now: Date): Mismatch[] {
  const team = site.teams.find((one) => !one.disbanded && one.member_ids.includes(person.id));
  const task = team === undefined ? null : currentTask(team.id, site.tasks);
  const away = task !== null && AWAY_TASKS.has(task.state);
  const about = { personId: person.id, ...(team === undefined ? {} : { teamId: team.id }) };
  const found: Mismatch[] = [];
  const say = (kind: MismatchKind, hours?: number): void => {
    found.push({ kind, key: `${kind}-${person.id}`, ...about, ...(hours === undefined ? {} : { hours }) });
  };
  if (person.state === "on_task" && team === undefined) say("task-without-team");
  if (team !== undefined && GONE.has(person.state)) say("team-without-person");
  else if (away && person.state !== "on_task") say("away-but-not-on-task");
  const here = !GONE.has(person.state);
  const hours = shiftHours(person, now);
  if (here && person.state !== "resting" && hours > MOST_SHIFT_H) say("shift-over", Math.floor(hours));
  if (here && typeof person.leaves_at === "string" && new Date(person.leaves_at) < now) say("past-leaving");
  return found;
}

function ofThing(thing: WithId<Resource>, site: OnSite): Mismatch[] {
  const team = site.teams.find((one) => one.id === thing.team_id);
  const person = site.people.find((one) => one.id === thing.participant_id);
  if (team?.disbanded === true) return [{ kind: "thing-of-disbanded", key: `thing-${thing.id}`, resourceId: thing.id, teamId: team.id }];
  if (person !== undefined && GONE.has(person.state)) return [{ kind: "thing-of-left", key: `thing-${thing.id}`, resourceId: thing.id, personId: person.id }];
  return [];
}

export function mismatches(site: OnSite, now: Date): Mismatch[] {
  return [
    ...site.people.flatMap((person) => ofPerson(person, site, now)),
    ...twice(site.people, "callsign-twice", (person) => person.callsign),
    ...twice(site.people, "phone-twice", (person) => person.phone),
    ...site.resources.flatMap((thing) => ofThing(thing, site)),
  ];
}
