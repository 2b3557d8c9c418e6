"""Asking for evidence to be weighed: in the transaction that changes what figures follow from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.evidence_wishes import WeighWish
from search_ops.services.jobs import defer_job

if TYPE_CHECKING:
    from collections.abc import Collection

    from search_ops.domain.events import Stored
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import LockedStream, UnitOfWork

KIND: Final = "evidence"
_ENDS: Final = frozenset({"back", "closed"})


async def ask_weighing(
    work: UnitOfWork,
    principal: Principal,
    operation_id: UUID,
    *,
    task_ids: Collection[str] | None = None,
    sector_ids: Collection[str] | None = None,
) -> UUID:
    """Ask the worker to weigh tasks and sectors; neither named: all of them."""
    tasks, sectors = (None if ids is None else sorted(ids) for ids in (task_ids, sector_ids))
    wish = WeighWish(command_id=uuid7(), task_ids=tasks, sector_ids=sectors)
    return await defer_job(work, principal, operation_id, KIND, wish)


async def weigh_what_follows(
    work: UnitOfWork, principal: Principal, of_these: Collection[Stored] | None = None
) -> None:
    """Ask for weighing when a team came back or sectors were cut anew: what was searched stays searched.

    Parameters
    ----------
    of_these : collection of Stored, optional
        Only what follows from these, when others wrote in the same transaction; else from all of it.
    """
    for stream_id, stream in work.streams.items():
        kind, _, identity = stream_id.partition("/")
        appended = stream.appended if of_these is None else of_these
        if kind != "operation" or not appended:
            continue
        tasks, sectors = _touched(stream, appended)
        if (tasks or sectors) and stream.all("area"):
            await ask_weighing(work, principal, UUID(identity), task_ids=tasks, sector_ids=sectors)


def _touched(stream: LockedStream, appended: Collection[Stored]) -> tuple[set[str], set[str]]:
    tasks = {
        str(stored.payload["task_id"])
        for stored in appended
        if stored.kind == "task_moved" and stored.payload["state"] in _ENDS
    }
    added = {
        str(sector["sector_id"])
        for stored in appended
        if stored.kind == "sectors_added"
        for sector in stored.payload["sectors"]
    }
    known = bool(added) and any(stream.all(collection) for collection in ("evidence", "lost_tracks"))
    return tasks, added if known else set()
