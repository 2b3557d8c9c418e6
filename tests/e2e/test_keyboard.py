"""Everything works with the keyboard: a coordinator runs a search without touching the mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.keys import Keys, sign_in
from tests.e2e.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CORNERS = ["47.1500 9.5300", "47.1500 9.5500", "47.1400 9.5500", "47.1400 9.5300"]
DESK = {"viewport": {"width": 1280, "height": 800}}


def test_a_coordinator_runs_a_search_by_keys(window: Callable[..., Window]) -> None:
    """From the sign-in to the closed search; the focus is seen at every stop and goes back where it was."""
    desk = window("keys-desk", **DESK)
    keys = Keys(desk)
    desk.open("/")
    sign_in(keys, "coordinator", 0)
    open_case_and_operation(keys)
    set_points_and_area(keys)
    cut_into_sectors(keys)
    add_people_and_form_teams(keys)
    give_tasks(keys)
    walk_tabs_and_menu(keys)
    answer_an_sos(keys)
    stop_the_search(keys)
    ask_for_people(keys)
    close_the_search(keys)


def open_case_and_operation(keys: Keys) -> None:
    t = keys.window.t
    keys.on(t("desk-title"), "heading")
    opener = keys.tab_to(t("home-open-case"), "button")
    keys.press("Enter")
    keys.on(t("open-case-who"))
    keys.opens_and_escapes(t("open-case-title"), opener)
    keys.press("n")
    keys.on(t("open-case-who"))
    keys.type("Клавишева Ольга")
    keys.fill(t("open-case-place"), "у моста")
    keys.tab_to(t("open-case-when"))
    keys.tab_to(t("unknown"), "checkbox")
    keys.press("Space")
    keys.tab_to(t("exercise"), "checkbox")
    keys.press("Space")
    keys.go(t("open-case-submit"))
    keys.window.sees("Клавишева Ольга")
    keys.go(t("case-open-operation"))
    keys.window.button("area-draw").wait_for()
    keys.on("", "heading")


def set_points_and_area(keys: Keys) -> None:
    t = keys.window.t
    for key, place in (("l", "47°08'42\"N 9°32'24\"E"), ("e", "47 08.500 N, 9 32.100 E")):
        keys.press(key)
        keys.on(t("point-typed"))
        keys.type(place)
        keys.press("Enter")
        keys.window.field("point-typed").wait_for(state="hidden")
    opener = keys.tab_to(t("area-draw"), "button")
    keys.press("Enter")
    keys.on(t("area-corner"))
    keys.opens_and_escapes(t("area-draw-title"), opener)
    keys.press("a")
    keys.on(t("area-corner"))
    for number, corner in enumerate(CORNERS, 1):
        keys.type(corner)
        keys.press("Enter")
        keys.window.sees(f"Углов: {number}")
    keys.go(t("area-save"))
    keys.window.field("area-corner").wait_for(state="hidden")


def cut_into_sectors(keys: Keys) -> None:
    t = keys.window.t
    keys.press("p")
    keys.on(t("partition-grid"), "radio")
    keys.tab_to(t("partition-make"), "button")
    keys.press("Enter")
    keys.window.sees("Готово: секторов 16")
    keys.on(t("partition-make"), "button")
    keys.press("Escape", "1")
    keys.on("А1", "button")
    keys.press("ArrowDown")
    keys.on("А2", "button")
    keys.press("End", "Home", "ArrowDown", "Enter")
    keys.on("А2", "button")
    keys.press("Tab")
    keys.on(t("action-give"), "button")


def add_people_and_form_teams(keys: Keys) -> None:
    t = keys.window.t
    keys.press("n")
    for callsign in ("Гром", "Кедр", "Сова"):
        keys.on(t("person-callsign"))
        keys.type(callsign)
        keys.press("Enter")
        keys.window.sees(t("person-added", name=callsign))
    keys.press("Escape")
    keys.on(t("action-give"), "button")
    keys.press("3")
    keys.on("Гром", "button")
    for member, callsign in (("Гром", "Лиса-1"), ("Кедр", "Лиса-2")):
        keys.press("t")
        keys.on(t("team-kind"))
        keys.tab_to(member, "checkbox")
        keys.press("Space")
        keys.go(t("action-team"))
        expect(keys.page.get_by_role("dialog")).to_have_count(0)
        keys.on("Гром", "button")
        keys.window.sees(callsign)


def give_tasks(keys: Keys) -> None:
    t = keys.window.t
    for row, team in (("А1", "Лиса-1"), ("А2", "Лиса-2")):
        keys.press("1", "Home")
        keys.on("А1", "button")
        if row == "А2":
            keys.press("ArrowDown")
        keys.press("Enter")
        opener = keys.tab_to(t("action-give"), "button")
        keys.press("Enter")
        keys.on(t("give-sector"))
        keys.tab_to(t("give-team"))
        keys.press("ArrowDown")
        assert keys.focus().value.startswith(team)
        keys.go(t("action-give"))
        expect(keys.page.locator("form#give-task")).to_be_hidden()
        keys.on(opener.name, opener.role)
        keys.press("3")
        keys.press("2")
        keys.on("Лиса-1", "button")
    # A report by radio moves the row under the focus; the focus stays on it.
    keys.press("r", "1")
    keys.on(t("report-who-label"))
    keys.type("1")
    keys.press("Enter")
    keys.window.sees(t("report-filed"), within=keys.window.dialog())
    keys.press("Escape")
    keys.window.sees(t("task-out"))
    keys.on("Лиса-1", "button")


def walk_tabs_and_menu(keys: Keys) -> None:
    t = keys.window.t
    keys.tab_to(t("tab-teams"), "tab", key="Shift+Tab")
    keys.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    keys.on(t("tab-feed"), "tab")
    keys.tab_to(t("feed-filter"))
    keys.press("Tab")
    keys.on(t("tab-feed"), "list")
    menu = keys.tab_to(t("menu-more"), "button", key="Shift+Tab")
    keys.press("Enter")
    for _ in range(3):
        keys.press("ArrowDown")
    keys.press("Home")
    while not keys.focus().name.startswith(t("action-briefing")):
        keys.press("ArrowDown")
    keys.seen()
    keys.press("Enter")
    keys.on(t("briefing-text"))
    keys.opens_and_escapes(t("briefing-title"), menu)
    keys.press("b")
    keys.on(t("briefing-text"))
    keys.type("Лес, вечер.")
    keys.fill(t("briefing-phone-number"), "+7 000 100-00-01")
    keys.go(t("briefing-release"))
    keys.on(menu.name, menu.role)
    keys.press("Control+k")
    keys.on(t("action-palette"))
    keys.press("Escape")
    keys.on(menu.name, menu.role)
    keys.press("Shift+Slash")
    keys.window.sees(t("shortcuts-report"))
    keys.window.shot("33-keys")
    keys.press("Escape")
    keys.on(menu.name, menu.role)
    keys.press("m")
    keys.on(t("map-title"))
    keys.press("ArrowLeft")


def radio(keys: Keys, category: str, who: str) -> None:
    keys.press("r", category)
    keys.on(keys.window.t("report-who-label"))
    keys.type(who)
    keys.press("Enter")
    keys.window.sees(keys.window.t("report-filed"), within=keys.window.dialog())
    keys.press("Escape")
    expect(keys.page.get_by_role("dialog")).to_have_count(0)


def answer_an_sos(keys: Keys) -> None:
    t = keys.window.t
    keys.press("2")
    keys.on("Лиса-1", "button")
    radio(keys, "s", "1")
    keys.on("Лиса-1", "button")
    keys.press("0")
    keys.on(t("alarm-take"), "button")
    keys.press("Enter")
    keys.window.sees("Занимается")
    keys.on(t("bands-title"))
    keys.go(t("alarm-close"))
    keys.on(t("alarm-close-reason"))
    keys.type("нога вывихнута, вынесли")
    keys.press("Enter")
    expect(keys.page.get_by_text(t("alarm-sos", callsign="Лиса-1"))).to_have_count(0)
    keys.on(t("bands-title"))


def stop_the_search(keys: Keys) -> None:
    t = keys.window.t
    radio(keys, "k", "1")
    keys.press("0")
    keys.on(t("operation-hold_verify"), "button")
    keys.press("Enter")
    keys.window.sees(t("alarm-stop-not-confirmed", count=1))
    keys.on(t("bands-title"))
    radio(keys, "7", "1")
    keys.window.sees(t("stop-all-confirmed"))


def ask_for_people(keys: Keys) -> None:
    t = keys.window.t
    keys.press("5")
    keys.press("q")
    keys.on("", "checkbox")
    keys.press("Space")
    keys.fill(t("request-what"), "Люди с фонарями")
    keys.fill(t("request-place"), "стоянка")
    keys.fill(t("request-basis"), "Заявка штаба")
    keys.go(t("request-submit"))
    expect(keys.page.get_by_role("dialog")).to_have_count(0)
    keys.window.sees("Люди с фонарями")
    opener = keys.tab_to(t("request-told-officer"), "button")
    keys.press("Enter")
    keys.on(t("officer-name"))
    keys.opens_and_escapes(t("officer-post"), opener)
    keys.press("Enter")
    keys.on(t("officer-name"))
    keys.type("Дежурный Семён")
    keys.go(t("save"))
    keys.window.sees("Дежурный Семён")
    keys.on(t("tab-requests"))
    told = keys.tab_to(t("action-told"), "button")
    keys.press("Enter")
    keys.on(t("officer-name"))
    keys.type("Дежурный Семён")
    keys.fill(t("told-text"), "Шестеро выедут через час")
    keys.go(t("save"))
    keys.window.sees("Шестеро выедут через час")
    keys.on(told.name, told.role)


def close_the_search(keys: Keys) -> None:
    """Two are at home by a word each; the third is closed over with a reason."""
    t = keys.window.t
    keys.press("Control+k")
    keys.on(t("action-palette"))
    keys.type(t("action-closing"))
    keys.press("Enter")
    keys.window.sees("Не все дома")
    at_home = keys.window.dialog().get_by_role("button", name=t("resolution-called_at_home"))
    for left in (2, 1):
        keys.go(t("resolution-called_at_home"))
        expect(at_home).to_have_count(left)
    keys.tab_to(t("closing-outcome"))
    keys.press("ArrowDown")
    keys.fill(t("closing-reason"), "Сова уехала, телефон выключен")
    keys.go(t("closing-anyway"))
    keys.window.sees(t("operation-closed-found_alive"))
    expect(keys.page.get_by_role("dialog")).to_have_count(0)
    assert keys.focus().role != "page"
