"""P6 and P7: one sector for each team, and whole shifts, each beside the named baselines on the same search.

Every plan, the baselines' too, is taken through the checker before it counts. OR-Tools and PyVRP take whole
seconds; the search is made of these. Rests and windows are left out, since not both know them for each team.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
import pyvrp
import pyvrp.stop
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from dispatch.assignment_check import faults_of
from dispatch.assignment_plan import Plan
from dispatch.assignment_possible import possible
from dispatch.assignment_reasons import explained
from dispatch.assignment_shifts import Progress, plan_shifts
from dispatch.assignment_single import assign_one_each
from dispatch.assignment_values import Situation
from tests.benchmarks.figure import Figure, median_s
from tests.dispatch.assignment_cases import invented

Orders = dict[int, tuple[int, ...]]
BASELINE_S = 10
SCALE = 1e7  # gains as whole numbers for OR-Tools and PyVRP
TEAMS, SECTORS = 100, 300


def assigning() -> Iterator[Figure]:
    """Measure P6 and P7."""
    yield from one_each()
    yield from shifts()


def search(n_teams: int, n_sectors: int, **options: Any) -> Situation:
    """Return a search with hours, skills and travel: one or two sectors in a shift, 24 000 rounds for P7."""
    options = {"across_km": 40.0, "shift_h": 6.0, "skilled": 0.7, **options}
    return invented(n_teams, n_sectors, 1, rests=False, windows=False, **options)


def grown() -> Situation:
    """Return 500 teams at six bases and 2 000 sectors, as dense as the small search."""
    return search(500, 2_000, bases=6, across_km=103.0)


def one_each() -> Iterator[Figure]:
    """Measure P6: ours with its checks and reasons, networkx on the bare graph."""
    situation = search(TEAMS, SECTORS)
    plan = assign_one_each(situation)
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    allowed = possible(situation).allowed
    graph: nx.Graph[Any] = nx.Graph()
    for team, sector in np.argwhere(allowed).tolist():
        graph.add_edge(("team", team), ("sector", sector), weight=float(situation.work.gain[team, sector]))
    begin = time.perf_counter()
    pairs = nx.max_weight_matching(graph)
    baseline = time.perf_counter() - begin
    value = sum(graph.edges[pair]["weight"] for pair in pairs)
    assert math.isclose(value, plan.value, rel_tol=1e-9), (value, plan.value)
    ours = median_s(partial(assign_one_each, situation), 15)
    name = f"P6 {TEAMS} x {SECTORS}, one each, with reasons"
    yield Figure(
        name, ours, "s", 15, baseline, "networkx max_weight_matching, same value (goal: ratio >= 500)"
    )
    many = grown()
    yield Figure("P6 500 x 2000", median_s(partial(assign_one_each, many), 3), "s", 3)


def shifts() -> Iterator[Figure]:
    """Measure P7: time to the gap, the value beside the baselines, and growth."""
    situation = search(TEAMS, SECTORS)
    plan_shifts(situation)  # compiles
    first: list[float] = []
    begin = time.perf_counter()

    def listen(_: Progress) -> bool:
        first.append(time.perf_counter() - begin)
        return True

    plan = _planned(situation, 1e-3, listen)
    taken = time.perf_counter() - begin
    size = f"{TEAMS} x {SECTORS}"
    yield Figure(f"P7 {size}, to the end", taken, "s (goal 2)", 1)
    yield Figure(f"P7 {size}, first plan", first[0], "s (goal 1)", 1)
    yield Figure(f"P7 {size}, proven gap", plan.gap, "relative (goal 0.001)", 1)
    for name, solve in (("OR-Tools routing", routed_by_ortools), ("PyVRP", routed_by_pyvrp)):
        value = _checked(situation, solve(situation, BASELINE_S)).value
        yield Figure(
            f"P7 {size}, 1 / value",
            1.0 / plan.value,
            "1 (ratio above one: more is found)",
            1,
            1.0 / value,
            f"{name}, {BASELINE_S} s",
        )
    many = grown()
    begin = time.perf_counter()
    plan = _planned(many, 2e-2, lambda _: True)
    yield Figure("P7 500 x 2000, to the end", time.perf_counter() - begin, "s (goal 30)", 1)
    yield Figure("P7 500 x 2000, proven gap", plan.gap, "relative (goal 0.02)", 1)


def _planned(situation: Situation, gap: float, heard: Callable[[Progress], bool]) -> Plan:
    plan = plan_shifts(situation, gap=gap, heard=heard)
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    return plan


def _checked(situation: Situation, orders: Mapping[int, tuple[int, ...]]) -> Plan:
    """Return the plan of a baseline, which must keep the same rules."""
    can = possible(situation)
    prices = np.zeros(situation.n_sectors)
    plan = explained(situation, can, orders, prices=prices, bound=math.inf, ended="effort_spent", rounds=0)
    assert {fault.rule for fault in faults_of(situation, plan)} <= {"bound"}
    return plan


def _profiles(situation: Situation) -> tuple[list[int], list[tuple[Any, Any]]]:
    """Return for each team its profile, and per profile the seconds and the lost gain of each step.

    Place 0 is the base. A step takes the way and the search at its end; what this team finds less there than
    the best one would is the cost of the step. Steps to where a team cannot search never fit.
    """
    teams, ways, work = situation.teams, situation.ways, situation.work
    allowed, n = possible(situation).allowed, situation.n_sectors
    most = np.where(allowed, work.gain, 0.0).max(axis=0)
    known: dict[bytes, int] = {}
    of_team: list[int] = []
    profiles: list[tuple[Any, Any]] = []
    for team in range(situation.n_teams):
        kind = int(teams.ways_of[team])
        key = b"".join(
            (bytes([kind]), work.search_s[team].tobytes(), work.gain[team].tobytes(), allowed[team].tobytes())
        )
        if key not in known:
            known[key] = len(profiles)
            seconds = np.zeros((n + 1, n + 1))
            seconds[0, 1:], seconds[1:, 0] = ways.out_s[kind], ways.home_s[kind]
            seconds[1:, 1:] = ways.between_s[ways.vehicle_of[kind]]
            seconds[:, 1:] += np.where(allowed[team], work.search_s[team], 1e6)
            np.fill_diagonal(seconds, 0.0)
            lost = np.zeros((n + 1, n + 1))
            lost[:, 1:] = np.rint(np.maximum(most - work.gain[team], 0.0) * SCALE)
            np.fill_diagonal(lost, 0.0)
            profiles.append((np.ceil(seconds).astype(np.int64), lost.astype(np.int64)))
        of_team.append(known[key])
    return of_team, profiles


def _prizes(situation: Situation) -> list[int]:
    most = np.where(possible(situation).allowed, situation.work.gain, 0.0).max(axis=0)
    return [int(each) for each in np.rint(most * SCALE)]


def routed_by_ortools(situation: Situation, limit_s: int) -> Orders:
    """Return the rounds of OR-Tools' routing: parallel cheapest insertion, guided local search."""
    of_team, profiles = _profiles(situation)
    n_teams, teams = situation.n_teams, situation.teams
    manager = pywrapcp.RoutingIndexManager(situation.n_sectors + 1, n_teams, 0)
    routing = pywrapcp.RoutingModel(manager)
    times = [routing.RegisterTransitMatrix(seconds.tolist()) for seconds, _ in profiles]
    costs = [routing.RegisterTransitMatrix(lost.tolist()) for _, lost in profiles]
    shift_s = [int(each) for each in teams.back_s - teams.start_s]
    for team in range(n_teams):
        routing.SetArcCostEvaluatorOfVehicle(costs[of_team[team]], team)
    transits = [times[of_team[team]] for team in range(n_teams)]
    routing.AddDimensionWithVehicleTransitAndCapacity(transits, 0, shift_s, True, "time")  # noqa: FBT003
    for sector, prize in enumerate(_prizes(situation)):
        routing.AddDisjunction([manager.NodeToIndex(sector + 1)], prize)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies, searches = routing_enums_pb2.FirstSolutionStrategy, routing_enums_pb2.LocalSearchMetaheuristic
    parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = searches.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromSeconds(limit_s)
    found = routing.SolveWithParameters(parameters)
    orders: Orders = {}
    for team in range(n_teams):
        index, order = routing.Start(team), []
        while not routing.IsEnd(index):
            index = found.Value(routing.NextVar(index))
            order.append(manager.IndexToNode(index) - 1)
        orders[team] = tuple(each for each in order if each >= 0)
    return {team: order for team, order in orders.items() if order}


def routed_by_pyvrp(situation: Situation, limit_s: int) -> Orders:
    """Return the rounds of PyVRP with a prize for each sector."""
    of_team, profiles = _profiles(situation)
    teams = situation.teams
    clients = [
        pyvrp.Client(sector + 1, prize=prize, required=False)
        for sector, prize in enumerate(_prizes(situation))
    ]
    vehicles = [
        pyvrp.VehicleType(
            1,
            shift_duration=int(teams.back_s[team] - teams.start_s[team]),
            unit_distance_cost=1,
            profile=of_team[team],
        )
        for team in range(situation.n_teams)
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0)] * (situation.n_sectors + 1),
        clients,
        [pyvrp.Depot(0)],
        vehicles,
        [lost for _, lost in profiles],
        [seconds for seconds, _ in profiles],
    )
    best = pyvrp.solve(data, pyvrp.stop.MaxRuntime(limit_s), seed=1, display=False).best
    return {
        route.vehicle_type(): tuple(visit.idx for visit in route.schedule() if visit.is_client())
        for route in best.routes()
    }
