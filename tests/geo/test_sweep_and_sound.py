"""Sweep widths and sound search: measured values come back, conditions act in the right direction."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import EffortError
from geo.search_coverage import pod_exponential
from geo.sound import (
    LEVEL_DB,
    MEASURED_M,
    Air,
    CallPlan,
    call_share,
    calls_heard,
    hearing_distance_m,
    silent_times,
    sound_search,
    sound_width,
    team_distance_m,
    two_way_distance_m,
)
from geo.sweep import (
    Conditions,
    Row,
    SweepWidth,
    light_at,
    line_track,
    look_up,
    one_track,
    sun_height_deg,
    width_from_rd,
)

EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "fixtures/reference/effort_examples.json").read_text(encoding="utf-8")
)["examples"]["sweep-width-from-rd"]


@pytest.mark.parametrize("visibility", ["high", "medium", "low"])
def test_width_from_a_range_of_detection(visibility: Any) -> None:
    """A range measured on the spot gives the width by Koester's factors, and says so."""
    width = width_from_rd(EXAMPLE["inputs"]["rd_m"], visibility)
    assert width.width_m == pytest.approx(EXAMPLE["expected"]["recomputed"][f"{visibility}_m"])
    assert width.status == "measured"
    assert "Koester" in width.source


def test_the_closest_row_is_taken() -> None:
    """A row for this ground and light goes before a general one; another team's row never fits."""

    def row(team: str, ground: str, light: str, width_m: float) -> Row:
        return Row(team, ground, "unresponsive", "any", light, SweepWidth(width_m, "test", "assumed"))

    rows = [row("any", "any", "any", 40), row("any", "forest", "night", 10), row("dog", "any", "any", 95)]
    wanted = Conditions("foot", "forest", "unresponsive", light="night")
    found = look_up(rows, wanted)
    assert found is not None
    assert found.width_m == 10
    assert look_up(rows, Conditions("dog", "field", "unresponsive")) == rows[2].width
    assert look_up(rows, Conditions("foot", "forest", "responsive")) is None


def test_a_line_is_its_people_and_its_spacing() -> None:
    """Ten people 8 m apart, 10 m wide each: 100 m of effort over 80 m; half for each track of two."""
    whole = line_track(10.0, searchers=10, spacing_m=8.0)
    assert (whole.width_m, whole.swath_m) == (100.0, 80.0)
    assert pod_exponential(whole.width_m / whole.swath_m) == pytest.approx(1 - math.exp(-10 / 8))
    assert line_track(10.0, searchers=10, spacing_m=8.0, tracks=2).width_m == 50.0
    assert one_track(30.0).width_m == 30.0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: width_from_rd(0, "high"),
        lambda: SweepWidth(-1, "x", "entered"),
        lambda: line_track(10, searchers=0, spacing_m=5),
        lambda: line_track(10, searchers=2, spacing_m=5, tracks=3),
        lambda: line_track(10, searchers=2, spacing_m=0),
        lambda: Air(wind_mps=-1),
        lambda: Air(wind_mps=math.nan),
        lambda: CallPlan(every_s=60, call_s=30, silence_s=60),
        lambda: CallPlan(every_s=0),
        lambda: CallPlan().clear_share(-1, synchronised=False),
        lambda: team_distance_m(300, 0),
        lambda: calls_heard(0, 100, 0),
    ],
)
def test_conditions_that_cannot_be_are_refused(wrong: Any) -> None:
    """Nothing is computed from a value out of range."""
    with pytest.raises(EffortError):
        wrong()


@pytest.mark.parametrize("signal", sorted(LEVEL_DB))
def test_wind_and_forest_shorten_hearing(signal: Any) -> None:
    """More wind or thicker forest is never heard farther; every distance is one a person could walk."""
    for forest in ("open", "light", "dense"):
        by_wind = [hearing_distance_m(signal, Air(wind, forest)) for wind in (0, 2, 5, 9, 14)]
        assert by_wind == sorted(by_wind, reverse=True)
        assert 1 <= by_wind[-1] <= by_wind[0] <= 5_000
    by_forest = [hearing_distance_m(signal, Air(2, forest)) for forest in ("open", "light", "dense")]
    assert by_forest == sorted(by_forest, reverse=True)


