"""Flows taken apart into itineraries: which party, how many, by which legs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dispatch.transport_answers import LeftBehind, Load
from dispatch.transport_compile import seconds_up
from dispatch.transport_expand import RIDE, WAY
from dispatch.transport_find import Found, Step
from dispatch.transport_goods import GRAMS
from dispatch.transport_scan import itinerary_of
from dispatch.transport_way_kernels import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from dispatch.transport_answers import Itinerary, Movement
    from dispatch.transport_compile import Compiled
    from dispatch.transport_expand import Expanded
    from dispatch.transport_goods import Goods

    Amounts = npt.NDArray[np.int64]


@dataclass(slots=True)
class Bundle:
    """What of one party goes together, while it is put together."""

    people: int = 0
    grams: int = 0
    pieces: Counter[str] = field(default_factory=Counter)

    def load(self, party_id: str) -> Load:
        """Return it as it is told."""
        pieces = tuple(sorted((name, count) for name, count in self.pieces.items() if count))
        return Load(party_id, self.people, self.grams / GRAMS, pieces)


def taken_apart(
    compiled: Compiled,
    movement: Movement,
    expanded: Expanded,
    flows: Sequence[tuple[Goods, Amounts]],
) -> tuple[tuple[Itinerary, ...], tuple[LeftBehind, ...]]:
    """Return the itineraries of all flows, and what of each party stays; reasons are left to be given."""
    going: dict[tuple[int, tuple[Step, ...]], Bundle] = {}
    staying = [Bundle() for _ in movement.parties]
    target = compiled.place_of[movement.to_id]
    for goods, flow in flows:
        wanted = goods.supply.copy()
        names = _names(goods)
        for number, party in enumerate(movement.parties):
            if compiled.place_of[party.place_id] == target:
                _put(going.setdefault((number, ()), Bundle()), goods, int(wanted[number]), names, number)
                wanted[number] = 0
        for number, arcs, amount in _paths(expanded, flow, wanted):
            steps = _steps(compiled, expanded, arcs)
            if not steps or steps[-1].to != target:
                # The onward flow of a place that it came through was given to the party that waits there:
                # as many go on, but these need not set out.
                wanted[number] += amount
                continue
            _put(going.setdefault((number, steps), Bundle()), goods, amount, names, number)
        for number, amount in enumerate(wanted.tolist()):
            _put(staying[number], goods, amount, names, number)
    itineraries = []
    for (number, steps), bundle in going.items():
        party = movement.parties[number]
        by_id = {piece.piece_id: piece.kg for piece in party.pieces}
        kg = bundle.grams / GRAMS + sum(by_id[name] * count for name, count in bundle.pieces.items())
        load = bundle.load(party.party_id)
        if load.people or load.cargo_kg or load.pieces:
            itineraries.append(itinerary_of(compiled, load, kg, Found(steps, seconds_up(party.ready_at))))
    left = [bundle.load(party.party_id) for bundle, party in zip(staying, movement.parties, strict=True)]
    return (
        tuple(sorted(itineraries, key=lambda each: (each.arrives_at, each.load.party_id, -each.load.people))),
        tuple(LeftBehind(load, ()) for load in left if load.people or load.cargo_kg or load.pieces),
    )


def _names(goods: Goods) -> dict[int, list[tuple[str, int]]]:
    names: dict[int, list[tuple[str, int]]] = {}
    for number, piece_id, count in goods.pieces:
        names.setdefault(number, []).append((piece_id, count))
    return names


def _put(
    bundle: Bundle, goods: Goods, amount: int, names: Mapping[int, list[tuple[str, int]]], number: int
) -> None:
    """Add units to a bundle; pieces are taken from the party's list, which gets shorter."""
    if goods.kind == "people":
        bundle.people += amount
    elif goods.kind == "cargo":
        bundle.grams += amount
    else:
        while amount > 0:
            name, count = names[number].pop()
            taken = min(count, amount)
            bundle.pieces[name] += taken
            amount -= taken
            if count > taken:
                names[number].append((name, count - taken))


def _paths(expanded: Expanded, flow: Amounts, wanted: Amounts) -> Iterator[tuple[int, list[int], int]]:
    """Yield party, arcs and units of each path; both arrays are used up."""
    flow = flow.copy()
    used = np.flatnonzero(flow)
    out: dict[int, list[int]] = {}
    for arc in used[np.argsort(-expanded.end_s[used], kind="stable")].tolist():
        out.setdefault(int(expanded.tail[arc]), []).append(arc)
    for number, source in enumerate(expanded.sources.tolist()):
        while source != NONE and wanted[number] > 0:
            arcs, node = [], source
            while out.get(node):
                while out[node] and flow[out[node][-1]] == 0:
                    out[node].pop()
                if not out[node]:
                    break
                arcs.append(out[node][-1])
                node = int(expanded.head[arcs[-1]])
            if not arcs:
                break
            amount = min(int(wanted[number]), *(int(flow[arc]) for arc in arcs))
            flow[arcs] -= amount
            wanted[number] -= amount
            yield number, arcs, amount


def _steps(compiled: Compiled, expanded: Expanded, arcs: Sequence[int]) -> tuple[Step, ...]:
    lines, ways = compiled.lines, compiled.ways_out
    steps: list[Step] = []
    for arc in arcs:
        ref, begin_s, end_s = int(expanded.ref[arc]), int(expanded.begin_s[arc]), int(expanded.end_s[arc])
        if expanded.kind[arc] == RIDE:
            aboard = bool(steps) and steps[-1].slot != NONE and int(lines.before[ref]) == steps[-1].slot
            from_, to = int(lines.from_[ref]), int(lines.to[ref])
            steps.append(Step(ref, NONE, from_, to, begin_s, end_s, aboard))
        elif expanded.kind[arc] == WAY:
            from_ = int(np.searchsorted(ways.start, ref, side="right")) - 1
            gone_s = int(ways.duration_s[ref])
            to = int(ways.other[ref])
            steps.append(Step(NONE, int(ways.slot[ref]), from_, to, end_s - gone_s, end_s))
    return tuple(steps)
