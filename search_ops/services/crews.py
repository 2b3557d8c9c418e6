"""Cars and who rides with whom: a plan from the roster, its acceptance, cars on their way and at home.

Times come from straight lines (:mod:`geo.straight_travel`) and are called estimates in every answer.
"""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import select
from uuid_utils.compat import uuid7

from dispatch.crews import Car, CrewPlan, CrewRules, NoCrews, Rider, plan_crews, plan_home
from dispatch.team_values import RULES
from geo.straight_travel import straight_travel_s
from search_ops.domain.events import wire_time
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, Conflict, MoveRefused
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.tables import entity
from search_ops.services.people import move_members
from search_ops.services.roster import read_roster
from search_ops.services.scribe import (
    Scribe,
    check_version,
    intend_in_operation,
    known,
    require_open,
    wire_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.crew_wishes import CrewDraft, CrewsAsked, CrewStateWish, CrewsWish
    from search_ops.domain.principals import Principal
    from search_ops.domain.roster import Spot
    from search_ops.persistence.unit_of_work import LockedStream, Office
    from search_ops.services.roster import PersonFacts, Roster, ThingFacts

CREW_MOVES: Final[dict[str, frozenset[str]]] = {
    "planned": frozenset({"departed", "arrived", "cancelled"}),
    "departed": frozenset({"arrived", "cancelled"}),
    "arrived": frozenset(),
    "cancelled": frozenset(),
}
_ROAD_CLASSES: Final = frozenset({"car", "4x4"})
_WAITING: Final = {
    "out": frozenset({"going"}),
    "home": frozenset({"on_site", "available", "resting"}),
}
# What becomes of the people of a car that has left or arrived.
_MOVES_PEOPLE: Final = {
    ("out", "arrived"): "on_site",
    ("home", "departed"): "left",
    ("home", "arrived"): "home",
}
_NOWHERE: Final = -1  # no row of the travel times: the plan says that the place is unknown
_MINUTE_S: Final = 60.0


async def propose_crews(
    office: Office, connection: AsyncConnection, operation_id: UUID, asked: CrewsAsked
) -> dict[str, Any]:
    """Return who rides with whom, and why somebody does not; people of crews that stand are left out.

    Raises
    ------
    Conflict
        ``no_muster``, ``nobody_rides``.
    """
    roster = await read_roster(office, connection, operation_id, office.clock())
    crews = await _entities(connection, operation_id, "crews")
    muster = await _muster(connection, operation_id, asked)
    problem = _Problem(roster, asked, muster, _riding(crews, asked.direction))
    if not problem.cars and not problem.riders:
        raise Conflict("nobody_rides")
    travel_s = straight_travel_s(np.array(problem.lon), np.array(problem.lat))
    planning = plan_home if asked.direction == "home" else plan_crews
    rules = CrewRules(most_deviation_s=asked.most_deviation_min * _MINUTE_S)
    found = await asyncio.to_thread(
        planning, problem.cars, problem.riders, travel_s, 0, rules=rules, seed=asked.seed
    )
    if isinstance(found, NoCrews):
        raise Conflict("nobody_rides")
    return _told(found, asked.ready_at)


def _riding(crews: Mapping[str, Mapping[str, Any]], direction: str) -> frozenset[str]:
    """Return the people and cars of crews that stand for this way."""
    busy: set[str] = set()
    for crew in crews.values():
        if crew["direction"] == direction and crew["state"] != "cancelled":
            busy |= {str(crew["resource_id"]), *_people_of(crew)}
    return frozenset(busy)


def _people_of(crew: Mapping[str, Any]) -> list[str]:
    return [str(crew["driver_id"]), *(str(stop["participant_id"]) for stop in crew["stops"])]


class _Problem:
    """The roster as cars and riders; place 0 is the muster."""

    def __init__(
        self, roster: Roster, asked: CrewsAsked, muster: tuple[float, float], busy: frozenset[str]
    ) -> None:
        self.asked = asked
        self.lon, self.lat = [muster[0]], [muster[1]]
        self.cars: list[Car] = []
        waiting = {
            person.participant_id: person
            for person in roster.people.values()
            if person.state in _WAITING[asked.direction] and person.participant_id not in busy
        }
        drivers: set[str] = set()
        for thing in roster.things.values():
            driver = next((waiting[who] for who in thing.goes_with if who in waiting), None)
            at_hand = thing.usable and thing.ground_class in _ROAD_CLASSES and thing.resource_id not in busy
            if driver is not None and at_hand and driver.participant_id not in drivers:
                drivers.add(driver.participant_id)
                self.cars.append(self._car(thing, driver))
        fit = {car.driver_id for car in self.cars if car.driver_fit}
        self.riders = [self._rider(person) for who, person in waiting.items() if who not in fit]

    def _place(self, person: PersonFacts) -> int:
        spot: Spot | None = person.home if self.asked.direction == "home" else person.pickup
        if spot is None or spot.lon is None or spot.lat is None:
            return _NOWHERE
        self.lon.append(spot.lon)
        self.lat.append(spot.lat)
        return len(self.lon) - 1

    def _ready_s(self, person: PersonFacts) -> float:
        if self.asked.direction == "home" or person.ready_at is None:
            return 0.0
        return (person.ready_at - self.asked.ready_at).total_seconds()

    def _car(self, thing: ThingFacts, driver: PersonFacts) -> Car:
        space = math.inf if thing.gear_space_l is None else max(thing.gear_space_l - driver.gear_l, 0)
        home = self.asked.direction == "home"
        return Car(
            thing.resource_id,
            driver.participant_id,
            self._place(driver),
            self._ready_s(driver),
            thing.seats,
            float(space),
            # Whoever has worked a whole shift does not drive people home.
            driver_fit=not home or driver.worked_s < RULES.most_shift_s,
        )

    def _rider(self, person: PersonFacts) -> Rider:
        return Rider(person.participant_id, self._place(person), self._ready_s(person), float(person.gear_l))


async def _muster(connection: AsyncConnection, operation_id: UUID, asked: CrewsAsked) -> tuple[float, float]:
    if asked.muster is not None:
        return asked.muster.lon, asked.muster.lat
    briefing = (await _entities(connection, operation_id, "briefing")).get(str(operation_id), {})
    place = briefing.get("headquarters")
    if place is None:
        points = await _entities(connection, operation_id, "points")
        place = next((point for point in points.values() if point["role"] == "entry"), None)
    if place is None:
        raise Conflict("no_muster")
    return float(place["lon"]), float(place["lat"])


async def _entities(
    connection: AsyncConnection, operation_id: UUID, collection: str
) -> dict[str, Mapping[str, Any]]:
    query = (
        select(entity.c.entity_id, entity.c.body)
        .where(entity.c.stream_id == operation_stream(operation_id), entity.c.collection == collection)
        .order_by(entity.c.entity_id)
    )
    return {row.entity_id: row.body for row in await connection.execute(query)}


def _told(plan: CrewPlan, origin: datetime) -> dict[str, Any]:
    def at(seconds: float) -> str:
        return wire_time(origin + timedelta(seconds=seconds))

    def minutes(seconds: float | None) -> float | None:
        return None if seconds is None else round(seconds / _MINUTE_S, 1)

    return {
        "crews": [
            {
                "resource_id": crew.car_id,
                "driver_id": crew.driver_id,
                "stops": [{"participant_id": stop.person_id, "at": at(stop.at_s)} for stop in crew.stops],
                "leave_at": at(crew.leave_s),
                "arrive_at": at(crew.arrival_s),
                "deviation_min": minutes(crew.deviation_s),
            }
            for crew in plan.crews
        ],
        "left": [
            {
                "participant_id": each.person_id,
                "reason": each.reason,
                "resource_id": each.car_id,
                "deviation_min": minutes(each.deviation_s),
            }
            for each in plan.left
        ],
        "cars_out": [{"resource_id": each.car_id, "reason": each.reason} for each in plan.cars_out],
        "left_bound": plan.left_bound,
        "proven": plan.proven,
        "travel": "straight_line",
    }


async def accept_crews(
    office: Office, principal: Principal, operation_id: UUID, wish: CrewsWish
) -> dict[str, Any]:
    """Let cars take people, all or none.

    Raises
    ------
    BadInput
        ``unknown_participant``, ``member_twice``.
    Conflict
        ``crew_not_a_vehicle``, ``resource_unusable``, ``crew_overfull``, ``rides_already``,
        ``driver_not_of_vehicle``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        crew_ids = []
        for draft in wish.crews:
            _check_crew(scribe.stream, wish.direction, draft)
            crew_id = uuid7()
            payload = {
                "crew_id": str(crew_id),
                "direction": wish.direction,
                "resource_id": str(draft.resource_id),
                "driver_id": str(draft.driver_id),
                "stops": [
                    {"participant_id": str(stop.participant_id), "at": wire_or_none(stop.at)}
                    for stop in draft.stops
                ],
                "leave_at": wire_or_none(draft.leave_at),
                "arrive_at": wire_or_none(draft.arrive_at),
            }
            scribe.write("crew_planned", HQ, payload)
            crew_ids.append(str(crew_id))
        return {"crew_ids": crew_ids, "seq": scribe.stream.head}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="crews.accept", decide=decide
    )


def _check_crew(stream: LockedStream, direction: str, draft: CrewDraft) -> None:
    car = known(stream, "resources", draft.resource_id)
    people = [str(draft.driver_id), *(str(stop.participant_id) for stop in draft.stops)]
    if car["kind"] != "vehicle":
        raise Conflict("crew_not_a_vehicle", resource_id=str(draft.resource_id))
    if car.get("condition", "ok") != "ok":
        raise Conflict("resource_unusable", resource_id=str(draft.resource_id), condition=car["condition"])
    if car.get("goes_with") and str(draft.driver_id) not in car["goes_with"]:
        raise Conflict("driver_not_of_vehicle", resource_id=str(draft.resource_id))
    if len(set(people)) != len(people):
        raise BadInput("member_twice", where="crews")
    for who in people:
        if stream.get("participants", who) is None:
            raise BadInput("unknown_participant", where="crews", participant_id=who)
    if len(draft.stops) > int(car.get("seats") or 0):
        raise Conflict("crew_overfull", need=len(draft.stops), have=int(car.get("seats") or 0))
    busy = _riding(dict(stream.all("crews")), direction)
    taken = next((each for each in (str(draft.resource_id), *people) if each in busy), None)
    if taken is not None:
        raise Conflict("rides_already", who=taken)


async def move_crew(
    office: Office, principal: Principal, operation_id: UUID, crew_id: UUID, wish: CrewStateWish
) -> dict[str, Any]:
    """Write that a car has left, has arrived or does not go; its people follow, also after closing.

    Raises
    ------
    MoveRefused
        The table has no such move.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        crew = known(scribe.stream, "crews", crew_id)
        check_version(crew, wish.base_version)
        if wish.state not in CREW_MOVES[str(crew["state"])]:
            raise MoveRefused(what="crew", state=str(crew["state"]), wanted=wish.state)
        payload = {"crew_id": str(crew_id), "state": wish.state}
        stored = scribe.write("crew_moved", HQ, payload, at=wish.at)
        state = _MOVES_PEOPLE.get((str(crew["direction"]), wish.state))
        if state is not None:
            move_members(scribe, _people_of(crew), state, cause=str(stored.id), source="call", at=wish.at)
        return {"crew_id": str(crew_id), "state": wish.state, "seq": stored.seq}

    about = {"crew_id": str(crew_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="crew.move", decide=decide, about=about
    )
