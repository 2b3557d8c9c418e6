"""Who goes where: a plan made and given out, a change, a plan again, boards, hand-over, evacuation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.searches import Search, open_search

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.window import Window
    from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RING = [[9.53, 47.14], [9.555, 47.14], [9.555, 47.155], [9.53, 47.155], [9.53, 47.14]]
WIDE = {"width": 1440, "height": 900}


def manned(stack: Stack) -> Search:
    """Return a search with sectors, an entry point and three teams of three."""
    search = open_search(stack, "Планов Егор, 66 лет")
    point: dict[str, Any] = {"lon": 9.5262, "lat": 47.1462, "text": None, "seen_at": None}
    search.call("PUT", "points/entry", base_version=None, subject_id=None, **point)
    search.call("PUT", "area", base_version=None, geometry={"type": "Polygon", "coordinates": [RING]})
    search.call("POST", "partitions", base_version=None, method="grid", cell_m=500, letters="cyrillic")
    for callsign in ("Лиса-41", "Лиса-42", "Лиса-43"):
        search.team(callsign, *(search.person(f"{callsign} {each}") for each in ("СПГ", "второй", "третий")))
    return search


def test_a_shift_is_planned_changed_and_planned_again(window: Callable[..., Window], stack: Stack) -> None:
    """By keys from the plan to issued tasks; a sector is closed; the difference is shown before it counts."""
    search = manned(stack)
    desk = window("assigning", viewport=WIDE)
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.sees("А1")
    make_plan(desk)
    wish_by_hand(desk, search)
    give_out(desk, search)
    change_and_plan_again(desk, search)
    look_at_boards(desk, search)
    hand_over(desk, search)
    evacuate(desk, search)


def sheet(desk: Window) -> Any:
    return desk.page.locator(".sheet")


def make_plan(desk: Window) -> None:
    desk.page.keyboard.press("x")
    desk.page.get_by_role("heading", name=desk.t("plan-title")).wait_for()
    desk.field("plan-hours").press("Enter")
    first = sheet(desk).locator("button.search").first
    first.wait_for()
    expect(sheet(desk).locator(".job")).to_have_count(0)
    desk.sees(desk.t("plan-left-sectors", count="").strip(), within=sheet(desk))
    first.click()
    desk.sees(desk.t("plan-because-gain"), within=sheet(desk).locator(".why"))
    desk.shot("91-plan")
    desk.accessible()


def wish_by_hand(desk: Window, search: Search) -> None:
    """Hold the chosen sector for a team and plan again: the line says so."""
    desk.field("plan-lock-team").select_option(label="Лиса-43")
    with desk.page.expect_response("**/pair-locks"):
        desk.button("plan-lock", sheet(desk)).click()
    desk.sees(desk.t("plan-lock-must", team="Лиса-43"))
    desk.button("plan-again", sheet(desk)).click()
    sheet(desk).locator("button.search.locked").wait_for()
    expect(sheet(desk).locator(".job")).to_have_count(0)
    assert [one["lock"] for one in search.state()["pair_locks"].values()] == ["must"]


def give_out(desk: Window, search: Search) -> None:
    desk.button("plan-accept", sheet(desk)).click()
    desk.sees(desk.t("plan-accepted"), within=sheet(desk))
    states = [task["state"] for task in search.state()["tasks"].values()]
    assert states.count("assigned") == 3
    assert "planned" in states


def change_and_plan_again(desk: Window, search: Search) -> None:
    """Close a prepared sector: the difference is shown, and taken back when it is accepted."""
    tasks = search.state()["tasks"].values()
    sector_id = next(task["sector_id"] for task in tasks if task["state"] == "planned")
    sector = search.state()["sectors"][sector_id]
    marked = {"mark": "blocked", "reason": "Осыпь", "base_version": sector["version"]}
    search.call("POST", f"sectors/{sector_id}/mark", **marked)
    desk.button("plan-again", sheet(desk)).click()
    desk.sees(desk.t("plan-left-blocked"), within=sheet(desk))
    expect(sheet(desk).locator(".job")).to_have_count(0)
    desk.shot("92-plan-again")
    desk.accessible()
    desk.button("plan-accept-changes", sheet(desk)).click()
    desk.sees(desk.t("plan-accepted"), within=sheet(desk))
    gone = [task for task in search.state()["tasks"].values() if task["sector_id"] == sector_id]
    assert [task["state"] for task in gone] == ["cancelled"]


def look_at_boards(desk: Window, search: Search) -> None:
    """Tasks by column; the arrows go from column to column; a team comes back and gets its next task."""
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("z")
    board = sheet(desk)
    planned = board.get_by_role("region", name=desk.t("board-planned"))
    planned.locator(".card").first.wait_for()
    desk.shot("93-board")
    desk.accessible()
    planned.locator(".card").first.focus()
    desk.page.keyboard.press("ArrowRight")
    issued = board.get_by_role("region", name=desk.t("board-issued"))
    expect(issued.locator(".card").first).to_be_focused()
    desk.page.keyboard.press("Enter")
    with desk.page.expect_response("**/state"):
        desk.button("task-briefed", board).click()
    assert "briefed" in [task["state"] for task in search.state()["tasks"].values()]
    desk.button("board-teams", board).click()
    desk.sees("Лиса-42", within=board)
    desk.shot("94-teams")
    desk.accessible()


def hand_over(desk: Window, search: Search) -> None:
    """Read what changed, and hand the shift over."""
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("c")
    page = sheet(desk)
    desk.sees(desk.t("handover-section-tasks"), within=page)
    desk.field("handover-to", page).fill("Ольга")
    desk.field("handover-note", page).fill("Лиса-41 готова к выходу")
    desk.shot("95-handover")
    desk.accessible()
    desk.button("handover-do", page).click()
    desk.sees("Лиса-41 готова к выходу", within=page)
    assert [one["to_name"] for one in search.state()["hand_overs"].values()] == ["Ольга"]


def evacuate(desk: Window, search: Search) -> None:
    """Find the person with a team out: the way to the road, who goes; the others are recalled."""
    state = search.state()
    for task_id, task in state["tasks"].items():
        if task["state"] in {"assigned", "briefed"}:
            moved = search.call("POST", f"tasks/{task_id}/state", base_version=task["version"], state="out")
            assert moved["state"] == "out"
    found = {
        "team_id": next(task["team_id"] for task in state["tasks"].values() if task["state"] == "briefed"),
        "condition": "carried",
        "position": {"lon": 9.541, "lat": 47.148},
    }
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    search.call("POST", "reports", kind="found_reported", at=now, source="radio", **found)
    desk.button("evacuation-title").click()
    panel = desk.page.locator(".right .panel")
    desk.field("evacuation-weight", panel).fill("70")
    desk.button("evacuation-ask", panel).click()
    desk.sees(desk.t("evacuation-best"), within=panel)
    desk.shot("96-evacuation")
    desk.accessible()
    desk.button("evacuation-begin", panel).click()
    desk.sees(desk.t("evacuation-sure", called="", recalled="").split(":")[0], within=panel)
    desk.button("evacuation-begin", panel).click()
    desk.sees(desk.t("evacuation-not-confirmed"), within=panel)
    desk.shot("97-evacuation-begun")
    assert next(iter(search.state()["operation"].values()))["state"] == "hold_evacuate"
