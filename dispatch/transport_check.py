"""Checks itineraries and plans against the network, and knows nothing of how they were made.

Written apart from scans and solvers, on the values alone, so that one mistake is not made twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Final, Literal

from dispatch.transport_answers import MovementPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dispatch.transport_answers import Itinerary, Leg, Load, Movement
    from dispatch.transport_values import Change, Departure, Network, Party, Piece, Place, Way

Broken = Literal[
    "unknown_party",
    "unknown_leg",
    "not_as_timetabled",
    "wrong_start",
    "wrong_end",
    "gap",
    "too_soon",
    "transfer",
    "cancelled",
    "closed",
    "season",
    "too_late",
    "arrival",
    "seats",
    "payload",
    "door",
    "unknown_figure",
    "not_asked",
    "craft_twice",
    "negative_load",
    "people_lost",
    "cargo_lost",
    "pieces_lost",
]
_CLOSE_KG: Final = 1e-6
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that an answer breaks.

    Attributes
    ----------
    subject
        Id of the party, departure, way, place or vehicle.
    figure
        By how much: seconds, seats, kilograms, pieces.
    """

    rule: Broken
    subject: str
    figure: float = 0.0


def faults_of(
    network: Network,
    movement: Movement,
    answer: MovementPlan | Itinerary,
    changes: Sequence[Change] = (),
) -> tuple[Fault, ...]:
    """Return every rule that an answer breaks; empty for one that may be given out."""
    itineraries = answer.itineraries if isinstance(answer, MovementPlan) else (answer,)
    left = [each.load for each in answer.left_behind] if isinstance(answer, MovementPlan) else []
    known = _Known(network, changes)
    faults: list[Fault] = []
    parties = {party.party_id: party for party in movement.parties}
    for itinerary in itineraries:
        party = parties.get(itinerary.load.party_id)
        if party is None:
            faults.append(Fault("unknown_party", itinerary.load.party_id))
        else:
            faults += _path(known, movement, party, itinerary)
    faults += _shared(known, movement, parties, itineraries)
    faults += _conserved(movement, [each.load for each in itineraries] + left)
    return tuple(faults)


class _Known:
    """The network by id, as it is after the changes."""

    def __init__(self, network: Network, changes: Iterable[Change]) -> None:
        self.places: dict[str, Place] = {place.place_id: place for place in network.places}
        self.ways: dict[str, Way] = {way.way_id: way for way in network.ways}
        self.departures: dict[str, Departure] = {each.departure_id: each for each in network.departures}
        self.cancelled: set[str] = set()
        for change in changes:
            was = self.departures[change.departure_id]
            begin, end = change.departs_at or was.departs_at, change.arrives_at or was.arrives_at
            use = was.use
            if use is not None:
                busy_from = use.busy_from + (begin - was.departs_at)
                use = replace(use, busy_from=busy_from, busy_to=use.busy_to + (end - was.arrives_at))
            self.departures[change.departure_id] = replace(was, departs_at=begin, arrives_at=end, use=use)
            (self.cancelled.add if change.cancelled else self.cancelled.discard)(change.departure_id)


def _path(known: _Known, movement: Movement, party: Party, itinerary: Itinerary) -> Iterator[Fault]:
    here, free_at, aboard_of = party.place_id, party.ready_at, None
    for leg in itinerary.legs:
        if leg.from_id != here:
            yield Fault("wrong_start" if here == party.place_id else "gap", leg.ref_id)
        if leg.kind == "way":
            yield from _way(known, leg)
            late = free_at - leg.leaves_at
            aboard_of = None
        else:
            departure = known.departures.get(leg.ref_id)
            yield from _departure(known, leg, departure)
            stays = departure is not None and departure.run_id is not None and departure.run_id == aboard_of
            transfer_s = 0 if stays else known.places[leg.from_id].transfer_s
            late = free_at + timedelta(seconds=transfer_s) - leg.leaves_at
            if leg.aboard and not stays:
                yield Fault("transfer", leg.ref_id)
            aboard_of = None if departure is None else departure.run_id
        if late > timedelta(0):
            rule: Broken = "too_soon" if leg.kind == "way" or here == party.place_id else "transfer"
            yield Fault(rule, leg.ref_id, late.total_seconds())
        here, free_at = leg.to_id, leg.arrives_at
    if here != movement.to_id:
        yield Fault("wrong_end", here)
    ends_at = itinerary.legs[-1].arrives_at if itinerary.legs else itinerary.ready_at
    if itinerary.arrives_at != ends_at or itinerary.ready_at + _SECOND < party.ready_at:
        yield Fault("arrival", itinerary.load.party_id, (itinerary.arrives_at - ends_at).total_seconds())
    if movement.by_at is not None and itinerary.arrives_at > movement.by_at:
        yield Fault(
            "too_late", itinerary.load.party_id, (itinerary.arrives_at - movement.by_at).total_seconds()
        )


def _way(known: _Known, leg: Leg) -> Iterator[Fault]:
    way = known.ways.get(leg.ref_id)
    if way is None or way.vehicle_class is not None:
        yield Fault("unknown_leg", leg.ref_id)
        return
    off_s = (leg.arrives_at - leg.leaves_at).total_seconds() - round(way.duration_s)
    if (way.from_id, way.to_id) != (leg.from_id, leg.to_id) or off_s:
        yield Fault("not_as_timetabled", leg.ref_id, off_s)
    if way.open_windows is not None:
        # Windows that touch are one: nobody stops on the ice at midnight because another row begins.
        open_from = leg.leaves_at
        for window in sorted(way.open_windows, key=lambda each: each.from_at):
            if window.from_at <= open_from <= window.to_at:
                open_from = window.to_at
        inside = any(w.from_at <= leg.leaves_at <= w.to_at for w in way.open_windows)
        if not inside or open_from < leg.arrives_at:
            yield Fault("season", leg.ref_id)


