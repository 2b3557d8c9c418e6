"""The stream process: ``search-ops serve stream``."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket as sockets_of_the_system
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import uvloop
from websockets.asyncio.server import Server, serve

from search_ops.errors import Unavailable
from search_ops.services.streaming import StreamReading, open_reading
from web.stream.door import Porch
from web.stream.http_connection import PATH
from web.stream.limits import CLOSE_RESTART, Limits
from web.stream.passes import Passes
from web.stream.reception import Reception, come_back
from web.stream.rounds import Rounds
from web.stream.tails import Tails

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response
    from websockets.typing import Origin

    from web.stream.http_connection import HttpConnection
    from web.stream.socket import Socket

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Config:
    """What one stream process needs to know."""

    host: str
    port: int
    origins: tuple[str, ...]
    database_url: str
    kek: bytes
    processes: int = 1


@dataclass(frozen=True, slots=True)
class Running:
    """A stream process at work; tests look at its parts."""

    port: int
    reception: Reception
    tails: Tails
    rounds: Rounds
    plain: set[HttpConnection]


@asynccontextmanager
async def serving(config: Config, limits: Limits | None = None) -> AsyncIterator[Running]:
    """Serve the stream while the body runs; then send everybody away to come back later."""
    limits = limits or Limits.of_one_among(config.processes)
    async with open_reading(config.database_url, config.kek) as reading:
        tails = Tails(reading, limits, config.database_url)
        reception = Reception(reading, tails, Passes(config.kek, limits.pass_s), limits)
        rounds = Rounds(reading, tails, reception)
        porch = Porch(reception.receive, config.origins, limits)
        server = await _listen(config, reading, reception, porch)
        steps: list[tuple[Callable[[], Awaitable[None]], float]] = [
            (tails.listen, limits.retry_s),
            (tails.look, 0),  # waits by itself
            (rounds.sweep, limits.sweep_s),
            (rounds.recheck, limits.recheck_s),
            (rounds.pin, limits.board_s),
        ]
        tasks = [asyncio.create_task(_for_ever(step, pause_s)) for step, pause_s in steps]
        try:
            port = next(iter(server.sockets)).getsockname()[1]
            yield Running(port, reception, tails, rounds, porch.connections)
        finally:
            await _drain(server, porch)
            await tails.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(config: Config, reading: StreamReading, reception: Reception, porch: Porch) -> Server:
    limits = porch.limits

    async def handle(connected: ServerConnection) -> None:
        await reception.receive(cast("Socket", connected))

    async def process(connected: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == PATH:
            return None
        if path == "/livez":
            return connected.respond(HTTPStatus.OK, "ok\n")
        if path == "/readyz":
            return connected.respond(*await _readiness(reading))
        return connected.respond(HTTPStatus.NOT_FOUND, "not found\n")

    server = await serve(
        handle,
        config.host,
        config.port,
        origins=[*(cast("Origin", origin) for origin in config.origins), None],
        compression=None,  # memory, and secrets beside attacker's text in one compressed stream
        process_request=process,
        server_header=None,
        open_timeout=limits.sign_in_s,
        ping_interval=None,  # `Socket.watch` asks, in one sweep for all
        close_timeout=limits.close_s,
        max_size=limits.message_bytes,
        write_limit=(limits.buffer_bytes, limits.buffer_bytes // 4),
        create_connection=cast("type[ServerConnection]", porch.open_door),
        backlog=1024,
        reuse_port=config.processes > 1 or None,  # the kernel deals connections out to all of them
    )
    for listening in server.sockets:  # accepted sockets inherit it: what the kernel holds is bounded too
        listening.setsockopt(
            sockets_of_the_system.SOL_SOCKET, sockets_of_the_system.SO_SNDBUF, limits.kernel_buffer_bytes
        )
    return server


async def _readiness(reading: StreamReading) -> tuple[HTTPStatus, str]:
    try:
        await reading.heads([])
    except Unavailable:
        return HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer\n"
    return HTTPStatus.OK, "ok\n"


async def _for_ever(step: Callable[[], Awaitable[None]], pause_s: float) -> None:
    """Repeat a step; whatever fails is tried again, so that one fault never silences the process."""
    is_known = False
    while True:
        try:
            await step()
            is_known = False
        except Unavailable:
            if not is_known:
                log.warning("the database does not answer; trying again")
            is_known = True
            await asyncio.sleep(0.2)
        except Exception:
            log.exception("%s failed", step.__qualname__)
            await asyncio.sleep(1)
        await asyncio.sleep(pause_s)


async def _drain(server: Server, porch: Porch) -> None:
    """Stop accepting, tell everybody to come back at another moment each, cut off who does not go."""
    limits = porch.limits
    connections = cast("set[Socket]", set(server.connections))
    server.close(close_connections=False)
    for connected in connections:
        connected.dismiss(CLOSE_RESTART, come_back(limits))
    porch.dismiss_all(CLOSE_RESTART, lambda: come_back(limits))
    busy = {*server.handler_tasks, *porch.tasks}
    if busy:
        await asyncio.wait(busy, timeout=limits.drain_s)
    for connected in cast("set[Socket]", set(server.all_connections)):
        connected.transport.abort()
    for plain in tuple(porch.connections):
        plain.transport.abort()
    await asyncio.wait([asyncio.create_task(server.wait_closed())], timeout=1)


async def _main(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for order in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(order, stop.set)
    async with serving(config):
        await stop.wait()


def run(config: Config) -> None:
    """Run the stream process until it is told to stop."""
    logging.basicConfig(level=logging.WARNING, format="stream: %(levelname)s %(message)s")
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # noise of scanners and broken clients
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(config))
