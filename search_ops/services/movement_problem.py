"""A movement of the log as a question to ``dispatch``: its network written out, its aircraft, its parties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dispatch.transport_answers import Movement, Refused
from dispatch.transport_compile import compile_network, with_changes
from dispatch.transport_moments import moments_at
from dispatch.transport_values import Cost, Network, Party, Piece, Place, Way
from search_ops.services.transport_aircraft import aircraft_of, flights_of
from search_ops.services.transport_calendar import access_ways, landing_places, linked_places, written_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from dispatch.transport_answers import Why
    from dispatch.transport_compile import Compiled
    from search_ops.services.transport_calendar import Rows, WrittenOut

LONGEST: Final = timedelta(days=7)
AFTER_DEADLINE: Final = timedelta(hours=24)
POINT: Final = "point"
"""The destination where it is no place of the network."""


@dataclass(frozen=True, slots=True)
class MovementProblem:
    """What is asked, of which network, and what was assumed for it.

    Attributes
    ----------
    compiled
        None where the network itself is refused: ``refused`` says why.
    aircraft_out
        Why aircraft of the catalogue do not fly for it.
    """

    movement: Movement
    written: WrittenOut
    network: Network
    compiled: Compiled | None
    refused: tuple[Why, ...]
    aircraft_out: tuple[Why, ...]
    assumed: tuple[str, ...]


def problem_of(
    rows: Rows, asked: Mapping[str, Any], now: datetime, *, operation_id: UUID, with_aircraft: bool = True
) -> MovementProblem:
    """Return the question that a movement of the log asks.

    Parameters
    ----------
    asked
        As the event ``movement_asked`` says it.
    now
        Nobody leaves before it, whatever he had said.
    """
    parties = tuple(_party(number, party, now) for number, party in enumerate(asked["parties"]))
    by_at = None if asked["by_at"] is None else datetime.fromisoformat(asked["by_at"])
    first_at = min(party.ready_at for party in parties)
    last_at = first_at + LONGEST if by_at is None else max(first_at, by_at) + AFTER_DEADLINE
    ends = _Ends(rows, asked)
    written = written_out(rows, first_at, last_at, ends=ends.places, extra=ends.ways)
    network = written.network
    if ends.point is not None:
        network = replace(network, places=(*network.places, ends.point))
    movement = Movement(parties, ends.to_id, by_at, unknown=asked["unknown"])
    assumed = (*written.assumed, *ends.assumed)
    compiled = _compiled(network, written)
    if isinstance(compiled, Refused):
        return MovementProblem(movement, written, network, None, compiled.whys, (), assumed)
    out: tuple[Why, ...] = ()
    if with_aircraft:
        flown, out = _with_aircraft(rows, ends, movement, (network, compiled), (now, last_at, operation_id))
        if flown is not network:
            network, again = flown, _compiled(flown, written)
            if isinstance(again, Refused):
                return MovementProblem(movement, written, network, None, again.whys, out, assumed)
            compiled, assumed = again, (*assumed, "fuel")
    return MovementProblem(movement, written, network, compiled, (), out, assumed)


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

    def __init__(self, rows: Rows, asked: Mapping[str, Any]) -> None:
        to = asked["to"]
        self.starts = list(dict.fromkeys(party["place_id"] for party in asked["parties"]))
        self.to_id: str = to["place_id"] or POINT
        self.point: Place | None = None
        self.ways: list[Way] = []
        self.assumed: list[str] = []
        linked = linked_places(rows)
        self.landing: dict[str, list[str]] = {}
        for start in self.starts:
            self._join(rows, start, linked, self._spot(rows, start))
        spot = self._spot(rows, to["place_id"]) if to["place_id"] else (float(to["lon"]), float(to["lat"]))
        if to["place_id"] is None:
            assert spot is not None
            self.point = Place(POINT, "site", spot[0], spot[1])
        if to["last_leg"] is not None:
            self._last_leg(to["last_leg"])
            linked = linked | {self.to_id}
        self._join(rows, self.to_id, linked, spot)
        named = {*self.starts, *(place for near in self.landing.values() for place in near)}
        named |= {end for way in self.ways for end in (way.from_id, way.to_id)} | {self.to_id}
        self.places = named - {POINT}

    @staticmethod
    def _spot(rows: Rows, place_id: str) -> tuple[float, float] | None:
        row = rows.places[place_id]
        return None if row["lon"] is None else (row["lon"], row["lat"])

    def _join(self, rows: Rows, place_id: str, linked: set[str], spot: tuple[float, float] | None) -> None:
        """Bring a place into the network: by estimated ways where none is known."""
        if spot is None:
            return
        self.landing[place_id] = landing_places(rows, spot)
        apart = [each for each in self.landing[place_id] if each not in linked]
        if place_id not in linked:
            self.ways += access_ways(rows, place_id, spot, also=apart)
            self.assumed = ["access"]

    def _last_leg(self, leg: Mapping[str, Any]) -> None:
        way_id = f"last:{leg['from_place']}>{self.to_id}"
        seconds = leg["minutes"] * 60
        self.ways.append(
            Way(way_id, leg["mode"], leg["from_place"], self.to_id, seconds, cost=Cost(), confidence=0.9)
        )


def _with_aircraft(
    rows: Rows,
    ends: _Ends,
    movement: Movement,
    made: tuple[Network, Compiled],
    when: tuple[datetime, datetime, UUID],
) -> tuple[Network, tuple[Why, ...]]:
    """Return the network with the flights of the catalogue's aircraft, and why others do not fly."""
    network, compiled = made
    now, last_at, operation_id = when
    known = {place.place_id for place in network.places}
    fuel = frozenset(
        end for each in network.departures if each.mode == "flight" for end in (each.from_id, each.to_id)
    )
    loading = [each for start in ends.starts for each in ends.landing.get(start, ()) if each in known]
    landing = [each for each in ends.landing.get(ends.to_id, ()) if each in known]
    moments = {
        each: moments_at(compiled, movement, each, last_at)
        for each in dict.fromkeys((*ends.starts, *loading))
    }
    departures, whys = [], []
    for row in rows.resources:
        free = row["state"] == "available" or row["operation_id"] == operation_id
        aircraft = aircraft_of(rows, row, now) if row["kind"] == "aircraft" and free else None
        if aircraft is None or aircraft.place_id not in known:
            continue
        targets = [ends.to_id, *landing] if aircraft.vertical else landing
        trips = [(start, end, moments[start]) for start in dict.fromkeys(loading) for end in targets]
        flown, why_not = flights_of(network, aircraft, trips, (now, last_at), fuel)
        departures += flown
        whys += why_not if not flown else []
    if not departures:
        return network, tuple(whys)
    return replace(network, departures=(*network.departures, *departures)), tuple(whys)
