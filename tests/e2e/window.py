"""A browser window of one user, spoken to in the words of the catalogue."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, expect

from search_ops.texts import text
from tests.stack import Stack

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web/ui/node_modules/axe-core/axe.min.js"
LIMIT_MS = 30_000
BOTH_LANGUAGES = os.environ.get("SEARCH_OPS_BOTH_LANGUAGES") == "1"
expect.set_options(timeout=LIMIT_MS)
# Chromium says these of pages that did nothing wrong: the first question "who am I" is answered 401.
QUIET = re.compile(r"401 \(Unauthorized\)|net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|409 \(Conflict\)")
# What is in order is not written up node by node: that takes four times as long.
LOOK_FOR_VIOLATIONS = """async tags => (
    await axe.run(document, {runOnly: tags, resultTypes: ['violations']})
).violations"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# A change of the preferences in another window of the same browser, as the page hears it.
SPEAK = """language => {
    const key = 'search-ops.preferences';
    const kept = JSON.stringify({...JSON.parse(localStorage.getItem(key) ?? '{}'), language});
    localStorage.setItem(key, kept);
    dispatchEvent(new StorageEvent('storage', {key, newValue: kept}));
}"""


class Window:
    """One page with its language, what it asked of the network, and what it complained of."""

    def __init__(
        self, browser: Browser, stack: Stack, shots: Path, *, name: str, locale: str = "ru", **context: Any
    ) -> None:
        self.stack, self.name, self.locale, self.shots = stack, name, locale, shots
        # Panels that slide in are a dozen pictures of the page each: no test looks at those in between.
        still = {"reduced_motion": "reduce"} | context
        self.context = browser.new_context(locale=f"{locale}-{locale.upper()}", **still)
        self.context.add_init_script(
            "localStorage.getItem('search-ops.preferences') ?? "
            f"localStorage.setItem('search-ops.preferences', '{{\"language\":\"{locale}\"}}')"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(LIMIT_MS)
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", self._asked)
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def _said(self, kind: str, said: str) -> None:
        if kind == "error" and not QUIET.search(said):
            self.complaints.append(said)

    def t(self, key: str, **values: Any) -> str:
        """Return a text of the catalogue in this window's language."""
        return text(self.locale, key, **values)

    def open(self, path: str) -> None:
        """Go to a page of the system."""
        self.page.goto(self.stack.url + path)

    def sign_in(self, role: str, number: int = 0) -> None:
        """Sign in on the page that is open."""
        user = self.stack.user(role, number)
        self.field("sign-in-login").fill(user["login"])
        self.field("sign-in-password").fill(user["password"])
        self.button("sign-in-submit").click()

    def button(self, key: str, within: Locator | None = None, **values: Any) -> Locator:
        """Return the first button of this name; shortcuts shown on it do not matter."""
        name = re.compile(r"^\s*" + re.escape(self.t(key, **values)))
        return (within or self.page).get_by_role("button", name=name).first

    def field(self, key: str, within: Locator | None = None) -> Locator:
        """Return the first field of this label."""
        return (within or self.page).get_by_label(re.compile(r"^\s*" + re.escape(self.t(key)))).first

    def tab(self, name: str) -> None:
        """Open a tab of the operation's page, unless it is open."""
        tab = self.page.get_by_role("tab", name=self.t(f"tab-{name}")).first
        if tab.get_attribute("aria-selected") != "true":
            tab.click()

    def dialog(self) -> Locator:
        """Return the open dialog."""
        return self.page.get_by_role("dialog").last

    def sees(self, words: str, *, within: Locator | None = None, limit_ms: int = LIMIT_MS) -> None:
        """Wait until these words are to be seen."""
        found = (within or self.page).get_by_text(words, exact=False).locator("visible=true").first
        expect(found).to_be_visible(timeout=limit_ms)

    def shot(self, what: str) -> None:
        """Take a screenshot for people; with SEARCH_OPS_BOTH_LANGUAGES=1 in both languages, which takes time.

        What is typed and open stays as it is.
        """
        other = ("en" if self.locale == "ru" else "ru",) if BOTH_LANGUAGES else ()
        for language in (*other, self.locale):
            if other:
                self._speak(language)
            path = self.shots / f"{what}-{self.name}-{language}.png"
            # For people, not for comparing: nothing has to stand still first.
            self.page.screenshot(path=path, animations="allow", caret="initial")

    def _speak(self, language: str) -> None:
        """Switch the page as another window of this browser would: no click, no focus moved."""
        self.page.evaluate(SPEAK, language)
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def accessible(self) -> None:
        """Fail on what axe finds against WCAG 2.2 AA."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8") + "; null")
        violations = self.page.evaluate(LOOK_FOR_VIOLATIONS, RULES)
        broken = [
            f"{one['id']}: {', '.join(' '.join(node['target']) for node in one['nodes'])}"
            for one in violations
        ]
        assert broken == [], f"{self.name}: {broken}"
