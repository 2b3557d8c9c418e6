import { describe, expect, it } from "vitest";
import type { State } from "../core/fold";
import { keepOfficer, readOfficer } from "./officer";
import { itemStanding, requestRows } from "./requests";
import { hashOf, readRoute, type Route } from "./route";

const US = "us";

function stateWith(more: Record<string, Record<string, unknown>> = {}): State {
  return {
    requests: {
      r1: request({ requested_at: "2026-06-01T10:00:00.000Z" }),
      r2: request({ requested_at: "2026-06-01T09:00:00.000Z" }),
    },
    ...more,
  } as unknown as State;
}

function request(more: Record<string, unknown>): Record<string, unknown> {
  return {
    version: 3,
    state: "requested",
    from_organisation_id: "them",
    to_organisation_ids: [US, "others"],
    items: [{ item_id: "i1", what: "лодка", quantity: 3, unit: null }],
    ...more,
  };
}

const answer = (more: Record<string, unknown>): Record<string, unknown> => ({
  version: 4,
  request_id: "r1",
  organisation_id: US,
  item_id: "i1",
  decision: "accept",
  quantity: 2,
  state: "accepted",
  at: "2026-06-01T10:30:00.000Z",
  ...more,
});

describe("requestRows", () => {
  it("puts what waits for us on top, the longest waiting first", () => {
    const rows = requestRows(stateWith(), US);
    expect(rows.map((row) => row.id)).toEqual(["r2", "r1"]);
    expect(rows.every((row) => row.needsUs)).toBe(true);
  });

  it("knows who has not seen it", () => {
    const receipts = { a: { version: 4, request_id: "r1", organisation_id: US, at: "1" } };
    const row = requestRows(stateWith({ receipts }), US).find((each) => each.id === "r1");
    expect(row?.unseenBy).toEqual(["others"]);
    expect(row?.openItems).toEqual(["i1"]);
  });

  it("has done with a request that we have seen and answered", () => {
    const receipts = { a: { version: 4, request_id: "r1", organisation_id: US, at: "1" } };
    const commitments = { c: answer({}) };
    const row = requestRows(stateWith({ receipts, commitments }), US).find((each) => each.id === "r1");
    expect(row).toMatchObject({ needsUs: false, openItems: [] });
  });

  it("still waits for us when something told in our name is unconfirmed", () => {
    const receipts = { a: { version: 4, request_id: "r1", organisation_id: US, at: "1" } };
    const commitments = { c: answer({}) };
    const told = { t: { version: 5, request_id: "r1", organisation_id: US, said_at: "1", confirmed: false } };
    const row = requestRows(stateWith({ receipts, commitments, told }), US).find((each) => each.id === "r1");
    expect(row?.needsUs).toBe(true);
  });

  it("asks nothing about a withdrawn request", () => {
    const row = requestRows(stateWith({ requests: { r1: request({ state: "cancelled", requested_at: "1" }) } }), US)[0];
    expect(row).toMatchObject({ needsUs: false, unseenBy: [], openItems: [] });
  });

  it("tells our own requests from those to us", () => {
    const requests = { r1: request({ from_organisation_id: US, to_organisation_ids: ["others"], requested_at: "1" }) };
    expect(requestRows(stateWith({ requests }), US)[0]).toMatchObject({ direction: "from_us", needsUs: false });
  });

  it("sums promises without declined and withdrawn ones", () => {
    const commitments = {
      a: answer({}),
      b: answer({ organisation_id: "others", quantity: 1, state: "withdrawn" }),
      c: answer({ organisation_id: "third", decision: "decline", quantity: null, state: "declined" }),
    };
    const item = requestRows(stateWith({ commitments }), US).find((each) => each.id === "r1")?.items[0];
    expect(item?.promised).toBe(2);
    expect(item && itemStanding(item)).toBe("partly");
  });
});

describe("the officer of the shift", () => {
  const store = (): Pick<Storage, "getItem" | "setItem" | "removeItem"> => {
    const kept = new Map<string, string>();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  };
  const officer = { name: "Иван Пробный", post: "ОД", phone: "+7 000", since: new Date(0).toISOString() };

  it("is kept for the shift, for this account only", () => {
    const kept = store();
    keepOfficer(kept, "account", officer);
    expect(readOfficer(kept, "account", 3_600_000)).toEqual(officer);
    expect(readOfficer(kept, "another", 3_600_000)).toBeNull();
    expect(readOfficer(kept, "account", 26 * 3_600_000)).toBeNull();
  });

  it("goes with the hand-over", () => {
    const kept = store();
    keepOfficer(kept, "account", officer);
    keepOfficer(kept, "account", null);
    expect(readOfficer(kept, "account", 1)).toBeNull();
  });
});

describe("addresses", () => {
  const id = "01900000-0000-7000-8000-000000000001";
  const routes: Route[] = [
    { page: "queue", requestId: null },
    { page: "queue", requestId: id },
    { page: "cases" },
    { page: "new_case" },
    { page: "case", caseId: id },
    { page: "ask", operationId: id, caseId: null },
    { page: "ask", operationId: id, caseId: id },
  ];

  it.each(routes)("lead back to the same page: $page", (route) => {
    expect(readRoute(hashOf(route))).toEqual(route);
  });

  it("that mean nothing lead to the queue", () => {
    expect(readRoute("#/case/nonsense")).toEqual({ page: "queue", requestId: null });
  });
});
