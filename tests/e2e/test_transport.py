"""Transport: twelve people and 400 kg from Moscow to Irkutsk region, a cancelled flight, local or fly in."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect
from uuid_utils.compat import uuid7

from tests.e2e.searches import Search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WIDE = {"width": 1440, "height": 1000}
NAME = "Эксперты в Еланцы"
MOSCOW, YELANTSY = "geonames:524901", "geonames:2013018"


def remote_search(stack: Stack, who: str) -> Search:
    """Open a search in Irkutsk region."""
    token = stack.sign_in("coordinator")
    wish = {"region": "RU-IRK", "who": who, "last_seen_place": None, "last_seen_at": None, "exercise": True}
    case = stack.call("POST", "/api/cases", {"command_id": str(uuid7()), **wish}, token)
    opening = {"command_id": str(uuid7()), "time_zone": "Asia/Irkutsk", "exercise": True}
    opened = stack.call("POST", f"/api/cases/{case['case_id']}/operations", opening, token)
    return Search(stack, token, str(case["case_id"]), str(opened["operation_id"]))


def test_experts_come_from_moscow(window: Callable[..., Window], stack: Stack) -> None:
    """The national coordinator moves twelve people, survives a cancelled flight, decides local or fly in."""
    search = remote_search(stack, "Таёжнова Ася, 6 лет")
    desk = window("transport", viewport=WIDE)
    desk.open("/")
    desk.sign_in("national")
    desk.page.get_by_role("link", name=desk.t("home-transport")).first.wait_for()
    desk.open(f"/#/operations/{search.operation_id}/transport")
    flown = move(desk, search)
    cancel(desk, search, flown)
    report(desk, search)
    go_on(desk, search)
    off_the_network(desk, search)
    divide(desk)
    decide(desk, search)
    land(desk, search)
    fly(desk, search)
    look_round(desk)


def place(desk: Window, field: Locator, typed: str, place_id: str) -> None:
    """Type a place and take it from what is found."""
    with desk.page.expect_response("**/api/transport/places*"):
        field.fill(typed)
    option = desk.page.locator(f'datalist option[value$="{place_id}"]').first
    field.fill(str(option.get_attribute("value")))
    desk.page.get_by_text(desk.t("transport-place-chosen", id=place_id)).first.wait_for()


def move(desk: Window, search: Search) -> str:
    """Ask by keyboard, look at the options, take one by timetable; return the service that is flown."""
    desk.button("transport-ask-open").wait_for()
    desk.page.keyboard.press("n")
    desk.field("transport-ask-name").fill(NAME)
    place(desk, desk.field("transport-column-from"), "Москва", MOSCOW)
    place(desk, desk.field("transport-column-to"), "Еланцы", YELANTSY)
    desk.shot("91-transport-ask")
    desk.button("transport-look").click()
    desk.button("transport-choose").wait_for()
    desk.shot("92-transport-options")
    desk.accessible()
    # By day an aircraft on duty may be sooner: a timetabled flight is what can be cancelled.
    desk.page.get_by_role("row").filter(has_text="УЧ-").get_by_role("radio").first.check()
    desk.button("transport-choose").click()
    expect(desk.button("transport-choose")).to_have_count(0)
    (movement,) = search.call("GET", "transport")["movements"]
    assert movement["state"] == "planned"
    assert sum(party["people"] for party in movement["parties"]) == 12
    leg = next(each for each in movement["legs"] if each["service_id"])
    return f"{leg['service_id']}@{leg['on_date']}"


def cancel(desk: Window, search: Search, flown: str) -> None:
    """Cancel the flight on the page of the network; the movement says so and is planned again."""
    service_id, _, on_date = flown.partition("@")
    network = search.stack.call("GET", "/api/transport/network", None, search.token)
    number = next(row["number"] for row in network["services"] if row["service_id"] == service_id)
    desk.page.keyboard.press("Alt+3")
    row = desk.page.get_by_role("row").filter(has_text=number).first
    row.get_by_role("button", name=desk.t("transport-departure-change")).click()
    desk.field("transport-departure-day").fill(on_date)
    desk.field("transport-reason").fill("туман в Иркутске")
    desk.button("transport-save").click()
    expect(row.get_by_text(desk.t("transport-disturbed-cancelled"))).to_be_visible()
    desk.shot("93-transport-network")
    desk.accessible()
    desk.page.keyboard.press("Alt+1")
    desk.page.get_by_text(desk.t("transport-disturbed-note")).wait_for()
    desk.shot("94-transport-cancelled")
    (movement,) = search.call("GET", "transport")["movements"]
    assert [each["reason"] for each in movement["disturbed"].values()] == ["туман в Иркутске"]
    assert any(leg["service_id"] == service_id for leg in movement["legs"])  # nobody has changed the plan
    desk.button("transport-replan").click()
    desk.page.get_by_text(desk.t("transport-proposed-again")).wait_for()
    desk.shot("95-transport-again")
    desk.button("transport-choose").click()
    expect(desk.page.get_by_text(desk.t("transport-disturbed-note"))).to_have_count(0)
    (movement,) = search.call("GET", "transport")["movements"]
    flown_now = {f"{leg['service_id']}@{leg['on_date']}" for leg in movement["legs"] if leg["service_id"]}
    assert flown not in flown_now


def report(desk: Window, search: Search) -> None:
    """Say that they have left; the headquarters of the search reads it at once."""
    desk.button("transport-word-left").click()
    desk.page.get_by_role("list").get_by_text(desk.t("transport-state-moving")).wait_for()
    (movement,) = search.call("GET", "transport")["movements"]
    assert movement["state"] == "moving"
    assert search.state()["movements"][movement["id"]]["state"] == "moving"
    zones = {leg["to"]["time_zone"] for leg in movement["legs"]}
    assert zones >= {"Asia/Irkutsk"}
    local = datetime.fromisoformat(movement["arrive_at"]).astimezone(ZoneInfo("Asia/Irkutsk"))
    moscow = local.astimezone(ZoneInfo("Europe/Moscow"))
    for shown in (local, moscow):
        desk.page.get_by_text(shown.strftime("%H:%M")).first.wait_for()
    desk.shot("96-transport-moving")


def go_on(desk: Window, search: Search) -> None:
    """Plan again under way: what is behind them stays, and the answer says from where it was worked out."""
    desk.button("transport-word-landed").click()
    desk.page.get_by_role("cell").filter(has_text=desk.t("transport-word-landed")).first.wait_for()
    desk.button("transport-replan").click()
    desk.page.get_by_text(desk.t("transport-under-way")).wait_for()
    desk.shot("96-transport-under-way")
    desk.accessible()
    desk.button("transport-choose").click()
    expect(desk.page.get_by_text(desk.t("transport-under-way"))).to_have_count(0)
    desk.page.get_by_role("cell").filter(has_text=desk.t("transport-leg-done")).first.wait_for()
    (movement,) = search.call("GET", "transport")["movements"]
    assert movement["state"] == "moving"
    assert movement["legs"][0]["done_at"] is not None
    desk.shot("96-transport-gone-on")


def divide(desk: Window) -> None:
    """Ask for more people than fly together: they are divided, with the reason; who cannot come is named."""
    desk.page.keyboard.press("Alt+1")
    desk.page.keyboard.press("n")
    desk.field("transport-ask-name").fill("Отряд из Москвы")
    place(desk, desk.field("transport-column-from"), "Москва", MOSCOW)
    desk.field("transport-people").fill("400")
    desk.page.get_by_label(desk.t("transport-destination-point")).check()
    desk.field("transport-destination-coordinates").fill("52.95, 106.52")
    desk.field("transport-destination-name").fill("лагерь у реки")
    desk.button("transport-look").click()
    apart = desk.page.get_by_text(desk.t("transport-apart", why="")[:16]).first
    apart.scroll_into_view_if_needed()
    desk.shot("92-transport-divided")
    desk.accessible()


def off_the_network(desk: Window, search: Search) -> None:
    """Bring a boat engine to a point on the ground; nothing is imported there, and the answer says so."""
    desk.page.keyboard.press("n")
    desk.field("transport-ask-name").fill("Лодочный мотор к лагерю")
    place(desk, desk.field("transport-column-from"), "Москва", MOSCOW)
    desk.button("transport-piece-add").click()
    desk.field("transport-piece-name").fill("мотор в ящике")
    desk.page.get_by_label(desk.t("transport-destination-point")).check()
    desk.field("transport-destination-coordinates").fill("52.95, 106.52")
    desk.field("transport-destination-name").fill("лагерь у реки")
    desk.page.get_by_text(desk.t("transport-destination-read", place="")[:9]).first.wait_for()
    desk.shot("91-transport-ask-point")
    desk.accessible()
    desk.button("transport-look").click()
    desk.page.get_by_text(desk.t("transport-over-straight")).first.wait_for()
    desk.shot("92-transport-point-proposed")
    movements = search.call("GET", "transport")["movements"]
    made = next(each for each in movements if each["to"]["text"] == "лагерь у реки")
    assert made["parties"][0]["pieces"][0]["name"] == "мотор в ящике"
    assert made["proposed"]["itineraries"][0]["legs"][-1]["over"] == {"what": "straight"}


def land(desk: Window, search: Search) -> None:
    """Look for landing places where nothing is imported, then name one that was seen on the spot."""
    desk.page.keyboard.press("Alt+5")
    desk.field("landing-near").fill("52.95, 106.52")
    desk.field("landing-within").fill("400")
    desk.button("landing-look").click()
    desk.page.get_by_text(desk.t("landing-refused-no-heights")).wait_for()
    desk.button("landing-own").click()
    desk.page.get_by_role("dialog").get_by_label(desk.t("transport-destination-coordinates")).fill(
        "52.951, 106.523"
    )
    desk.page.get_by_label(desk.t("landing-verdict-confirm")).check()
    desk.field("transport-reason").fill("луг, проводов нет, осмотрено")
    desk.shot("97-landing-judge")
    desk.button("transport-save").click()
    desk.page.get_by_text(desk.t("landing-verdict-confirmed")).wait_for()
    # Headquarters' own words are not for whoever only coordinates regions.
    assert desk.page.get_by_text("луг, проводов нет, осмотрено").count() == 0
    desk.shot("98-landing-places")
    desk.accessible()
    (held,) = search.call("GET", "transport")["landing_places"]
    assert (held["verdict"], held["lat"]) == ("confirmed", 52.951)
    assert held["reason"] == "луг, проводов нет, осмотрено"


def fly(desk: Window, search: Search) -> None:
    """Work out the sorties of a helicopter to the place that was just confirmed."""
    helicopter = {
        "kind": "aircraft",
        "name": "Ми-8 (учебный, вылеты)",
        "craft_type": "Mi-8T",
        "base_place": "UIII",
    }
    known = {"ready_min": 30, "duty_min": 720, "night": True, "reason": "учения"}
    network = search.stack.call("GET", "/api/transport/network", None, search.token)
    kind = next(each["craft_type"] for each in network["crafts"] if each["class"] == "helicopter")
    airport = next(each for each in network["places"] if each["iata"] == "IKT")
    body = {
        "command_id": str(uuid7()),
        **helicopter,
        **known,
        "craft_type": kind,
        "base_place": airport["place_id"],
    }
    search.stack.call("PUT", f"/api/transport/resources/{uuid7()}", body, search.token)
    desk.page.reload()
    desk.page.get_by_role("heading", name=desk.t("sortie-title"), exact=True).wait_for()
    option = desk.page.get_by_role("option", name="Ми-8 (учебный, вылеты)")
    desk.field("sortie-craft").select_option(str(option.first.get_attribute("value")))
    place(desk, desk.field("sortie-from"), "Иркутск", airport["place_id"])
    confirmed = desk.field("sortie-to-confirmed")
    confirmed.select_option(index=1)
    desk.field("sortie-people").fill("30")
    desk.button("sortie-ask").click()
    desk.page.get_by_text(desk.t("sortie-column-light")).wait_for()
    desk.page.get_by_text(desk.t("sortie-column-light")).scroll_into_view_if_needed()
    desk.shot("98-sorties")
    desk.accessible()
    (plan,) = search.call("GET", "transport")["sortie_plans"]
    assert plan["place_confirmed"]
    assert sum(each["people"] for each in plan["sorties"]) + plan["stay"] == 30


def decide(desk: Window, search: Search) -> None:
    """Put five options side by side; the default follows the founding rule, the choice keeps its reason."""
    desk.page.keyboard.press("Alt+2")
    place(desk, desk.field("transport-compare-to"), "Еланцы", YELANTSY)
    place(desk, desk.field("transport-compare-experts"), "Москва", MOSCOW)
    desk.field("transport-life-reason").fill("ребёнок 6 лет, ночью заморозки")
    desk.button("transport-compare").click()
    desk.page.get_by_text(desk.t("transport-default"), exact=False).first.wait_for()
    desk.shot("97-transport-local-or-fly-in")
    desk.accessible()
    desk.page.get_by_label(desk.t("transport-option-remote-consultant")).check()
    named = desk.t("transport-choice-reason", option=desk.t("transport-option-remote-consultant"))
    desk.page.get_by_label(named).fill("на связи через 15 минут")
    desk.button("transport-decide").click()
    desk.page.get_by_text(desk.t("transport-decided"), exact=False).first.wait_for()
    (comparison,) = search.call("GET", "transport")["comparisons"]
    assert (comparison["chosen"], comparison["reason"]) == ("remote_consultant", "на связи через 15 минут")


def look_round(desk: Window) -> None:
    """Look at the catalogue, the dark theme, a narrow window, the other language."""
    desk.page.keyboard.press("Alt+4")
    desk.page.get_by_role("heading", name=desk.t("transport-view-catalogue")).wait_for()
    desk.shot("98-transport-catalogue")
    desk.accessible()
    desk.page.get_by_label(desk.t("theme-switch")).select_option("dark")
    desk.page.keyboard.press("Alt+2")
    desk.page.get_by_text(desk.t("transport-decided"), exact=False).first.wait_for()
    desk.shot("99-transport-decided-dark")
    desk.accessible()
    desk.page.set_viewport_size({"width": 720, "height": 1000})
    desk.page.keyboard.press("Alt+1")
    desk.page.get_by_label(desk.t("language-switch")).select_option("en")
    desk.page.get_by_text("Arrival").first.wait_for()
    desk.shot("99-transport-narrow-english")
    desk.accessible()
