import { describe, expect, it } from "vitest";
import "../texts";
import { sectionOf } from "./hand-over";
import type { AssignmentRead, LeftOut } from "./entities";
import { leftText, placeOn, spanText, sureText } from "./words";

const left = (reason: string, figure = 0): LeftOut => ({ sector_id: "s", label: "Б2", team_id: "t", callsign: "Лиса-1", reason, figure, gain_per_h: 0 });
const plan = (gap: number | null, ended: string | null): AssignmentRead => ({ gap, ended }) as AssignmentRead;

describe("plans in words", () => {
  it("tells spans in minutes and hours, never below nothing", () => {
    expect([spanText(-5), spanText(1500), spanText(3900)]).toEqual(["0 мин", "25 мин", "1 ч 05 мин"]);
  });

  it("says by how much time a team falls short", () => {
    expect(leftText(left("too_long", 1500))).toContain("25 мин");
    expect(leftText(left("blocked"))).toBe("опасно, не входить");
    expect(leftText(left("no_such_reason"))).toBe("no_such_reason");
  });

  it("says how sure a plan is", () => {
    expect(sureText(plan(0.02, "proven"))).toBe("лучше нельзя, доказано");
    expect(sureText(plan(0.02, "effort_spent"))).toContain("2,0 %");
    expect(sureText(plan(null, "effort_spent"))).toBe("первый план, может стать лучше");
  });

  it("keeps moments on the timeline", () => {
    const at = (minute: string): string => `2026-08-23T10:${minute}:00.000Z`;
    const [from, to] = [Date.parse(at("00")), Date.parse(at("40"))];
    expect([placeOn(at("10"), from, to), placeOn(at("59"), from, to), placeOn(at("10"), from, from)]).toEqual([0.25, 1, 0]);
  });

  it("puts what a new shift must not miss first", () => {
    expect([sectionOf("sos_raised"), sectionOf("task_given"), sectionOf("note_added")]).toEqual(["urgent", "tasks", "other"]);
  });
});
