"""Slope, shadow and contours of heights; grids joined, packed, drawn."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.heights import BlockError, HeightGrid, halved, joined, known_only, pack_block, unpack_block
from geo.png import palette_png, picture_size, rgba_png
from geo.terrain import contours, contours_plain, hillshade, slope_and_light_plain, slope_deg
from geo.vector_tiles import LayerWriter, commands, feature, packed_tags
from tests.ground.tile_reader import fields, read_tile, unzigzag, varints

SEEDS = st.integers(0, 2**32 - 1)


def ragged(seed: int, *, voids: float = 0.1) -> NDArray[np.float64]:
    """Return a small grid of whole heights, level places and holes among them."""
    rng = np.random.default_rng(seed)
    heights = rng.integers(0, 60, rng.integers(2, 14, 2)).astype(float)
    heights[rng.random(heights.shape) < voids] = np.nan
    return heights


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([7.0, 10.0, 25.0]))
def test_contours_are_those_of_the_plain_way(seed: int, interval_m: float) -> None:
    """Every piece of every cell is there once, whatever is level, missing or a saddle."""
    heights = ragged(seed)
    found: dict[float, tuple[float, int]] = {}
    lines = contours(heights, interval_m)
    for line, elevation in zip(lines.lines(), lines.elevations_m.tolist(), strict=True):
        so_far = found.get(elevation, (0.0, 0))
        steps = np.hypot(*np.diff(line, axis=0).T)
        found[elevation] = (so_far[0] + float(steps.sum()), so_far[1] + len(steps))
    expected = contours_plain(heights, interval_m)
    assert sorted(found) == [elevation for elevation, _, _ in expected]
    for elevation, length, pieces in expected:
        assert found[elevation][0] == pytest.approx(length, abs=1e-9)
        assert found[elevation][1] == pieces


def test_a_hill_has_rings() -> None:
    """Contours of a cone are closed and stand where the height is theirs, within a cell's bend."""
    y, x = np.mgrid[-20:21, -20:21].astype(float)
    lines = contours(200 - 10 * np.hypot(x, y), 20.0)
    closed = [(line, at) for line, at in zip(lines.lines(), lines.elevations_m, strict=True) if at > 0]
    assert len(closed) >= 9
    for line, at in closed:
        assert np.array_equal(line[0], line[-1])
        assert np.hypot(*(line - 20).T) == pytest.approx((200 - at) / 10, abs=0.2)


def test_contours_of_neighbours_meet() -> None:
    """Two grids that share a column: what leaves one enters the other at the same place."""
    heights = np.add.outer(np.linspace(0, 90, 12) ** 1.1, 30 * np.sin(np.arange(15)))
    west, east = contours(heights[:, :8], 10.0), contours(heights[:, 7:], 10.0)
    leaving = sorted((p[1], e) for p, e in _ends(west) if p[0] == 7)
    entering = sorted((p[1], e) for p, e in _ends(east) if p[0] == 0)
    assert leaving == entering
    assert len(leaving) > 5


def _ends(lines: object) -> list[tuple[NDArray[np.float64], float]]:
    found = []
    for line, at in zip(lines.lines(), lines.elevations_m, strict=True):  # type: ignore[attr-defined]
        if not np.array_equal(line[0], line[-1]):
            found += [(line[0], at), (line[-1], at)]
    return found


@pytest.mark.parametrize("voids", [0.0, 0.1, 0.6])
def test_slope_and_light_are_those_of_the_plain_way(voids: float) -> None:
    """Whole arrays give what slope and aspect of each sample give, at edges, corners and round voids."""
    heights = ragged(7, voids=voids)
    slopes, lights = slope_and_light_plain(heights, 30.0, 25.0)
    assert np.allclose(slope_deg(heights, 30.0, 25.0), slopes, atol=1e-9, equal_nan=True)
    assert np.allclose(hillshade(heights, 30.0, 25.0), lights, atol=1e-9, equal_nan=True)
    assert np.isnan(slopes).sum() == np.isnan(heights).sum()


def test_light_and_slope_of_a_plane() -> None:
    """Level ground is as bright as the sun is high; a slope to the sun is brighter, one away darker."""
    level = hillshade(np.zeros((4, 4)), 30.0, 30.0)
    assert level == pytest.approx(np.sin(np.radians(45)))
    y, x = np.mgrid[0:5, 0:5].astype(float)
    to_north_west, away = 5 * (y + x), -5 * (y + x)
    assert (hillshade(to_north_west, 30.0, 30.0) > level.mean()).all()
    assert (hillshade(away, 30.0, 30.0) < level.mean()).all()
    assert slope_deg(10 * x, 10.0, 10.0) == pytest.approx(45.0)


@given(SEEDS)
def test_voids_stay_voids_and_spread_nowhere(seed: int) -> None:
    """Light is missing exactly where the height is."""
    heights = ragged(seed, voids=0.3)
    assert np.array_equal(np.isnan(hillshade(heights, 30.0, 30.0)), np.isnan(heights))


