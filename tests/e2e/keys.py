"""A window used without a mouse: keys only, and every place the focus comes to must be seen."""

import re
import time
from dataclasses import dataclass
from typing import Any

from tests.e2e.window import LIMIT_MS, Window

# What is said of the focused element: is it on the screen, is its ring drawn, does something lie over it.
LOOK = """() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return null;
    const box = focused.getBoundingClientRect();
    const style = getComputedStyle(focused);
    const clipped = {top: 0, left: 0, right: innerWidth, bottom: innerHeight};
    for (let one = focused.parentElement; one !== null; one = one.parentElement) {
        const around = getComputedStyle(one);
        if (around.overflowY !== 'visible' || around.overflowX !== 'visible') {
            const edge = one.getBoundingClientRect();
            clipped.top = Math.max(clipped.top, edge.top);
            clipped.left = Math.max(clipped.left, edge.left);
            clipped.right = Math.min(clipped.right, edge.right);
            clipped.bottom = Math.min(clipped.bottom, edge.bottom);
        }
        if (around.position === 'fixed') break;
    }
    const seen = {
        top: Math.max(box.top, clipped.top), left: Math.max(box.left, clipped.left),
        right: Math.min(box.right, clipped.right), bottom: Math.min(box.bottom, clipped.bottom),
    };
    const at = document.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
    const reach = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
    const sides = [
        box.top - reach >= clipped.top - 0.5, box.left - reach >= clipped.left - 0.5,
        box.right + reach <= clipped.right + 0.5, box.bottom + reach <= clipped.bottom + 0.5,
    ];
    return {
        inside: seen.right - seen.left >= 4 && seen.bottom - seen.top >= 4,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        sides: sides.filter(Boolean).length,
        large: box.width > innerWidth / 2 || box.height > innerHeight / 2,
        over: at === null || focused.contains(at) || at.contains(focused) ? '' : at.outerHTML.slice(0, 120),
    };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is, as assistive software hears it."""

    role: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.role} «{self.name}»"


class Keys:
    """The keyboard of one window. Nothing here clicks, fills or focuses."""

    def __init__(self, window: Window) -> None:
        self.window, self.page = window, window.page
        self._cdp = window.context.new_cdp_session(window.page)
        self.pressed: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.pressed.append(key)
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type what a person would type into the field that has the focus."""
        self.page.keyboard.type(words)

    def focus(self) -> Stop:
        """Return what has the focus, by its computed role and name."""
        found = self._cdp.send("Runtime.evaluate", {"expression": "document.activeElement"})
        if found["result"]["className"] == "HTMLBodyElement":
            return Stop("page", "", "")
        which = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        node: dict[str, Any] = self._cdp.send("Accessibility.getPartialAXTree", which)["nodes"][0]
        said = [str(node.get(part, {}).get("value", "")).strip() for part in ("role", "name", "value")]
        return Stop(*said)

    def seen(self) -> None:
        """Fail unless the focused element is on the screen with its ring, and nothing lies over it."""
        look = self.page.evaluate(LOOK)
        stop = self.focus()
        assert look is not None, "nothing has the focus"
        assert look["inside"], f"{stop} has the focus outside the visible part of the page"
        assert look["over"] == "" or look["large"], f"{stop} has the focus under {look['over']}"
        assert look["ring"], f"{stop} has the focus without a ring"
        assert look["sides"] >= 2 or look["large"], f"the ring of {stop} is cut off"

    def on(self, name: str, role: str = "", *, seen: bool = True) -> Stop:
        """Wait until the element with this accessible name has the focus."""
        end = time.monotonic() + LIMIT_MS / 1000
        while not _is(stop := self.focus(), name, role):
            assert time.monotonic() < end, f"{role} «{name}» should have the focus, not {stop}"
            self.page.wait_for_timeout(50)
        if seen:
            self.seen()
        return stop

    def tab_to(self, name: str, role: str = "", *, key: str = "Tab", most: int = 45) -> Stop:
        """Press Tab until the element whose name begins so has the focus; every stop on the way is seen."""
        passed: list[str] = []
        if _is(here := self.focus(), name, role):
            return here
        for _ in range(most):
            self.page.keyboard.press(key)
            stop = self.focus()
            if stop.role == "page":  # past the last element: the browser's own buttons
                continue
            self.seen()
            if _is(stop, name, role):
                return stop
            passed.append(str(stop))
        raise AssertionError(f"{most} times {key} do not reach {role} «{name}»; the focus was on {passed}")

    def go(self, name: str, role: str = "button", **how: Any) -> None:
        """Tab to a button and press it with Enter."""
        self.tab_to(name, role, **how)
        self.press("Enter")

    def fill(self, name: str, words: str) -> None:
        """Tab to a field and type."""
        self.tab_to(name)
        self.type(words)

    def opens_and_escapes(self, title: str, opener: Stop) -> None:
        """Escape puts the open dialog or panel away and the focus returns to what opened it."""
        self.window.sees(title)
        self.press("Escape")
        self.on(opener.name, opener.role)


def _is(stop: Stop, name: str, role: str) -> bool:
    return re.match(re.escape(name), stop.name) is not None and role in ("", stop.role)


def sign_in(keys: Keys, role: str, number: int) -> None:
    """Sign in as the demo's user of a role, by keys."""
    user = keys.window.stack.user(role, number)
    keys.on(keys.window.t("sign-in-login"))
    keys.type(user["login"])
    keys.press("Tab")
    keys.on(keys.window.t("sign-in-password"))
    keys.type(user["password"])
    keys.press("Enter")
