"""Grids of paper maps: equal to independent programs, and read back from text."""

from __future__ import annotations

import mgrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.coordinates import parse_coordinates
from geo.errors import CoordinateRangeError
from geo.grids import convergence_deg, format_grid, from_sk42, to_mgrs, to_sk42, to_utm

LON = st.floats(-180, 180)
LAT = st.floats(-79.9, 83.9)
RUSSIAN_LAT = st.floats(41, 82)


@settings(max_examples=150)
@given(LON, LAT)
def test_mgrs_agrees_with_geotrans(lon: float, lat: float) -> None:
    """Zone, band and letters are those of NGA's own library; metres differ by one at a rounding edge."""
    # The library counts a hair south of the equator as north of it, and a hair west of a zone as inside it.
    assume(abs(lat) > 1e-5 and abs(lon - 3 * round(lon / 3)) > 1e-5)
    ours, theirs = to_mgrs(lon, lat), mgrs.MGRS().toMGRS(lat, lon).rjust(15, "0")
    assert ours.replace(" ", "").rjust(15, "0")[:5] == theirs[:5]
    for mine, other in zip(ours.split()[2:], (theirs[5:10], theirs[10:]), strict=True):
        assert abs(int(mine) - int(other)) <= 1


@settings(max_examples=100)
@given(LON, LAT)
def test_grids_read_back(lon: float, lat: float) -> None:
    """What stands on paper and is typed in again lies within a metre and a half."""
    for grid in ("utm", "mgrs"):
        found = parse_coordinates(format_grid(lon, lat, grid))
        assert any(
            abs(c.lat - lat) < 2e-5 and abs((c.lon - lon + 180) % 360 - 180) * np.cos(np.radians(lat)) < 2e-5
            for c in found
        )
        assert {c.format for c in found} == {grid}


@settings(max_examples=100)
@given(st.floats(19, 180), RUSSIAN_LAT)
def test_sk42_reads_back_and_agrees_with_proj(lon: float, lat: float) -> None:
    """СК-42 with its zone number agrees with PROJ's pipeline to a millimetre, and reads back from text."""
    place = to_sk42(lon, lat)
    back = from_sk42(place.x_m, place.y_m)
    assert abs(back[0] - lon) < 1e-7
    assert abs(back[1] - lat) < 1e-7
    written = format_grid(lon, lat, "sk42")
    assert abs(parse_coordinates(written)[0].lat - lat) < 1e-5
    cyrillic = written.replace("X", "Х").replace("Y", "У")
    assert parse_coordinates(cyrillic) == parse_coordinates(written)


def test_sk42_at_moscow() -> None:
    """Zone 7; PROJ's EPSG:28407 by the operation EPSG:5044 says the same."""
    place = to_sk42(37.6173, 55.7558)
    assert (place.zone, round(place.x_m), round(place.y_m)) == (7, 6182341, 7413306)
    theirs = Transformer.from_crs(4326, 28407, always_xy=True).transform(37.6173, 55.7558)
    # PROJ chooses among published parameter sets: within their difference.
    assert np.hypot(theirs[0] - place.y_m, theirs[1] - place.x_m) < 5


@pytest.mark.parametrize(
    ("text", "format_name", "readings"),
    [
        ("37U 413224 6179767", "utm", 1),
        ("37U 413224mE 6179767mN", "utm", 1),
        ("37 N 413224 6179767", "utm", 1),
        ("37S 413224 4179767", "utm", 2),
        ("37UDB1322379766", "mgrs", 1),
        ("37u db 132 797", "mgrs", 1),
        ("X=6182341 Y=7413306", "sk42", 1),
        ("Y 7413306, X 6182341", "sk42", 1),
        ("6182341 7413306", "sk42", 1),
        ("7413306 6182341", "sk42", 1),
    ],
)
def test_typed_grids(text: str, format_name: str, readings: int) -> None:
    """Grids as people type them; a letter that may be band or hemisphere gives both readings."""
    found = parse_coordinates(text)
    assert (found[0].format, len(found)) == (format_name, readings)
    if readings == 1:
        assert (found[0].lat, found[0].lon) == pytest.approx((55.7558, 37.6173), abs=0.002)


def test_no_grid_at_the_poles() -> None:
    """UTM ends at 84 N and 80 S."""
    with pytest.raises(CoordinateRangeError):
        to_utm(0, 84.5)
    with pytest.raises(CoordinateRangeError):
        to_sk42(0, -89)


def test_convergence() -> None:
    """Grid north lies east of true north east of the zone's middle (at Moscow, west of it: -1.14)."""
    assert convergence_deg(37.6173, 55.7558, 37) == pytest.approx(-1.143, abs=0.01)
