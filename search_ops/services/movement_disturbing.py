"""Telling movements that something they count on has changed, in the transaction of the change itself.

Nothing of a movement is changed by it: its people look for itineraries again and choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from search_ops.domain.events import Draft, further_id
from search_ops.domain.movements import legs_done, reports_of
from search_ops.domain.visibility import HQ
from search_ops.persistence.tables import entity
from search_ops.persistence.unit_of_work import carry_out

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Intent, LockedStream, Office, UnitOfWork

    Judge = Callable[[Mapping[str, Any], "Aboard"], Mapping[str, Any] | None]
    """A leg and who counts on it -> what has become of it; None: as planned."""


@dataclass(frozen=True, slots=True)
class Aboard:
    """Who counts on a leg.

    Attributes
    ----------
    people
        Of all movements on this departure together.
    stream_id
        The search whose leg it is.
    """

    people: int
    stream_id: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that movements count on.

    Attributes
    ----------
    key
        Its name among the disturbances of a movement: each change has a place of its own there.
    legs
        What a leg that counts on it says; any one of them is enough.
    """

    key: str
    legs: tuple[Mapping[str, Any], ...]

    def is_in(self, leg: Mapping[str, Any]) -> bool:
        """Tell whether a leg counts on it."""
        return any(all(leg.get(name) == said[name] for name in said) for said in self.legs)


async def carry_out_telling(
    office: Office,
    principal: Principal,
    intent: Intent,
    counted: Counted,
    decide: Callable[[UnitOfWork], Awaitable[tuple[Mapping[str, Any], Judge]]],
) -> dict[str, Any]:
    """Carry out a change of the network and tell the movements that count on it.

    Parameters
    ----------
    decide
        Takes the lock of what is changed (whoever chooses an itinerary takes the same), changes it, and
        returns the answer with the judgement of a leg.

    Returns
    -------
    dict
        The answer, with ``disturbed``: the ids of the movements told.
    """

    async def decided(work: UnitOfWork) -> Mapping[str, Any]:
        answer, judge = await decide(work)
        if not set(await streams_counting_on(work.connection, counted)) <= set(work.streams):
            raise _ChosenMeanwhile
        return {**answer, "disturbed": _tell(work, principal, intent, counted, judge)}

    while True:
        async with office.engine.connect() as connection:
            streams = await streams_counting_on(connection, counted)
        try:
            return await carry_out(office, principal, intent, streams, decided)
        except _ChosenMeanwhile:
            continue


class _ChosenMeanwhile(Exception):  # noqa: N818 - says to look again, nobody else sees it
    """A movement has chosen what changes between looking and locking."""


async def streams_counting_on(connection: AsyncConnection, counted: Counted) -> list[str]:
    """Return the streams with a movement that counts on it, in whatever state: people may be under way."""
    query = select(entity.c.stream_id).where(
        entity.c.collection == "movements",
        or_(*(entity.c.body["legs"].contains([dict(leg)]) for leg in counted.legs)),
    )
    return list((await connection.execute(query.distinct())).scalars())


def _tell(
    work: UnitOfWork, principal: Principal, intent: Intent, counted: Counted, judge: Judge
) -> list[str]:
    told: list[str] = []
    aboard = _aboard(work, counted)
    for stream in work.streams.values():
        for movement_id, movement, ahead in _movements(stream, counted):
            held = dict(movement.get("disturbed") or {})
            judged = (
                (number, judge(leg, Aboard(aboard.get(_departure(leg), 0), stream.stream_id)))
                for number, leg in enumerate(movement["legs"])
                if number in ahead
            )
            found = next(({"leg": number, **each} for number, each in judged if each is not None), None)
            if held.get(counted.key) == found:
                continue
            stands = {key: value for key, value in held.items() if key != counted.key}
            if found is not None:
                stands[counted.key] = found
            number = len(told)
            draft = Draft(
                id=intent.command_id if number == 0 else further_id(intent.command_id, number),
                kind="movement_disturbed",
                visibility=HQ,
                payload={"movement_id": movement_id, "disturbed": stands or None},
                actor=principal.actor(),
                at=work.now,
            )
            stream.append(draft)
            told.append(movement_id)
    return told


def _movements(
    stream: LockedStream, counted: Counted
) -> Iterator[tuple[str, Mapping[str, Any], frozenset[int]]]:
    """Yield the movements that count on it, with the numbers of the legs that nobody has behind him."""
    reports = [report for _, report in stream.all("movement_reports")]
    for movement_id, movement in stream.all("movements"):
        done = legs_done(movement, reports_of(movement_id, movement, reports))
        ahead = frozenset(
            number for number, leg in enumerate(movement["legs"]) if number not in done and counted.is_in(leg)
        )
        if ahead:
            yield movement_id, movement, ahead


def _departure(leg: Mapping[str, Any]) -> tuple[Any, Any]:
    return leg.get("service_id"), leg.get("on_date")


def _aboard(work: UnitOfWork, counted: Counted) -> dict[tuple[Any, Any], int]:
    """Return how many people count on each departure, of all movements together."""
    people: dict[tuple[Any, Any], int] = {}
    for stream in work.streams.values():
        for _, movement, ahead in _movements(stream, counted):
            if movement["state"] == "cancelled":
                continue
            for number in ahead:
                leg = movement["legs"][number]
                people[_departure(leg)] = people.get(_departure(leg), 0) + int(leg["people"])
    return people
