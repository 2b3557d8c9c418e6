"""The network as sorted arrays that answer, and how a delay is applied to them without sorting again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.transport_answers import Refused, Why
from dispatch.transport_faults import departure_faults, network_faults
from dispatch.transport_kernels import Lines, first_at
from dispatch.transport_values import Use
from dispatch.transport_way_kernels import NEVER, NONE, Ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from dispatch.transport_values import Change, Departure, Door, Network, Piece, Place, Way, Window

CANCELLED, CLOSED, CLOSED_THEN, BANNED = 1, 2, 4, 8
ALL_OFF: Final = CANCELLED | CLOSED | CLOSED_THEN | BANNED


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A network ready to answer; arrays are not changed.

    Attributes
    ----------
    network
        What it was compiled from; changed departures are in ``changed``, by slot.
    place_of, slot_of
        Numbers of ids.
    slots
        Index into ``network.departures`` by slot.
    ways_out, ways_in
        Ways by their beginning, and turned about by their end.
    doors
        Kinds of door; one number more stands for doors nobody knows.
    on_demand
        Slots of departures that take a vehicle or aircraft.
    """

    network: Network
    place_of: Mapping[str, int]
    slot_of: Mapping[str, int]
    slots: npt.NDArray[np.int64]
    lines: Lines
    ways_out: Ways
    ways_in: Ways
    transfer_s: npt.NDArray[np.int64]
    doors: tuple[Door, ...]
    changed: Mapping[int, Departure]
    on_demand: frozenset[int]

    def departure(self, slot: int) -> Departure:
        """Return a departure with its changes."""
        return self.changed.get(slot) or self.network.departures[int(self.slots[slot])]

    def way(self, row: int, *, turned: bool = False) -> Way:
        """Return a way by its row."""
        return self.network.ways[int((self.ways_in if turned else self.ways_out).slot[row])]

    def place_id(self, number: int) -> str:
        """Return the id of a place."""
        return self.network.places[number].place_id


def seconds(at: datetime) -> int:
    """Return whole seconds since 1970 in UTC, a fraction left out."""
    return math.floor(at.timestamp())


def seconds_up(at: datetime) -> int:
    """Return whole seconds since 1970 in UTC, a fraction counted as a whole one: nobody comes too early."""
    return math.ceil(at.timestamp())


def instant(at_s: int) -> datetime:
    """Return the instant of whole seconds since 1970."""
    return datetime.fromtimestamp(int(at_s), UTC)


def compile_network(network: Network) -> Compiled | Refused:
    """Sort a network into arrays, or refuse it with everything that is wrong."""
    faults = network_faults(network)
    if faults:
        return Refused(faults)
    place_of = {place.place_id: number for number, place in enumerate(network.places)}
    departures = network.departures
    departs = np.fromiter((seconds(d.departs_at) for d in departures), np.int64, len(departures))
    slots = np.argsort(departs, kind="stable")
    ordered = [departures[each] for each in slots.tolist()]
    slot_of = {departure.departure_id: slot for slot, departure in enumerate(ordered)}
    doors = tuple(dict.fromkeys(d.door for d in ordered if d.door is not None))
    return Compiled(
        network,
        place_of,
        slot_of,
        slots,
        _lines(ordered, departs[slots], place_of, doors, network.places),
        _ways(network.ways, place_of, turned=False),
        _ways(network.ways, place_of, turned=True),
        np.fromiter((place.transfer_s for place in network.places), np.int64, len(network.places)),
        doors,
        {},
        frozenset(slot for slot, departure in enumerate(ordered) if departure.use is not None),
    )


