"""Networks that break websockets: the desk hears the same, says truly that it is live, and loses nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from tests.e2e.searches import open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# A proxy that does not know `Upgrade`: the socket closes before it opens.
NO_SOCKETS = """
window.WebSocket = class extends EventTarget {
    constructor() { super(); setTimeout(() => this.onclose?.({code: 1006, reason: ''})); }
    send() {}
    close() {}
};
"""
# A gateway that hands an answer on only when it is whole: one that grows is never heard.
NO_GROWING_ANSWERS = """
const whole = window.fetch;
window.fetch = (address, wish) => {
    const grows = wish?.headers?.Accept === 'text/event-stream';
    return grows ? Promise.reject(new TypeError('held back')) : whole(address, wish);
};
"""


@pytest.mark.parametrize("carrier", ["events", "poll"])
def test_a_desk_is_live_without_websockets(window: Callable[..., Window], stack: Stack, carrier: str) -> None:
    """Over either fallback what happens elsewhere is on the screen within seconds, and the sign says live."""
    search = open_search(stack, f"Обрывов {carrier}")
    desk = window(f"broken-{carrier}", viewport={"width": 1280, "height": 800})
    desk.context.add_init_script(NO_SOCKETS + (NO_GROWING_ANSWERS if carrier == "poll" else ""))
    asked: list[Request] = []
    desk.context.on("request", lambda one: asked.append(one) if one.method == "POST" else None)
    desk.open("/")
    desk.sign_in("coordinator")
    desk.open(f"/#/operations/{search.operation_id}")
    sign = desk.page.get_by_role("status").filter(has_text=desk.t("connection-live"))
    expect(sign).to_be_visible()
    for number in range(3):
        search.person(f"Сокол-{number}")
    desk.open(f"/#/operations/{search.operation_id}/roster/arrivals")
    search.person("Беркут")
    desk.sees("Беркут")
    expect(sign).to_be_visible()
    desk.shot(f"60-live-over-{carrier}")
    wanted = "text/event-stream" if carrier == "events" else "application/json"
    of_stream = [one for one in asked if one.url.endswith("/stream")]  # nothing stands behind the path
    assert of_stream[-1].headers["accept"] == wanted
    assert "cookie" not in of_stream[-1].all_headers()
