"""A movement of the log as a question to ``dispatch``: its network written out, its aircraft, its parties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispatch.transport_answers import Movement, Refused
from dispatch.transport_compile import compile_network, with_changes
from dispatch.transport_moments import moments_at
from dispatch.transport_values import Cost, Network, Party, Piece, Place, Way
from geo.straight_travel import straight_m
from search_ops.domain.movements import POINT
from search_ops.domain.transport_wishes import FARTHEST
from search_ops.services.transport_aircraft import aircraft_of, flights_of
from search_ops.services.transport_calendar import (
    ACCESS_FARTHEST_M,
    access_places,
    access_ways,
    landing_places,
    linked_places,
    written_out,
)
from search_ops.services.transport_vehicles import opened, vehicle_of, with_runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from dispatch.transport_answers import Why
    from dispatch.transport_compile import Compiled
    from dispatch.transport_values import Mode
    from search_ops.services.movement_ground import LastLeg, LastLegs, Ride
    from search_ops.services.transport_calendar import Rows, WrittenOut

LONGEST: Final = timedelta(days=7)
_READY: Final = frozenset({"promised", "working"})
AFTER_DEADLINE: Final = timedelta(hours=24)
_RIDES: Final[Mapping[Ride, tuple[Mode, str | None, float]]] = {
    "car": ("road", None, 0.85),
    "4x4": ("road", "4x4", 0.75),
    "boat": ("river", "boat", 0.65),
    "foot": ("foot", None, 0.85),
}
"""What a last leg over the ground counts as: mode, class of vehicle, confidence. House estimates."""


@dataclass(frozen=True, slots=True)
class MovementProblem:
    """What is asked, of which network, and what was assumed for it.

    Attributes
    ----------
    compiled
        None where the network itself is refused: ``refused`` says why.
    aircraft_out
        Why aircraft and vehicles of the catalogue do not go for it.
    last_legs
        What was measured over the ground, by way.
    to_find
        Ways whose vehicle somebody has to find: nothing of the catalogue can go there.
    """

    movement: Movement
    written: WrittenOut
    network: Network
    compiled: Compiled | None
    refused: tuple[Why, ...]
    aircraft_out: tuple[Why, ...]
    assumed: tuple[str, ...]
    last_legs: Mapping[str, LastLeg]
    to_find: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks for what, when: now, until when it is looked, for which search."""

    rows: Rows
    movement: Movement
    when: tuple[datetime, datetime, UUID]
    written: WrittenOut


def problem_of(
    rows: Rows,
    asked: Mapping[str, Any],
    now: datetime,
    *,
    operation_id: UUID,
    with_catalogue: bool = True,
    last_legs: LastLegs | None = None,
) -> MovementProblem:
    """Return the question that a movement of the log asks.

    Parameters
    ----------
    asked
        As the event ``movement_asked`` says it.
    now
        Nobody leaves before it, whatever he had said.
    with_catalogue
        Whether its aircraft and vehicles take part; without, whoever comes has the vehicle that a way needs.
    last_legs
        As far as they were measured over imported ground.
    """
    parties = tuple(_party(number, party, now) for number, party in enumerate(asked["parties"]))
    by_at = None if asked["by_at"] is None else datetime.fromisoformat(asked["by_at"])
    first_at = min(party.ready_at for party in parties)
    last_at = first_at + LONGEST if by_at is None else max(first_at, by_at) + AFTER_DEADLINE
    last_at = min(last_at, first_at + FARTHEST + AFTER_DEADLINE)
    ends = _Ends(rows, asked, last_legs)
    written = written_out(rows, first_at, last_at, ends=ends.places, extra=ends.ways)
    network = written.network
    if ends.point is not None:
        network = replace(network, places=(*network.places, ends.point))
    movement = Movement(parties, ends.to_id, by_at, unknown=asked["unknown"])
    assumed = (*written.assumed, *ends.assumed)
    asking = _Asking(rows, movement, (now, last_at, operation_id), written)
    compiled = _compiled(network if with_catalogue else opened(network), written)
    if isinstance(compiled, Refused):
        return MovementProblem(movement, written, network, None, compiled.whys, (), assumed, ends.measured)
    if not with_catalogue:
        return MovementProblem(movement, written, opened(network), compiled, (), (), assumed, ends.measured)
    network, grounded, to_find = _with_vehicles(asking, network, compiled)
    compiled = _compiled(network, written)
    if isinstance(compiled, Refused):
        return MovementProblem(
            movement, written, network, None, compiled.whys, grounded, assumed, ends.measured
        )
    flown, out = _with_aircraft(asking, ends, network, compiled)
    out = (*grounded, *out)
    if flown is not network:
        network, compiled, assumed = flown, _compiled(flown, written), (*assumed, "fuel")
        if isinstance(compiled, Refused):
            return MovementProblem(
                movement, written, network, None, compiled.whys, out, assumed, ends.measured
            )
    return MovementProblem(movement, written, network, compiled, (), out, assumed, ends.measured, to_find)


