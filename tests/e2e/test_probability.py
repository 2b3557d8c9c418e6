"""Where to look first: scenarios, sliders, a clue, the heat map, the table and what more teams would give."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RING = [[9.53, 47.14], [9.56, 47.14], [9.56, 47.16], [9.53, 47.16], [9.53, 47.14]]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 1024, "height": 768}


def planned(stack: Stack) -> Search:
    """Return a search with an area in sectors, a last known position and two teams."""
    search = open_search(stack, "Версиева Нина, 71 год")
    point: dict[str, Any] = {"lon": 9.541, "lat": 47.148, "text": None, "seen_at": None, "subject_id": None}
    search.call("PUT", "points/lkp", base_version=None, **point)
    search.call("PUT", "area", base_version=None, geometry={"type": "Polygon", "coordinates": [RING]})
    search.call("POST", "partitions", base_version=None, method="grid", cell_m=500, letters="cyrillic")
    for callsign in ("Лиса-1", "Лиса-2"):
        search.team(callsign, search.person(f"Старший {callsign}"))
    return search


def test_scenarios_a_clue_and_what_if(window: Callable[..., Window], stack: Stack) -> None:
    """The map follows what the desk thinks, and says in words and figures what the next hour is worth."""
    search = planned(stack)
    desk = window("probability", viewport=WIDE)
    open_panel(desk, search)
    desk.sees(desk.t("scenarios-none"))
    add_scenarios(desk)
    slide(desk, search)
    add_clue(desk, search)
    outline_and_drop(desk, search)
    rank(desk)
    ask_what_if(desk)
    look_at_table(desk)
    at_night(window, search)


def open_panel(desk: Window, search: Search) -> None:
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.sees("А1")
    desk.page.locator("canvas").first.wait_for()
    desk.page.keyboard.press("h")
    desk.page.get_by_role("heading", name=desk.t("probability-title")).wait_for()


def add_scenarios(desk: Window) -> None:
    """Say that the person is here, from the last known position; or has left by car."""
    panel = desk.page.locator(".right .panel")
    desk.button("scenario-add").click()
    desk.field("scenario-name").fill("Ушла за грибами")
    desk.field("scenario-category").select_option("gatherer")
    desk.sees("95 %", within=panel)
    desk.shot("71-scenario")
    desk.accessible()
    desk.button("edit-save", panel).click()
    desk.sees(desk.t("heat-legend"), within=panel)
    desk.button("scenario-add").click()
    desk.field("scenario-name").fill("Уехала на машине")
    desk.page.get_by_label(desk.t("scenario-elsewhere")).check()
    desk.button("edit-save", panel).click()
    expect(weight(desk, "Уехала на машине")).to_have_attribute("aria-valuetext", "33 %")


def settled(desk: Window) -> None:
    """Wait until nothing is being reckoned."""
    expect(desk.page.locator(".job")).to_have_count(0)


def weight(desk: Window, name: str) -> Any:
    return desk.page.get_by_label(desk.t("scenario-weight", name=name))


def slide(desk: Window, search: Search) -> None:
    """Move a weight: the map follows at once, the log hears of it when the slider is let go."""
    settled(desk)
    slider = weight(desk, "Уехала на машине")
    slider.focus()
    with desk.page.expect_response("**/scenario-weights"):
        desk.page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0 %")
    assert sorted(one["weight"] for one in search.state()["scenarios"].values()) == [0, 100]
    settled(desk)
    desk.shot("72-heat")
    desk.accessible()


def add_clue(desk: Window, search: Search) -> None:
    panel = desk.page.locator(".right .panel")
    desk.button("clue-weigh-add").click()
    desk.field("clue-text").fill("Корзина у тропы")
    desk.field("clue-point").fill("47.1560 9.5350")
    desk.field("clue-point").press("Tab")
    desk.button("clue-weigh", panel).click()
    desk.sees("Корзина у тропы", within=panel)
    settled(desk)
    assert [one["weight"] for one in search.state()["clue_weights"].values()] == [0.7]


def outline_and_drop(desk: Window, search: Search) -> None:
    """Outline a phone's cell on the map; it was another phone: the clue goes, with the reason."""
    panel = desk.page.locator(".right .panel")
    desk.button("clue-weigh-add").click()
    desk.field("clue-text").fill("Телефон: сота у реки")
    desk.page.get_by_role("radio", name=desk.t("clue-by-outline")).check()
    for x, y in ((640, 340), (820, 340), (760, 520)):
        desk.page.locator("canvas").first.click(position={"x": x, "y": y})
    desk.sees("Углов: 3", within=panel)
    desk.button("clue-weigh", panel).click()
    row = panel.get_by_role("listitem").filter(has_text="Телефон: сота у реки")
    expect(row).to_contain_text(desk.t("clue-by-outline").lower(), ignore_case=True)
    settled(desk)
    assert [one["lon"] is None for one in search.state()["clue_weights"].values()].count(True) == 1
    desk.button("clue-drop", row).click()
    desk.field("clue-drop-why", row).fill("Чужой телефон")
    row.locator("button[type=submit]").click()
    expect(row).to_have_count(0)
    settled(desk)


def rank(desk: Window) -> None:
    """Ask a sector why; the rest of the world is one of the rows."""
    panel = desk.page.locator(".right .panel")
    desk.button("probability-view-sectors", panel).click()
    desk.sees(desk.t("probability-rest-of-world"), within=panel)
    panel.locator("tbody .label").first.click()
    desk.sees("Почему", within=panel)
    desk.shot("73-sectors")
    desk.accessible()
    desk.button("probability-view-history", panel).click()
    desk.page.get_by_label(desk.t("history-slider")).press("Home")
    desk.sees("карта 1 из", within=panel)
    desk.shot("74-history")
    desk.button("history-now", panel).click()


def ask_what_if(desk: Window) -> None:
    panel = desk.page.locator(".right .panel")
    desk.button("probability-view-what-if", panel).click()
    panel.get_by_role("button", name="Сначала", exact=False).first.click()
    desk.button("what-if-ask", panel).click()
    desk.sees(desk.t("what-if-then"), within=panel)
    desk.sees(desk.t("what-if-plan"), within=panel)
    desk.shot("75-what-if")
    desk.accessible()


def look_at_table(desk: Window) -> None:
    """Where the next hour is worth most comes first."""
    desk.page.keyboard.press("Escape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("w")
    head = desk.page.get_by_role("columnheader", name=desk.t("table-column-next_hour"))
    expect(head).to_have_attribute("aria-sort", "descending")
    desk.sees(desk.t("probability-rest-of-world"))
    desk.shot("76-table")
    desk.accessible()


def at_night(window: Callable[..., Window], search: Search) -> None:
    """See the same in English, dark, on a small screen."""
    desk = window("probability-dark", locale="en", viewport=NARROW, color_scheme="dark")
    open_panel(desk, search)
    desk.sees(desk.t("heat-lighter"))
    desk.shot("77-heat")
    desk.accessible()
