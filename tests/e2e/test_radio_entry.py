"""Everything a phone can report, headquarters enters in three keystrokes, with its time and source."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.keys import Keys
from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Said = tuple[str, dict[str, Any]]
# Key of the category, and the kind and the words of the event that it becomes.
BY_ANYONE: dict[str, Said] = {
    "6": ("check_in", {"word": "all_well"}),
    "7": ("check_in", {"word": "stop_seen"}),
    "8": ("check_in", {"word": "rest"}),
    "f": ("found_reported", {"condition": "needs_checking"}),
    "w": ("found_reported", {"condition": "walking"}),
    "k": ("found_reported", {"condition": "carried"}),
    "s": ("sos_raised", {}),
    "c": ("clue_found", {"text": "перчатка у ручья"}),
    "n": ("note_added", {"text": "перчатка у ручья"}),
}
BY_TEAM: dict[str, Said] = {
    key: ("check_in", {"word": word})
    for key, word in zip("12345", ("out", "started", "finished", "returning", "back"), strict=True)
} | BY_ANYONE
BY_PERSON: dict[str, Said] = {
    "g": ("check_in", {"word": "going"}),
    "a": ("check_in", {"word": "arrived"}),
    "r": ("check_in", {"word": "ready"}),
    "l": ("check_in", {"word": "leaving"}),
    "x": ("check_in", {"word": "home", "text": "Не могу"}),
    "h": ("check_in", {"word": "home"}),
} | BY_ANYONE


def test_three_keys_enter_any_report(window: Callable[..., Window], stack: Stack) -> None:
    """R, what, Enter; between the last two the callsign, and words may follow it. Nothing else is pressed."""
    search = open_search(stack, "Радиова Нина")
    people = [search.person(callsign) for callsign in ("Арвен", "Артём", "Гром", "Кедр")]
    team = search.team("Лиса-1", people[2])
    search.team("Лиса-12", people[3])
    desk = window("radio", viewport={"width": 1440, "height": 900})
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.sees(desk.t("connection-live"))
    keys = Keys(desk)

    def enter(what: str, who: str) -> dict[str, Any]:
        keys.pressed.clear()
        before = datetime.now(UTC) - timedelta(seconds=2)
        keys.press("r", what)
        keys.type(who)
        keys.press("Enter")
        assert len(keys.pressed) == 3
        desk.sees(desk.t("report-filed"), within=desk.dialog())
        event = newest(search)
        assert datetime.fromisoformat(event["at"]) >= before
        assert event["payload"]["source"] == "radio"
        return event

    for reports, name, owner in (
        (BY_TEAM, "1", {"team_id": team}),
        (BY_PERSON, "арв", {"participant_id": people[0]}),
    ):
        for key, (kind, said) in reports.items():
            words = " перчатка у ручья" if key in "cn" else ""
            event = enter(key, name + words)
            assert event["kind"] == kind, key
            assert event["payload"].items() >= (said | owner).items(), key
            keys.press("Escape")
            expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert "{" not in desk.page.locator("#bands").inner_text()  # an SOS by radio knows of no battery
    several_fit(keys)
    another_time_and_source(keys, search)
    the_open_row_speaks(keys, search, team)


def several_fit(keys: Keys) -> None:
    """Nothing is filed while two fit equally; an arrow key chooses."""
    keys.press("r", "6")
    keys.type("ар")
    keys.press("Enter")
    keys.window.sees(keys.window.t("report-who-several"))
    keys.window.shot("17-radio-several")
    keys.press("ArrowDown", "Enter")
    keys.window.sees(keys.window.t("report-filed"), within=keys.window.dialog())


def another_time_and_source(keys: Keys, search: Search) -> None:
    """Source and time stand below the name, one Tab apart."""
    keys.press("6")
    keys.type("12")
    keys.tab_to(keys.window.t("report-source"))
    keys.press("ArrowDown", "ArrowDown")
    keys.tab_to(keys.window.t("report-text"), key="Shift+Tab")
    keys.press("Enter")
    keys.window.sees(f"{keys.window.t('report-filed')} · Лиса-12")
    assert newest(search)["payload"]["source"] == "call"
    keys.press("Escape")


def the_open_row_speaks(keys: Keys, search: Search, team: str) -> None:
    """Take the name of the open row as known: three keys and nothing else."""
    keys.press("2")
    keys.on("Лиса-1")
    keys.press("Enter")
    keys.pressed.clear()
    keys.press("r", "2", "Enter")
    keys.window.sees(keys.window.t("report-filed"), within=keys.window.dialog())
    assert newest(search)["payload"].items() >= {"word": "started", "team_id": team}.items()
    assert len(keys.pressed) == 3


def newest(search: Search) -> dict[str, Any]:
    """Return the newest report; what followed from it stands behind it in the log."""
    events: list[dict[str, Any]] = search.call("GET", "events?after=0")["events"]
    kinds = {kind for kind, _ in (BY_TEAM | BY_PERSON).values()}
    return [event for event in events if event.get("kind") in kinds][-1]
