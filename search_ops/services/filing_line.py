"""What phones of one search send at the same time is filed together: one lock, one commit, many answers.

The lock of a search lets one transaction through at a time anyway. While one is on its way, those that come
wait in line, and the next transaction takes them all. Alone, a batch waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from search_ops.errors import NotKnown, Unavailable
from search_ops.services.reports import file_batches

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.reports import Batch, FiledBatch

_MOST_EVENTS: Final = 200
_FIRST: Final = "sos_raised"
_NOBODY_SERVED: Final = (NotKnown, Unavailable, OSError, InterfaceError, OperationalError, PoolTimeout)


@dataclass(slots=True)
class _Asked:
    batch: Batch
    answer: asyncio.Future[FiledBatch]


@dataclass(slots=True)
class _Line:
    """Batches of one search that wait; a call for help goes before all others."""

    calls: deque[_Asked] = field(default_factory=deque)
    others: deque[_Asked] = field(default_factory=deque)

    def add(self, asked: _Asked) -> None:
        is_call = any(getattr(event, "kind", None) == _FIRST for event in asked.batch.events)
        (self.calls if is_call else self.others).append(asked)

    def take(self) -> list[_Asked]:
        """Return what goes into the next transaction, in the order of arrival."""
        taken: list[_Asked] = []
        room = _MOST_EVENTS
        for waiting in (self.calls, self.others):
            while waiting and (not taken or len(waiting[0].batch.events) <= room):
                taken.append(waiting.popleft())
                room -= len(taken[-1].batch.events)
        return taken


class FilingLines:
    """The lines of all searches in this process.

    Parameters
    ----------
    office : Office
        Where the batches are filed.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._lines: dict[UUID, _Line] = {}
        self._filing: set[asyncio.Task[None]] = set()

    async def file(self, operation_id: UUID, batch: Batch) -> FiledBatch:
        """File a batch with those that came meanwhile; return when it is committed.

        Raises
        ------
        Exception
            Whatever filing it alone raises; the batches beside it are filed without it.
        """
        asked = _Asked(batch, asyncio.get_running_loop().create_future())
        line = self._lines.get(operation_id)
        if line is None:
            line = self._lines[operation_id] = _Line()
            task = asyncio.create_task(self._work(operation_id, line))
            self._filing.add(task)
            task.add_done_callback(self._filing.discard)
        line.add(asked)
        return await asked.answer

    async def _work(self, operation_id: UUID, line: _Line) -> None:
        try:
            while taken := line.take():
                await self._file(operation_id, taken)
        finally:
            del self._lines[operation_id]

    async def _file(self, operation_id: UUID, taken: list[_Asked]) -> None:
        try:
            filed = await file_batches(self._office, operation_id, [asked.batch for asked in taken])
        except Exception as fault:  # noqa: BLE001 - told to whoever sent it, who handles it as his own
            # Nothing of them is stored. Unless nobody could be served, one may have spoilt it for all.
            if len(taken) == 1 or isinstance(fault, _NOBODY_SERVED):
                for asked in taken:
                    _tell(asked, fault)
                return
            for asked in taken:
                await self._file(operation_id, [asked])
            return
        for asked, answer in zip(taken, filed, strict=True):
            _tell(asked, answer)


def _tell(asked: _Asked, answer: FiledBatch | Exception) -> None:
    if asked.answer.done():  # its sender has hung up; what is stored is stored
        return
    if isinstance(answer, Exception):
        asked.answer.set_exception(answer)
    else:
        asked.answer.set_result(answer)
