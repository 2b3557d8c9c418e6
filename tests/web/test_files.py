"""Files brought to an operation: kept once, given back as they were, bounded."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.services import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    import httpx2

    from tests.web.conftest import Served
    from tests.web.world import World

pytestmark = pytest.mark.postgres

CONTENT = bytes(range(256)) * 5_000  # more than a piece, and no text


def send(
    served: Served, world: World, content: Any, *, file_id: UUID, name: str = "трек.plt"
) -> httpx2.Response:
    """Bring a file as the cartographer."""
    path = f"/api/operations/{world.home.operation_id}/files"
    with served.client(world.token(Role.CARTOGRAPHER)) as client:
        return client.post(path, params={"file_id": str(file_id), "name": name}, content=content)


def test_a_file_comes_back_as_it_was(served: Served, world: World) -> None:
    """Every byte, the name with its Russian letters, and nothing that a browser would run."""
    file_id = uuid7()
    kept = send(served, world, CONTENT, file_id=file_id, name="C:\\tracks\\20260823_Лиса-12.plt")
    assert kept.status_code == 201
    assert kept.json()["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert kept.json()["name"] == "20260823_Лиса-12.plt"
    path = f"/api/operations/{world.home.operation_id}/files/{file_id}"
    back = served.ask("GET", path, world.token(Role.RADIO))
    assert back.content == CONTENT
    assert back.headers["content-disposition"].startswith("attachment; filename*=UTF-8''20260823_%D0%9B")
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["x-content-type-options"] == "nosniff"


def test_a_file_sent_twice_is_kept_once(served: Served, world: World) -> None:
    """The same id and bytes: the first answer; other bytes under the id: refused."""
    file_id = uuid7()
    first = send(served, world, b"abc", file_id=file_id)
    assert send(served, world, b"abc", file_id=file_id).json() == first.json()
    other = send(served, world, b"abd", file_id=file_id)
    assert (other.status_code, other.json()["code"]) == (409, "file_differs")


def test_an_empty_file_is_refused(served: Served, world: World) -> None:
    """Nothing received is no file: a stick pulled too early must not look like success."""
    file_id = uuid7()
    refused = send(served, world, b"", file_id=file_id)
    assert (refused.status_code, refused.json()["code"]) == (422, "file_empty")
    path = f"/api/operations/{world.home.operation_id}/files/{file_id}"
    assert served.ask("GET", path, world.token(Role.RADIO)).status_code == 404


def test_a_file_of_another_search_is_not_known(served: Served, world: World) -> None:
    """An id is no right: the file is asked for where it lies."""
    file_id = uuid7()
    send(served, world, b"abc", file_id=file_id)
    path = f"/api/operations/{world.foreign.operation_id}/files/{file_id}"
    assert served.ask("GET", path, world.token(Role.RADIO, "foreign")).status_code == 404


def test_a_file_that_is_too_large_is_refused(
    served: Served, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what it says of itself, and by counting when it says nothing; neither leaves a trace."""
    declared = send(served, world, b"x" * (files.MOST_BYTES + 1), file_id=uuid7())
    assert declared.status_code == 413
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    file_id = uuid7()

    def unsaid() -> Iterator[bytes]:
        yield from [b"x" * 600, b"y" * 600]

    counted = send(served, world, unsaid(), file_id=file_id)
    assert (counted.status_code, counted.json()["code"]) == (413, "body_too_large")
    path = f"/api/operations/{world.home.operation_id}/files/{file_id}"
    assert served.ask("GET", path, world.token(Role.RADIO)).status_code == 404


def test_an_operation_does_not_fill_the_disk(
    served: Served, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond its share an operation keeps no more."""
    monkeypatch.setattr(files, "MOST_BYTES_OF_OPERATION", 0)
    refused = send(served, world, b"abc", file_id=uuid7())
    assert (refused.status_code, refused.json()["code"]) == (409, "files_too_large")