def _compiled(network: Network, written: WrittenOut) -> Compiled | Refused:
    compiled = compile_network(network)
    return compiled if isinstance(compiled, Refused) else with_changes(compiled, written.changes)


def _party(number: int, party: Mapping[str, Any], now: datetime) -> Party:
    return Party(
        str(number),
        party["place_id"],
        max(datetime.fromisoformat(party["ready_at"]), now),
        party["people"],
        party["cargo_kg"],
        tuple(
            Piece(
                f"{place}:{piece['name']}",
                piece["kg"],
                piece["length_m"],
                piece["width_m"],
                piece["height_m"],
                piece["count"],
            )
            for place, piece in enumerate(party["pieces"])
        ),
    )


class _Ends:
    """Where people are and go, with the ways that bring them into the network and out of it."""

    def __init__(self, rows: Rows, asked: Mapping[str, Any], over_ground: LastLegs | None) -> None:
        to = asked["to"]
        self.starts = list(dict.fromkeys(party["place_id"] for party in asked["parties"]))
        self.to_id: str = to["place_id"] or POINT
        self.point: Place | None = None
        self.ways: list[Way] = []
        self.assumed: list[str] = []
        self.measured: dict[str, LastLeg] = {}
        linked = linked_places(rows)
        self.landing: dict[str, list[str]] = {}
        for start in self.starts:
            self._join(rows, start, linked, self._spot(rows, start))
        over = frozenset() if over_ground is None else over_ground.measured
        spot = self._spot(rows, to["place_id"]) if to["place_id"] else (float(to["lon"]), float(to["lat"]))
        if to["place_id"] is None:
            assert spot is not None
            self.point = Place(POINT, "site", spot[0], spot[1])
        if to["last_leg"] is not None:
            self._last_leg(to["last_leg"])
            linked = linked | {self.to_id}
        self._join(rows, self.to_id, linked, spot, measured=over)
        self._straight(rows, linked, over, spot)
        for leg in () if over_ground is None else over_ground.legs:
            self._over_ground(leg)
        named = {*self.starts, *(place for near in self.landing.values() for place in near)}
        named |= {end for way in self.ways for end in (way.from_id, way.to_id)} | {self.to_id}
        self.places = named - {POINT}

    @staticmethod
    def _spot(rows: Rows, place_id: str) -> tuple[float, float] | None:
        row = rows.places[place_id]
        return None if row["lon"] is None else (row["lon"], row["lat"])

    def _join(
        self,
        rows: Rows,
        place_id: str,
        linked: set[str],
        spot: tuple[float, float] | None,
        *,
        measured: frozenset[str] = frozenset(),
    ) -> None:
        """Bring a place into the network: by estimated ways where neither one nor the ground is known."""
        if spot is None:
            return
        self.landing[place_id] = landing_places(rows, spot)
        if place_id in linked:
            return
        near = [each for each in access_places(rows, place_id, spot) if each[1] not in measured]
        self.ways += access_ways(place_id, near)
        said = ["access"] * bool(near) + ["ground"] * bool(measured)
        self.assumed += [each for each in said if each not in self.assumed]

    def _straight(
        self, rows: Rows, linked: set[str], measured: frozenset[str], spot: tuple[float, float] | None
    ) -> None:
        """Let two ends off the network reach each other: the way need not lead through a place on it."""
        if spot is None or self.to_id in linked:
            return
        for start in self.starts:
            own = self._spot(rows, start)
            if start in linked or start in measured or start == self.to_id or own is None:
                continue
            far_m = float(straight_m(spot[0], spot[1], np.array([own[0]]), np.array([own[1]]))[0])
            if far_m <= ACCESS_FARTHEST_M:
                self.ways += access_ways(start, [(far_m, self.to_id)])
                self.assumed += ["access"] if "access" not in self.assumed else []

    def _over_ground(self, leg: LastLeg) -> None:
        """Take a measured leg in, both directions: whoever drives it goes back."""
        mode, vehicle_class, confidence = _RIDES[leg.ride]
        for start, end in ((leg.place_id, self.to_id), (self.to_id, leg.place_id)):
            way_id = f"ground:{leg.ride}:{start}>{end}"
            self.ways.append(
                Way(
                    way_id,
                    mode,
                    start,
                    end,
                    leg.lasts_s,
                    vehicle_class=vehicle_class,
                    cost=Cost(),
                    confidence=confidence,
                )
            )
            self.measured[way_id] = leg

    def _last_leg(self, leg: Mapping[str, Any]) -> None:
        way_id = f"last:{leg['from_place']}>{self.to_id}"
        seconds = leg["minutes"] * 60
        self.ways.append(
            Way(way_id, leg["mode"], leg["from_place"], self.to_id, seconds, cost=Cost(), confidence=0.9)
        )


