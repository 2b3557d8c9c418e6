"""Everything works with the keyboard: the duty desks and the phone, without mouse or touch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.keys import Keys, sign_in
from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DESK = {"viewport": {"width": 1280, "height": 800}}


def test_the_duty_desks_ask_and_answer_by_keys(window: Callable[..., Window], stack: Stack) -> None:
    """МВД confirms the case and asks; МЧС names its officer and accepts a part."""
    search = open_search(stack, "Кнопкина Вера")
    police = Keys(window("keys-police", viewport={"width": 1280, "height": 800}))
    t = police.window.t
    police.window.open("/duty")
    sign_in(police, "police", 0)
    police.on("", "heading")
    police.go(t("duty-cases"), "link")
    number = stack.call("GET", f"/api/cases/{search.case_id}/snapshot", token=search.token)["state"]["case"]
    police.window.sees("Кнопкина Вера")
    police.go(next(iter(number.values()))["number"], "link")
    police.on("", "main")
    police.go(t("duty-confirm-case"))
    police.on(t("duty-kusp"))
    police.type("4711")
    police.tab_to(t("duty-confirm-officer"))
    police.fill(t("duty-officer-phone"), "+7 000 200-00-02")
    police.go(t("duty-confirm-case"))
    police.window.sees("4711")
    police.on("", "main")
    police.go(t("duty-ask"))
    police.tab_to("", "checkbox")
    while "МЧС" not in police.focus().name and "чрезвычайн" not in police.focus().name:
        police.press("Tab")
    police.press("Space")
    police.fill(t("duty-what"), "Кинолог с собакой")
    police.fill(t("duty-how-many"), "2")
    police.fill(t("duty-place"), "мост")
    police.fill(t("duty-contact"), "Примеров, +7 000 200-00-02")
    police.fill(t("duty-basis"), "КУСП 4711")
    police.go(t("duty-ask-send"))
    police.window.sees(t("request-requested"))
    answer_by_keys(Keys(window("keys-emergency", locale="en", viewport={"width": 1280, "height": 800})))
    police.window.sees(t("commitment-accepted-partly"))


def answer_by_keys(keys: Keys) -> None:
    t = keys.window.t
    keys.window.open("/duty")
    sign_in(keys, "emergency", 0)
    keys.on("", "heading")
    keys.window.sees("Кинолог с собакой")
    go_to_row(keys, "Кинолог с собакой")
    keys.press("Enter")
    keys.on(t("duty-officer-name"))
    keys.fill(t("duty-officer-post"), "СОД ЦУКС")
    keys.fill(t("duty-officer-phone"), "+7 000 300-00-03")
    keys.go(t("duty-officer-open"))
    keys.window.sees("СОД ЦУКС")
    opener = keys.tab_to(t("duty-accept"), "button")
    keys.press("Enter")
    keys.on(t("duty-quantity", unit=t("duty-unit-default")))
    keys.press("Escape")
    keys.on("", "article")
    keys.tab_to(opener.name, "button")
    keys.press("Enter")
    keys.on(t("duty-quantity", unit=t("duty-unit-default")))
    keys.type("1")
    keys.tab_to(t("duty-arrival"))
    keys.type("01012030")
    keys.press("ArrowRight")
    keys.type("0630")
    keys.type("AM")
    keys.press("Control+Enter")
    keys.window.sees(t("commitment-accepted-partly"))
    keys.on("", "article")


def go_to_row(keys: Keys, words: str) -> None:
    """Go to a row of the queue: Tab to the list, arrows along it; other searches may have asked too."""
    for _ in range(15):
        keys.press("Tab")
        for _ in range(keys.page.locator("nav:focus-within a").count()):
            if words in keys.focus().name:
                return
            keys.press("ArrowDown")
    raise AssertionError(f"no row «{words}» for the keyboard")


def test_the_phone_answers_to_tab_and_enter(window: Callable[..., Window], stack: Stack) -> None:
    """Join, go, work, SOS, a clue, the find, СТОП: a keyboard, or a switch instead of a finger."""
    search = open_search(stack, "Табова Зоя")
    briefing = {"text": "Лес", "radio_channel": None, "muster_text": None, "headquarters": None}
    phones = [{"title": "Штаб", "phone": "+7 000 100-00-01"}]
    search.call("POST", "briefing", base_version=None, phones=phones, **briefing)
    code = search.call("GET", "join-code")["code"]
    keys = Keys(window("keys-phone", viewport={"width": 390, "height": 780}))
    t = keys.window.t
    keys.window.open(f"/field/#{code}")
    keys.window.field("field-join-name").wait_for()
    keys.fill(t("field-join-name"), "Волкова Анна")
    keys.fill(t("field-join-callsign"), "Арвен")
    keys.tab_to(t("field-join-adult"), "checkbox")
    keys.press("Space")
    keys.go(t("field-join-submit"))
    for word in ("word-going", "word-arrived"):
        keys.go(t(word))
        keys.on(t("field-actions"))
        expect(keys.page.locator(".latest")).to_contain_text(t(word))
        expect(keys.page.locator(".latest")).to_contain_text(t("report-filed"))
    send_out(search)
    keys.window.sees(t("task-assigned"))
    for word in ("word-out", "word-started"):
        keys.go(t(word))
        keys.on(t("field-actions"))
    clue = keys.tab_to(t("word-clue"), "button")
    keys.press("Enter")
    keys.on("", "main")
    keys.fill(t("field-clue-text"), "Красная перчатка")
    keys.go(t("field-clue-send"))
    keys.window.sees(t("field-clue-wait"))
    keys.go(t("back-button"), key="Shift+Tab")
    keys.on(clue.name, clue.role)
    sos = keys.tab_to(t("word-sos"), "button")
    keys.press("Enter", "Enter")
    keys.on("", "alertdialog")
    keys.window.sees(t("field-sos-filed"))
    alarm = next(iter(search.state()["alarms"]))
    search.call("POST", f"alarms/{alarm}/taken")
    keys.window.sees("Занимается")
    keys.go(t("field-sos-put-away"))
    keys.on(sos.name, sos.role)
    keys.go(t("word-found"), key="Shift+Tab")
    keys.on("", "main")
    keys.go(t("condition-carried"))
    keys.window.sees(t("field-found-wait"))
    keys.go(t("back-button"), key="Shift+Tab")
    search.call("POST", "state", base_version=None, state="hold_verify", reason=None)
    keys.go(t("field-stop-seen"), key="Shift+Tab")
    keys.on("", "alert")
    keys.go(t("field-menu"), key="Shift+Tab")
    keys.tab_to(t("theme-dark"), "button")


def send_out(search: Search) -> None:
    """Put the phone's owner on site, in a team, on a task."""
    (person,) = search.state()["participants"].values()
    (person_id,) = search.state()["participants"]
    here = {"base_version": person["version"], "state": "on_site", "source": "in_person", "at": None}
    search.call("POST", f"participants/{person_id}/state", **here)
    square = [[9.53, 47.14], [9.55, 47.14], [9.55, 47.15], [9.53, 47.15], [9.53, 47.14]]
    search.call("PUT", "area", base_version=None, geometry={"type": "Polygon", "coordinates": [square]})
    cut = {"method": "grid", "cell_m": 1000, "letters": "cyrillic", "keep_worked": True}
    search.call("POST", "partitions", base_version=None, **cut)
    team = search.team("Лиса-1", person_id)
    sector, held = next(iter(search.state()["sectors"].items()))
    task = {"team_id": team, "sector_id": sector, "method": "response", "due_at": None, "text": ""}
    search.call(
        "POST",
        "tasks",
        base_version=held["version"],
        contact_every_min=60,
        emergency_bearing_deg=None,
        alongside=False,
        **task,
    )
