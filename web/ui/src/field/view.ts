/**
 * What one volunteer's phone shows, derived from the state it was given and from its own unsent reports.
 *
 * A tap counts at once on this phone: "we have left" moves the task forward here before headquarters knows.
 */
import type {
  Alarm,
  Briefing,
  Operation,
  Participant,
  ParticipantState,
  Task,
  TaskState,
  Team,
} from "../core/entities";
import type { State } from "../core/fold";
import type { OutboxItem } from "../core/outbox/items";

export type WithId<T> = T & { readonly id: string };
/** The task as the phone needs it, with the sector's shape inside. */
export type FieldTask = Task & {
  geometry?: GeoJSON.Geometry | null;
  geometry_ref?: { sha256: string } | null;
};

export type FieldView = {
  readonly operation: WithId<Operation> | null;
  readonly me: WithId<Participant> | null;
  readonly myState: ParticipantState;
  readonly team: WithId<Team> | null;
  readonly isLeader: boolean;
  readonly task: WithId<FieldTask> | null;
  readonly taskState: TaskState | null;
  readonly briefing: Briefing | null;
  /** The newest SOS of this person that is not closed. */
  readonly alarm: WithId<Alarm> | null;
};

export type Who = { readonly operationId: string; readonly participantId: string };

const TASK_ORDER: readonly TaskState[] = ["planned", "assigned", "briefed", "out", "on_task", "returning", "back"];
const CURRENT_TASKS: ReadonlySet<TaskState> = new Set([
  "assigned",
  "briefed",
  "out",
  "on_task",
  "returning",
  "recalled",
  // Back, but not yet debriefed: nothing new is to be done, the report at headquarters still is.
  "back",
]);
const TASK_STATE_OF_WORD: Readonly<Record<string, TaskState>> = {
  out: "out",
  started: "on_task",
  finished: "returning",
  returning: "returning",
  back: "back",
};
const MY_STATE_OF_WORD: Readonly<Record<string, ParticipantState>> = {
  going: "going",
  leaving: "left",
  home: "home",
  rest: "resting",
  ready: "available",
};

/** Derive the view. `seq` is the number up to which `state` is folded. */
export function viewOf(state: State, seq: number, items: readonly OutboxItem[], who: Who): FieldView {
  const me = find<Participant>(state, "participants", who.participantId);
  const team = teamOf(state, who.participantId);
  const task = team === null ? null : taskOf(state, team.id);
  const ahead = items.filter((item) => item.operationId === who.operationId && isAhead(item, seq));
  const taskState = task === null ? null : taskStateWith(task, ahead);
  return {
    operation: find<Operation>(state, "operation", who.operationId),
    me,
    myState: myStateWith(me?.state ?? "going", ahead, who.participantId),
    team,
    isLeader: team !== null && team.leader_id === who.participantId,
    // A task that this phone reported as done stays in sight until headquarters has heard it.
    task,
    taskState,
    briefing: find<Briefing>(state, "briefing", who.operationId),
    alarm: alarmOf(state, who.participantId),
  };
}

/** Reports that the state cannot know yet. */
function isAhead(item: OutboxItem, seq: number): boolean {
  if (item.state === "tray") return false;
  return item.state !== "filed" || (item.seq !== null && item.seq > seq);
}

function find<T>(state: State, collection: string, id: string): WithId<T> | null {
  const entity = state[collection]?.[id];
  return entity === undefined ? null : ({ ...entity, id } as unknown as WithId<T>);
}

function all<T>(state: State, collection: string): WithId<T>[] {
  return Object.entries(state[collection] ?? {}).map(([id, entity]) => ({ ...entity, id }) as unknown as WithId<T>);
}

function teamOf(state: State, participantId: string): WithId<Team> | null {
  const mine = all<Team>(state, "teams").filter(
    (team) => !team.disbanded && ((team.member_ids as string[] | undefined) ?? []).includes(participantId),
  );
  return newest(mine, (team) => team.formed_at);
}

function taskOf(state: State, teamId: string): WithId<FieldTask> | null {
  const current = all<FieldTask>(state, "tasks").filter(
    (task) => task.team_id === teamId && CURRENT_TASKS.has(task.state),
  );
  return newest(current, (task) => task.given_at);
}

function alarmOf(state: State, participantId: string): WithId<Alarm> | null {
  const open = all<Alarm>(state, "alarms").filter(
    (alarm) => alarm.participant_id === participantId && alarm.state !== "closed",
  );
  return newest(open, (alarm) => alarm.at);
}

function newest<T>(list: readonly T[], time: (each: T) => string | undefined): T | null {
  let best: T | null = null;
  for (const each of list) if (best === null || (time(each) ?? "") > (time(best) ?? "")) best = each;
  return best;
}

function taskStateWith(task: WithId<FieldTask>, ahead: readonly OutboxItem[]): TaskState {
  let state = task.state;
  for (const { event } of ahead) {
    if (event.kind !== "check_in" || event.payload["task_id"] !== task.id) continue;
    const next = TASK_STATE_OF_WORD[String(event.payload["word"])];
    if (next === undefined) continue;
    // Recalled means: come back. Only "we are back" ends that.
    if (state === "recalled" ? next === "back" : TASK_ORDER.indexOf(next) > TASK_ORDER.indexOf(state)) state = next;
  }
  return state;
}

function myStateWith(state: ParticipantState, ahead: readonly OutboxItem[], participantId: string): ParticipantState {
  let mine = state;
  for (const { event } of ahead) {
    if (event.kind !== "check_in" || event.payload["participant_id"] !== participantId) continue;
    mine = MY_STATE_OF_WORD[String(event.payload["word"])] ?? mine;
  }
  return mine;
}

/** The screens of the phone; one at a time. */
export type Screen = "trip" | "waiting" | "task" | "left" | "home" | "closed";

export function screenOf(view: FieldView): Screen {
  if (view.myState === "home") return "home";
  if (view.operation?.state.startsWith("closed/") === true) return "closed";
  if (view.task !== null && view.taskState !== "back") return "task";
  if (view.myState === "left") return "left";
  if (view.myState === "invited" || view.myState === "going") return "trip";
  return "waiting";
}

/** СТОП in any of its forms, or null. */
export function holdOf(view: FieldView): { readonly state: string; readonly since: string } | null {
  const operation = view.operation;
  if (operation === null) return null;
  if (!["hold_verify", "hold_evacuate", "suspended"].includes(operation.state)) return null;
  return { state: operation.state, since: operation.state_at ?? operation.opened_at };
}

/** The words of a leader in their order; the first not yet said is the main button. */
export const LEADER_WORDS = ["out", "started", "finished", "returning", "back"] as const;
export type LeaderWord = (typeof LEADER_WORDS)[number];

const NEXT_WORD: Readonly<Partial<Record<TaskState, LeaderWord>>> = {
  assigned: "out",
  briefed: "out",
  out: "started",
  on_task: "finished",
  returning: "back",
  recalled: "back",
};

export function nextWord(state: TaskState): LeaderWord | null {
  return NEXT_WORD[state] ?? null;
}

/** Words that still make sense besides the main one: a step may have been forgotten or left out. */
export function otherWords(state: TaskState): readonly LeaderWord[] {
  const next = nextWord(state);
  if (state === "recalled") return [];
  const reached = TASK_ORDER.indexOf(state);
  return LEADER_WORDS.filter((word) => {
    const target = TASK_STATE_OF_WORD[word];
    return word !== next && target !== undefined && TASK_ORDER.indexOf(target) > reached;
  });
}