def _departure(known: _Known, leg: Leg, departure: Departure | None) -> Iterator[Fault]:
    if departure is None:
        yield Fault("unknown_leg", leg.ref_id)
        return
    early_s = (departure.departs_at - leg.leaves_at).total_seconds()
    late_s = (leg.arrives_at - departure.arrives_at).total_seconds()
    where = (departure.from_id, departure.to_id) == (leg.from_id, leg.to_id)
    # Answers count in whole seconds: never later than the departure, never sooner than the arrival.
    if not where or not 0 <= early_s < 1 or not 0 <= late_s < 1:
        yield Fault("not_as_timetabled", leg.ref_id, max(abs(early_s), abs(late_s)))
    if leg.ref_id in known.cancelled:
        yield Fault("cancelled", leg.ref_id)
    for place_id, at in ((departure.from_id, departure.departs_at), (departure.to_id, departure.arrives_at)):
        place = known.places[place_id]
        if place.closed or (
            place.open_windows is not None
            and not any(window.from_at <= at <= window.to_at for window in place.open_windows)
        ):
            yield Fault("closed", place_id)


def _shared(
    known: _Known, movement: Movement, parties: Mapping[str, Party], itineraries: Sequence[Itinerary]
) -> Iterator[Fault]:
    """Hold that all loads together fit into each departure, and no vehicle is in two places."""
    loads: dict[str, list[tuple[Load, Itinerary]]] = defaultdict(list)
    for itinerary in itineraries:
        for leg in itinerary.legs:
            if leg.kind == "departure" and leg.ref_id in known.departures:
                loads[leg.ref_id].append((itinerary.load, itinerary))
    for departure_id, aboard in sorted(loads.items()):
        departure = known.departures[departure_id]
        people = sum(load.people for load, _ in aboard)
        kg = sum(_kg(load, parties) for load, _ in aboard)
        if departure.people_weigh:
            kg += people * movement.person_kg
        pieces = [piece for load, _ in aboard for piece in _pieces(load, parties)]
        if departure.seats is not None and people > departure.seats:
            yield Fault("seats", departure_id, people - departure.seats)
        if departure.payload_kg is not None and kg > departure.payload_kg + _CLOSE_KG:
            yield Fault("payload", departure_id, kg - departure.payload_kg)
        if departure.door is not None and not all(_through(departure, piece) for piece in pieces):
            yield Fault("door", departure_id)
        yield from _unknown(departure, movement, aboard, kg=kg, people=people, pieces=bool(pieces))
    yield from _twice([known.departures[each] for each in sorted(loads)])


def _twice(used: Sequence[Departure]) -> Iterator[Fault]:
    """Hold that no vehicle or aircraft is in two places."""
    for one, other in combinations([each for each in used if each.use], 2):
        assert one.use is not None
        assert other.use is not None
        same = one.use.craft_id == other.use.craft_id
        if same and one.use.busy_from < other.use.busy_to and other.use.busy_from < one.use.busy_to:
            yield Fault("craft_twice", one.use.craft_id)


def _unknown(
    departure: Departure,
    movement: Movement,
    aboard: Sequence[tuple[Load, Itinerary]],
    *,
    kg: float,
    people: int,
    pieces: bool,
) -> Iterator[Fault]:
    """Hold that what nobody knows is asked for, or not used at all."""
    lacking = {
        "seats": people > 0 and departure.seats is None,
        "payload_kg": kg > 0 and departure.payload_kg is None,
        "door": pieces and departure.door is None,
    }
    for what, is_so in lacking.items():
        if not is_so:
            continue
        if movement.unknown == "leave_out":
            yield Fault("unknown_figure", departure.departure_id)
        asked = {(ask.what, ask.subject_id) for _, itinerary in aboard for ask in itinerary.asks}
        subject = departure.departure_id if departure.use is None else departure.use.craft_id
        if (what, subject) not in asked:
            yield Fault("not_asked", departure.departure_id)


def _conserved(movement: Movement, loads: Sequence[Load]) -> Iterator[Fault]:
    """Hold that everybody and everything of each party is somewhere exactly once."""
    for load in loads:
        if load.people < 0 or load.cargo_kg < 0 or any(count < 1 for _, count in load.pieces):
            yield Fault("negative_load", load.party_id)
    for party in movement.parties:
        own = [load for load in loads if load.party_id == party.party_id]
        people = sum(load.people for load in own) - party.people
        if people:
            yield Fault("people_lost", party.party_id, people)
        kg = sum(load.cargo_kg for load in own) - party.cargo_kg
        if abs(kg) > _CLOSE_KG * max(1.0, party.cargo_kg):
            yield Fault("cargo_lost", party.party_id, kg)
        pieces: Counter[str] = Counter()
        for load in own:
            pieces.update(dict(load.pieces))
        if pieces != Counter({piece.piece_id: piece.count for piece in party.pieces}):
            yield Fault("pieces_lost", party.party_id)


def _pieces(load: Load, parties: Mapping[str, Party]) -> list[Piece]:
    party = parties.get(load.party_id)
    by_id = {} if party is None else {piece.piece_id: piece for piece in party.pieces}
    return [by_id[name] for name, count in load.pieces if name in by_id for _ in range(count)]


def _kg(load: Load, parties: Mapping[str, Party]) -> float:
    return load.cargo_kg + sum(piece.kg for piece in _pieces(load, parties))


def _through(departure: Departure, piece: Piece) -> bool:
    door = departure.door
    assert door is not None
    sides = (piece.length_m, piece.width_m, piece.height_m)
    return any(
        along <= door.length_m and across <= door.width_m and up <= door.height_m
        for along, across, up in permutations(sides)
    )
