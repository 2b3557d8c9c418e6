"""Travel by straight lines: seconds from geodesics, across the date line too."""

import numpy as np
import pytest

from geo.straight_travel import DETOUR, SPEED_MPS, straight_travel_s


def test_a_degree_of_the_equator() -> None:
    """111.3 km on the ellipsoid, longer by the detour, at the speed of a car; there and back alike."""
    seconds = straight_travel_s(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    assert seconds[0, 1] == pytest.approx(111_319.49 * DETOUR / SPEED_MPS, rel=1e-6)
    assert (seconds == seconds.T).all()
    assert (np.diag(seconds) == 0).all()


def test_across_the_date_line() -> None:
    """Chukotka: two degrees, not three hundred and fifty-eight."""
    seconds = straight_travel_s(np.array([179.0, -179.0]), np.array([0.0, 0.0]))
    assert seconds[0, 1] == pytest.approx(2 * 111_319.49 * DETOUR / SPEED_MPS, rel=1e-6)


def test_no_places() -> None:
    """Nobody rides nowhere."""
    assert straight_travel_s(np.array([]), np.array([])).shape == (0, 0)
