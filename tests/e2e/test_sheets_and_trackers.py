"""What goes on without people: the sheet of all teams by schedule, and a tracker bound on the roster."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.keys import Keys
from tests.e2e.searches import open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_sheet_is_scheduled_and_a_tracker_bound(window: Callable[..., Window], stack: Stack) -> None:
    """Asked for by keyboard, the worker writes it soon and the desk says when; the key of a tracker once."""
    search = open_search(stack, "Листов Пётр")
    person = search.person("Т-один")
    desk = window("sheets", viewport={"width": 1440, "height": 900})
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.sees(desk.t("connection-live"))
    desk.button("menu-more").click()
    desk.page.get_by_role("menuitem", name=desk.t("action-board-schedule")).click()
    desk.sees(desk.t("board-schedule-none"))
    desk.shot("47-board-schedule")
    keys = Keys(desk)
    keys.tab_to(desk.t("board-schedule-save"))
    keys.press("Enter")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    sign = desk.page.locator("footer").get_by_text(desk.t("board-schedule-sign"))
    expect(sign).to_be_visible()
    expect(sign.locator("time")).to_be_visible(timeout=60_000)
    desk.button("menu-more").click()
    desk.page.get_by_role("menuitem", name=desk.t("action-board-schedule")).click()
    desk.sees(desk.t("board-schedule-paper-none"))
    desk.page.emulate_media(color_scheme="dark")
    desk.shot("48-board-written")
    desk.accessible()
    name = next(iter(search.state()["board_sheet"].values()))["name"]
    assert [path.name for path in (stack.data_dir / "sheets").rglob("*.pdf")].count(name) == 1
    roster = window("tracker", viewport={"width": 1280, "height": 900})
    roster.open("/")
    roster.sign_in("coordinator")
    roster.button("home-open-case").wait_for()
    roster.open(f"/#/operations/{search.operation_id}/roster/arrivals")
    roster.page.get_by_role("option").filter(has_text="Т-один").click()
    roster.field("trackers-name").fill("Трекер 7")
    roster.field("trackers-name").press("Enter")
    token = roster.field("trackers-setting-traccar-id")
    expect(token).to_have_value(re.compile(r"^[2-9A-Z]{20}$"))
    query = f"/osmand/?id={token.input_value()}&lat=47.1&lon=9.5&batt=63"
    assert roster.page.request.get(stack.url + query).status == 200
    expect(roster.page.get_by_text(roster.t("trackers-heard"))).to_be_visible()
    token.scroll_into_view_if_needed()
    roster.shot("49-tracker")
    roster.accessible()
    roster.button("trackers-written-down").click()
    expect(token).to_have_count(0)
    assert person in {one["participant_id"] for one in search.call("GET", "positions")["positions"]}
