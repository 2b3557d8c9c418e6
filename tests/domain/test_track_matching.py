"""Whose track is this: names in two alphabets, navigators, time."""

from typing import Any

import pytest

from search_ops.domain.track_matching import (
    Match,
    TaskWindow,
    TrackSigns,
    callsign_signs,
    date_in,
    foreign_date,
    match_track,
    navigator_numbers,
)

CALLSIGNS = {"fox1": "Лиса-1", "fox12": "Лиса-12", "wind": "Ветер", "chaika": "Чайка-3"}
WINDOWS = [
    TaskWindow("t1", "fox1", 1_000, 5_000),
    TaskWindow("t2", "fox12", 1_000, 5_000),
    TaskWindow("t3", "fox12", 8_000, 9_000),
]


def signs(name: str = "track", **more: Any) -> TrackSigns:
    said: dict[str, Any] = {"device": None, "from_s": None, "to_s": None, "near": {}, **more}
    return TrackSigns(names=[name], **said)


@pytest.mark.parametrize(
    ("name", "team_id"),
    [
        ("20260823_Лиса-12", "fox12"),
        ("20260823_Лиса12_2", "fox12"),
        ("20260823_lisa-12.gpx", "fox12"),
        ("20260823_LISA 1", "fox1"),
        ("2026-08-23 ЛИСА 1", "fox1"),
        ("20260823_Chayka3", "chaika"),
        ("20260823_Chaika-3", "chaika"),
        ("Ветер 23.08", "wind"),
        ("Veter", "wind"),
        ("20260823", None),
        ("Лиса-13", None),
        ("Лиса-121", None),
        ("Track 001", None),
    ],
)
def test_names_in_two_alphabets(name: str, team_id: str | None) -> None:
    """The standard of the squads, and what people make of it."""
    found = match_track(signs(name), callsigns=CALLSIGNS, windows=WINDOWS, navigators={})
    assert (None if found is None else found.team_id) == team_id
    assert found is None or found.matched_by == "name"


def test_a_navigator_goes_before_a_name() -> None:
    """The number on the device is surer than what somebody called the file."""
    found = match_track(
        signs("20260823_Лиса-1", device="Garmin eTrex 20, навигатор 7", from_s=8_100, to_s=8_900),
        callsigns=CALLSIGNS,
        windows=WINDOWS,
        navigators={"7": "fox12"},
    )
    assert found == Match("fox12", "t3", "navigator")
    assert navigator_numbers(signs("GPS-07 вечер")) == ["7"]


def test_time_decides_only_alone() -> None:
    """Two teams out at that time: nobody can tell; near the sector of one only: its."""
    timed: dict[str, Any] = {"from_s": 1_500.0, "to_s": 4_000.0}
    both = signs(**timed, near={"t1": True, "t2": True})
    assert match_track(both, callsigns=CALLSIGNS, windows=WINDOWS, navigators={}) is None
    one = signs(**timed, near={"t1": True, "t2": False})
    assert match_track(one, callsigns=CALLSIGNS, windows=WINDOWS, navigators={}) == Match(
        "fox1", "t1", "time"
    )
    far = signs(from_s=90_000.0, to_s=91_000.0, near={"t1": True})
    assert match_track(far, callsigns=CALLSIGNS, windows=WINDOWS, navigators={}) is None


def test_the_task_of_a_team_is_the_one_at_that_time() -> None:
    """A team with two tasks: the track goes to the one it overlaps, without times to neither."""
    late = match_track(
        signs("Лиса-12", from_s=7_000, to_s=8_900), callsigns=CALLSIGNS, windows=WINDOWS, navigators={}
    )
    assert late == Match("fox12", "t3", "name")
    drawn = match_track(signs("Лиса-12"), callsigns=CALLSIGNS, windows=WINDOWS, navigators={})
    assert drawn == Match("fox12", None, "name")
    single = match_track(signs("Лиса-1"), callsigns=CALLSIGNS, windows=WINDOWS, navigators={})
    assert single == Match("fox1", "t1", "name")


def test_dates_in_names() -> None:
    """A date is read in the usual spellings and never out of a longer number."""
    assert date_in("20260823_Лиса") == "2026-08-23"
    assert date_in("лиса 2026-08-23") == "2026-08-23"
    assert date_in("1202608231") is None
    assert callsign_signs("Лиса-12") == callsign_signs("LISA 12") == "lisa12"


def test_a_name_with_a_foreign_date_is_told() -> None:
    """The first name with a date counts; a walk over midnight has both dates; no times, nothing told."""
    assert foreign_date(["20260823_Лиса-12", "Track"], {"2026-08-24"}) == "2026-08-23"
    assert foreign_date(["2026-08-23 Лиса"], {"2026-08-23", "2026-08-24"}) is None
    assert foreign_date(["Лиса-12", "20260822"], {"2026-08-23"}) == "2026-08-22"
    assert foreign_date(["Лиса-12"], {"2026-08-23"}) is None
    assert foreign_date(["20260823_Лиса-12"], set()) is None
