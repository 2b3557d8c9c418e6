"""Soonest arrival and latest departure against a plain search, and the reasons where there is none."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.transport_answers import Itinerary, Movement, Refused
from dispatch.transport_check import faults_of
from dispatch.transport_compile import Compiled, compile_network, seconds, with_changes
from dispatch.transport_plain import soonest_plain
from dispatch.transport_scan import earliest_arrival, latest_departure
from dispatch.transport_values import Change, Departure, Door, Network, Piece, Use, Way
from tests.dispatch.transport_cases import asked, at, departure, invented, party, place, window

SEEDS = range(50)


def compiled(network: Network) -> Compiled:
    made = compile_network(network)
    assert isinstance(made, Compiled), made
    return made


def soonest(network: Network, movement: Movement) -> Itinerary:
    found = earliest_arrival(compiled(network), movement)
    assert isinstance(found, Itinerary), found
    assert faults_of(network, movement, found) == ()
    return found


def refusal(network: Network, movement: Movement) -> Refused:
    found = earliest_arrival(compiled(network), movement)
    assert isinstance(found, Refused), found
    return found


@pytest.mark.parametrize("unknown", ["ask", "leave_out"])
def test_scan_arrives_when_a_plain_search_does(unknown: str) -> None:
    """On networks with runs, seasons, closed places and unknown figures, for every place as the end."""
    reached = 0
    for seed in SEEDS:
        network = invented(seed)
        made = compiled(network)
        question = replace(asked(seed), unknown=unknown)  # type: ignore[arg-type] # one of the two
        plain = soonest_plain(network, question)
        for end in network.places:
            movement = replace(question, to_id=end.place_id)
            found = earliest_arrival(made, movement)
            if isinstance(found, Refused):
                assert end.place_id not in plain, (seed, end.place_id)
                assert found.whys
            else:
                reached += 1
                assert seconds(found.arrives_at) == plain[end.place_id], (seed, end.place_id)
                assert faults_of(network, movement, found) == (), (seed, end.place_id)
    assert reached > 100


def test_latest_departure_cannot_be_a_second_later() -> None:
    """Whoever is ready when the answer says arrives in time; a second later nobody does."""
    answered = 0
    for seed in SEEDS:
        network = invented(seed)
        made = compiled(network)
        movement = replace(asked(seed), by_at=at(450))
        found = latest_departure(made, movement)
        if isinstance(found, Refused):
            assert isinstance(earliest_arrival(made, movement), Refused), seed
            continue
        answered += 1
        assert faults_of(network, movement, found) == (), seed
        for late_s, arrives in ((0, True), (1, False)):
            ready_at = found.ready_at + timedelta(seconds=late_s)
            later = replace(movement, parties=(replace(movement.parties[0], ready_at=ready_at),))
            assert (movement.to_id in soonest_plain(network, later)) is arrives, (seed, late_s)
    assert answered > 15


def test_changes_answer_as_a_network_compiled_anew() -> None:
    """Delays move departures in the order; the former network goes on answering as before."""
    for seed in SEEDS:
        network = invented(seed)
        made = compiled(network)
        movement = asked(seed)
        before = earliest_arrival(made, movement)
        alone = [each for each in network.departures if each.run_id is None][:6]
        times = {
            each.departure_id: (moved(each.departs_at, number), moved(each.arrives_at, number))
            for number, each in enumerate(alone[:5])
        }
        changes = [Change(name, departs_at=begin, arrives_at=end) for name, (begin, end) in times.items()]
        changes += [Change(each.departure_id, cancelled=True) for each in alone[5:]]
        changed = with_changes(made, changes)
        assert isinstance(changed, Compiled)
        anew = tuple(
            replace(each, departs_at=times[name][0], arrives_at=times[name][1]) if name in times else each
            for each in network.departures
            for name in [each.departure_id]
            if each not in alone[5:]
        )
        found = earliest_arrival(changed, movement)
        expected = earliest_arrival(compiled(replace(network, departures=anew)), movement)
        if isinstance(expected, Itinerary):
            assert isinstance(found, Itinerary)
            assert found.arrives_at == expected.arrives_at, seed
            order = changed.lines.departs_s[changed.lines.order].tolist()
            assert order == sorted(order)
            assert sorted(changed.lines.order.tolist()) == list(range(len(order)))
        else:
            assert isinstance(found, Refused)
        assert earliest_arrival(made, movement) == before


def moved(when: datetime, number: int) -> datetime:
    return when + timedelta(minutes=(-40, 75, 300, -2, 11)[number])


LINE = Network(
    (place("moscow", 60), place("irkutsk", 60), place("bodaybo", 30), place("camp")),
    (
        departure("SU1", "moscow", "irkutsk", 120, 480, 12),
        departure("SU2", "moscow", "irkutsk", 600, 960, 80),
        departure("K1", "irkutsk", "bodaybo", 560, 700, 20),
        departure("K2", "irkutsk", "bodaybo", 1100, 1240, 20),
    ),
    (Way("track", "road", "bodaybo", "camp", 3600),),
)


def test_transfers_are_kept_and_a_delay_costs_the_connection() -> None:
    """Twelve people change in Irkutsk with twenty minutes to spare; half an hour late, they wait."""
    movement = Movement((party("experts", "moscow", people=12, cargo_kg=400.0),), "camp")
    assert [leg.ref_id for leg in soonest(LINE, movement).legs] == ["SU1", "K1", "track"]
    late = with_changes(compiled(LINE), [Change("SU1", departs_at=at(150), arrives_at=at(510))])
    assert isinstance(late, Compiled)
    found = earliest_arrival(late, movement)
    assert isinstance(found, Itinerary)
    assert [leg.ref_id for leg in found.legs] == ["SU1", "K2", "track"]
    gone = with_changes(late, [Change("SU1", cancelled=True)])
    assert isinstance(gone, Compiled)
    found = earliest_arrival(gone, movement)
    assert isinstance(found, Itinerary)
    assert [leg.ref_id for leg in found.legs] == ["SU2", "K2", "track"]


def test_staying_aboard_needs_no_transfer() -> None:
    """Who keeps the seat goes on; who changes there needs the time; a cancelled part ends the run."""
    parts = (
        departure("t1", "a", "b", 0, 60, run_id="train"),
        departure("t2", "b", "c", 65, 120, run_id="train"),
        departure("t3", "c", "d", 125, 180, run_id="train"),
    )
    network = Network((place("a"), place("b", 30), place("c", 30), place("d")), parts)
    movement = Movement((party("x", "a"),), "d")
    assert [leg.aboard for leg in soonest(network, movement).legs] == [False, True, True]
    cut = with_changes(compiled(network), [Change("t2", cancelled=True)])
    assert isinstance(cut, Compiled)
    found = earliest_arrival(cut, movement)
    assert isinstance(found, Refused)
    assert [(why.reason, why.departure_id) for why in found.whys] == [("cancelled", "t2")]


def test_one_aircraft_is_not_in_two_places() -> None:
    """Two departures of one helicopter that overlap are not both used, though each would fit."""
    one, two = Use("mi8", at(0), at(130)), Use("mi8", at(100), at(200))
    network = Network(
        (place("a"), place("b"), place("c")),
        (
            departure("h1", "a", "b", 10, 60, use=one),
            departure("h2", "b", "c", 110, 150, use=two),
            departure("bus", "b", "c", 90, 300),
        ),
    )
    found = soonest(network, Movement((party("x", "a"),), "c"))
    assert [leg.ref_id for leg in found.legs] == ["h1", "bus"]


def test_each_hindrance_is_named_with_its_figures() -> None:
    """Too few seats, too heavy, too large, closed, out of season, too late, cut off, with figures."""
    a, b = place("a"), place("b")
    big = replace(party("x", "a", people=5, cargo_kg=300.0), pieces=(Piece("boat", 90.0, 4.0, 1.6, 0.7),))
    movement = Movement((big,), "b", by_at=at(500))
    good = {"payload_kg": 900.0, "door": Door(2.0, 2.0, 5.0)}

    def whys(
        *departures: Departure, ways: tuple[Way, ...] = (), **closed: object
    ) -> list[tuple[object, ...]]:
        places = (a, replace(b, **closed), place("away"))  # type: ignore[arg-type]
        found = refusal(Network(places, departures, ways), movement)
        return [(why.reason, why.need, why.have) for why in found.whys]

    assert whys(departure("d", "a", "b", 10, 20, 4, **good)) == [("no_seats", 5, 4)]
    assert whys(departure("d", "a", "b", 10, 20, 9, **{**good, "payload_kg": 200.0})) == [
        ("too_heavy", 390.0, 200.0)
    ]
    assert (
        whys(departure("d", "a", "b", 10, 20, 9, **{**good, "door": Door(0.5, 0.5, 9.0)}))[0][0]
        == "too_large"
    )
    assert whys(departure("d", "a", "b", 10, 20, 9, **good), closed=True)[0][0] == "closed_place"
    assert (
        whys(departure("d", "a", "b", 10, 20, 9, **good), open_windows=(window(30, 60),))[0][0]
        == "closed_at_that_time"
    )
    assert whys(departure("d", "a", "b", 10, 600, 9, **good))[0][0] == "after_deadline"
    river = Way("lena", "river", "a", "b", 3600, open_windows=(window(20_000, 90_000),))
    frozen = refusal(Network((a, b), (), (river,)), movement)
    assert [(why.reason, why.way_id, why.at) for why in frozen.whys] == [
        ("after_deadline", None, at(20_060)),
        ("out_of_season", "lena", at(20_000)),
    ]
    assert whys(departure("d", "a", "away", 10, 20, 9, **good))[0][0] == "outside_network"
    assert [
        each[0] for each in whys(departure("d", "a", "b", 10, 20, 4, **{**good, "payload_kg": 200.0}))
    ] == [
        "no_seats",
        "too_heavy",
    ]


def test_figures_nobody_knows_are_asked_for_or_left_out() -> None:
    """Seats unknown: the answer says what to ask about whom; or the departure is refused by that name."""
    network = Network((place("a"), place("b")), (departure("d", "a", "b", 10, 20, None, cost=None),))
    movement = Movement((party("x", "a", people=3),), "b")
    found = soonest(network, movement)
    assert {(ask.what, ask.subject_id) for ask in found.asks} == {("seats", "d"), ("cost", "d")}
    strict = refusal(network, replace(movement, unknown="leave_out"))
    assert [(why.reason, why.what) for why in strict.whys] == [("figure_unknown", "seats")]


def test_wrong_networks_and_questions_are_refused_by_name() -> None:
    """Backward and cyclic timetables, unknown places, times without a zone: every fault, not the first."""
    run = (
        departure("r1", "a", "b", 0, 60, run_id="r"),
        departure("r2", "b", "a", 30, 90, run_id="r"),
    )
    assert reasons_of(Network((place("a"), place("b")), run)) == {("timetable_cyclic", "r2")}
    wrong = (
        departure("back", "a", "b", 60, 10),
        departure("round", "a", "a", 10, 60),
        departure("where", "a", "x", 10, 60),
        replace(departure("zone", "a", "b", 10, 60), departs_at=datetime(2026, 7, 1)),  # noqa: DTZ001
    )
    assert reasons_of(Network((place("a"), place("b")), wrong)) == {
        ("timetable_backward", "back"),
        ("timetable_cyclic", "round"),
        ("unknown_place", "where"),
        ("time_without_zone", "zone"),
    }
    nothing = refusal(LINE, Movement((party("x", "moscow", people=0),), "nowhere"))
    assert {why.reason for why in nothing.whys} == {"unknown_place", "nothing_to_move"}


def reasons_of(network: Network) -> set[tuple[str, str | None]]:
    made = compile_network(network)
    assert isinstance(made, Refused)
    return {(why.reason, why.departure_id) for why in made.whys}
