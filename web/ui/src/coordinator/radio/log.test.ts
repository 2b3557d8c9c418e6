import { describe, expect, it } from "vitest";
import type { WithId } from "../views";
import { categoryOfKey, type RadioCorrection, type RadioEntry } from "./entities";
import { filtered, lastSuch, logRows } from "./log";
import { Unsent, type Author, type Kept } from "./unsent";

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
    kept = new Map<string, string>();
    keys = (): string[] => [...this.kept.keys()];
    read = (key: string): string | null => this.kept.get(key) ?? null;
    write = (key: string, text: string): void => { this.kept.set(key, text); };
    remove = (key: string): void => { this.kept.delete(key); };
  }
  const anna: Author = { id: "a", name: "Анна" };
  const boris: Author = { id: "b", name: "Борис" };
  const lost = Object.assign(new Error("no network"), { retryable: true, status: 0 });
  const refused = Object.assign(new Error("no"), { retryable: false, status: 422 });
  const taken = (): Promise<void> => Promise.resolve();
  const queue = (kept: Kept, send: (body: Record<string, unknown>) => Promise<unknown>, who: Author | null = anna): Unsent => new Unsent(kept, () => who, send);
  const idsOf = (bodies: Record<string, unknown>[]): unknown[] => bodies.map((body) => body["command_id"]);

  it("go in order, each with its first id, and outlive the page while the network is away", async () => {
    const kept = new Shelf();
    const ids: string[] = [];
    let down = true;
    const send = (body: Record<string, unknown>): Promise<void> => {
      if (down) return Promise.reject(lost);
      ids.push(String(body["command_id"]));
      return Promise.resolve();
    };
    const first = queue(kept, send);
    first.add({ command_id: "1" });
    first.add({ command_id: "2" });
    await first.flush();
    expect(first.waiting.length).toBe(2);
    down = false;
    const reloaded = queue(kept, send);
    await reloaded.flush();
    expect([ids, reloaded.waiting]).toEqual([["1", "2"], []]);
  });

  it("keep what the server refuses apart, with the reason, go on with the next, and send it again when asked", async () => {
    const kept = new Shelf();
    const sent: string[] = [];
    let strict = true;
    const unsent = queue(kept, (body) => {
      if (strict && body["command_id"] === "1") return Promise.reject(refused);
      sent.push(String(body["command_id"]));
      return Promise.resolve();
    });
    unsent.add({ command_id: "1" });
    unsent.add({ command_id: "2" });
    unsent.add({ command_id: "3" });
    await unsent.flush();
    expect(sent).toEqual(["2", "3"]);
    expect(unsent.refused.map((one) => [one.body["command_id"], one.error])).toEqual([["1", refused]]);
    strict = false;
    unsent.again("1");
    await unsent.flush();
    expect([sent, unsent.refused, unsent.waiting]).toEqual([["2", "3", "1"], [], []]);
  });

  it.each([401, 403])("wait while the server wants a sign-in or a right: %i", async (status) => {
    let signedOut = true;
    const unsent = queue(new Shelf(), () => signedOut ? Promise.reject(Object.assign(new Error("no"), { retryable: false, status })) : taken());
    unsent.add({ command_id: "1" });
    await unsent.flush();
    expect([idsOf(unsent.waiting), unsent.refused, unsent.unsigned]).toEqual([["1"], [], true]);
    signedOut = false;
    await unsent.flush();
    expect([unsent.waiting, unsent.unsigned]).toEqual([[], false]);
  });

  it("are nobody else's: two tabs erase nothing of each other, another account sends nothing of theirs", async () => {
    const kept = new Shelf();
    const [one, two] = [queue(kept, taken), queue(kept, taken)];
    one.add({ command_id: "1" });
    two.add({ command_id: "2" });
    one.drop("1");
    expect(idsOf(one.waiting)).toEqual(["2"]);
    const next = queue(kept, taken, boris);
    await next.flush();
    expect([next.waiting, next.others]).toEqual([[], ["Анна"]]);
    expect(idsOf(two.waiting)).toEqual(["2"]);
  });
});
