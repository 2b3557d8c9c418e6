"""Sorties with fuel, range, daylight and passengers."""

from dataclasses import replace

from dispatch.transport_answers import Refused
from dispatch.transport_craft import Sky
from dispatch.transport_sorties import Sorties, plan_sorties
from dispatch.transport_values import PayloadRange
from tests.dispatch.test_transport_craft import LIGHT, MI8, NETWORK, SKY, TRIP

PEOPLE = tuple(f"p{number}" for number in range(30))


def test_everybody_flies_once_while_light_and_crew_last() -> None:
    """Two loads of a helicopter from near by: passengers in their order, cargo in the rest of the payload."""
    near = replace(
        NETWORK,
        places=(
            NETWORK.places[0],
            NETWORK.places[1],
            replace(NETWORK.places[2], lon_deg=105.0, lat_deg=52.5),
        ),
    )
    found = plan_sorties(near, MI8, TRIP, SKY, PEOPLE, cargo_kg=2500.0)
    assert isinstance(found, Sorties)
    assert [len(each.passengers) for each in found.sorties] == [20, 10]
    assert sum((each.passengers for each in found.sorties), ()) == PEOPLE
    assert [each.cargo_kg for each in found.sorties] == [2000.0, 500.0]
    assert found.stay == ()
    assert found.whys == ()
    for one, other in zip(found.sorties, found.sorties[1:], strict=False):
        assert other.departure.use is not None
        assert one.back_at <= other.departure.use.busy_from
    for each in found.sorties:
        assert each.light_left_s is not None
        assert each.light_left_s > 0
        assert each.range_left_m is not None
        assert each.range_left_m > 0


def test_who_does_not_fly_is_named_with_the_reason() -> None:
    """Far away there is light for one sortie alone and payload for fourteen."""
    found = plan_sorties(
        NETWORK, MI8, replace(TRIP, by_at=None), Sky({p: w[:1] for p, w in LIGHT.items()}), PEOPLE
    )
    assert isinstance(found, Sorties)
    assert [len(each.passengers) for each in found.sorties] == [14]
    assert found.stay == PEOPLE[14:]
    assert [(why.reason, why.need, why.have) for why in found.whys] == [("too_heavy", 3000.0, 1400.0)]


def test_sorties_that_cannot_be_say_why() -> None:
    short = replace(MI8, payload_range=(PayloadRange(100_000.0, 4000.0),))
    found = plan_sorties(NETWORK, short, TRIP, SKY, PEOPLE)
    assert isinstance(found, Refused)
    assert found.whys[0].reason == "too_far_for_payload"
    twice = plan_sorties(NETWORK, MI8, TRIP, SKY, ("a", "a"))
    assert isinstance(twice, Refused)
    assert twice.whys[0].reason == "listed_twice"
