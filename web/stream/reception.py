"""A line's way in: sign-in, the first wish, then whatever it says until it goes."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed

from search_ops.domain.events import wire_time
from search_ops.errors import NotKnown, Unavailable
from search_ops.services.streaming import TicketRefused
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
from web.stream.passes import Pass
from web.stream.tails import EpochChanged

if TYPE_CHECKING:
    from search_ops.services.streaming import Admission, StreamReading
    from web.stream.hub import Reader
    from web.stream.limits import Limits
    from web.stream.line import Line
    from web.stream.passes import Passes
    from web.stream.tails import Tail, Tails


class Reception:
    """Lets lines in and holds them.

    Attributes
    ----------
    lines : set of Line
        Those that signed in.
    """

    def __init__(self, reading: StreamReading, tails: Tails, passes: Passes, limits: Limits) -> None:
        self.lines: set[Line] = set()
        self._reading = reading
        self._tails = tails
        self._passes = passes
        self._limits = limits
        self._seats = Seats(limits)

    async def receive(self, line: Line) -> None:
        """Handle one line from its opening to its end."""
        address = line.address
        try:
            if not self._seats.enter(address):
                await line.part(CLOSE_TOO_MANY, "too_many_sockets")
                return
            try:
                await self._sign_in(line)
            finally:
                self._seats.leave(address)
        except ConnectionClosed:
            pass  # the usual end
        except Unavailable:
            await line.part(CLOSE_RESTART, come_back(self._limits))

    async def _sign_in(self, line: Line) -> None:
        said = await self._first_word(line)
        if said is None:
            await line.part(CLOSE_SIGN_IN, "sign_in_expected")
            return
        try:
            admission, wish = await self._admit(line, said)
        except NotKnown as refusal:
            await line.part(CLOSE_SIGN_IN, refusal.code)
            return
        session = str(admission.principal.session_id)
        if not self._seats.sit(session):
            await line.part(CLOSE_TOO_MANY, "too_many_sockets")
            return
        try:
            async with self._tails.hold(admission.stream_id, wish) as tail:
                await self._stay(line, tail, admission, wish)
        except NotKnown:
            await line.part(CLOSE_RIGHT_WITHDRAWN, "right_withdrawn")
        finally:
            self._seats.rise(session)

    async def _first_word(self, line: Line) -> Auth | None:
        try:
            async with asyncio.timeout(self._limits.sign_in_s):
                said = read_message(await line.first_word())
        except (TimeoutError, Unreadable):
            return None
        return said if isinstance(said, Auth) else None

    async def _admit(self, line: Line, said: Auth) -> tuple[Admission, Wish]:
        """Return who signs in, and what he wishes.

        Raises
        ------
        TicketRefused
            Neither ticket nor pass opens anything.
        SessionEnded
            The session that the pass belongs to is over.
        """
        if not said.is_pass:
            return await self._reading.admit(said.ticket), said.wish
        shown = self._passes.read(said.ticket) if line.takes_passes else None
        if shown is None:
            raise TicketRefused
        admission = await self._reading.readmit(shown.session_id, shown.stream_id)
        line.was_live = shown.is_live
        return admission, replace(said.wish, board=shown.board)

    async def _stay(self, line: Line, tail: Tail, admission: Admission, wish: Wish) -> None:
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
                await line.part(*reader.farewell)
                return
            line.attach(feed, reader, admission.principal.session_id)
            line.greet(
                frames.hello(
                    epoch=feed.epoch,
                    head=feed.head,
                    backed_up_seq=feed.backed_up_seq,
                    ping_s=self._limits.ping_s,
                    classes=frames.classes_mark(reader.classes),
                    at=wire_time(datetime.now(UTC)),
                ),
                lambda: self._passes.write(_pass_of(line, tail)),
            )
            self.lines.add(line)
            tail.listeners.add(line)
            await self._converse(line, tail, reader, wish)
        finally:
            self.lines.discard(line)
            tail.listeners.discard(line)
            feed.leave(reader)

    async def _converse(self, line: Line, tail: Tail, reader: Reader, wish: Wish) -> None:
        await self._seek(line, tail, reader, wish)
        try:
            async for data in line.further_words():
                said = read_message(data)
                if isinstance(said, Resume):
                    await self._seek(line, tail, reader, said.wish)
        except Unreadable as fault:
            await line.part(fault.code, fault.reason)

    async def _seek(self, line: Line, tail: Tail, reader: Reader, wish: Wish) -> None:
        feed = tail.feed
        sought = feed.seek(reader, wish, is_fresh=False)
        if sought is Sought.NEEDS_NEWER:
            await self._read_on(tail)
            sought = feed.seek(reader, wish, is_fresh=True)
        if sought is Sought.NEEDS_OLDER:
            await tail.read_back()
            feed.seek(reader, wish, is_fresh=True)
        line.pump()

    async def _read_on(self, tail: Tail) -> None:
        try:
            await tail.read_on()
        except EpochChanged:
            tail.moved.set()  # the tail itself says so to all its sockets, this one included


def _pass_of(line: Line, tail: Tail) -> Pass:
    board = tail.feed.board
    reader = line.reader
    return Pass(line.session_id, tail.stream_id, (board.mark, reader.board_seen), reader.is_live)


def come_back(limits: Limits) -> str:
    """Return the reason of a close that asks the client to come back, each at another moment."""
    least_ms, most_ms = limits.come_back_ms
    return f"retry_after_ms={random.randint(least_ms, most_ms)}"  # noqa: S311 - spreads load, guards nothing
