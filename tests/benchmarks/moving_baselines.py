"""The named baselines of P8 and P9: the whole network in time, for networkx and for OR-Tools."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow

from dispatch.transport_answers import Movement
from dispatch.transport_compile import seconds
from dispatch.transport_values import Departure, Network

Amounts = tuple[int, int]


class TimeGraph:
    """Every departure and walk as arcs between places at instants."""

    def __init__(self, network: Network) -> None:
        self.graph: Any = nx.DiGraph()
        transfer_s = {place.place_id: place.transfer_s for place in network.places}
        walks = {way.from_id: way for way in network.ways}
        self.times: dict[str, set[int]] = {place.place_id: set() for place in network.places}
        arcs = []
        for each in network.departures:
            if each.seats is None or each.seats < 2 or (each.payload_kg or 0) < 10:
                continue
            begin = each.from_id, seconds(each.departs_at) - transfer_s[each.from_id]
            end = each.to_id, seconds(each.arrives_at)
            arcs.append((begin, end))
            walk = walks.get(each.to_id)
            if walk is not None:
                arcs.append((end, (walk.to_id, end[1] + walk.duration_s)))
        for one, other in arcs:
            self.times[one[0]].add(one[1])
            self.times[other[0]].add(other[1])
            self.graph.add_edge(one, other, weight=other[1] - one[1])
        self.walks = walks
        self.sorted = {place: sorted(times) for place, times in self.times.items()}
        for place, times in self.sorted.items():
            for former, later in pairwise(times):
                self.graph.add_edge((place, former), (place, later), weight=later - former)
            for at_s in times:
                self.graph.add_edge((place, at_s), (place, "end"), weight=0)

    def arrives_s(self, question: Movement) -> int | None:
        """Return the soonest arrival of one party."""
        ready_s = self._begin(question)
        try:
            length = nx.dijkstra_path_length(self.graph, "start", (question.to_id, "end"))
        except nx.NetworkXNoPath:
            return None
        finally:
            self.graph.remove_node("start")
        return int(ready_s + length)

    def arrives_everywhere_s(self, question: Movement) -> dict[str, int]:
        """Return the soonest arrival of one party at each place it reaches."""
        ready_s = self._begin(question)
        lengths = nx.single_source_dijkstra_path_length(self.graph, "start")
        self.graph.remove_node("start")
        return {node[0]: int(ready_s + length) for node, length in lengths.items() if node[1] == "end"}

    def _begin(self, question: Movement) -> int:
        """Join the party's start to the next instant of its place, and of the one it walks to."""
        party = question.parties[0]
        ready_s = seconds(party.ready_at)
        begins = [(party.place_id, ready_s)]
        walk = self.walks.get(party.place_id)
        if walk is not None:
            begins.append((walk.to_id, ready_s + walk.duration_s))
        for place, at_s in begins:
            for later_s in self.sorted[place]:
                if later_s >= at_s:
                    self.graph.add_edge("start", (place, later_s), weight=later_s - ready_s)
                    break
            if place in {question.to_id, begins[-1][0]}:
                self.graph.add_edge("start", (place, "end"), weight=at_s - ready_s)
        return ready_s


@dataclass
class _Arcs:
    tails: list[int]
    heads: list[int]
    costs: list[int]
    departures: list[int]  # the departure of an arc, or -1: room for all


class Flows:
    """The whole network in time for OR-Tools; kinds of goods one after the other."""

    def __init__(self, network: Network, movement: Movement) -> None:
        assert movement.by_at is not None
        self.network, self.movement = network, movement
        by_s = seconds(movement.by_at)
        self.from_s = min(seconds(party.ready_at) for party in movement.parties)
        nodes: dict[tuple[str, int], int] = {}
        transfer_s = {place.place_id: place.transfer_s for place in network.places}
        walks = {way.from_id: way for way in network.ways}
        arcs = _Arcs([], [], [], [])

        def node(place: str, at_s: int) -> int:
            return nodes.setdefault((place, at_s), len(nodes))

        def arc(tail: int, head: int, cost: int = 0, number: int = -1) -> None:
            arcs.tails.append(tail)
            arcs.heads.append(head)
            arcs.costs.append(cost)
            arcs.departures.append(number)

        for number, each in enumerate(network.departures):
            begin = node(each.from_id, seconds(each.departs_at) - transfer_s[each.from_id])
            end_s = seconds(each.arrives_at)
            end = node(each.to_id, end_s)
            arc(begin, end, 0, number)
            walk = walks.get(each.to_id)
            if walk is not None:
                arc(end, node(walk.to_id, end_s + walk.duration_s))
        self.starts = []
        for party in movement.parties:
            ready_s = seconds(party.ready_at)
            self.starts.append(node(party.place_id, ready_s))
            walk = walks.get(party.place_id)
            if walk is not None:
                arc(self.starts[-1], node(walk.to_id, ready_s + walk.duration_s))
        self.end = len(nodes)
        last: dict[str, int] = {}
        for (place, at_s), number in sorted(nodes.items()):
            if place in last:
                arc(last[place], number)
            last[place] = number
            if place == movement.to_id and at_s <= by_s:
                arc(number, self.end, (at_s - self.from_s) // 60)  # all times here are whole minutes
        self.arcs = arcs
        self.left = 10 * (by_s - self.from_s) // 60  # what staying costs each

    def people(self) -> Amounts:
        """Return how many people arrive and the sum of their seconds."""
        return self._solved([each.people for each in self.movement.parties], lambda each: each.seats or 0)

    def cargo(self) -> Amounts:
        """Return how many kilograms arrive and the sum of their seconds."""
        supply = [round(each.cargo_kg) for each in self.movement.parties]
        return self._solved(supply, lambda each: int(each.payload_kg or 0))

    def _solved(self, supply: list[int], room: Callable[[Departure], int]) -> Amounts:
        arcs, departures, total = self.arcs, self.network.departures, sum(supply)
        solver = min_cost_flow.SimpleMinCostFlow()
        rooms = [total if number < 0 else min(total, room(departures[number])) for number in arcs.departures]
        tails = np.array(arcs.tails + self.starts, np.int32)
        heads = np.array(arcs.heads + [self.end] * len(supply), np.int32)
        costs = np.array(arcs.costs + [self.left] * len(supply), np.int64)
        ids = solver.add_arcs_with_capacity_and_unit_cost(
            tails, heads, np.array(rooms + supply, np.int64), costs
        )
        for start in set(self.starts):
            here = sum(amount for amount, one in zip(supply, self.starts, strict=True) if one == start)
            solver.set_node_supply(start, here)
        solver.set_node_supply(self.end, -total)
        assert solver.solve() == solver.OPTIMAL
        flows = solver.flows(ids)
        into = heads == self.end
        into[len(arcs.heads) :] = False
        return int(flows[into].sum()), 60 * int((flows[into] * costs[into]).sum())
