"""P8 and P9: earliest arrival, and people with cargo to one place, on an invented country.

5 000 places, each joined to its four nearest and two anywhere by a few departures a day over two days; every
fifth has another one in walking distance. Answers are compared before anything is timed.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np

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
from tests.benchmarks.moving_baselines import Amounts, Flows, TimeGraph

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
    graph = TimeGraph(network)
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
    flows = Flows(network, movement)
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


def _everywhere_s(made: Compiled, graph: TimeGraph, question: Movement) -> float:
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


def _crowd(by_h: int) -> Movement:
    draw = np.random.default_rng(3)
    parties = tuple(
        Party(f"g{n}", f"p{begin}", DAY, 120, 3000.0)
        for n, begin in enumerate(draw.integers(0, PLACES, 6).tolist())
    )
    return Movement(parties, f"p{int(draw.integers(0, PLACES))}", by_at=DAY + timedelta(hours=by_h))


def _moved(plan: MovementPlan) -> tuple[Amounts, Amounts]:
    """Return people and the seconds until they are there, and the same of kilograms."""
    people = hours = kg = kg_hours = 0.0
    for each in plan.itineraries:
        waited_s = seconds(each.arrives_at) - DAY_S
        people, hours = people + each.load.people, hours + each.load.people * waited_s
        kg, kg_hours = kg + each.load.cargo_kg, kg_hours + each.load.cargo_kg * waited_s
    return (round(people), round(hours)), (round(kg), round(kg_hours))