def _free(rows: Rows, operation_id: UUID, kinds: frozenset[str]) -> list[dict[str, Any]]:
    """Return what of the catalogue can go for a search: free, or for this search already.

    What moves is not where it stands in the catalogue, and what is broken or rests goes nowhere.
    """
    return [
        row
        for row in rows.resources
        if row["kind"] in kinds
        and (row["state"] == "available" or (row["state"] in _READY and _held_for(row, operation_id)))
    ]


def _held_for(row: Mapping[str, Any], operation_id: UUID) -> bool:
    return bool(row["operation_id"] == operation_id)


def _with_vehicles(
    asking: _Asking, network: Network, compiled: Compiled
) -> tuple[Network, tuple[Why, ...], frozenset[str]]:
    """Return the network with the runs of the catalogue's vehicles, why others do not go, what is to find."""
    now, last_at, operation_id = asking.when
    if all(way.vehicle_class is None for way in network.ways):
        return network, (), frozenset()
    known = {place.place_id for place in network.places}
    free = _free(asking.rows, operation_id, frozenset({"vehicle", "boat"}))
    able = [vehicle for row in free if (vehicle := vehicle_of(row, now)) and vehicle.place_id in known]
    return with_runs(network, compiled, asking.movement, able, last_at)


def _with_aircraft(
    asking: _Asking, ends: _Ends, network: Network, compiled: Compiled
) -> tuple[Network, tuple[Why, ...]]:
    """Return the network with the flights of the catalogue's aircraft, and why others do not fly."""
    rows, movement = asking.rows, asking.movement
    now, last_at, operation_id = asking.when
    known = {place.place_id for place in network.places}
    fuel = frozenset(
        end for each in network.departures if each.mode == "flight" for end in (each.from_id, each.to_id)
    )
    loading = [each for start in ends.starts for each in ends.landing.get(start, ()) if each in known]
    landing = [each for each in ends.landing.get(ends.to_id, ()) if each in known]
    moments = {
        each: moments_at(compiled, movement, each, last_at)
        for each in dict.fromkeys((*ends.starts, *loading, *landing))
    }
    departures, whys = [], []
    for row in _free(rows, operation_id, frozenset({"aircraft"})):
        aircraft = aircraft_of(rows, row, now)
        if aircraft is None or aircraft.place_id not in known:
            continue
        targets = [ends.to_id, *landing] if aircraft.vertical else landing
        # A helicopter takes over where flights land: the last leg through the air.
        begins = [*loading, *landing] if aircraft.vertical else loading
        trips = [
            (start, end, moments[start])
            for start in dict.fromkeys(begins)
            for end in (targets if start in loading else [ends.to_id])
        ]
        flown, why_not = flights_of(network, aircraft, trips, (now, last_at), fuel)
        departures += flown
        whys += why_not if not flown else []
    if not departures:
        return network, tuple(whys)
    return replace(network, departures=(*network.departures, *departures)), tuple(whys)
