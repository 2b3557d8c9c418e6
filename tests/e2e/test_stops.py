"""СТОП of a search stands on every page of whoever may read it, with the search's number."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SOON_MS = 10_000


def hold(search: Search, state: str) -> None:
    """Set the state of the search, as its coordinator does."""
    held = search.state()["operation"][search.operation_id]
    search.call("POST", "state", base_version=held["version"], state=state, reason=None)


def band(window: Window, number: str) -> Locator:
    """Return the band that names the search."""
    named = window.page.get_by_role("alert").filter(has_text=number)
    return named.filter(has_text=window.t("operation-hold_evacuate"))


def test_stop_stands_on_every_page(window: Callable[..., Window], stack: Stack) -> None:
    """Home, case, join sheet, and the map, roster, radio and transport of another search; the duty desk."""
    held, other = open_search(stack, "Стопов Илья"), open_search(stack, "Другой Иван")
    number = held_number(held)
    desk = window("stops", viewport={"width": 1280, "height": 800})
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    hold(held, "hold_evacuate")
    expect(band(desk, number)).to_have_count(1, timeout=SOON_MS)
    desk.shot("46-stop-home")
    of_other = f"/#/operations/{other.operation_id}"
    pages = {
        "case": f"/#/cases/{other.case_id}",
        "map": of_other,
        "roster": f"{of_other}/roster/arrivals",
        "radio": f"{of_other}/radio",
        "transport": f"{of_other}/transport/movements",
        "own-transport": f"/#/operations/{held.operation_id}/transport/movements",
        "join": f"{of_other}/join",
    }
    for name, address in pages.items():
        desk.open(address)
        expect(band(desk, number), name).to_have_count(1, timeout=SOON_MS)
        desk.shot(f"46-stop-{name}")
    desk.accessible()
    # On the pages of the search itself its own band stands, once.
    desk.open(f"/#/operations/{held.operation_id}/radio")
    desk.sees(desk.t("stop-all-confirmed"))
    expect(band(desk, number)).to_have_count(0)
    duty = window("stops-duty", locale="en", color_scheme="dark", viewport={"width": 1280, "height": 800})
    duty.open("/duty/")
    duty.sign_in("police")
    expect(band(duty, number)).to_have_count(1, timeout=SOON_MS)
    duty.shot("46-stop-duty")
    duty.accessible()
    hold(held, "active")
    expect(band(duty, number)).to_have_count(0, timeout=SOON_MS)
    desk.open("/#/")
    expect(band(desk, number)).to_have_count(0, timeout=SOON_MS)


def held_number(search: Search) -> str:
    """Return the number by which people call the search."""
    listed = search.stack.call("GET", f"/api/operations/{search.operation_id}", None, search.token)
    return str(listed["number"])
