"""A populated installation behind a real socket; shared, so tests look at what they themselves add."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
import ssl
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import uvicorn

from search_ops.persistence.cluster_databases import make_database
from search_ops.settings import Settings
from tests.factories import KEK, office_on
from tests.web.world import World, build_world
from web.app import create_app
from web.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from search_ops.persistence.embedded import Cluster, DatabaseUrls

TEMPLATE = "search_ops_template"


class _Announcing(uvicorn.Server):
    """A server that says when it listens, so that nobody has to look again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


# The server speaks plainly; to read the certificates of the world for each client takes a tenth of a second.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Served:
    """An app behind a socket of its own."""

    url: str
    app: FastAPI
    database: DatabaseUrls
    settings: Settings

    @contextmanager
    def client(self, token: str | None = None, **more: Any) -> Iterator[httpx2.Client]:
        """Open a client, signed in when a token is given."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=self.url, headers=headers, timeout=30, verify=_NO_TLS, **more) as client:
            yield client

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx2.Response:
        """Send one request."""
        with self.client(token) as client:
            return client.request(method, path, **more)


@contextmanager
def serve(database: DatabaseUrls, data_dir: Path, **settings: Any) -> Iterator[Served]:
    """Run the app on a free port of loopback."""
    (data_dir / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    (data_dir / "secrets" / "kek").write_text(KEK.hex(), encoding="ascii")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        configured = Settings(port=port, data_dir=data_dir, database_url=database.app_url, **settings)
        app = create_app(configured=configured)
        config = uvicorn.Config(
            app, loop="uvloop", ws="none", log_level="error", access_log=False, server_header=False
        )
        server = _Announcing(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        if not server.listening.wait(30):
            raise RuntimeError("the app does not start")
        try:
            yield Served(f"http://127.0.0.1:{port}", app, database, configured)
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="session")
def new_database(cluster: Cluster) -> Callable[[], DatabaseUrls]:
    """Return a maker of migrated, empty databases."""

    def make() -> DatabaseUrls:
        name = f"web_{secrets.token_hex(6)}"
        make_database(cluster, name, template=TEMPLATE)
        return cluster.urls(name)

    return make


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """Return a data directory with the keys of the tests."""
    folder = Path(tempfile.mkdtemp(prefix="search-ops-web-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared(new_database: Callable[[], DatabaseUrls], data_dir: Path) -> Iterator[tuple[Served, World]]:
    """Return the installation that most tests share."""
    database = new_database()

    async def populate() -> World:
        async with office_on(database) as office:
            return await build_world(office)

    world = asyncio.run(populate())
    with serve(database, data_dir) as served:
        yield served, world


@pytest.fixture
def served(shared: tuple[Served, World]) -> Served:
    """Return the shared server with fresh counters of tries."""
    served = shared[0]
    served.app.state.limits = Limits()
    return served


@pytest.fixture
def world(shared: tuple[Served, World]) -> World:
    """Return who and what there is."""
    return shared[1]
