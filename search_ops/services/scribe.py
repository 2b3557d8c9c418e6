"""Writing the events of one intent: ids in order, one doer, one time; and the checks every intent shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_ops.domain.events import Draft, Stored, further_id, wire_time
from search_ops.errors import ChangedMeanwhile, Conflict, NotKnown
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.unit_of_work import Intent, LockedStream, Office, UnitOfWork, carry_out
from search_ops.services.evidence_jobs import weigh_what_follows
from search_ops.services.probability_jobs import map_what_follows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import Wish


class Scribe:
    """Appends the events of one command; the first has the command's id, further ones derive from it.

    Parameters
    ----------
    stream_id : str
        The stream most events go to.
    """

    def __init__(self, work: UnitOfWork, principal: Principal, command_id: UUID, stream_id: str) -> None:
        self.work = work
        self.principal = principal
        self.command_id = command_id
        self.stream_id = stream_id
        self.base_version: int | None = None
        self._written = 0

    @property
    def stream(self) -> LockedStream:
        """Return the stream most events go to."""
        return self.work.streams[self.stream_id]

    def write(
        self,
        kind: str,
        visibility: str,
        payload: Mapping[str, Any],
        *,
        sealed: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        stream_id: str | None = None,
    ) -> Stored:
        """Append one event."""
        event_id = self.command_id if self._written == 0 else further_id(self.command_id, self._written)
        draft = Draft(
            id=event_id,
            kind=kind,
            visibility=visibility,
            payload=payload,
            sealed=sealed or {},
            actor=self.principal.actor(),
            at=self.work.now if at is None else at,
            base_version=self.base_version if self._written == 0 else None,
        )
        self._written += 1
        return self.work.streams[stream_id or self.stream_id].append(draft)


async def intend(
    office: Office,
    principal: Principal,
    wish: Wish,
    *,
    name: str,
    streams: Sequence[str],
    decide: Callable[[Scribe], Awaitable[Mapping[str, Any]]],
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Carry out a wish exactly once on these streams; the first of them takes most of its events.

    Parameters
    ----------
    about : mapping, optional
        What the wish is about besides its body (ids of the path); part of what makes a repeat a repeat.
    """
    body = {
        **wish.model_dump(mode="json", exclude_unset=True),
        "about": dict(about or {}),
        "on": list(streams[:1]),
    }

    async def decided(work: UnitOfWork) -> Mapping[str, Any]:
        scribe = Scribe(work, principal, wish.command_id, streams[0] if streams else "")
        scribe.base_version = getattr(wish, "base_version", None)
        answer = await decide(scribe)
        await weigh_what_follows(work, principal)
        await map_what_follows(work, principal)
        return answer

    return await carry_out(office, principal, Intent(wish.command_id, name, body), streams, decided)


async def intend_in_operation(
    office: Office,
    principal: Principal,
    operation_id: UUID,
    wish: Wish,
    *,
    name: str,
    decide: Callable[[Scribe], Awaitable[Mapping[str, Any]]],
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Carry out a wish on one operation."""
    streams = [operation_stream(operation_id)]
    return await intend(office, principal, wish, name=name, streams=streams, decide=decide, about=about)


def wire_or_none(moment: datetime | None) -> str | None:
    """Return a time as the log writes it, or None."""
    return None if moment is None else wire_time(moment)


def check_version(entity: Mapping[str, Any] | None, base_version: int | None) -> None:
    """Refuse a decision on an older version of the thing than stands in the log.

    Raises
    ------
    ChangedMeanwhile
        With the version that stands.
    """
    current = None if entity is None else int(entity["version"])
    if current != base_version:
        raise ChangedMeanwhile(current_version=current)


def known(stream: LockedStream, collection: str, entity_id: UUID | str) -> Mapping[str, Any]:
    """Return an entity that must be there.

    Raises
    ------
    NotKnown
        There is none of this id.
    """
    entity = stream.get(collection, entity_id)
    if entity is None:
        raise NotKnown
    return entity


def the_operation(stream: LockedStream) -> Mapping[str, Any]:
    """Return the one entity of the collection ``operation``."""
    return known(stream, "operation", stream.stream_id.partition("/")[2])


def require_open(stream: LockedStream) -> Mapping[str, Any]:
    """Return the operation unless it is closed.

    Raises
    ------
    Conflict
        ``operation_closed``.
    """
    operation = the_operation(stream)
    if str(operation["state"]).startswith("closed"):
        raise Conflict("operation_closed")
    return operation
