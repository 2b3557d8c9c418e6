"""Local or fly in: the founding rule in every case, and figures side by side."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.transport_answers import Why
from dispatch.transport_choice import Option, OptionKind, Wanted, compare

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
WANTED = Wanted(NOW, 12, frozenset({"dog"}), NOW + timedelta(hours=20), life_at_stake=True)


def option(
    name: str, kind: OptionKind, hours: float | None, people: int, *equipment: str, **more: object
) -> Option:
    arrives_at = None if hours is None else NOW + timedelta(hours=hours)
    return Option(name, kind, NOW, arrives_at, people, frozenset(equipment), **more)  # type: ignore[arg-type]


VILLAGE = option("village", "neighbours_by_road", 3, 5)
REGION = option("region", "neighbouring_regions", 9, 10, "dog")
FLIGHT = option("flight", "scheduled_flight", 13, 12, "dog")
STATE = option("il76", "state_aircraft", 11, 12, "dog", confidence=0.7)
REMOTE = option("consultant", "remote_consultant", 0.25, 1)


def late(each: Option, hours: float) -> Option:
    return replace(each, arrives_at=NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("options", "wanted", "side", "ids", "because"),
    [
        ([VILLAGE, REGION, FLIGHT, STATE], WANTED, "local", ("village", "region"), "local_covers_window"),
        (
            [VILLAGE, late(REGION, 30), FLIGHT, STATE],
            WANTED,
            "fly_in",
            ("il76",),
            "local_leaves_window_uncovered",
        ),
        ([VILLAGE, FLIGHT], WANTED, "fly_in", ("flight",), "local_leaves_window_uncovered"),
        ([VILLAGE, FLIGHT], replace(WANTED, life_at_stake=False), "local", ("village",), "life_not_at_stake"),
        (
            [late(REGION, 25), VILLAGE, late(FLIGHT, 26)],
            WANTED,
            "local",
            ("village", "region"),
            "fly_in_not_sooner",
        ),
        ([VILLAGE, replace(FLIGHT, people=3)], WANTED, "local", ("village",), "fly_in_does_not_help"),
        ([VILLAGE, FLIGHT], replace(WANTED, window_ends_at=None), "local", ("village",), "window_unknown"),
        ([FLIGHT, STATE], WANTED, "fly_in", ("il76",), "no_local_option"),
        ([FLIGHT], replace(WANTED, life_at_stake=False), None, (), "no_local_option"),
        ([option("none", "scheduled_flight", None, 12)], WANTED, None, (), "nothing_comes"),
    ],
)
def test_default_follows_the_founding_rule(
    options: list[Option], wanted: Wanted, side: str | None, ids: tuple[str, ...], because: str
) -> None:
    """Locally first; fly in when that leaves the window uncovered and life is at stake."""
    default = compare([*options, REMOTE], wanted).default
    assert (default.side, default.option_ids, default.because[0]) == (side, ids, because)
    assert default.at_once == ("consultant",)


def test_options_that_are_refused_or_unsure_do_not_count() -> None:
    """An aircraft that cannot land, or hardly ever comes, is shown but proposes nothing."""
    refused = replace(STATE, whys=(Why("runway_too_short"),))
    unsure = replace(STATE, confidence=0.2)
    for each in (refused, unsure):
        found = compare([VILLAGE, each, FLIGHT], WANTED)
        assert found.default.option_ids == ("flight",)
        assert len(found.options) == 3


def test_rows_show_hours_left_and_what_is_lacking() -> None:
    """The soonest first; what does not arrive is last; too late is negative."""
    found = compare([late(FLIGHT, 26), VILLAGE, option("none", "state_aircraft", None, 12)], WANTED)
    assert [each.option.option_id for each in found.options] == ["village", "flight", "none"]
    village, flight, none = found.options
    assert (village.window_left_s, village.people_short, village.equipment_short) == (
        17 * 3600.0,
        7,
        frozenset({"dog"}),
    )
    assert (flight.window_left_s, flight.covers) == (-6 * 3600.0, False)
    assert none.window_left_s is None
    assert found.default.covered_at is None or found.default.side == "fly_in"


def test_groups_that_fly_by_one_kind_add_up_and_kinds_do_not() -> None:
    """Six and six by one kind are twelve; six by a flight and the same six by an aircraft are six."""
    first, second = (option(name, "scheduled_flight", 13, 6, "dog") for name in ("a", "b"))
    default = compare([first, second], WANTED).default
    assert (default.option_ids, default.covered_at) == (("a", "b"), NOW + timedelta(hours=13))
    same = replace(first, option_id="a by aircraft", kind="state_aircraft")
    assert compare([first, same], WANTED).default.covered_at is None
