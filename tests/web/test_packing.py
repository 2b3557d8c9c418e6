"""Snapshots are packed for whom takes it, and nothing else is."""

from __future__ import annotations

import gzip
import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
import pytest

from search_ops.domain.principals import Role

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World

pytestmark = pytest.mark.postgres


def _read(served: Served, path: str, token: str, encoding: str) -> tuple[str | None, bytes]:
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": encoding}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.getheader("Cache-Control") == "no-store"
        return answer.getheader("Content-Encoding"), answer.read()
    finally:
        connection.close()


def test_snapshots_alone_are_packed(served: Served, world: World) -> None:
    """A snapshot asked for with gzip is smaller and says the same; without, and for events, all is plain."""
    token = world.token(Role.COORDINATOR)
    path = f"/api/operations/{world.home.operation_id}"
    plain_kind, plain = _read(served, f"{path}/snapshot", token, "identity")
    packed_kind, packed = _read(served, f"{path}/snapshot", token, "gzip")
    assert (plain_kind, packed_kind) == (None, "gzip")
    assert len(packed) < len(plain) / 2
    assert orjson.loads(gzip.decompress(packed)) == orjson.loads(plain)
    assert _read(served, f"{path}/events?after=0", token, "gzip")[0] is None