def with_changes(compiled: Compiled, changes: Iterable[Change]) -> Compiled | Refused:
    """Return the network with departures cancelled or at other times; nothing is sorted anew.

    Notes
    -----
    Each delay moves one entry of the order. Arrays that differ are copied once, all others are shared, so the
    former network goes on answering.
    """
    lines = compiled.lines
    order, off = lines.order.copy(), lines.off.copy()
    departs_s, arrives_s = lines.departs_s.copy(), lines.arrives_s.copy()
    lines = lines._replace(order=order, off=off, departs_s=departs_s, arrives_s=arrives_s)
    changed = dict(compiled.changed)
    places = compiled.network.places
    for change in changes:
        slot = compiled.slot_of.get(change.departure_id)
        if slot is None:
            return Refused((Why("unknown_departure", departure_id=change.departure_id),))
        was = changed.get(slot) or compiled.departure(slot)
        now = replace(
            was,
            departs_at=change.departs_at or was.departs_at,
            arrives_at=change.arrives_at or was.arrives_at,
            use=_later(was, change),
        )
        faults = tuple(departure_faults(now, compiled.place_of))
        if faults:
            return Refused(faults)
        changed[slot] = now
        _move(lines, slot, seconds(now.departs_at))
        departs_s[slot], arrives_s[slot] = seconds(now.departs_at), seconds_up(now.arrives_at)
        off[slot] = _shut(now, places[lines.from_[slot]], places[lines.to[slot]])
        off[slot] |= CANCELLED if change.cancelled else 0
    return replace(compiled, lines=lines, changed=changed)


def _later(was: Departure, change: Change) -> Use | None:
    """Return the time for which a departure takes its aircraft, moved as its ends are."""
    if was.use is None:
        return None
    begins_later = (change.departs_at or was.departs_at) - was.departs_at
    ends_later = (change.arrives_at or was.arrives_at) - was.arrives_at
    return Use(was.use.craft_id, was.use.busy_from + begins_later, was.use.busy_to + ends_later)


def without(compiled: Compiled, slots: Iterable[int]) -> Compiled:
    """Return the network in which some departures are not to be used."""
    off = compiled.lines.off.copy()
    off[list(slots)] |= BANNED
    return replace(compiled, lines=compiled.lines._replace(off=off))


def passes(door: Door, piece: Piece) -> bool:
    """Return whether a piece goes through a door and has its length behind it, turned as it may be.

    Examples
    --------
    >>> from dispatch.transport_values import Door, Piece
    >>> passes(Door(1.2, 1.5, 5.0), Piece("boat", 80.0, 3.2, 1.1, 0.5))
    True
    """
    sides = (piece.length_m, piece.width_m, piece.height_m)
    opening = sorted((door.width_m, door.height_m))
    for along in range(3):
        across = sorted(side for number, side in enumerate(sides) if number != along)
        if sides[along] <= door.length_m and across[0] <= opening[0] and across[1] <= opening[1]:
            return True
    return False


def _move(lines: Lines, slot: int, departs_s: int) -> None:
    """Move a slot to where it belongs in the order; its own time is still the former one."""
    order, was_s = lines.order, int(lines.departs_s[slot])
    old = first_at(lines, was_s)
    while order[old] != slot:
        old += 1
    new = first_at(lines, departs_s)
    if departs_s > was_s:
        order[old : new - 1] = order[old + 1 : new].copy()
        order[new - 1] = slot
    else:
        order[new + 1 : old + 1] = order[new:old].copy()
        order[new] = slot


