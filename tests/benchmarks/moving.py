"""P8 and P9: earliest arrival, and people with cargo to one place, on an invented country.

5 000 places, each joined to its four nearest and two anywhere by a few departures a day over two days; every
fifth has another one in walking distance. Answers are compared before anything is timed.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow

from dispatch.compiling import compiled as kernel
from dispatch.transport_answers import Itinerary, Movement, MovementPlan, Refused
from dispatch.transport_check import faults_of
from dispatch.transport_compile import Compiled, compile_network, seconds, with_changes
from dispatch.transport_exact import plan_movement
from dispatch.transport_find import asked_of, forward
from dispatch.transport_kernels import Lines, scan_forward
from dispatch.transport_preview import preview
from dispatch.transport_scan import earliest_arrival
from dispatch.transport_values import Change, Departure, Network, Party, Place, Way
from tests.benchmarks.figure import Figure, median_s

DAY = datetime(2026, 7, 1, tzinfo=UTC)
DAY_S = seconds(DAY)
PLACES, DEPARTURES, DAYS = 5_000, 200_000, 2
QUERIES, BASELINE_QUERIES = 40, 6


def moving() -> Iterator[Figure]:
    """Measure P8 and P9."""
    network = invented(PLACES, DEPARTURES)
    made = _compiled(network)
    yield from soonest(network, made)
    yield from together(network, made)


def invented(n_places: int, n_departures: int, seed: int = 1) -> Network:
    """Return a country: places on a square, departures between neighbours, walks between a few."""
    draw = np.random.default_rng(seed)
    xy = draw.uniform(0, 1000 * math.sqrt(n_places), (n_places, 2))
    cell = 3 * 1000
    near: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(xy):
        near.setdefault((int(x // cell), int(y // cell)), []).append(number)
    links = []
    for number, (x, y) in enumerate(xy):
        i, j = int(x // cell), int(y // cell)
        around = [
            o for a in (-1, 0, 1) for b in (-1, 0, 1) for o in near.get((i + a, j + b), ()) if o != number
        ]
        around.sort(key=lambda o: float(np.hypot(*(xy[o] - xy[number]))))
        links += [(number, other) for other in around[:4]]
        links += [(number, other) for other in draw.integers(0, n_places, 2).tolist() if other != number]
    of_link = draw.integers(0, len(links), n_departures)
    begins = draw.integers(0, DAYS * 1440, n_departures) * 60
    lasts = draw.integers(10, 90, n_departures) * 60
    seats, payload_kg = draw.integers(2, 30, n_departures), draw.integers(50, 1500, n_departures)
    transfers = draw.integers(0, 4, n_places) * 300
    places = tuple(
        Place(f"p{n}", "settlement", 0.0, 0.0, transfer_s=int(transfers[n])) for n in range(n_places)
    )
    departures = tuple(
        Departure(
            f"d{n}",
            f"d{n}",
            "bus",
            f"p{links[link][0]}",
            f"p{links[link][1]}",
            DAY + timedelta(seconds=int(begins[n])),
            DAY + timedelta(seconds=int(begins[n] + lasts[n])),
            int(seats[n]),
            float(payload_kg[n]),
        )
        for n, link in enumerate(of_link.tolist())
    )
    ways = tuple(
        Way(f"w{n}{turn}", "foot", f"p{n + turn}", f"p{n + 1 - turn}", 1200)
        for n in range(0, n_places - 1, 5)
        for turn in (0, 1)
    )
    return Network(places, departures, ways)


def soonest(network: Network, made: Compiled) -> Iterator[Figure]:
    """Measure P8: one query, a pass over the departures, a delay, growth."""
    asked = _questions(network, 3 * QUERIES)
    answers = {question: _arrives_s(made, question) for question in asked}
    questions = [question for question in asked if answers[question] is not None][:QUERIES]
    graph = _TimeGraph(network)
    taken = []
    for question in questions[:BASELINE_QUERIES]:
        begin = time.perf_counter()
        found_s = graph.arrives_s(question)
        taken.append(time.perf_counter() - begin)
        assert found_s == answers[question], (question, found_s, answers[question])
    baseline = float(np.median(taken))
    everywhere = _everywhere_s(made, graph, questions[0])
    del graph
    ours = _per_scan_s(made, questions)
    size = f"{PLACES} places, {DEPARTURES} departures"
    yield Figure(
        f"P8 {size}, earliest arrival",
        ours,
        "s",
        QUERIES,
        baseline,
        f"networkx Dijkstra, time-expanded, {BASELINE_QUERIES} queries, same answers (goal: ratio >= 1000)",
    )
    whole = _per_query_s(made, questions)
    yield Figure(f"P8 {size}, with legs, costs and questions", whole, "s", QUERIES)
    one_pass = median_s(partial(_pass_over, made.lines, DAY_S), 15)
    reached = _all_places_s(made, questions)
    yield Figure(
        f"P8 {size}, arrival at all places",
        reached,
        "s",
        QUERIES,
        one_pass,
        "one pass over the departures (goal: ratio >= 0.25)",
    )
    yield Figure(
        f"P8 {size}, arrival at all places",
        reached,
        "s",
        QUERIES,
        everywhere,
        "networkx Dijkstra, time-expanded, 1 query, same answers",
    )
    middle = network.departures[len(network.departures) // 2]
    late = Change(
        middle.departure_id,
        departs_at=middle.departs_at + timedelta(hours=3),
        arrives_at=middle.arrives_at + timedelta(hours=3),
    )
    yield Figure(
        f"P8 {size}, a delay",
        median_s(partial(with_changes, made, [late]), 15),
        "s",
        15,
        median_s(partial(compile_network, network), 1),
        "compiling anew",
    )
    small = invented(PLACES // 10, DEPARTURES // 10)
    few = _per_scan_s(_compiled(small), _questions(small, QUERIES))
    yield Figure("P8 growth from 20000 departures", ours / few, "times (goal <= 24)", QUERIES)


def together(network: Network, made: Compiled) -> Iterator[Figure]:
    """Measure P9: the exact plan beside OR-Tools on the whole network, the preview, and shared payload."""
    movement = _crowd(by_h=20)
    plan = plan_movement(made, movement)
    assert isinstance(plan, MovementPlan)
    assert plan.ended == "proven"
    assert faults_of(network, movement, plan) == ()
    flows = _Flows(network, movement)
    begin = time.perf_counter()
    best = flows.people(), flows.cargo()
    baseline = time.perf_counter() - begin
    assert _moved(plan) == best, (_moved(plan), best)
    ours = median_s(partial(plan_movement, made, movement), 3)
    yield Figure(
        f"P9 {DEPARTURES} departures, people and cargo",
        ours,
        "s",
        3,
        baseline,
        "OR-Tools min-cost flow, whole network, solving alone, same people, kg and hours (goal: ratio >= 4)",
    )
    first = preview(made, movement)
    assert isinstance(first, MovementPlan)
    people, most = _moved(first)[0][0], best[0][0]
    yield Figure(f"P9 preview, people of {most}", people, "people", 1)
    yield Figure("P9 preview", median_s(partial(preview, made, movement), 3), "s", 3)
    heavy = tuple(replace(each, people_weigh=True) for each in network.departures)
    shared = _compiled(replace(network, departures=heavy))
    begin = time.perf_counter()
    both = plan_movement(shared, movement)
    taken = time.perf_counter() - begin
    assert isinstance(both, MovementPlan)
    assert faults_of(shared.network, movement, both) == ()
    yield Figure("P9 people and cargo share the payload", taken, "s", 1)
    yield Figure("P9 people and cargo share the payload, gap", both.gap, "relative (goal 0.001)", 1)


def _compiled(network: Network) -> Compiled:
    made = compile_network(network)
    assert isinstance(made, Compiled)
    return made


def _questions(network: Network, count: int) -> list[Movement]:
    draw = np.random.default_rng(7)
    found = []
    for begin, end in draw.integers(0, len(network.places), (count, 2)).tolist():
        ready_at = DAY + timedelta(hours=int(draw.integers(0, 24)))
        found.append(Movement((Party("x", f"p{begin}", ready_at, 2, 10.0),), f"p{end}"))
    return found


def _arrives_s(made: Compiled, question: Movement) -> int | None:
    answer = earliest_arrival(made, question)
    if isinstance(answer, Refused):
        return None
    assert isinstance(answer, Itinerary)
    assert faults_of(made.network, question, answer) == ()
    return seconds(answer.arrives_at)


def _per_scan_s(made: Compiled, questions: list[Movement]) -> float:
    """Return the median time to the steps of the soonest journey."""
    asked = [asked_of(made, question) for question in questions]
    return float(np.median([median_s(partial(forward, made, each), 3) for each in asked]))


def _per_query_s(made: Compiled, questions: list[Movement]) -> float:
    """Return the median time of a whole answer, with its legs."""
    return float(
        np.median([median_s(partial(earliest_arrival, made, question), 3) for question in questions])
    )


def _all_places_s(made: Compiled, questions: list[Movement]) -> float:
    taken = []
    for question in questions:
        asked = asked_of(made, question)
        starts, ready = np.array([asked.start], np.int32), np.array([DAY_S], np.int64)
        scan = partial(scan_forward, made.lines, made.ways_out, made.transfer_s, asked.need, starts, ready)
        taken.append(median_s(partial(scan, -1, asked.by_s), 3))
    return float(np.median(taken))


def _everywhere_s(made: Compiled, graph: "_TimeGraph", question: Movement) -> float:
    """Return how long networkx takes to all places, after its answers were found to be ours."""
    asked = asked_of(made, question)
    starts, ready = np.array([asked.start], np.int32), np.array([asked.ready_s], np.int64)
    there_s, _, _, _ = scan_forward(
        made.lines, made.ways_out, made.transfer_s, asked.need, starts, ready, -1, asked.by_s
    )
    begin = time.perf_counter()
    found_s = graph.arrives_everywhere_s(question)
    taken = time.perf_counter() - begin
    ours = {made.place_id(number): int(at_s) for number, at_s in enumerate(there_s) if at_s < 1 << 59}
    ours.pop(question.parties[0].place_id)
    found_s.pop(question.parties[0].place_id, None)
    assert found_s == ours
    return taken


@kernel
def _pass_over(lines: Lines, from_s: int) -> int:
    """Read of every departure what a scan must read of it."""
    total = 0
    for k in range(len(lines.order)):
        c = lines.order[k]
        if lines.departs_s[c] >= from_s and lines.off[c] == 0:
            total += lines.arrives_s[c] - lines.departs_s[c] + lines.from_[c] + lines.to[c]
    return total


class _TimeGraph:
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


def _crowd(by_h: int) -> Movement:
    draw = np.random.default_rng(3)
    parties = tuple(
        Party(f"g{n}", f"p{begin}", DAY, 120, 3000.0)
        for n, begin in enumerate(draw.integers(0, PLACES, 6).tolist())
    )
    return Movement(parties, f"p{int(draw.integers(0, PLACES))}", by_at=DAY + timedelta(hours=by_h))


Amounts = tuple[int, int]


def _moved(plan: MovementPlan) -> tuple[Amounts, Amounts]:
    """Return people and the seconds until they are there, and the same of kilograms."""
    people = hours = kg = kg_hours = 0.0
    for each in plan.itineraries:
        waited_s = seconds(each.arrives_at) - DAY_S
        people, hours = people + each.load.people, hours + each.load.people * waited_s
        kg, kg_hours = kg + each.load.cargo_kg, kg_hours + each.load.cargo_kg * waited_s
    return (round(people), round(hours)), (round(kg), round(kg_hours))


@dataclass
class _Arcs:
    tails: list[int]
    heads: list[int]
    costs: list[int]
    departures: list[int]  # the departure of an arc, or -1: room for all


class _Flows:
    """The whole network in time for OR-Tools; kinds of goods one after the other."""

    def __init__(self, network: Network, movement: Movement) -> None:
        assert movement.by_at is not None
        self.network, self.movement = network, movement
        by_s = seconds(movement.by_at)
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
                arc(number, self.end, (at_s - DAY_S) // 60)  # all times here are whole minutes
        self.arcs = arcs
        self.left = 10 * (by_s - DAY_S) // 60  # what staying costs each

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
