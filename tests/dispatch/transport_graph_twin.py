"""The same movements on a plain time-expanded graph of networkx: another solver and another model."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import networkx as nx

from dispatch.transport_answers import Movement
from dispatch.transport_compile import seconds, seconds_up
from dispatch.transport_values import Departure, Network

PLENTY = 1 << 30


def graph_of(network: Network, movement: Movement, room: dict[str, int], supply: dict[str, int]) -> Any:
    """Return a graph whose flow of least cost is the answer; ``room`` by departure, ``supply`` by party.

    Every place has a node for each second at which anything happens there; ways are tried from each of them.
    Windows of ways are not understood.
    """
    assert movement.by_at is not None
    by_s = seconds(movement.by_at)
    places = {place.place_id: place for place in network.places}
    instants: dict[str, set[int]] = defaultdict(set)
    open_ = [each for each in network.departures if _runs(each, places) and room[each.departure_id] > 0]
    for each in open_:
        instants[each.to_id].add(seconds_up(each.arrives_at))
        instants[each.from_id].add(seconds(each.departs_at) - places[each.from_id].transfer_s)
    for party in movement.parties:
        instants[party.place_id].add(seconds_up(party.ready_at))
    hops, seen = _hops(network, instants, by_s)
    for place_id, at_s in seen:
        instants[place_id].add(at_s)
    graph: Any = nx.DiGraph()
    for place_id, times in instants.items():
        for one, other in pairwise(sorted(times)):
            graph.add_edge((place_id, one), (place_id, other), capacity=PLENTY, weight=0)
    for one, other in hops:
        graph.add_edge(one, other, capacity=PLENTY, weight=0)
    _rides(graph, open_, places, room)
    total = 0
    for party in movement.parties:
        amount = supply[party.party_id]
        total += amount
        start = party.place_id, seconds_up(party.ready_at)
        graph.add_node(("party", party.party_id), demand=-amount)
        graph.add_edge(("party", party.party_id), start, capacity=amount, weight=0)
        graph.add_edge(("party", party.party_id), "end", capacity=amount, weight=PLENTY)
    first_s = min(seconds_up(party.ready_at) for party in movement.parties)
    for at_s in instants[movement.to_id]:
        if at_s <= by_s:
            graph.add_edge((movement.to_id, at_s), "end", capacity=PLENTY, weight=at_s - first_s)
    graph.add_node("end", demand=total)
    return graph


def _hops(network: Network, instants: dict[str, set[int]], by_s: int) -> tuple[list[Any], set[Any]]:
    """Return ways begun at every instant, also at those at which a way ends, and all instants."""
    hops = []
    queue = [(place_id, at_s) for place_id, times in instants.items() for at_s in times]
    seen = set(queue)
    while queue:
        place_id, at_s = queue.pop()
        for way in network.ways:
            if way.from_id == place_id and way.vehicle_class is None:
                there = way.to_id, at_s + way.duration_s
                hops.append(((place_id, at_s), there))
                if there[1] <= by_s and there not in seen:
                    seen.add(there)
                    queue.append(there)
    return hops, seen


def best_of(
    network: Network, movement: Movement, room: dict[str, int], supply: dict[str, int]
) -> tuple[int, int]:
    """Return how many arrive and the sum of their seconds after the first was ready."""
    graph = graph_of(network, movement, room, supply)
    flow = nx.min_cost_flow(graph)
    arrived = seconds_sum = 0
    for node, out in flow.items():
        amount = out.get("end", 0)
        if amount and node[0] != "party":
            arrived += amount
            seconds_sum += amount * graph.edges[node, "end"]["weight"]
    return arrived, seconds_sum


def _runs(departure: Departure, places: Any) -> bool:
    for place_id, at in ((departure.from_id, departure.departs_at), (departure.to_id, departure.arrives_at)):
        place = places[place_id]
        if place.closed or (
            place.open_windows is not None and not any(w.from_at <= at <= w.to_at for w in place.open_windows)
        ):
            return False
    return True


def _rides(graph: Any, departures: list[Departure], places: Any, room: dict[str, int]) -> None:
    last: dict[str, tuple[Departure, Any]] = {}
    for each in sorted(departures, key=lambda one: one.departs_at):
        begin = each.from_id, seconds(each.departs_at) - places[each.from_id].transfer_s
        end = each.to_id, seconds_up(each.arrives_at)
        sits, seated = ("sits", each.departure_id), ("seated", each.departure_id)
        graph.add_edge(begin, sits, capacity=PLENTY, weight=0)
        graph.add_edge(sits, seated, capacity=room[each.departure_id], weight=0)
        graph.add_edge(seated, end, capacity=PLENTY, weight=0)
        if each.run_id is not None:
            former = last.get(each.run_id)
            if former is not None and former[0].to_id == each.from_id:
                graph.add_edge(former[1], sits, capacity=PLENTY, weight=0)
            last[each.run_id] = each, seated
