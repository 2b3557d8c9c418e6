"""A client without a websocket: it hears the same through one long answer, or through one after another."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import orjson

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ACCEPT = {"events": "text/event-stream", "poll": "application/json"}


class Broken(Exception):  # noqa: N818 - reads as a statement
    """The answer ended without a word of farewell."""


@dataclass
class Answer:
    """One answer of the server, as it arrives."""

    status: int
    headers: dict[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    async def whole(self) -> bytes:
        """Return the body of an answer whose length is known."""
        return await self.reader.readexactly(int(self.headers["content-length"]))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the pieces of an answer as they come."""
        try:
            while size := int(await self.reader.readline(), 16):
                yield await self.reader.readexactly(size)
                await self.reader.readexactly(2)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            raise Broken from error


async def post(
    port: int, body: bytes, *, path: str = "/stream", method: str = "POST", **headers: str
) -> Answer:
    """Send one request on a connection of its own and read the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    try:
        return await read_head(reader, writer)
    except BaseException:
        writer.close()
        raise


async def read_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer:
    """Read the head of an answer."""
    status = int((await reader.readline()).split()[1])
    told: dict[str, str] = {}
    while (line := (await reader.readline()).strip()) != b"":
        name, _, value = line.decode().partition(":")
        told[name.lower()] = value.strip()
    return Answer(status, told, reader, writer)


@dataclass
class HttpClient:
    """A client of the stream over plain HTTP that keeps every message it was ever sent."""

    port: int
    transport: str
    heard: list[bytes] = field(default_factory=list)
    farewell: tuple[int, str] | None = None
    answer: Answer | None = None
    answers: int = 0
    _pass: str = ""
    _place: dict[str, Any] = field(default_factory=dict)
    _messages: AsyncIterator[bytes] | None = None
    _is_again: bool = False

    @property
    def epoch(self) -> str:
        """Return the epoch of the last `hello`."""
        return str(self._place["epoch"])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def say(self, **message: Any) -> None:
        """Say a first message, or go on after a reset."""
        if message["type"] == "resume":
            wish = message.get("resume") or {key: message[key] for key in ("epoch", "after")}
            self._place |= wish
            self._is_again = False
            await self._ask({"type": "auth", "pass": self._pass, "resume": wish})
        else:
            await self.send(json.dumps(message).encode())

    async def send(self, body: bytes) -> None:
        """Send a first message as it is."""
        await self._close()
        self.answers += 1
        self.answer = await post(self.port, body, Accept=ACCEPT[self.transport])
        assert self.answer.status == 200, self.answer.status
        self._messages = self._read(self.answer)

    async def _ask(self, message: dict[str, Any]) -> None:
        await self.send(json.dumps(message).encode())

    async def _read(self, answer: Answer) -> AsyncIterator[bytes]:
        if self.transport == "poll":
            for frame in orjson.loads(await answer.whole())["frames"]:
                yield orjson.dumps(frame)
            return
        rest = b""
        async for piece in answer.chunks():
            *messages, rest = (rest + piece).split(b"\n\n")
            for one in messages:
                assert one.startswith(b"data: ")
                yield one.removeprefix(b"data: ")

    async def hear(self) -> dict[str, Any]:
        """Return the next message that is no ping, from as many answers as it takes."""
        async with asyncio.timeout(10):
            while True:
                message = await self._next()
                if message is not None and message["type"] != "ping":
                    return message

    async def _next(self) -> dict[str, Any] | None:
        assert self._messages is not None
        data = await anext(self._messages, None)
        if data is None:
            raise Broken
        message: dict[str, Any] = orjson.loads(data)
        kind = message["type"]
        if kind == "close":
            self.farewell = (message["code"], message["reason"])
            raise Broken
        if kind == "pass":
            self._pass = message["pass"]
            return None
        self.heard.append(data)
        if kind == "again":
            self._is_again = True
            await self._ask({"type": "auth", "pass": self._pass, "resume": self._place})
            return None
        return self._noted(message)

    def _noted(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Remember where we are; what only says again that we are there is passed over."""
        kind = message["type"]
        if kind == "hello":
            self._place |= {"epoch": message["epoch"], "classes": message["classes"]}
            self._place.setdefault("after", 0)
            return None if self.answers > 1 else message
        if kind == "event":
            self._place["after"] = message["event"]["seq"]
        elif kind == "reset":
            self._place.pop("classes")
        elif kind == "live" and self._is_again:
            self._is_again = False
            return None
        return message

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Return messages up to and with the first of this type."""
        messages = [await self.hear()]
        while messages[-1]["type"] != kind:
            messages.append(await self.hear())
        return messages

    async def events(self, count: int) -> list[dict[str, Any]]:
        """Return the next events."""
        return [(await self.until("event"))[-1]["event"] for _ in range(count)]

    async def end(self) -> tuple[int, str]:
        """Return code and reason with which the server closes."""
        try:
            async with asyncio.timeout(10):
                while True:
                    await self._next()
        except Broken:
            assert self.farewell is not None, "no farewell"
            return self.farewell

    async def _close(self) -> None:
        if self.answer is not None:
            await self.answer.close()
            self.answer = None
