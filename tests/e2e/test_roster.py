"""People and means: arrivals by keyboard, things by number, teams built by keys and mouse, cars home."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOST_ENTRY_S = 10  # found or entered, at the table
WIDE = {"width": 1440, "height": 900}
LEADER = [{"competence": "leader", "until": None}]


def known(search: Search, callsign: str, **said: Any) -> str:
    """Add somebody on site of whom the registrar knows everything."""
    person = search.person(callsign)
    version = search.state()["participants"][person]["version"]
    search.call("PUT", f"participants/{person}", base_version=version, adult=True, **said)
    return person


def listed(search: Search, kind: str, number: str, **said: Any) -> str:
    resource = str(uuid7())
    search.call("PUT", f"resources/{resource}", base_version=None, kind=kind, number=number, **said)
    return resource


def test_arrivals_things_and_teams(window: Callable[..., Window], stack: Stack) -> None:
    """From the first at the table to teams with a radio each, in one window and mostly by keys."""
    search = open_search(stack, "Ростерова Зоя, 68 лет")
    desk = window("roster", viewport=WIDE)
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}/roster")
    arrive(desk, search)
    issue(desk, search)
    build(desk, search)
    ride_home(desk, search)


def arrive(desk: Window, search: Search) -> None:
    """Type, Enter: found or entered; what is known of somebody is completed without the mouse."""
    query = desk.page.get_by_role("combobox", name=desk.t("arrivals-query"))
    expect(query).to_be_focused()
    keys = desk.page.keyboard
    for typed in ("Рысь", "Котов Иван +7 000 000-20-01"):
        began = monotonic()
        keys.type(typed)
        keys.press("Enter")
        expect(query).to_have_value("")
        assert monotonic() - began < MOST_ENTRY_S
    people = search.state()["participants"].values()
    assert {(one["callsign"], one["name"], one["phone"]) for one in people} == {
        ("Рысь", None, None),
        (None, "Котов Иван", "+7 000 000-20-01"),
    }
    search.call("POST", "participants", callsign="Сокол", name="Дорожкин Артём", phone=None, state="going")
    desk.sees("Дорожкин Артём")
    keys.type("дорож")
    keys.press("Enter")
    desk.sees(desk.t("arrivals-done", who="Сокол (Дорожкин Артём)"))
    states = {one["callsign"]: one["state"] for one in search.state()["participants"].values()}
    assert states["Сокол"] == "on_site"
    desk.field("person-adult").select_option("yes")
    desk.page.get_by_label(desk.t("person-add-certificate")).select_option("leader")
    desk.shot("81-arrivals")
    desk.accessible()
    desk.button("save").click()
    expect(desk.page.get_by_label(desk.t("person-adult"))).to_have_count(0)
    sokol = next(one for one in search.state()["participants"].values() if one["callsign"] == "Сокол")
    assert (sokol["adult"], sokol["certificates"]) == (True, LEADER)
    search.call("POST", "participants", callsign="рысь", name=None, phone=None, state="on_site")
    desk.sees(desk.t("mismatch-title", count=1))


def issue(desk: Window, search: Search) -> None:
    """List a radio by keys alone, give it to somebody and see who has it."""
    desk.page.keyboard.press("Alt+3")
    desk.field("things-number").fill("14")
    desk.page.keyboard.press("Enter")
    row = desk.page.get_by_role("row").filter(has_text="14")
    desk.button("thing-issue", row).click()
    desk.page.keyboard.type("Сокол (Дорожкин Артём)")
    desk.page.keyboard.press("Enter")
    expect(row).to_contain_text("Сокол")
    listed(search, "navigator", "7")
    listed(search, "radio", "15")
    listed(search, "vehicle", "1", ground_class="quad", seats=1)
    desk.sees("Квадроцикл 1")
    desk.shot("82-things")
    desk.accessible()


def build(desk: Window, search: Search) -> None:
    """Propose, break a rule by hand, be told at once, mend it, form the team."""
    known(search, "Лось", certificates=LEADER)
    known(search, "Барсук")
    known(search, "Выдра")
    listed(search, "navigator", "8")
    page = desk.page
    page.keyboard.press("Alt+2")
    desk.field("builder-people").fill("2")
    desk.button("builder-propose").click()
    cards = page.get_by_role("article")
    expect(cards.first).to_contain_text(desk.t("builder-kept"))
    # Whose age nobody has asked stays without a team, and the desk says so.
    desk.sees(desk.t("rule-age_unknown"))
    desk.shot("83-proposal")
    desk.accessible()
    # Out with one by keys: alone nobody goes, and that is said at once.
    member = cards.first.locator("button[id^=person-]").last
    name = member.inner_text().split("\n")[0]
    member.focus()
    page.keyboard.press("0")
    expect(cards.first).to_contain_text("не меньше 2")
    desk.shot("84-rule-broken")
    # Back with the mouse.
    page.locator(".pool button[id^=person-]").filter(has_text=name).drag_to(cards.first)
    expect(cards.first).to_contain_text(desk.t("builder-kept"))
    before = cards.count()
    page.get_by_role("button", name=desk.t("builder-accept", count=before)).click()
    desk.sees("Созданы:")
    teams = search.state()["teams"]
    assert len(teams) == before
    given = [one for one in search.state()["resources"].values() if one.get("team_id") in teams]
    assert given


def ride_home(desk: Window, search: Search) -> None:
    """Plan who takes whom home; the driver says that all are home, and they are off the list."""
    home = {"text": "Шаан, Почта", "at": {"lon": 9.51, "lat": 47.165}}
    driver = known(search, "Филин", home_place=home)
    near = {"text": "Шаан, Школа", "at": {"lon": 9.512, "lat": 47.163}}
    known(search, "Чиж", home_place=near)
    listed(search, "vehicle", "2", ground_class="car", seats=1, plate="А 000 АА", goes_with=[driver])
    point = {"lon": 9.5262, "lat": 47.1462, "text": None, "seen_at": None, "subject_id": None}
    search.call("PUT", "points/entry", base_version=None, **point)
    page = desk.page
    page.keyboard.press("Alt+4")
    page.get_by_role("radio", name=desk.t("crews-home")).check()
    desk.button("crews-propose").click()
    card = page.get_by_role("article").filter(has_text="Филин")
    expect(card).to_contain_text("Чиж")
    desk.sees(desk.t("left-unknown_place"))
    desk.shot("85-crews-home")
    desk.accessible()
    desk.button("crews-accept", count=1).click()
    desk.sees(desk.t("crews-standing", count=1))
    missing = {one["callsign"]: one["ride"] for one in search.call("GET", "not-home")["participants"]}
    assert missing["Чиж"]["driver_id"] == driver
    desk.button("action-closing").click()
    desk.sees("с водителем Филин", within=desk.dialog())
    desk.shot("87-closing-rides")
    desk.accessible()
    page.keyboard.press("Escape")
    desk.button("crew-to-departed").click()
    desk.button("crew-to-arrived-home").click()
    desk.sees(desk.t("crew-arrived"))
    states = {one["callsign"]: one["state"] for one in search.state()["participants"].values()}
    assert (states["Филин"], states["Чиж"]) == ("home", "home")
    page.get_by_label(desk.t("theme-switch")).select_option("dark")
    desk.shot("86-crews-dark")
    desk.accessible()
