import { describe, expect, it } from "vitest";
import { moveRider, type CrewDraft } from "./crews";

const crew = (resource_id: string, ...riders: string[]): CrewDraft => ({
  resource_id, driver_id: `driver of ${resource_id}`, stops: riders.map((participant_id) => ({ participant_id, at: "14:00" })),
  leave_at: "13:00", arrive_at: "15:00", deviation_min: 5,
});

describe("moving riders between cars", () => {
  it("drops the times of the cars that change, and of no other", () => {
    const moved = moveRider([crew("1", "a", "b"), crew("2"), crew("3", "c")], "a", "2");
    expect(moved.map((one) => one.stops.map((stop) => stop.participant_id))).toEqual([["b"], ["a"], ["c"]]);
    expect(moved.map((one) => one.arrive_at)).toEqual([null, null, "15:00"]);
    expect(moved[0]?.stops[0]?.at).toBeNull();
  });

  it("takes somebody out of all cars, and leaves him where he is already", () => {
    expect(moveRider([crew("1", "a")], "a", null)[0]?.stops).toEqual([]);
    const same = [crew("1", "a")];
    expect(moveRider(same, "a", "1")).toEqual(same);
  });
});