@given(SEEDS, st.booleans())
def test_blocks_come_back_as_they_were(seed: int, whole: bool) -> None:  # noqa: FBT001 - drawn
    """Whole metres exactly, others to a centimetre, voids as voids."""
    heights = ragged(seed).astype(np.float32) + np.float32(0 if whole else 0.37)
    back = unpack_block(pack_block(heights), *heights.shape)
    np.testing.assert_allclose(back, heights, atol=0 if whole else 0.006, equal_nan=True)


@pytest.mark.parametrize(
    "spoil", [b"", b"x" + zlib.compress(b"12"), b"m" + zlib.compress(bytes(10**6)), b"m\0"]
)
def test_spoilt_blocks_are_refused(spoil: bytes) -> None:
    """Bytes of another kind or that swell to another size are no block."""
    with pytest.raises(BlockError):
        unpack_block(spoil, 4, 4)


def test_fill_values_are_no_heights() -> None:
    """What no ground on Earth has becomes a void."""
    known = known_only(np.array([-32768.0, 3.4e38, np.inf, -9999.0, -430.0, 8848.9, np.nan]))
    assert np.isnan(known).tolist() == [True, True, True, True, False, False, True]


def test_tiles_join_without_a_seam() -> None:
    """Neighbours that share a row and column of samples give back the one grid they were cut from."""
    whole = np.add.outer(np.arange(9.0) ** 2, np.arange(9.0)).astype(np.float32)
    parts = [
        HeightGrid(10 + left / 4, 50 - top / 4, 0.25, 0.25, whole[top : top + 5, left : left + 5])
        for top in (0, 4)
        for left in (0, 4)
    ]
    empty = HeightGrid(10, 50, 0.25, 0.25, np.full((9, 9), np.nan, np.float32))
    assert np.array_equal(joined(empty, parts).heights_m, whole)


def test_a_finer_grid_comes_first_and_the_coarser_fills_its_holes() -> None:
    """Where the first knows nothing the next is sampled between its points."""
    fine = HeightGrid(10, 50, 0.1, 0.1, np.array([[1, np.nan], [1, 1]], np.float32))
    coarse = HeightGrid(9.5, 50.5, 1.0, 1.0, np.array([[7, 7], [7, 7]] * 2, np.float32))
    assert joined(fine, [fine, coarse]).heights_m.tolist() == [[1, 7], [1, 1]]


def test_smaller_copies_keep_edges_and_voids() -> None:
    """Every second sample is there; edges depend on the edge alone, a void is not filled from beside."""
    heights = np.arange(81, dtype=np.float32).reshape(9, 9)
    heights[4, 4] = np.nan
    small = halved(heights)
    assert small.shape == (5, 5)
    assert np.isnan(small[2, 2])
    assert small[0].tolist() == [0, 2, 4, 6, 8]


def test_heights_between_samples() -> None:
    """Bilinear inside, nothing outside, nothing where most of the weight is void."""
    grid = HeightGrid(10, 50, 1.0, 1.0, np.array([[0, 10], [20, np.nan]], np.float32))
    found = grid.at(np.array([10.5, 10.9, 9.0, 10.0]), np.array([50.0, 49.1, 50.0, 49.5]))
    np.testing.assert_allclose(found, [5, np.nan, np.nan, 10], equal_nan=True)


def test_pictures_are_png() -> None:
    """Size, colours and pixels come back out of the chunks."""
    picture = palette_png(
        np.array([[0, 1], [1, 0]], np.uint8), np.array([[0, 0, 0, 0], [9, 8, 7, 255]], np.uint8)
    )
    assert picture_size(picture) == ("image/png", 2, 2)
    at = picture.index(b"IDAT")
    size = struct.unpack(">I", picture[at - 4 : at])[0]
    assert zlib.decompress(picture[at + 4 : at + 4 + size]) == b"\0\0\1\0\1\0"
    assert picture_size(rgba_png(np.zeros((3, 5, 4), np.uint8))) == ("image/png", 5, 3)
    assert picture_size(b"GIF89a" + bytes(30)) is None


def test_commands_of_a_tile_come_back_as_points() -> None:
    """Two features, one of two parts, negative and large numbers: the reader gets the same points."""
    points = np.array([[5, 5], [4100, -64], [3, 9], [0, 0], [9, 9], [-20000, 7], [1, 1]])
    encoded, bounds = commands(points, np.array([0, 2, 4, 7]), np.array([0, 2, 3]), "line")
    writer = LayerWriter("test", ("name",))
    tags = packed_tags((0, writer.number_of("Ёлка")))
    made = [feature("line", tags, encoded[bounds[at] : bounds[at + 1]], at + 1) for at in (0, 1)]
    layer = read_tile(writer.packed(made))["test"]
    assert layer.attributes == [{"name": "Ёлка"}] * 2
    back = []
    for raw in layer.raw_features:
        pen = np.zeros(2, int)
        numbers = [n for number, part in fields(raw) if number == 4 for n in varints(part)]
        while numbers:
            for _ in range(numbers.pop(0) >> 3):
                pen += [unzigzag(numbers.pop(0)), unzigzag(numbers.pop(0))]
                back.append(pen.tolist())
    assert back == points.tolist()
