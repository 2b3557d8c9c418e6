"""Asking for the map of probability to be made anew: in the transaction that changes what it follows from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.probability_wishes import ProbabilityWish
from search_ops.persistence.tables import job_progress
from search_ops.services.jobs import defer_job

if TYPE_CHECKING:
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import LockedStream, UnitOfWork

KIND: Final = "probability"
_FOLLOWS: Final = frozenset(
    {
        "scenario_set",
        "scenarios_weighed",
        "scenario_dropped",
        "subject_state_set",
        "clue_weighed",
        "clue_weight_dropped",
        "area_set",
        "sectors_added",
        "sectors_retired",
        "evidence_weighed",
    }
)


async def ask_map(work: UnitOfWork, principal: Principal, operation_id: UUID) -> UUID:
    """Ask the worker for the map; a request that still waits serves this change too.

    The waiting row stays locked until this transaction ends: the worker cannot begin on it, and read, before
    the change is there.
    """
    waiting = (
        select(job_progress.c.job_id)
        .where(
            job_progress.c.operation_id == operation_id,
            job_progress.c.kind == KIND,
            job_progress.c.state == "waiting",
        )
        .with_for_update(skip_locked=True)
        .limit(1)
    )
    found: UUID | None = (await work.connection.execute(waiting)).scalar_one_or_none()
    if found is not None:
        return found
    return await defer_job(work, principal, operation_id, KIND, ProbabilityWish(command_id=uuid7()))


async def map_what_follows(work: UnitOfWork, principal: Principal) -> UUID | None:
    """Ask for the map when something it follows from was written; return the job, or None."""
    job_id = None
    for stream_id, stream in work.streams.items():
        kind, _, identity = stream_id.partition("/")
        if kind == "operation" and any(stored.kind in _FOLLOWS for stored in stream.appended):
            if not (stream.all("area") and _live(stream)):
                continue
            job_id = await ask_map(work, principal, UUID(identity))
    return job_id


def _live(stream: LockedStream) -> list[Any]:
    """Return the scenarios that were ever set: the last one dropped must change the map too."""
    return list(stream.all("scenarios"))
