"""Points and areas by hand: what a cartographer does with the mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


# What the stream brings comes later than the server's answer to the same person, as on a slow network.
LATE_STREAM = """
window.WebSocket = class extends WebSocket {
    set onmessage(heard) { super.onmessage = event => setTimeout(heard, 700, event) }
}
"""


def test_a_point_and_an_area_are_clicked_on_the_map(window: Callable[..., Window], stack: Stack) -> None:
    """A new search begins on the imported ground; a click sets the point, clicks and Enter draw the area."""
    token = stack.sign_in("coordinator")
    wish = {"command_id": str(uuid7()), "region": "LI-11", "who": None, "last_seen_place": None}
    case = stack.call("POST", "/api/cases", {**wish, "last_seen_at": None, "exercise": True}, token)
    opening = {"command_id": str(uuid7()), "time_zone": "Europe/Vaduz", "exercise": True}
    opened = stack.call("POST", f"/api/cases/{case['case_id']}/operations", opening, token)
    desk = window("cartographer", viewport={"width": 1440, "height": 900})
    desk.context.add_init_script(LATE_STREAM)
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{opened['operation_id']}")
    desk.button("area-draw").wait_for()
    canvas = desk.page.locator("canvas").first
    canvas.wait_for()
    expect(desk.page.get_by_text("км", exact=False).or_(desk.page.get_by_text(" м")).first).to_be_visible()

    desk.page.keyboard.press("l")
    desk.button("point-pick").click()
    canvas.click(position={"x": 700, "y": 400})
    desk.sees(desk.t("point-chosen"))
    desk.button("save").click()
    expect(desk.field("point-typed")).to_be_hidden()
    desk.sees(desk.t("point-lkp-short"))

    desk.page.keyboard.press("a")
    desk.sees(desk.t("area-nothing-yet"))
    for x, y in ((640, 340), (820, 340), (820, 520), (640, 520)):
        canvas.click(position={"x": x, "y": y})
    desk.sees("Углов: 4")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text(desk.t("area-crosses"))).to_have_count(0)
    desk.shot("40-drawn")
    desk.button("area-save").click()
    expect(desk.field("area-corner")).to_be_hidden()
    desk.page.keyboard.press("p")  # at once: the area that was saved is there to be cut
    desk.page.get_by_role("radio", name=desk.t("partition-grid")).wait_for()
    state = stack.call("GET", f"/api/operations/{opened['operation_id']}/snapshot", token=token)["state"]
    (area,) = state["area"].values()
    assert area["area_m2"] > 10_000
    (point,) = state["points"].values()
    assert 9.4 < point["lon"] < 9.7
    assert 47.0 < point["lat"] < 47.3