def _lines(
    ordered: Sequence[Departure],
    departs_s: npt.NDArray[np.int64],
    place_of: Mapping[str, int],
    doors: tuple[Door, ...],
    places: Sequence[Place],
) -> Lines:
    n = len(ordered)
    door_of = {door: number for number, door in enumerate(doors)}
    before, after = np.full(n, NONE, dtype=np.int32), np.full(n, NONE, dtype=np.int32)
    last: dict[str, int] = {}
    for slot, departure in enumerate(ordered):
        if departure.run_id is not None:
            former = last.get(departure.run_id, NONE)
            before[slot] = former
            if former >= 0:
                after[former] = slot
            last[departure.run_id] = slot
    from_ = np.fromiter((place_of[d.from_id] for d in ordered), np.int32, n)
    to = np.fromiter((place_of[d.to_id] for d in ordered), np.int32, n)
    limited = {
        number for number, place in enumerate(places) if place.closed or place.open_windows is not None
    }
    off = np.zeros(n, dtype=np.uint8)
    if limited:
        numbers = np.array(sorted(limited))
        for slot in np.flatnonzero(np.isin(from_, numbers) | np.isin(to, numbers)).tolist():
            off[slot] = _shut(ordered[slot], places[from_[slot]], places[to[slot]])
    return Lines(
        np.arange(n, dtype=np.int32),
        from_,
        to,
        departs_s,
        np.fromiter((seconds_up(d.arrives_at) for d in ordered), np.int64, n),
        before,
        after,
        off,
        np.fromiter((-1 if d.seats is None else d.seats for d in ordered), np.int32, n),
        np.fromiter((-1.0 if d.payload_kg is None else d.payload_kg for d in ordered), np.float64, n),
        np.fromiter((d.people_weigh for d in ordered), np.bool_, n),
        np.fromiter((len(doors) if d.door is None else door_of[d.door] for d in ordered), np.int32, n),
    )


def _shut(departure: Departure, begin: Place, end: Place) -> int:
    """Return why a departure cannot leave or arrive; opening hours and closing are those of departures."""
    shut = 0
    for place, at in ((begin, departure.departs_at), (end, departure.arrives_at)):
        if place.closed:
            shut |= CLOSED
        if place.open_windows is not None and not is_open(place.open_windows, at):
            shut |= CLOSED_THEN
    return shut


def is_open(windows: Sequence[Window], at: datetime) -> bool:
    """Return whether an instant lies in one of the windows."""
    return any(window.from_at <= at <= window.to_at for window in windows)


def _ways(ways: Sequence[Way], place_of: Mapping[str, int], *, turned: bool) -> Ways:
    """Sort the ways that anybody can go by where they begin; those for vehicles are not among them."""
    open_to_all = [slot for slot, way in enumerate(ways) if way.vehicle_class is None]
    begins = np.array(
        [place_of[ways[slot].to_id if turned else ways[slot].from_id] for slot in open_to_all], np.int64
    )
    by_begin = np.argsort(begins, kind="stable")
    slots = [open_to_all[each] for each in by_begin.tolist()]
    counts = np.bincount(begins, minlength=len(place_of)) if len(begins) else np.zeros(len(place_of), int)
    windows, opens, closes = [0], [], []
    for slot in slots:
        for window in merged(ways[slot].open_windows):
            opens.append(window[0])
            closes.append(window[1])
        windows.append(len(opens))
    others = [place_of[ways[slot].from_id if turned else ways[slot].to_id] for slot in slots]
    return Ways(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        np.array(others, dtype=np.int32),
        np.array(slots, dtype=np.int32),
        np.array([round(ways[slot].duration_s) for slot in slots], dtype=np.int64),
        np.array(windows, dtype=np.int32),
        np.array(opens, dtype=np.int64),
        np.array(closes, dtype=np.int64),
        _lone(np.concatenate(([0], np.cumsum(counts))), np.array(others, dtype=np.int64)),
    )


def _lone(start: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return the places from which ways lead only to places whose ways lead only back."""
    own = np.repeat(np.arange(len(start) - 1), np.diff(start))
    first = np.full(len(start) - 1, NONE)
    first[own] = other
    single = np.ones(len(start) - 1, dtype=np.bool_)
    single[own[other != first[own]]] = False
    # A place has one neighbour at most, and each neighbour has none but it.
    back = (first[other] == NONE) | (single[other] & (first[other] == own))
    lone = np.diff(start) > 0
    lone[own[~back]] = False
    return lone


def merged(windows: Sequence[Window] | None) -> list[tuple[int, int]]:
    """Return windows as seconds, those that touch joined; one without end for None."""
    if windows is None:
        return [(-int(NEVER), int(NEVER))]
    joined: list[tuple[int, int]] = []
    for begin_s, end_s in sorted((seconds(each.from_at), seconds(each.to_at)) for each in windows):
        if joined and begin_s <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end_s)
        else:
            joined.append((begin_s, end_s))
    return joined
