"""Alarms on the page: one list by danger, answered by keyboard, in both languages and themes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.keys import Keys
from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

AREA = {
    "type": "Polygon",
    "coordinates": [[[9.5, 47.1], [9.53, 47.1], [9.53, 47.12], [9.5, 47.12], [9.5, 47.1]]],
}


def out(search: Search, callsign: str, **clocks: Any) -> str:
    """Send a team of one person, with a phone, into a sector of its own."""
    person = search.call(
        "POST",
        "participants",
        callsign=f"{callsign} ст.",
        name=None,
        phone="+7 000 000-00-12",
        state="available",
    )
    team = search.team(callsign, str(person["participant_id"]))
    held = search.state()["sectors"]
    taken = {task["sector_id"] for task in search.state().get("tasks", {}).values()}
    sector = next(key for key in held if key not in taken and not held[key]["retired"])
    wish = {"base_version": held[sector]["version"], "team_id": team, "sector_id": sector, **clocks}
    task = search.call("POST", "tasks", **wish)["task_id"]
    left = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    version = search.state()["tasks"][task]["version"]
    search.call("POST", f"tasks/{task}/state", base_version=version, state="out", at=left)
    return team


def test_alarms_stand_in_one_list_and_are_answered_by_keyboard(
    window: Callable[..., Window], stack: Stack
) -> None:
    """Overdue, without contact and SOS by danger, with phones; taken, agreed anew, heard; СТОП read out."""
    search = open_search(stack, "Тревогин Олег")
    search.call("PUT", "area", base_version=None, geometry=AREA)
    search.call("POST", "partitions", base_version=None, method="grid", cell_m=500.0)
    late = (datetime.now(UTC) - timedelta(minutes=7)).isoformat()
    out(search, "Лиса-21", due_at=late)
    out(search, "Лиса-22", contact_every_min=30)
    calling = out(search, "Лиса-23", contact_every_min=60)
    desk = window("alarms", viewport={"width": 1440, "height": 900})
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.sees(desk.t("connection-live"))
    rows = desk.page.get_by_role("list", name=desk.t("alarms-list")).get_by_role("listitem")
    # The clocks of the server look every few seconds: the rows come by themselves.
    expect(rows.filter(has_text="Лиса-21")).to_contain_text("+7 000 000-00-12", timeout=40_000)
    expect(rows).to_have_count(3)
    told = [row.inner_text() for row in rows.all()]
    assert [name for words in told for name in ("Лиса-21", "Лиса-22", "Лиса-23") if name in words] == [
        *("Лиса-21", "Лиса-22", "Лиса-23")
    ], told
    assert desk.t("alarms-step-radio") in told[0]
    assert desk.t("alarms-step-coordinator") in told[1]
    desk.shot("40-alarms")
    keys = Keys(desk)
    taken_by_keyboard(keys, rows.nth(0))
    other_times(keys, rows)
    # The two that are left: one is heard by radio with a press, the other calls for help.
    keys.tab_to(desk.t("word-all_well"))
    keys.press("Enter")
    expect(rows.filter(has_text="Лиса-22")).to_have_count(0, timeout=40_000)
    search.call("POST", "reports", kind="sos_raised", team_id=calling, source="radio", at=now().isoformat())
    desk.sees(desk.t("alarm-sos", callsign="Лиса-23"))
    stop_is_read_out(keys, search)
    desk.page.emulate_media(color_scheme="dark")
    desk.shot("42-alarms-dark")
    desk.accessible()
    desk.button("menu-more").click()
    desk.page.get_by_role("menuitem", name=desk.t("action-backup")).click()
    desk.sees(desk.t("backup-no-folder"))
    desk.shot("44-backup")


def now() -> datetime:
    return datetime.now(UTC)


def taken_by_keyboard(keys: Keys, row: Locator) -> None:
    """0 comes to the first button of the list, Enter takes the alarm: who and when stands beside it."""
    keys.press("0")
    keys.on(keys.window.t("alarm-take"))
    keys.press("Enter")
    expect(row).to_contain_text(keys.window.t("alarms-taken", name="").strip())


def other_times(keys: Keys, rows: Locator) -> None:
    """Half an hour more is proposed; agreed, the alarm is over."""
    keys.tab_to(keys.window.t("alarms-clocks"))
    keys.press("Enter")
    keys.window.shot("41-other-times")
    keys.tab_to(keys.window.t("alarms-agree"))
    keys.press("Enter")
    expect(rows.filter(has_text="Лиса-21")).to_have_count(0, timeout=40_000)


def stop_is_read_out(keys: Keys, search: Search) -> None:
    """СТОП lists who has not confirmed, with phones; each answer by radio is one press."""
    desk = keys.window
    search.call(
        "POST",
        "state",
        base_version=search.state()["operation"][search.operation_id]["version"],
        state="hold_verify",
        reason=None,
    )
    listed = desk.page.get_by_role("region", name=desk.t("alarms-stop-read-out")).get_by_role("listitem")
    expect(listed).to_have_count(3)
    desk.shot("42-alarms")
    listed.get_by_role("button").first.focus()
    keys.press("Enter")
    expect(listed).to_have_count(2)
