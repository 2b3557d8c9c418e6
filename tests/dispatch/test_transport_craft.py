"""Aircraft and vehicles become departures, or say why they cannot go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.transport_answers import Itinerary, Movement, Refused
from dispatch.transport_check import faults_of
from dispatch.transport_compile import Compiled, compile_network
from dispatch.transport_craft import Sky, Trip, flights
from dispatch.transport_moments import moments_at
from dispatch.transport_runs import runs
from dispatch.transport_scan import earliest_arrival
from dispatch.transport_values import (
    Aircraft,
    Ask,
    Departure,
    Network,
    PayloadRange,
    Place,
    Runway,
    Vehicle,
    Way,
)
from tests.dispatch.transport_cases import at, departure, party, place, window

BASE = Place("base", "airport", 104.39, 52.27, runways=(Runway(3565.0, "paved"),))
STRIP = Place(
    "strip", "airport", 108.0, 55.8, runways=(Runway(1800.0, "gravel"), Runway(2500.0, "ground", closed=True))
)
CAMP = Place("camp", "site", 109.5, 56.5, runways=())
NETWORK = Network((BASE, STRIP, CAMP), (), ())
MI8 = Aircraft(
    "mi8",
    "Mi-8",
    "base",
    at(60),
    vertical=True,
    cruise_mps=62.0,
    payload_range=(PayloadRange(300_000.0, 4000.0), PayloadRange(1_300_000.0, 1000.0)),
    seats=20,
    duty_s=12 * 3600,
    daylight_only=True,
)
AN26 = replace(
    MI8,
    craft_id="an26",
    type_name="An-26",
    vertical=False,
    runway_m=1700.0,
    cruise_mps=120.0,
    surfaces=frozenset({"paved", "gravel"}),
    daylight_only=False,
)
LIGHT = {each.place_id: (window(0, 900), window(1440, 2340)) for each in NETWORK.places}
SKY = Sky(LIGHT, frozenset({"strip"}))
TRIP = Trip("base", "camp", (at(0),))


def made(
    aircraft: Aircraft, trip: Trip = TRIP, sky: Sky = SKY, network: Network = NETWORK
) -> tuple[Departure, ...]:
    found = flights(network, aircraft, trip, sky)
    assert isinstance(found, tuple), found
    return found


def why(
    aircraft: Aircraft, trip: Trip = TRIP, sky: Sky = SKY, network: Network = NETWORK
) -> tuple[str, str | None]:
    found = flights(network, aircraft, trip, sky)
    assert isinstance(found, Refused), found
    return found.whys[0].reason, found.whys[0].what


def test_helicopter_flies_when_it_is_ready_and_again_while_crew_and_light_last() -> None:
    """It leaves at readiness, carries what the way there and back allows, and all is over before dark."""
    found = made(MI8)
    assert found[0].departs_at == at(60)
    assert all(
        each.use is not None and each.use.busy_to - timedelta(seconds=2700) <= at(900) for each in found
    )
    assert 1000.0 < (found[0].payload_kg or 0.0) < 2000.0  # 1100 km there and back, no fuel at the camp
    beside = replace(SKY, fuel=frozenset({"strip", "camp"}))
    assert 2500.0 < (made(MI8, sky=beside)[0].payload_kg or 0.0) < 4000.0
    assert (made(MI8, replace(TRIP, moments=(at(890),)))[0].departs_at) == at(1440)  # the next morning


def test_empty_flight_to_where_it_loads_takes_time_and_crew() -> None:
    """From its base to the strip first; whoever waits there leaves after that and the loading."""
    first = made(MI8, Trip("strip", "camp", (at(0),)))[0]
    assert first.use is not None
    assert first.use.busy_from == at(60)
    empty = timedelta(seconds=1200 + 2700) + timedelta(seconds=457_000 / 62.0)
    assert abs(first.departs_at - at(60) - empty) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("aircraft", "trip", "expected"),
    [
        (replace(AN26, runway_m=2000.0), Trip("base", "strip", (at(0),)), ("runway_too_short", None)),
        (AN26, TRIP, ("no_runway", None)),
        (
            replace(AN26, surfaces=frozenset({"paved"})),
            Trip("base", "strip", (at(0),)),
            ("wrong_surface", "gravel"),
        ),
        (replace(MI8, payload_range=(PayloadRange(500_000.0, 3000.0),)), TRIP, ("too_far_for_payload", None)),
        (replace(MI8, duty_s=3 * 3600), TRIP, ("no_crew_time", None)),
        (replace(MI8, ready_at=at(5000)), TRIP, ("no_daylight", None)),
        (replace(MI8, ready_at=None), TRIP, ("figure_unknown", "ready_at")),
        (replace(MI8, cruise_mps=None), TRIP, ("figure_unknown", "cruise_mps")),
        (MI8, replace(TRIP, by_at=at(90)), ("not_ready_in_time", None)),
        (MI8, Trip("base", "moon", (at(0),)), ("unknown_place", None)),
    ],
)
def test_aircraft_that_cannot_says_why(
    aircraft: Aircraft, trip: Trip, expected: tuple[str, str | None]
) -> None:
    """Runway, surface, range, crew, light, readiness, unknown figures."""
    assert why(aircraft, trip) == expected


def test_closed_airport_is_named() -> None:
    network = replace(NETWORK, places=(BASE, replace(STRIP, closed=True), CAMP))
    assert why(AN26, Trip("base", "strip", (at(0),)), network=network) == ("closed_place", None)


def test_figures_nobody_knows_fly_with_a_question() -> None:
    """Runway need, range, crew, light and seats unknown: the flight is there, with everything to ask."""
    bare = replace(
        AN26, runway_m=None, payload_range=None, duty_s=None, daylight_only=None, seats=None, surfaces=None
    )
    sky = Sky()
    flight = made(bare, Trip("base", "strip", (at(0),)), sky)[0]
    asked = {(ask.what, ask.subject_id) for ask in flight.asks}
    assert asked == {
        ("runway_m", "an26"),
        ("surfaces", "an26"),
        ("payload_range", "an26"),
        ("duty_s", "an26"),
        ("daylight_only", "an26"),
        ("daylight", "base"),
        ("daylight", "strip"),
    }
    network = replace(NETWORK, departures=(flight,))
    compiled = compile_network(network)
    assert isinstance(compiled, Compiled)
    movement = Movement((party("x", "base", people=3),), "strip")
    found = earliest_arrival(compiled, movement)
    assert isinstance(found, Itinerary)
    assert Ask("seats", "craft", "an26") in found.asks
    assert faults_of(network, movement, found) == ()


def test_helicopter_waits_for_those_who_come_by_the_scheduled_flight() -> None:
    """Moments are when people can be there; the whole movement ends off the network."""
    network = replace(
        NETWORK,
        places=(*NETWORK.places, place("moscow")),
        departures=(departure("SU1", "moscow", "base", 0, 300), departure("SU2", "moscow", "base", 100, 400)),
    )
    movement = Movement((party("x", "moscow", people=12, cargo_kg=400.0),), "camp")
    compiled = compile_network(network)
    assert isinstance(compiled, Compiled)
    beside = Sky(LIGHT, frozenset({"camp"}))
    moments = moments_at(compiled, movement, "base", at(1400))
    assert moments == (at(300), at(400))
    with_it = replace(
        network, departures=network.departures + made(MI8, Trip("base", "camp", moments), beside)
    )
    again = compile_network(with_it)
    assert isinstance(again, Compiled)
    found = earliest_arrival(again, movement)
    assert isinstance(found, Itinerary)
    assert faults_of(with_it, movement, found) == ()
    assert [leg.leaves_at for leg in found.legs] == [at(0), at(300)]


def test_vehicle_runs_there_and_back_within_its_drivers_hours() -> None:
    """A boat of six takes the people in turns; out of season, or without a way, it says so."""
    river = Way("lena", "river", "strip", "camp", 3600, vehicle_class="boat")
    back = Way("up", "river", "camp", "strip", 5400, vehicle_class="boat")
    network = replace(NETWORK, ways=(river, back))
    boat = Vehicle("boat", "boat", "strip", at(0), seats=6, payload_kg=900.0, duty_s=10 * 3600)
    found = runs(network, boat, Trip("strip", "camp", (at(30),)))
    assert isinstance(found, tuple)
    assert [each.departs_at for each in found] == [at(30), at(30 + 170), at(30 + 340)]
    assert [each.mode for each in found] == ["river"] * 3
    iced = replace(network, ways=(replace(river, open_windows=(window(-9000, -100),)), back))
    for changed, vehicle, expected in (
        (iced, boat, "out_of_season"),
        (NETWORK, boat, "no_way_for_vehicle"),
        (network, replace(boat, ready_at=None), "figure_unknown"),
        (network, replace(boat, duty_s=7200), "no_crew_time"),
        (network, replace(boat, pace=0.0), "figure_invalid"),
    ):
        refused = runs(changed, vehicle, Trip("strip", "camp", (at(30),)))
        assert isinstance(refused, Refused)
        assert refused.whys[0].reason == expected
