"""The whole system once, and a browser that cannot look up any name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.window import ROOT, Window
from tests.stack import Stack

FLAGS = [
    "--no-sandbox",
    # The processor draws the maps; the page round them takes half the time without that detour.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--disable-gpu-compositing",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Return the running demo: every test opens a search of its own beside those of the others."""
    made = Stack()
    made.start()
    yield made
    made.destroy()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, for one test: while it is open no other event loop can run in this thread."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Return the folder of screenshots: `.run/screenshots`, or the one named by SEARCH_OPS_SCREENSHOTS."""
    folder = Path(os.environ.get("SEARCH_OPS_SCREENSHOTS", ROOT / ".run/screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def window(browser: Browser, stack: Stack, shots: Path) -> Iterator[Callable[..., Window]]:
    """Return a maker of windows; each must have asked nothing of the outside and complained of nothing."""
    opened: list[Window] = []

    def made(name: str, **options: Any) -> Window:
        one = Window(browser, stack, shots, name=name, **options)
        opened.append(one)
        return one

    yield made
    outside = [url for one in opened for url in one.outside]
    complaints = [f"{one.name}: {said}" for one in opened for said in one.complaints]
    for one in opened:
        one.context.close()
    assert outside == []
    assert complaints == []
