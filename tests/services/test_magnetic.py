"""The needle: published test values of the model, its validity, and bearings as a compass shows them."""

from datetime import UTC, datetime

import pytest

from search_ops.services.magnetic import declination, declination_deg, magnetic_bearing_deg

NEW_YEAR_2025 = datetime(2025, 1, 1, tzinfo=UTC)
MIDDLE_OF_2027 = datetime(2027, 7, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lat", "lon", "at", "degrees"),
    [
        (80, 0, NEW_YEAR_2025, 1.28),
        (0, 120, NEW_YEAR_2025, -0.16),
        (-80, 240, NEW_YEAR_2025, 68.78),
        (80, 0, MIDDLE_OF_2027, 2.59),
        (0, 120, MIDDLE_OF_2027, -0.24),
        (-80, 240, MIDDLE_OF_2027, 68.49),
    ],
)
def test_published_values_of_wmm_2025(lat: float, lon: float, at: datetime, degrees: float) -> None:
    """The six places at sea level in the table of test values of the model's report."""
    assert declination(lon, lat, at).degrees == pytest.approx(degrees, abs=0.006)


def test_the_value_names_model_and_year() -> None:
    """In Moscow the needle points about 12 degrees east of north."""
    degrees, model, year = declination_deg(37.6, 55.75, datetime(2026, 11, 22, tzinfo=UTC))
    assert (round(degrees), model, year) == (12, "WMM-2025", 2026)


@pytest.mark.parametrize(
    ("at", "outdated"),
    [
        (datetime(2024, 11, 12, tzinfo=UTC), True),
        (NEW_YEAR_2025, False),
        (datetime(2029, 12, 31, 23, 59, tzinfo=UTC), False),
        (datetime(2030, 1, 1, tzinfo=UTC), True),
        (datetime(2040, 1, 1, tzinfo=UTC), True),
    ],
)
def test_outside_its_five_years_the_model_says_so(at: datetime, *, outdated: bool) -> None:
    """The system goes on with the last value and does not hide that it is old."""
    assert declination(37.6, 55.75, at).outdated is outdated


def test_near_the_magnetic_pole_a_compass_is_no_help() -> None:
    """The model's blackout zone is named."""
    assert declination(139.0, 85.8, NEW_YEAR_2025).unreliable
    assert not declination(37.6, 55.75, NEW_YEAR_2025).unreliable


def test_compass_bearings_stay_within_the_circle() -> None:
    """A true bearing of 5 degrees is 353 on a compass that shows 12 too little."""
    assert magnetic_bearing_deg(5, 12) == 353
    assert magnetic_bearing_deg(355, -12) == 7
    assert magnetic_bearing_deg(12, 12) == 0
