import { describe, expect, it } from "vitest";
import type { WithId } from "../views";
import { categoryOfKey, type RadioCorrection, type RadioEntry } from "./entities";
import { filtered, lastSuch, logRows } from "./log";
import { Unsent, type Kept } from "./unsent";

const entry = (id: string, at: string, more: Partial<RadioEntry> = {}): WithId<RadioEntry> =>
  ({ id, version: 1, caller: "Лиса-1", category: "task", text: "Вышли", source: "radio", at, recorded_at: at, ...more }) as WithId<RadioEntry>;

describe("radio log", () => {
  it("stands in the order of the calls, with corrections below and late entries marked", () => {
    const rows = logRows(
      [entry("a", "2026-08-23T10:00:00.000Z"), entry("p", "2026-08-23T09:00:00.000Z", { recorded_at: "2026-08-23T12:00:00.000Z" })],
      [
        { id: "c2", version: 9, entry_id: "p", text: "два" },
        { id: "c1", version: 8, entry_id: "p", text: "раз" },
      ] as WithId<RadioCorrection>[],
    );
    expect(rows.map((row) => [row.entry.id, row.late, row.corrections.map((one) => one.text)])).toEqual([
      ["a", false, []],
      ["p", true, ["раз", "два"]],
    ]);
    expect(filtered(rows, "ДВА", null).map((row) => row.entry.id)).toEqual(["p"]);
    expect(filtered(rows, "", "clue")).toEqual([]);
  });

  it("takes a time as paper has it for the last such time", () => {
    const now = "2026-08-23T14:10";
    expect(lastSuch("14:05", now)).toBe("2026-08-23T14:05");
    expect(lastSuch("905", now)).toBe("2026-08-23T09:05");
    expect(lastSuch("23 50", now)).toBe("2026-08-22T23:50");
    for (const wrong of ["", "25:00", "12:70", "утром"]) expect(lastSuch(wrong, now)).toBeNull();
  });

  it("has a digit for every category, the same on every layout", () => {
    expect(["Digit1", "Numpad7", "Digit8", "KeyQ"].map(categoryOfKey)).toEqual(["welfare", "subject_located", null, null]);
  });
});

describe("unsent entries", () => {
  class Shelf implements Kept {
    kept: string | null = null;
    read = (): string | null => this.kept;
    write = (text: string): void => { this.kept = text; };
  }
  const lost = Object.assign(new Error("no network"), { retryable: true });
  const refused = Object.assign(new Error("no"), { retryable: false });

  it("go in order, each with its first id, and outlive the page while the network is away", async () => {
    const shelf = new Shelf();
    const ids: string[] = [];
    let down = true;
    const send = (body: Record<string, unknown>): Promise<void> => {
      if (down) return Promise.reject(lost);
      ids.push(String(body["command_id"]));
      return Promise.resolve();
    };
    const first = new Unsent(shelf, send);
    first.add({ command_id: "1" });
    first.add({ command_id: "2" });
    await first.flush();
    expect(first.waiting.length).toBe(2);
    down = false;
    const reloaded = new Unsent(shelf, send);
    await reloaded.flush();
    expect([ids, reloaded.waiting]).toEqual([["1", "2"], []]);
  });

  it("keep what the server refuses apart, with the reason, and go on with the next", async () => {
    const shelf = new Shelf();
    const sent: string[] = [];
    const queue = new Unsent(shelf, (body) => {
      if (body["command_id"] === "1") return Promise.reject(refused);
      sent.push(String(body["command_id"]));
      return Promise.resolve();
    });
    queue.add({ command_id: "1" });
    queue.add({ command_id: "2" });
    await queue.flush();
    expect(sent).toEqual(["2"]);
    expect(queue.refused.map((one) => one.body["command_id"])).toEqual(["1"]);
    queue.drop("1");
    expect(new Unsent(shelf, () => Promise.resolve()).refused).toEqual([]);
  });
});
