"""The radio operator's desk by keys: a call in three of them and the words, a correction, paper."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.keys import Keys
from tests.e2e.searches import open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_calls_are_written_by_keys_and_corrected_beside(window: Callable[..., Window], stack: Stack) -> None:
    """12 Enter, 1, words, Enter. Without network it waits and goes by itself; paper has its own time."""
    search = open_search(stack, "Эфирова Рая")
    search.team("Лиса-12", search.person("Кедр"))
    desk = window("radio-log", viewport={"width": 1440, "height": 900})
    desk.open("/")
    desk.sign_in("radio")
    desk.button("home-open-case").or_(desk.page.get_by_role("heading", level=1)).first.wait_for()
    desk.open(f"/#/operations/{search.operation_id}/radio")
    desk.sees(desk.t("connection-live"))
    keys = Keys(desk)
    rows = desk.page.get_by_role("region", name=desk.t("radio-log")).get_by_role("row")
    keys.on(desk.t("radio-from"))
    call(keys, "12", "3", "Вышли к ЛЭП, 47.1101 9.5203")
    expect(rows.nth(1)).to_contain_text("Лиса-12")
    expect(rows.nth(1)).to_contain_text("47.11010, 9.52030")
    desk.context.set_offline(True)
    call(keys, "Ветер от соседей", "6", "Везут воду")
    desk.sees(desk.t("radio-unsent", count=1))
    desk.context.set_offline(False)
    expect(rows.filter(has_text="Везут воду")).to_have_count(1)
    keys.tab_to(desk.t("radio-correct"))
    keys.press("Enter")
    keys.on(desk.t("radio-correct"))
    keys.press("End")
    keys.type(" и хлеб")
    keys.press("Enter")
    expect(rows.filter(has_text="Везут воду и хлеб")).to_have_count(1)
    expect(rows.filter(has_text="Везут воду").locator("s")).to_have_count(1)
    desk.field("radio-paper").check()
    desk.field("radio-time").fill(f"{datetime.now(ZoneInfo('Europe/Vaduz')) - timedelta(hours=1):%H:%M}")
    desk.field("radio-from").fill("12")
    desk.field("radio-from").press("Enter")
    keys.press("1")
    keys.type("Всё хорошо")
    keys.press("Enter")
    desk.sees(desk.t("radio-from-paper"))
    entries = search.state()["radio_log"].values()
    assert len(entries) == 3
    paper = next(entry for entry in entries if entry["source"] == "paper")
    assert datetime.fromisoformat(paper["at"]) < datetime.fromisoformat(paper["recorded_at"])
    desk.shot("43-radio-log")
    desk.page.emulate_media(color_scheme="dark")
    desk.shot("43-radio-log-dark")
    desk.accessible()


def call(keys: Keys, who: str, kind: str, words: str) -> None:
    """Write one call: who, Enter, the digit of its kind, the words, Enter."""
    keys.on(keys.window.t("radio-from"))
    keys.type(who)
    keys.press("Enter")
    keys.press(kind)
    keys.on(keys.window.t("radio-text"))
    keys.type(words)
    keys.press("Enter")
    keys.window.sees(keys.window.t("radio-filed"))