def test_the_answer_limits_a_loud_signal() -> None:
    """A siren is heard far, the shout that answers it is not: two ways are as good as the shorter."""
    assert two_way_distance_m("siren", Air()) == hearing_distance_m("voice", Air())
    assert 150 < two_way_distance_m("whistle", Air()) < 350


@pytest.mark.parametrize("light", ["day", "night"])
def test_measured_width_comes_back(light: Any) -> None:
    """In the conditions of the measurement the model changes nothing; elsewhere it says that it assumes."""
    width, windy = sound_width("whistle", Air(), light), sound_width("whistle", Air(6.0), light)
    assert windy.width_m < width.width_m
    assert width.width_m == MEASURED_M[light]
    assert [width.status, windy.status] == ["published", "assumed"]


def test_teams_walk_as_far_apart_as_the_probability_allows() -> None:
    """For 63 % teams walk one width apart; nearer for more."""
    width = sound_width("whistle", Air())
    assert team_distance_m(width.width_m, 1 - math.exp(-1)) == pytest.approx(width.width_m)
    assert team_distance_m(width.width_m, 0.9) < team_distance_m(width.width_m, 0.5)


def test_all_teams_call_at_the_same_moments() -> None:
    """Calls lie on the clock, so that two teams with different beginnings call together."""
    plan = CallPlan(every_s=300, call_s=15, silence_s=60)
    one, other = plan.windows(1_000, 3_000), plan.windows(1_250, 3_100)
    assert one[0] == pytest.approx((1_200, 1_215, 1_275))
    assert set(other) <= set(one)
    assert not plan.windows(10, 10)
    assert silent_times(plan, 1_000, 3_000, [1_230.0, 1_400.0]) == 1


def test_calls_out_of_step_spoil_the_silence() -> None:
    """Synchronised teams lose no window; each unsynchronised neighbour costs some."""
    plan = CallPlan(every_s=300, call_s=15, silence_s=60)
    assert plan.clear_share(3, synchronised=True) == 1.0
    assert plan.clear_share(1, synchronised=False) == pytest.approx(0.75)
    assert plan.clear_share(2, synchronised=False) == pytest.approx(0.75**2)


@given(st.floats(20, 500), st.floats(1, 2_000))
def test_fewer_calls_never_cover_more(distance_m: float, between_m: float) -> None:
    """The share of the swath that hears a call falls with the way between calls."""
    near, far = call_share(distance_m, between_m), call_share(distance_m, between_m * 1.5)
    assert 0 <= far <= near + 1e-12 <= 1 + 2e-12


def test_a_sound_search_has_coverage_and_probability() -> None:
    """Denser teams and synchronised calls raise what a responsive subject's chance is."""
    width = sound_width("whistle", Air())
    settings: dict[str, Any] = {"distance_m": 190.0, "speed_mps": 0.8, "plan": CallPlan()}
    usual = sound_search(width, team_distance_m=300.0, **settings)
    dense = sound_search(width, team_distance_m=150.0, **settings)
    noisy = sound_search(width, team_distance_m=300.0, neighbours=2, synchronised=False, **settings)
    assert usual.pod == pytest.approx(1 - math.exp(-usual.coverage))
    assert noisy.pod < usual.pod < dense.pod < 1


@pytest.mark.parametrize(
    ("lon", "lat", "t_s", "height_deg"),
    [
        (0.0, 51.48, 1_781_956_800, 61.9),  # Greenwich, 20 June 2026, noon
        (37.6, 55.75, 1_781_956_800 + 9.5 * 3_600, -10.8),  # Moscow, the shortest night
        (0.0, 90.0, 1_781_956_800, 23.43),
    ],
)
def test_the_sun_stands_where_it_should(lon: float, lat: float, t_s: float, height_deg: float) -> None:
    """Height of the sun within half a degree."""
    assert sun_height_deg(lon, lat, t_s) == pytest.approx(height_deg, abs=0.5)
    assert light_at(lon, lat, t_s) == ("day" if height_deg > -6 else "night")
