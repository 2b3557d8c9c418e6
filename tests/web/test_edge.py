"""Headers of every answer, pages, refusals in two languages, the counters, the waiting room."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from structlog.testing import capture_logs

from geo.errors import GeoError, GeometryError
from search_ops.errors import TooMany
from search_ops.services import reading, waiting
from search_ops.services.waiting import LogWatch
from search_ops.settings import Settings
from tests.factories import OTHER_REGION
from web import logs
from web.edge import content_security_policy
from web.errors import locale_of, sentence
from web.limits import MOST_KEYS, Bucket
from web.routers import pages

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World

ROOT = Path(__file__).resolve().parents[2]


def test_every_answer_carries_the_headers_of_the_house(served: Served, world: World) -> None:
    """Pages, data, refusals and unknown paths alike: no sniffing, no framing, no third party, no store."""
    with served.client(world.coordinator.token) as client:
        answers = [
            client.get(path)
            for path in ("/", "/api/operations", "/api/nothing", "/livez", "/api/geometries/x")
        ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "same-origin"
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers[1:])


def test_the_policy_names_us_and_the_stream_only() -> None:
    """The content security policy of pages allows our own origin and the live stream, nothing else."""
    policy = content_security_policy(Settings(port=8080))
    allowed = {word for part in policy.split("; ") for word in part.split()[1:]}
    assert {word for word in allowed if "//" in word} == {
        "ws://127.0.0.1:8081",
        "ws://localhost:8081",
        "http://127.0.0.1:8081",  # the same stream, where a network breaks websockets
        "http://localhost:8081",
    }
    assert "'unsafe-eval'" not in policy
    assert "script-src" not in policy  # scripts fall under default-src 'self'
    behind_proxy = content_security_policy(Settings(public_url="https://search.example"))
    assert "connect-src 'self' wss://search.example https://search.example" in behind_proxy


def test_pages_and_assets(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are asked for again, hashed assets kept for ever, the worker rules /field, no other file is."""
    for name in ("index.html", "field/index.html", "duty/index.html", "field-sw.js", "assets/a-B1.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    for path, name in (
        ("/", "index.html"),
        ("/field?from=qr&from=x", "field/index.html"),
        ("/duty/", "duty/index.html"),
    ):
        answer = served.ask("GET", path)
        assert (answer.status_code, answer.text) == (200, name)
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-cache"
    worker = served.ask("GET", "/field-sw.js")
    assert worker.headers["service-worker-allowed"] == "/field"
    assert worker.headers["content-type"].startswith("text/javascript")
    asset = served.ask("GET", "/assets/a-B1.js")
    assert "immutable" in asset.headers["cache-control"]
    for path in ("/icon.svg", "/assets/b.js", "/assets/%2e%2e.js", "/assets/"):
        assert served.ask("GET", path).status_code == 404


def test_refusals_speak_the_readers_language(served: Served) -> None:
    """The sentence of a refusal is Russian unless English is preferred; the code stays."""
    ru = served.ask("GET", "/api/session")
    en = served.ask("GET", "/api/session", headers={"Accept-Language": "fr, en;q=0.8, ru;q=0.2"})
    assert (ru.json()["title"], ru.headers["content-language"]) == ("Нужно войти.", "ru")
    assert (en.json()["title"], en.headers["content-language"]) == ("You need to sign in.", "en")
    assert ru.json()["code"] == en.json()["code"] == "not_signed_in"
    assert [locale_of(header) for header in ("", "*", "EN-us", "ru;q=0.1,en;q=0", "en;q=zzz", ";;,,")] == [
        "ru",
        "ru",
        "en",
        "ru",
        "en",
        "ru",
    ]


def raised_codes() -> set[str]:
    """Return every code that our sources give to an error, found by reading them."""
    kinds = {"NotKnown", "Conflict", "BadInput", "TooMany", "Unavailable", "SearchOpsError"}
    codes: set[str] = set()
    for folder in ("search_ops", "web"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                if not isinstance(node.args[0], ast.Constant):
                    continue
                name = node.func.id if isinstance(node.func, ast.Name) else None
                inits = isinstance(node.func, ast.Attribute) and node.func.attr in {"__init__", "refuse"}
                code = node.args[0].value
                if (name in kinds or inits) and isinstance(code, str) and re.fullmatch(r"[a-z_]+", code):
                    codes.add(code)
    return codes


def geo_errors(kind: type[GeoError]) -> list[type[GeoError]]:
    """Return a kind of error of the geospatial core with all below it."""
    return [kind, *(below for child in kind.__subclasses__() for below in geo_errors(child))]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_code_has_its_sentence(locale: str) -> None:
    """Each code that our sources raise has words of its own in both languages."""
    members = {
        "right": "x",
        "retry_after_s": 3,
        "asked": 7,
        "held_by": {"callsign": "Лиса-12"},
        "file_name": "x.gpx",
        "reason": "empty",
        "limit": 20,
        "need": 5,
        "have": 4,
        "names": "cell_m",
        "sector": "А1",
        "number": 3,
    }
    codes = raised_codes() | {kind.code for kind in geo_errors(GeometryError)}
    general = sentence(locale, "no_such_code", 500, {})
    missing = sorted(code for code in codes if sentence(locale, code, 500, members) == general)
    assert missing == []
    assert len(codes) > 40


def test_counters_refill_and_stay_bounded() -> None:
    """Tries come back evenly with time; a flood of keys pushes out the oldest, never fills the memory."""
    now = 0.0
    bucket = Bucket(2, 10, clock=lambda: now)
    bucket.take("a")
    bucket.take("a")
    with pytest.raises(TooMany) as refused:
        bucket.take("a")
    assert refused.value.data == {"retry_after_s": 5}
    bucket.take("b")
    now = 5.0
    bucket.take("a")
    with pytest.raises(TooMany):
        bucket.take("a")
    for number in range(MOST_KEYS + 10):
        bucket.spend(str(number))
    assert len(bucket._held) == MOST_KEYS


async def test_the_waiting_room_has_a_number_of_seats(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When all seats are taken, the next one is told to come back instead of waiting."""
    monkeypatch.setattr(waiting, "MOST_WAITERS", 0)
    async with LogWatch(engine) as watch:
        with pytest.raises(TooMany):
            await watch.beyond("operation/x", 0, 1)


async def test_waiting_survives_a_database_that_is_away() -> None:
    """While the database cannot be reached, waiting ends with its time and nothing breaks."""
    away = create_async_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    async with LogWatch(away) as watch:
        await watch.beyond("operation/x", 0, 0.4)
        await watch.beyond("operation/x", 0, 0.4)
    await away.dispose()


def test_a_fault_of_ours_is_told_without_its_inside(
    served: Served, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected fault is a problem with a code; the answer holds no cause, the log no value."""

    async def broken(*_: object) -> None:
        raise RuntimeError(OTHER_REGION)

    monkeypatch.setattr(reading, "list_operations", broken)
    with capture_logs(processors=[logs._where]) as lines:
        answer = served.ask("GET", "/api/operations", world.coordinator.token)
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert lines[0]["fault"] == "RuntimeError"
    assert "broken" in lines[0]["at"][-1]
    assert OTHER_REGION not in str(lines)
    assert OTHER_REGION not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
