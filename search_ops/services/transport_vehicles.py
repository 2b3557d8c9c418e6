"""Vehicles and boats of the catalogue as departures along ways of their class; what none serves is told.

A way of a class is closed to whoever has none: a track for tracked vehicles, a river without a ferry. Where
the catalogue has nothing that could go there, the way stays open and the answer says that a vehicle has to be
found, or it stays closed: the asker says which.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from dispatch.transport_answers import Refused
from dispatch.transport_craft import Trip
from dispatch.transport_moments import moments_at
from dispatch.transport_runs import runs
from dispatch.transport_values import Cost, Vehicle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from dispatch.transport_answers import Movement, Why
    from dispatch.transport_compile import Compiled
    from dispatch.transport_values import Departure, Network, Way

_ON_LAND: Final = frozenset({"road", "winter_road"})
_ON_WATER: Final = frozenset({"river", "sea"})
_MOST_PLACES: Final = 8
"""Of one stretch of a class: trips go between any two of them."""
_MOST_MOMENTS: Final = 12


def vehicle_of(row: Mapping[str, Any], now: datetime) -> Vehicle | None:
    """Return a vehicle or boat of the catalogue; None where its class or its place is not known."""
    if row["vehicle_class"] is None or row["base_place"] is None:
        return None
    ready, duty = row["ready_min"], row["duty_min"]
    return Vehicle(
        str(row["resource_id"]),
        row["vehicle_class"],
        row["base_place"],
        None if ready is None else now + timedelta(minutes=ready),
        seats=row["seats"],
        payload_kg=row["payload_kg"],
        duty_s=None if duty is None else duty * 60,
        cost=None
        if row["cost_rub"] is None
        else Cost(whole_rub=row["cost_rub"], owner=row["cost_owner"] or ""),
        confidence=row["confidence"],
    )


def with_runs(
    network: Network,
    compiled: Compiled,
    movement: Movement,
    vehicles: Iterable[Vehicle],
    last_at: datetime,
) -> tuple[Network, tuple[Why, ...], frozenset[str]]:
    """Return the network with the runs of vehicles, and its stretches without one opened where that is asked.

    Parameters
    ----------
    compiled
        The network before: who can be where when.

    Returns
    -------
    tuple
        The network, why vehicles do not go, the ways for which one has to be found.
    """
    vehicles = list(vehicles)
    departures: list[Departure] = []
    whys: list[Why] = []
    to_find: set[str] = set()
    for vehicle_class, stretch in _stretches(network):
        ends = sorted({end for way in stretch for end in (way.from_id, way.to_id)})[:_MOST_PLACES]
        moments = {each: moments_at(compiled, movement, each, last_at)[:_MOST_MOMENTS] for each in ends}
        trips = [
            Trip(start, end, moments[start], last_at)
            for start, end in itertools.permutations(ends, 2)
            if moments[start]
        ]
        mine = [each for each in vehicles if each.vehicle_class == vehicle_class]
        found, refused = _runs_of(network, mine, trips)
        departures += found
        whys += [why for why in refused if why not in whys]
        if not found and movement.unknown == "ask":
            to_find |= {way.way_id for way in stretch}
    ways = tuple(replace(way, vehicle_class=None) if way.way_id in to_find else way for way in network.ways)
    more = replace(network, departures=(*network.departures, *departures), ways=ways)
    return more, tuple(whys), frozenset(to_find)


def opened(network: Network) -> Network:
    """Return the network in which everybody has the vehicle that a way needs."""
    return replace(network, ways=tuple(replace(way, vehicle_class=None) for way in network.ways))


def _stretches(network: Network) -> Iterator[tuple[str, list[Way]]]:
    """Return the ways of each class, those together that hang together."""
    for vehicle_class in sorted({way.vehicle_class for way in network.ways if way.vehicle_class is not None}):
        ways = [way for way in network.ways if way.vehicle_class == vehicle_class]
        graph: nx.Graph[str] = nx.Graph()
        graph.add_edges_from((way.from_id, way.to_id) for way in ways)
        for places in nx.connected_components(graph):
            yield vehicle_class, [way for way in ways if way.from_id in places]


def _runs_of(
    network: Network, vehicles: list[Vehicle], trips: list[Trip]
) -> tuple[list[Departure], list[Why]]:
    """Return the runs of those vehicles that can make one, and why others cannot make any."""
    made: list[Departure] = []
    whys: list[Why] = []
    for vehicle in vehicles:
        known = _drivable(network, vehicle.vehicle_class)
        own: list[Departure] = []
        refused: list[Why] = []
        for trip in trips:
            found = runs(known, vehicle, trip)
            if isinstance(found, Refused):
                refused += [why for why in found.whys if why not in refused]
            else:
                own += found
        made += own
        whys += [] if own else refused
    return made, whys


def _drivable(network: Network, vehicle_class: str) -> Network:
    """Return the network as a vehicle sees it: it comes over common roads or waters to those of its class."""
    own = {way.mode for way in network.ways if way.vehicle_class == vehicle_class}
    modes = (_ON_LAND if own & _ON_LAND else frozenset()) | (_ON_WATER if own & _ON_WATER else frozenset())
    ways = tuple(
        replace(way, vehicle_class=vehicle_class)
        for way in network.ways
        if way.vehicle_class == vehicle_class or (way.vehicle_class is None and way.mode in modes)
    )
    return replace(network, ways=ways)
