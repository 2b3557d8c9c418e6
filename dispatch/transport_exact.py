"""All parties at once within shared seats and payload: most people, next most cargo, next the soonest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from dispatch.transport_answers import LeftBehind, Manifest, Movement, MovementPlan, Refused, Why
from dispatch.transport_compile import seconds, seconds_up
from dispatch.transport_expand import RIDE, expand
from dispatch.transport_faults import refused_movement
from dispatch.transport_flow_kernels import adjacency, soonest_flow
from dispatch.transport_goods import FREE, GRAMS, goods_of, rooms
from dispatch.transport_mip import solve_together
from dispatch.transport_paths import taken_apart
from dispatch.transport_preview import preview, why_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from dispatch.transport_compile import Compiled
    from dispatch.transport_expand import Expanded
    from dispatch.transport_goods import Goods
    from dispatch.transport_mip import Solved

    Amounts = npt.NDArray[np.int64]
    Flows = list[tuple[Goods, Amounts]]

GAP: Final = 1e-3
MOST_COLUMNS: Final = 30_000
"""Beyond this, whole-number programming without presolve takes minutes."""


def _always(_: float) -> bool:
    return True


def plan_movement(
    compiled: Compiled,
    movement: Movement,
    *,
    gap: float = GAP,
    most_nodes: int = 10_000,
    heard: Callable[[float], bool] = _always,
) -> MovementPlan | Refused:
    """Return the best plan for all parties together, with what stays behind and why.

    Parameters
    ----------
    gap
        How far from the best, relative, is good enough where goods share payload or aircraft.
    most_nodes
        Bound of effort: of the branching, not of time.
    heard
        Told the gap now and then; answers whether to go on.

    Notes
    -----
    Without ``by_at`` it is no later than the last arrival of the preview, or the end of the timetable if that
    leaves somebody behind. Goods are sent one kind after the other, each exactly; where a kind does worse
    than alone, or aircraft cannot be everywhere, whole-number programming looks for better. Where that is
    stopped or would be too large, what was found before is given, with its gap; with aircraft the preview.
    """
    wrong = refused_movement(movement, compiled.place_of)
    if wrong is not None:
        return wrong
    by_s = _deadline_s(compiled, movement)
    if by_s is None:
        return preview(compiled, movement)
    starts = np.array([compiled.place_of[each.place_id] for each in movement.parties], dtype=np.int32)
    ready_s = np.array([seconds_up(each.ready_at) for each in movement.parties], dtype=np.int64)
    expanded = expand(compiled, starts, ready_s, compiled.place_of[movement.to_id], by_s)
    if expanded is None:
        return Refused((Why("network_too_large"),))
    goods = goods_of(movement)
    unknown = movement.unknown == "ask"
    flows, left_gap = _in_turn(compiled, expanded, goods, unknown=unknown)
    proven = left_gap <= gap
    if not proven and len(goods) * len(expanded.tail) <= MOST_COLUMNS:
        solved = solve_together(
            compiled, expanded, goods, unknown=unknown, gap=gap, most_nodes=most_nodes, heard=heard
        )
        if solved is not None:
            flows = _to_the_gram(compiled, expanded, solved, unknown=unknown)
            proven, left_gap = solved.proven, solved.gap
    if not flows:
        return preview(compiled, movement)
    itineraries, left = taken_apart(compiled, movement, expanded, flows)
    ended: Literal["proven", "effort_spent"] = "proven" if proven else "effort_spent"
    behind = tuple(LeftBehind(each.load, why_left(compiled, movement, each.load)) for each in left)
    return MovementPlan(itineraries, behind, "exact", ended, left_gap)


def manifests(compiled: Compiled, plan: MovementPlan, movement: Movement) -> tuple[Manifest, ...]:
    """Return who and what is on each departure, and sets out on each way, in the order of leaving."""
    parties = {
        party.party_id: {piece.piece_id: piece.kg for piece in party.pieces} for party in movement.parties
    }
    found: dict[tuple[str, str, object], Manifest] = {}
    for itinerary in plan.itineraries:
        load = itinerary.load
        kg = load.cargo_kg + sum(parties[load.party_id][name] * count for name, count in load.pieces)
        for leg in itinerary.legs:
            key = (leg.kind, leg.ref_id, leg.leaves_at)
            now = found.get(key)
            if now is None:
                slot = compiled.slot_of.get(leg.ref_id) if leg.kind == "departure" else None
                departure = None if slot is None else compiled.departure(slot)
                now = Manifest(
                    leg.kind,
                    leg.ref_id,
                    leg.service_id,
                    leg.from_id,
                    leg.to_id,
                    leg.leaves_at,
                    leg.arrives_at,
                    (),
                    0,
                    0.0,
                    None if departure is None else departure.seats,
                    None if departure is None else departure.payload_kg,
                )
            people = now.people + load.people
            found[key] = replace(now, loads=(*now.loads, load), people=people, kg=now.kg + kg)
    return tuple(sorted(found.values(), key=lambda each: (each.leaves_at, each.ref_id)))


def _deadline_s(compiled: Compiled, movement: Movement) -> int | None:
    """Return until when to plan, None where the preview already is all that can be said."""
    if movement.by_at is not None:
        return seconds(movement.by_at)
    first = preview(compiled, movement)
    if isinstance(first, Refused) or not first.itineraries:
        return None
    last_s = max(seconds_up(each.arrives_at) for each in first.itineraries)
    if not first.left_behind:
        return last_s
    longest_s = int(compiled.ways_out.duration_s.sum())
    return max(last_s, int(compiled.lines.arrives_s.max(initial=0)) + longest_s)


def _in_turn(
    compiled: Compiled, expanded: Expanded, goods: Sequence[Goods], *, unknown: bool
) -> tuple[Flows, float]:
    """Send goods one kind after the other, each exactly, and return how far from the best that can be.

    People first, loose cargo last, in what payload the former leave. No kind can do better than alone: where
    it does as well as that, nothing is better. No flows where aircraft cannot be everywhere.
    """
    lines, rides = compiled.lines, np.flatnonzero(expanded.kind == RIDE)
    slots = expanded.ref[rides]
    if _demanded(compiled, slots):
        return [], np.inf
    used_kg, gap = np.zeros(len(slots)), 0.0
    flows: Flows = []
    for each in sorted(goods, key=lambda one: (one.kind != "people", one.kind == "cargo")):
        alone = _room(compiled, expanded, each, unknown=unknown)
        room = alone.copy()
        weighs = lines.people_weigh[slots] if each.kind == "people" else np.ones(len(slots), dtype=np.bool_)
        if each.unit_kg > 0:
            free = np.floor((lines.payload_kg[slots] - used_kg) / each.unit_kg + 1e-6)
            bound = weighs & (lines.payload_kg[slots] >= 0)
            room[rides] = np.where(bound, np.minimum(room[rides], np.clip(free, 0, FREE)), room[rides])
        flow, arrived = _sent(expanded, each, room)
        if not np.array_equal(room, alone):
            gap = max(gap, _behind(expanded, arrived, _sent(expanded, each, alone)[1]))
        used_kg += np.where(weighs, flow[rides] * each.unit_kg, 0.0)
        flows.append((each, flow))
    return flows, gap


def _behind(expanded: Expanded, arrived: Amounts, alone: Amounts) -> float:
    """Return how much less, or if it is as much how much later, arrives than would alone; relative."""
    if arrived.sum() < alone.sum():
        return float(1.0 - arrived.sum() / alone.sum())
    waited_s = expanded.sink_s - expanded.sink_s.min(initial=0)
    spent, least = float((arrived * waited_s).sum()), float((alone * waited_s).sum())
    return 0.0 if spent <= least else (spent - least) / spent


def _demanded(compiled: Compiled, slots: npt.NDArray[np.int32]) -> list[int]:
    """Return the departures that take an aircraft or vehicle; timetables have none."""
    own = {slot for slot in compiled.on_demand if compiled.departure(slot).use is not None}
    return [slot for slot in slots.tolist() if slot in own] if own else []


def _room(compiled: Compiled, expanded: Expanded, goods: Goods, *, unknown: bool) -> Amounts:
    room = np.full(len(expanded.tail), FREE, dtype=np.int64)
    rides = expanded.kind == RIDE
    room[rides] = rooms(compiled, goods, expanded.ref[rides], unknown=unknown)
    return room


def _sent(expanded: Expanded, goods: Goods, room: Amounts) -> tuple[Amounts, Amounts]:
    """Return the flow of one kind and what of it arrives at each instant."""
    start, ends = adjacency(expanded.n_nodes, expanded.tail, expanded.head)
    return soonest_flow(
        start, ends, expanded.tail, expanded.head, room, expanded.sources, goods.supply, expanded.sinks
    )


def _to_the_gram(compiled: Compiled, expanded: Expanded, solved: Solved, *, unknown: bool) -> Flows:
    """Send loose cargo again through the payload that the others leave, to the gram."""
    lines, rides = compiled.lines, np.flatnonzero(expanded.kind == RIDE)
    slots = expanded.ref[rides]
    others = [(each, flow) for each, flow in solved.flows if each.kind != "cargo"]
    used_kg = np.zeros(len(slots))
    for each, flow in others:
        weighs = lines.people_weigh[slots] if each.kind == "people" else np.ones(len(slots), dtype=np.bool_)
        used_kg += np.where(weighs, flow[rides] * each.unit_kg, 0.0)
    flows = list(others)
    for each, _ in solved.flows:
        if each.kind == "cargo":
            room = _room(compiled, expanded, each, unknown=unknown)
            known = lines.payload_kg[slots] >= 0
            left = np.floor((lines.payload_kg[slots] - used_kg) * GRAMS + 1e-3)
            room[rides] = np.where(known, np.clip(left, 0, FREE), room[rides]).astype(np.int64)
            grounded = [slot in compiled.on_demand and slot not in solved.flown for slot in slots.tolist()]
            room[rides[np.array(grounded, dtype=np.bool_)]] = 0
            flows.append((each, _sent(expanded, each, room)[0]))
    return flows
