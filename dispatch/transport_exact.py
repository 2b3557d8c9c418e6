"""All parties at once within shared seats and payload: most people, next most cargo, next the soonest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

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

GAP = 1e-3


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
    leaves somebody behind. Goods that share nothing are sent by themselves, each exactly; only goods that
    share payload, or aircraft that cannot be everywhere, need whole-number programming. Stopped before it has
    any answer, it gives the preview.
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
    proven, left_gap = True, 0.0
    if _apart(compiled, expanded, goods):
        flows = [
            (each, _sent(expanded, each, _room(compiled, expanded, each, unknown=unknown))) for each in goods
        ]
    else:
        solved = solve_together(
            compiled, expanded, goods, unknown=unknown, gap=gap, most_nodes=most_nodes, heard=heard
        )
        if solved is None:
            return preview(compiled, movement)
        flows = _to_the_gram(compiled, expanded, solved, unknown=unknown)
        proven, left_gap = solved.proven, solved.gap
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


def _apart(compiled: Compiled, expanded: Expanded, goods: Sequence[Goods]) -> bool:
    """Return whether no two kinds of goods share a payload, and no two departures an aircraft."""
    lines = compiled.lines
    slots = expanded.ref[expanded.kind == RIDE]
    if any(compiled.departure(slot).use is not None for slot in _demanded(compiled, slots)):
        return False
    heavy = [each for each in goods if each.unit_kg > 0 and each.kind != "people"]
    people = any(each.kind == "people" and each.unit_kg > 0 for each in goods)
    limited = slots[lines.payload_kg[slots] >= 0]
    if not len(limited):
        return True
    return len(heavy) <= 1 and not (people and heavy and bool(lines.people_weigh[limited].any()))


def _demanded(compiled: Compiled, slots: npt.NDArray[np.int32]) -> list[int]:
    """Return the departures that take an aircraft or vehicle; timetables have none."""
    own = {slot for slot in compiled.on_demand if compiled.departure(slot).use is not None}
    return [slot for slot in slots.tolist() if slot in own] if own else []


def _room(compiled: Compiled, expanded: Expanded, goods: Goods, *, unknown: bool) -> Amounts:
    room = np.full(len(expanded.tail), FREE, dtype=np.int64)
    rides = expanded.kind == RIDE
    room[rides] = rooms(compiled, goods, expanded.ref[rides], unknown=unknown)
    return room


def _sent(expanded: Expanded, goods: Goods, room: Amounts) -> Amounts:
    start, ends = adjacency(expanded.n_nodes, expanded.tail, expanded.head)
    flow, _ = soonest_flow(
        start, ends, expanded.tail, expanded.head, room, expanded.sources, goods.supply, expanded.sinks
    )
    return flow


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
            flows.append((each, _sent(expanded, each, room)))
    return flows
