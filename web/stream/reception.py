"""A socket's way in: sign-in, the first wish, then whatever it says until it goes."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed

from search_ops.errors import NotKnown, Unavailable
from web.stream import frames
from web.stream.hub import Sought
from web.stream.limits import (
    CLOSE_EPOCH_CHANGED,
    CLOSE_RESTART,
    CLOSE_RIGHT_WITHDRAWN,
    CLOSE_SIGN_IN,
    CLOSE_TOO_MANY,
    Seats,
)
from web.stream.messages import Auth, Resume, Unreadable, Wish, read_message
from web.stream.tails import EpochChanged

if TYPE_CHECKING:
    from search_ops.services.streaming import Admission, StreamReading
    from web.stream.hub import Reader
    from web.stream.limits import Limits
    from web.stream.socket import Socket
    from web.stream.tails import Tail, Tails


class Reception:
    """Lets sockets in and holds them.

    Attributes
    ----------
    sockets : set of Socket
        Those that signed in.
    """

    def __init__(self, reading: StreamReading, tails: Tails, limits: Limits) -> None:
        self.sockets: set[Socket] = set()
        self._reading = reading
        self._tails = tails
        self._limits = limits
        self._seats = Seats(limits)

    async def receive(self, socket: Socket) -> None:
        """Handle one socket from its opening to its end."""
        address = str(socket.remote_address[0])
        try:
            if not self._seats.enter(address):
                await socket.close(CLOSE_TOO_MANY, "too_many_sockets")
                return
            try:
                await self._sign_in(socket)
            finally:
                self._seats.leave(address)
        except ConnectionClosed:
            pass  # the usual end
        except Unavailable:
            await socket.close(CLOSE_RESTART, come_back(self._limits))

    async def _sign_in(self, socket: Socket) -> None:
        said = await self._first_word(socket)
        if said is None:
            await socket.close(CLOSE_SIGN_IN, "sign_in_expected")
            return
        try:
            admission = await self._reading.admit(said.ticket)
        except NotKnown as refusal:
            await socket.close(CLOSE_SIGN_IN, refusal.code)
            return
        session = str(admission.principal.session_id)
        if not self._seats.sit(session):
            await socket.close(CLOSE_TOO_MANY, "too_many_sockets")
            return
        try:
            async with self._tails.hold(admission.stream_id, said.wish) as tail:
                await self._stay(socket, tail, admission, said.wish)
        except NotKnown:
            await socket.close(CLOSE_RIGHT_WITHDRAWN, "right_withdrawn")
        finally:
            self._seats.rise(session)

    async def _first_word(self, socket: Socket) -> Auth | None:
        try:
            async with asyncio.timeout(self._limits.sign_in_s):
                said = read_message(await socket.recv())
        except (TimeoutError, Unreadable):
            return None
        return said if isinstance(said, Auth) else None

    async def _stay(self, socket: Socket, tail: Tail, admission: Admission, wish: Wish) -> None:
        feed = tail.feed
        if wish.epoch == feed.epoch and wish.after is not None and wish.after > feed.head:
            await self._read_on(tail)
        reader = feed.enter(admission.principal)
        try:
            if reader.farewell is not None:  # perhaps the place was widened in the last milliseconds
                place = await self._reading.place(tail.stream_id)
                if place is not None:
                    feed.renew_place(place)
                reader.urgent.clear()
            if tail.is_over:
                reader.farewell = (CLOSE_EPOCH_CHANGED, "epoch_changed")
            if reader.farewell is not None:
                await socket.close(*reader.farewell)
                return
            socket.attach(feed, reader, admission.principal.session_id)
            socket.post(
                frames.hello(
                    epoch=feed.epoch,
                    head=feed.head,
                    backed_up_seq=feed.backed_up_seq,
                    ping_s=self._limits.ping_s,
                    classes=frames.classes_mark(reader.classes),
                )
            )
            self.sockets.add(socket)
            tail.listeners.add(socket)
            await self._converse(socket, tail, reader, wish)
        finally:
            self.sockets.discard(socket)
            tail.listeners.discard(socket)
            feed.leave(reader)

    async def _converse(self, socket: Socket, tail: Tail, reader: Reader, wish: Wish) -> None:
        await self._seek(socket, tail, reader, wish)
        try:
            async for data in socket:
                said = read_message(data)
                if isinstance(said, Resume):
                    await self._seek(socket, tail, reader, said.wish)
        except Unreadable as fault:
            await socket.close(fault.code, fault.reason)

    async def _seek(self, socket: Socket, tail: Tail, reader: Reader, wish: Wish) -> None:
        feed = tail.feed
        sought = feed.seek(reader, wish, is_fresh=False)
        if sought is Sought.NEEDS_NEWER:
            await self._read_on(tail)
            sought = feed.seek(reader, wish, is_fresh=True)
        if sought is Sought.NEEDS_OLDER:
            await tail.read_back()
            feed.seek(reader, wish, is_fresh=True)
        socket.pump()

    async def _read_on(self, tail: Tail) -> None:
        try:
            await tail.read_on()
        except EpochChanged:
            tail.moved.set()  # the tail itself says so to all its sockets, this one included


def come_back(limits: Limits) -> str:
    """Return the reason of a close that asks the client to come back, each at another moment."""
    least_ms, most_ms = limits.come_back_ms
    return f"retry_after_ms={random.randint(least_ms, most_ms)}"  # noqa: S311 - spreads load, guards nothing
