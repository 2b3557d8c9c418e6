"""What nobody honest sends: every route refuses it with a named fault, stores nothing, repeats nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.domain.rights import RIGHTS
from tests.web.test_access import UNSAFE, path_of
from web.access import LARGE_BODY_BYTES, RULES, At
from web.schemas.field import FixBody
from web.schemas.reports import EnteredReportBody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.conftest import Served
    from tests.web.world import World

CANARY = "kanareyka77"
# Files are any bytes: `test_files` judges that route.
WITH_BODY = [
    key
    for key, rule in RULES.items()
    if key[0] in UNSAFE and key != ("DELETE", "/api/session") and not rule.raw
]

# name -> bytes, and the code that a well-bred refusal carries
CORPUS: dict[str, tuple[bytes, str]] = {
    "NaN": (b'{"x": NaN}', "json_broken"),
    "Infinity": (b'{"x": Infinity}', "json_broken"),
    "minus Infinity": (b'{"x": -Infinity}', "json_broken"),
    "1e400": (b'{"x": 1e400}', "number_not_finite"),
    "lone surrogate": (b'{"x": "\\ud800"}', "text_broken"),
    "lone low surrogate": (b'{"x": "\\udc00 a"}', "text_broken"),
    "raw surrogate": (b'{"x": "\xed\xa0\x80"}', "text_broken"),
    "not UTF-8": (b'{"x": "\xff\xfe"}', "text_broken"),
    "NUL": (b'{"x": "a\\u0000b"}', "text_forbidden_character"),
    "NUL in a name": (b'{"a\\u0000b": 1}', "text_forbidden_character"),
    "turned writing": ('{"x": "a\u202eb"}'.encode(), "text_forbidden_character"),
    "isolate": ('{"x": "a\u2066b"}'.encode(), "text_forbidden_character"),
    "bell": (b'{"x": "\\u0007"}', "text_forbidden_character"),
    "duplicate key": (b'{"x": 1, "x": 2}', "duplicate_key"),
    "duplicate key inside": (b'{"y": [{"x": 1, "x": 2}]}', "duplicate_key"),
    "same key in two spellings": ('{"\u00e9": 1, "e\u0301": 2}'.encode(), "duplicate_key"),
    "5,000 digits": (b'{"x": ' + b"7" * 5000 + b"}", "number_too_large"),
    "2^53 + 1": (b'{"x": 9007199254740993}', "number_too_large"),
    "deep": (b"[" * 40 + b"]" * 40, "too_deep"),
    "very deep": (b'{"x":' * 20_000 + b"1" + b"}" * 20_000, "too_deep"),
    "trailing": (b'{"x": 1} {}', "json_broken"),
    "comma": (b'{"x": 1,}', "json_broken"),
    "comment": (b'{"x": 1} // hi', "json_broken"),
    "mark of byte order": (b"\xef\xbb\xbf{}", "json_broken"),
    "unknown field": (b'{"' + CANARY.encode() + b'": 1}', "input_refused"),
    "a list": (b"[]", "input_refused"),
    "a text": (b'"x"', "input_refused"),
    "a number": (b"7", "input_refused"),
    "null": (b"null", "input_refused"),
    "nothing": (b"", "input_refused"),
}


def entitled(world: World, key: tuple[str, str]) -> str | None:
    """Return the token of somebody who may use the route."""
    rule = RULES[key]
    if not rule.signed_in:
        return None
    holders = RIGHTS[rule.rights[0]]
    return world.token(Role.COORDINATOR if Role.COORDINATOR in holders else min(holders))


def counts(served: Served) -> list[int]:
    """Return how many rows there are in everything that a request may write."""
    tables = ("event", "entity", "command", "position", "session", "stream_ticket", "quarantine", "account")
    with psycopg.connect(served.database.app_url) as connection:
        found = [connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables]  # noqa: S608 - names from this file
    return [row[0] for row in found if row is not None]


def takes_a_body(served: Served, key: tuple[str, str]) -> bool:
    """Tell whether the route asks for a body at all; a ticket is asked for without one."""
    return "requestBody" in served.app.openapi()["paths"][key[1]][key[0].lower()]


@pytest.mark.parametrize("name", list(CORPUS))
def test_hostile_bodies_are_refused_on_every_route(served: Served, world: World, name: str) -> None:
    """Each hostile body gets the same named refusal on each route that reads bodies; nothing is stored."""
    content, code = CORPUS[name]
    before = counts(served)
    with served.client() as client:
        for key in WITH_BODY:
            if code == "input_refused" and not takes_a_body(served, key):
                continue
            token = entitled(world, key)
            headers = {"Content-Type": "application/json"}
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            answer = client.request(key[0], path_of(key[1], world), content=content, headers=headers)
            told = (answer.status_code, answer.json()["code"])
            assert told == (422, code), (key, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert CANARY not in answer.text
    assert counts(served) == before


def test_numbers_are_neither_booleans_nor_texts(served: Served, world: World) -> None:
    """Every field of a number, on every route, refuses true and "1" and says which field it was."""
    described = served.app.openapi()
    tried = 0
    with served.client() as client:
        for key in WITH_BODY:
            if not takes_a_body(served, key):
                continue
            operation = described["paths"][key[1]][key[0].lower()]
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            for field in _number_fields(described, schema):
                for wrong in (True, "1", [1]):
                    token = entitled(world, key)
                    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
                    path = path_of(key[1], world)
                    answer = client.request(key[0], path, json={field: wrong}, headers=headers)
                    assert answer.status_code == 422, (key, field, answer.text)
                    places = [fault["where"] for fault in answer.json()["faults"]]
                    assert any(place.startswith(f"body.{field}") for place in places), (key, field, places)
                    tried += 1
    assert tried > 60


def _number_fields(described: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    name = schema.get("$ref", "").rpartition("/")[2]
    properties = described["components"]["schemas"].get(name, {}).get("properties", {})
    return [
        field
        for field, inner in properties.items()
        if any(each.get("type") in {"integer", "number"} for each in [inner, *inner.get("anyOf", ())])
    ]


def test_bodies_are_counted_while_they_are_read(served: Served, world: World) -> None:
    """One byte more than a route takes is refused everywhere, also when no length was announced."""
    before = counts(served)
    with served.client() as client:
        for key in WITH_BODY:
            limit = RULES[key].body_bytes
            token = entitled(world, key)
            headers = {"Content-Type": "application/json"}
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            path = path_of(key[1], world)
            answer = client.request(key[0], path, content=_chunks(limit + 1), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large"), (key, answer.text)
    assert counts(served) == before


def test_fifty_megabytes_are_not_swallowed(served: Served, world: World) -> None:
    """A body of 50 MB gets 413 on the routes that take most, and the server goes on answering."""
    for key in [key for key in WITH_BODY if RULES[key].body_bytes == LARGE_BODY_BYTES]:
        path = path_of(key[1], world)
        token = entitled(world, key)
        headers = {"Content-Type": "application/json"}
        answer = served.ask(key[0], path, token, content=_chunks(50_000_000), headers=headers)
        assert answer.status_code == 413
    assert served.ask("GET", "/livez").status_code == 200


def _chunks(size_bytes: int) -> Iterator[bytes]:
    while size_bytes > 0:
        yield b" " * min(size_bytes, 65_536)
        size_bytes -= 65_536


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonx",
        "text/json",
    ],
)
def test_only_json_is_read(served: Served, world: World, content_type: str | None) -> None:
    """Forms and texts, which foreign pages can send without asking, are refused by their type."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    path = f"/api/operations/{world.home.operation_id}/positions"
    answer = served.ask("POST", path, world.leader.token, content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_packed_bodies_are_not_unpacked(served: Served, world: World) -> None:
    """A compressed body, small on the wire and huge in memory, is refused unread."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    path = f"/api/operations/{world.home.operation_id}/positions"
    answer = served.ask("POST", path, world.leader.token, content=b"\x1f\x8b", headers=headers)
    assert answer.status_code == 415


QUERIES = [
    "after=NaN",
    "after=-1",
    "after=+1",
    "after=1.0",
    "after=1_0",
    "after=%201",
    "after=1e3",
    "after=true",
    "after=",
    "after=99999999999999999999999",
    "after=9007199254740993",
    "after=" + "9" * 1500,
    "after=%EF%BC%91",
    "after=%D9%A1",
    "after=%00",
    "after=%FF",
    "after=1&after=2",
    "after=5000",
    "limit=0",
    "limit=501",
    "limit=true",
    "wait=26",
    "wait=0.5",
    "epoch=x",
    "epoch=%7B01a20099-7a7e-778c-84da-c53d5ccd7e15%7D",
    "nothing=1",
    "%00=1",
    "x=" + "y" * 3000,
]


@pytest.mark.parametrize("query", QUERIES)
def test_queries_are_read_strictly(served: Served, world: World, query: str) -> None:
    """A query that is not exactly what the route offers is a 422, never a guess and never a 500."""
    path = f"/api/operations/{world.home.operation_id}/events?{query}"
    answer = served.ask("GET", path, world.coordinator.token)
    assert answer.status_code == 422, answer.text
    assert answer.json()["where"].startswith("query")


@pytest.mark.parametrize(
    "bad",
    [
        "%00",
        "x",
        "%FF%FE",
        "{01a20099-7a7e-778c-84da-c53d5ccd7e15}",
        "01a200997a7e778c84dac53d5ccd7e15",
        "urn:uuid:01a20099-7a7e-778c-84da-c53d5ccd7e15",
        "%D9%A11a20099-7a7e-778c-84da-c53d5ccd7e15",
        "a" * 5000,
    ],
)
def test_garbage_in_the_path_is_refused(served: Served, world: World, bad: str) -> None:
    """An id in any but the usual form is a 422, wherever in the path it stands."""
    with served.client(world.coordinator.token) as client:
        for key, rule in RULES.items():
            if rule.at in {At.OPERATION, At.CASE, At.ORGANISATION}:
                # A tile keeps its ending: without it there is no such route.
                parts = [
                    bad + part.partition("}")[2] if part.startswith("{") else part
                    for part in key[1].split("/")
                ]
                headers = {"Content-Type": "application/json"}
                content = b"{}" if key[0] in UNSAFE else None
                answer = client.request(key[0], "/".join(parts), content=content, headers=headers)
                assert answer.status_code == 422, (key, answer.text)
                assert bad not in answer.text or len(bad) < 3
        inner = f"/api/operations/{world.home.operation_id}/tasks/{bad}/state"
        body = {"command_id": str(uuid7()), "base_version": 1, "state": "out"}
        assert client.post(inner, json=body).status_code == 422
        assert client.get(f"/api/geometries/{bad}").status_code == 422


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer x", "Basic eDp5", "Bearer \xff\xfe", "Bearer a b", "\x80"]
)
def test_garbage_in_the_key_is_nobody(served: Served, value: str) -> None:
    """A key that cannot be one is a 401, not a fault of ours."""
    headers = [(b"Authorization", value.encode("latin-1")), (b"Accept-Language", b"\xff;q=9,,;;en;q=x")]
    assert served.ask("GET", "/api/operations", headers=headers).status_code == 401


def test_other_methods_and_other_paths(served: Served, world: World) -> None:
    """Unknown paths and methods are told as problems too, to whomever."""
    for method, path, status in [
        ("GET", "/api/nothing", 404),
        ("POST", "/nothing", 404),
        ("GET", "/api/operations/", 404),
        ("PUT", "/api/session", 405),
        ("OPTIONS", "/api/session", 405),
        ("TRACE", "/api/session", 405),
        ("DELETE", f"/api/operations/{world.home.operation_id}/events", 405),
        ("GET", "//api/session", 404),
        ("GET", "/assets/../../app.py", 404),
        ("GET", "/assets/%2e%2e/%2e%2e/app.py", 404),
        ("GET", "/assets/..%2fapp.py", 404),
        ("GET", "/assets/%00", 404),
    ]:
        answer = served.ask(method, path)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert served.ask("HEAD", "/api/session").status_code == 405


def test_texts_are_stored_in_one_spelling(served: Served, world: World) -> None:
    """Letters sent as base and mark are stored as one, so that a name is found however it was typed."""
    body = {"code": world.home.join_code, "name": "Андреи\u0306", "device_id": str(uuid7())}
    token = served.ask("POST", "/api/join", json=body).json()["token"]
    assert served.ask("GET", "/api/session", token).json()["participant"]["name"] == "Андрей"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1700000000", 5])
def test_a_time_that_utc_does_not_have_is_refused(at: object) -> None:
    """The ends of the calendar cannot be written in UTC; numbers are no times."""
    with pytest.raises(ValidationError):
        FixBody.model_validate({"dseq": 1, "at": at, "lon": 9.5, "lat": 47.1})
    said = {"command_id": str(uuid7()), "kind": "note_added", "source": "radio", "text": "x", "at": at}
    with pytest.raises(ValidationError):
        EnteredReportBody.model_validate(said)
