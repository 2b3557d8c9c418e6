/**
 * State of a stream = fold of its events, by the table that the server uses too.
 *
 * `fold.json` is written by `search_ops.domain.export`; nothing about single kinds of events is known here.
 */

import table from "./fold.json";

// Entities are records of JSON values; typed views of them are in entities.ts.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Entity = Record<string, any> & { version: number };
export type Collection = Readonly<Record<string, Entity>>;
export type State = Readonly<Record<string, Collection>>;

export type WireEvent = {
  seq: number;
  id: string;
  v: number;
  kind: string;
  visibility: string;
  payload: Record<string, unknown>;
  actor: { type: string; id: string } | null;
  device_id?: string | null;
  at: string;
  recorded_at: string;
};
/** What a reader gets of an event that it may not see. */
export type Stub = { seq: number };

export type Put = {
  collection: string;
  id: string;
  each: string | null;
  take: string[];
  fields: Record<string, string>;
  latest: Record<string, string>;
  family: string | null;
};

const FOLD = table as unknown as Readonly<Record<string, readonly Put[]>>;
const LITERALS: Readonly<Record<string, unknown>> = { "=null": null, "=true": true, "=false": false, "=[]": [] };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function valueOf(source: string, event: Record<string, unknown>, item: unknown): unknown {
  if (source.startsWith("=")) return source in LITERALS ? LITERALS[source] : source.slice(1);
  const dot = source.indexOf(".");
  const head = dot < 0 ? source : source.slice(0, dot);
  const base = head === "item" ? item : event[head];
  if (dot < 0) return base;
  return isRecord(base) ? base[source.slice(dot + 1)] : undefined;
}

function mergePut(collections: Record<string, Record<string, Entity>>, put: Put, event: WireEvent, item: unknown): void {
  const id = valueOf(put.id, event, item);
  if (id === undefined || id === null) return;
  const key = String(id);
  const old = collections[put.collection]?.[key];
  const entity: Entity = { ...old, version: event.seq };
  const origin = put.each === null ? event.payload : item;
  if (isRecord(origin)) for (const name of put.take) if (name in origin) entity[name] = origin[name];
  for (const [target, source] of Object.entries(put.fields)) {
    const value = valueOf(source, event, item);
    if (value !== undefined) entity[target] = value;
  }
  // Late reports are normal: of two times the later one stays (RFC 3339 UTC texts compare as they are).
  for (const [target, source] of Object.entries(put.latest)) {
    const time = valueOf(source, event, item) as string;
    const held = old?.[target] as string | null | undefined;
    entity[target] = held === null || held === undefined || time > held ? time : held;
  }
  (collections[put.collection] ??= {})[key] = entity;
}

/** Return the state after these events; collections that were not touched stay the same objects. */
export function fold(state: State, events: readonly (WireEvent | Stub)[]): State {
  const copies: Record<string, Record<string, Entity>> = { ...state };
  const copied = new Set<string>();
  for (const event of events) {
    if (!("kind" in event)) continue;
    if (event.v !== 1) continue; // a newer form of a kind is kept in the log and changes nothing here
    for (const put of FOLD[event.kind] ?? []) {
      if (put.family !== null && event.visibility.split(":", 1)[0] !== put.family) continue;
      if (!copied.has(put.collection) && copies[put.collection] !== undefined) {
        copies[put.collection] = { ...copies[put.collection] };
        copied.add(put.collection);
      }
      const items = put.each === null ? [null] : valueOf(put.each, event, null);
      for (const item of Array.isArray(items) ? items : []) mergePut(copies, put, event, item);
    }
  }
  return copies;
}
