"""Alternatives against every journey there is; the checker against journeys that were spoilt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from dispatch.transport_alternatives import alternatives
from dispatch.transport_answers import (
    Alternatives,
    Itinerary,
    LeftBehind,
    Load,
    Movement,
    MovementPlan,
    Refused,
)
from dispatch.transport_check import faults_of
from dispatch.transport_compile import Compiled, compile_network, with_changes
from dispatch.transport_find import Found, Step, asked_of
from dispatch.transport_kernels import room
from dispatch.transport_scan import earliest_arrival, itinerary
from dispatch.transport_values import Change, Cost, Network, Piece, Way
from dispatch.transport_way_kernels import NONE
from tests.dispatch.test_transport_scan import LINE
from tests.dispatch.transport_cases import asked, at, departure, invented, party, place, window


def compiled(network: Network) -> Compiled:
    made = compile_network(network)
    assert isinstance(made, Compiled), made
    return made


def figures(each: Itinerary) -> tuple[float, float, float, int]:
    return each.arrives_at.timestamp(), round(each.cost_rub, 6), -round(each.confidence, 9), len(each.asks)


def beats(other: tuple[float, ...], one: tuple[float, ...]) -> bool:
    return other != one and all(theirs <= ours for theirs, ours in zip(other, one, strict=True))


def every_journey(made: Compiled, movement: Movement, until_s: float) -> Iterator[Itinerary]:
    """Yield every journey without a place twice: tried out leg by leg, ways begun at once."""
    question = asked_of(made, movement)
    lines, ways = made.lines, made.ways_out

    def onward(
        place_number: int, at_s: int, steps: tuple[Step, ...], been: frozenset[int]
    ) -> Iterator[Itinerary]:
        if place_number == question.target:
            yield itinerary(made, movement.parties[0], Found(steps, question.ready_s))
            return
        for c in range(len(lines.order)):
            end_s = int(lines.arrives_s[c])
            stays = bool(steps) and steps[-1].slot == lines.before[c] != NONE
            free_s = at_s + (0 if stays else int(made.transfer_s[place_number]))
            if lines.from_[c] == place_number and free_s <= lines.departs_s[c] and end_s <= until_s:
                to = int(lines.to[c])
                if to not in been and room(lines, question.need, c):
                    step = Step(c, NONE, place_number, to, int(lines.departs_s[c]), end_s, stays)
                    yield from onward(to, end_s, (*steps, step), been | {to})
        for row in range(ways.start[place_number], ways.start[place_number + 1]):
            to, gone_s = int(ways.other[row]), int(ways.duration_s[row])
            if to not in been and at_s + gone_s <= until_s:
                step = Step(NONE, int(ways.slot[row]), place_number, to, at_s, at_s + gone_s)
                yield from onward(to, at_s + gone_s, (*steps, step), been | {to})

    yield from onward(question.start, question.ready_s, (), frozenset({question.start}))


def test_alternatives_are_what_no_other_journey_beats() -> None:
    """On small networks all journeys are tried; those that nothing beats in all figures are the answer."""
    several = 0
    for seed in range(30):
        network = invented(seed, n_places=5, n_departures=18, n_ways=3)
        network = replace(network, ways=tuple(replace(way, open_windows=None) for way in network.ways))
        made = compiled(network)
        movement = replace(asked(seed, 5), by_at=at(700))
        found = alternatives(made, movement)
        if isinstance(found, Refused):
            continue
        assert all(faults_of(network, movement, each) == () for each in found.itineraries), seed
        assert found.complete
        every = {figures(each) for each in every_journey(made, movement, at(700).timestamp())}
        best = {
            one
            for one in every
            if not any(
                all(o <= s for o, s in zip(other, one, strict=True)) and other != one for other in every
            )
        }
        assert {figures(each) for each in found.itineraries} == best, seed
        several += len(best) > 1
    assert several > 5


def test_names_say_in_what_each_is_best() -> None:
    """The flight is soonest, the train cheapest, the unknown bus is neither cheapest nor surest."""
    network = Network(
        (place("a"), place("b")),
        (
            departure("flight", "a", "b", 0, 60, cost=Cost(person_rub=9000.0), confidence=0.8),
            departure("train", "a", "b", 0, 300, cost=Cost(person_rub=2000.0), confidence=0.99),
            departure("bus", "a", "b", 0, 200, cost=None, confidence=None),
        ),
    )
    found = alternatives(compiled(network), Movement((party("x", "a"),), "b"))
    assert isinstance(found, Alternatives)
    named = {each.legs[0].ref_id: each.names for each in found.itineraries}
    assert named["flight"] == ("soonest", "fewest_questions", "fewest_changes")
    assert named["train"] == ("cheapest", "surest")
    assert named["bus"] == ()


def test_a_bounded_search_says_so() -> None:
    """With one label for each place there are journeys it has not seen."""
    network = Network(
        (place("a"), place("b")),
        tuple(departure(f"d{n}", "a", "b", 0, 60 + n, cost=Cost(person_rub=500.0 - n)) for n in range(5)),
    )
    movement = Movement((party("x", "a"),), "b")
    for most, complete in ((16, True), (1, False)):
        found = alternatives(compiled(network), movement, most_each=most)
        assert isinstance(found, Alternatives)
        assert found.complete is complete


MOVEMENT = Movement((party("experts", "moscow", people=12, cargo_kg=400.0),), "camp", by_at=at(2000))


def good() -> Itinerary:
    found = earliest_arrival(compiled(LINE), MOVEMENT)
    assert isinstance(found, Itinerary)
    return found


def rules(
    answer: Itinerary | MovementPlan, network: Network = LINE, movement: Movement = MOVEMENT
) -> set[str]:
    return {fault.rule for fault in faults_of(network, movement, answer)}


def test_checker_finds_times_places_and_connections_that_are_wrong() -> None:
    """Each leg taken out, moved or changed breaks the rule that it should."""
    answer = good()
    first, second, third = answer.legs
    sooner = replace(first, leaves_at=first.leaves_at - timedelta(minutes=90))
    assert rules(answer) == set()
    assert "gap" in rules(replace(answer, legs=(first, third)))
    assert "wrong_start" in rules(replace(answer, legs=(second, third)))
    assert "wrong_end" in rules(replace(answer, legs=(first, second), arrives_at=second.arrives_at))
    assert {"not_as_timetabled", "too_soon"} <= rules(replace(answer, legs=(sooner, second, third)))
    assert "unknown_leg" in rules(replace(answer, legs=(replace(first, ref_id="SU9"), second, third)))
    assert "arrival" in rules(replace(answer, arrives_at=at(1)))
    assert "too_soon" in rules(
        replace(answer, legs=(first, second, replace(third, leaves_at=at(690), arrives_at=at(750))))
    )
    assert "unknown_party" in rules(replace(answer, load=Load("others", 12, 400.0)))
    assert "too_late" in rules(answer, movement=replace(MOVEMENT, by_at=at(500)))
    late = [Change("SU1", departs_at=at(150), arrives_at=at(510)), Change("K1", cancelled=True)]
    broken = {fault.rule for fault in faults_of(LINE, MOVEMENT, answer, late)}
    assert {"not_as_timetabled", "cancelled"} <= broken


def test_checker_finds_what_does_not_fit_or_is_lost() -> None:
    """Seats, kilograms, doors, seasons, closed places, unknown figures, people and cargo."""
    answer = good()
    tight = tuple(replace(each, seats=11, payload_kg=399.0) for each in LINE.departures)
    assert {"seats", "payload"} <= rules(answer, replace(LINE, departures=tight))
    shut = tuple(replace(each, closed=each.place_id == "irkutsk") for each in LINE.places)
    assert "closed" in rules(answer, replace(LINE, places=shut))
    winter = tuple(replace(way, open_windows=(window(0, 10),)) for way in LINE.ways)
    assert "season" in rules(answer, replace(LINE, ways=winter))
    unknown = tuple(replace(each, seats=None) for each in LINE.departures)
    assert "not_asked" in rules(answer, replace(LINE, departures=unknown))
    strict = replace(MOVEMENT, unknown="leave_out")
    assert "unknown_figure" in rules(answer, replace(LINE, departures=unknown), strict)
    assert rules(replace(answer, load=Load("experts", 11, 399.0))) == {"people_lost", "cargo_lost"}
    rest = LeftBehind(Load("experts", 1, 1.0), ())
    part = MovementPlan((replace(answer, load=Load("experts", 11, 399.0)),), (rest,), "exact")
    assert rules(part) == set()
    twice = MovementPlan((answer, answer), (), "exact")
    assert {"people_lost", "seats"} <= rules(twice)
    boat = replace(
        MOVEMENT, parties=(replace(MOVEMENT.parties[0], pieces=(Piece("boat", 1.0, 1.0, 1.0, 1.0),)),)
    )
    assert "pieces_lost" in rules(answer, movement=boat)


def test_change_of_an_unknown_or_backward_departure_is_refused() -> None:
    made = compiled(LINE)
    for change, reason in (
        (Change("SU9", cancelled=True), "unknown_departure"),
        (Change("SU1", departs_at=at(900)), "timetable_backward"),
    ):
        found = with_changes(made, [change])
        assert isinstance(found, Refused)
        assert found.whys[0].reason == reason


def test_ways_of_a_class_are_for_its_vehicles_alone() -> None:
    """Nobody walks up a river: without a boat there is no connection."""
    river = Way("lena", "river", "a", "b", 3600, vehicle_class="boat")
    found = earliest_arrival(
        compiled(Network((place("a"), place("b")), (), (river,))), Movement((party("x", "a"),), "b")
    )
    assert isinstance(found, Refused)
    assert {why.reason for why in found.whys} == {"outside_network"}
