"""One HTTP request over a connection of its own: what is on the way may slice, delay, cut or swallow it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers in small letters, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    port: int, method: str, path: str, token: str | None = None, body: Any = None, *, limit_s: float = 30.0
) -> Reply:
    """Send a request to a port of loopback and read the whole answer.

    Raises
    ------
    TimeoutError
        There was no whole answer in time.
    OSError
        The connection was refused, reset, or ended before the answer was whole.
    """
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [] if body is None else ["Content-Type: application/json"]
    lines += [f"Content-Length: {len(data)}"] if method != "GET" else []
    async with asyncio.timeout(limit_s):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + data)
            await writer.drain()
            return _parsed(await reader.read())
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _parsed(raw: bytes) -> Reply:
    head, found, body = raw.partition(b"\r\n\r\n")
    if not found:
        raise ConnectionResetError("the answer ended within its head")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    elif len(body) < int(headers.get("content-length", "0")):
        raise ConnectionResetError("the answer ended within its body")
    return Reply(int(first.split(" ")[1]), headers, body)


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while True:
        size, found, rest = body.partition(b"\r\n")
        if not found:
            raise ConnectionResetError("the answer ended within a chunk")
        length = int(size, 16)
        if length == 0:
            return whole
        if len(rest) < length + 2:
            raise ConnectionResetError("the answer ended within a chunk")
        whole += rest[:length]
        body = rest[length + 2 :]
