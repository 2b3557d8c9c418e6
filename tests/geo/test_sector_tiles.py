"""Tiles of sectors out of memory: whole, clipped, and unchanged where nothing changed."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.sector_tiles import LAYER, SectorLayer
from tests.ground.tile_reader import fields, read_tile, unzigzag, varints


def cells(*, shift_deg: float = 0.0) -> NDArray[np.object_]:
    """Return 900 cells of 500 m; one of them with a hole, the first moved a little when asked."""
    found = np.empty(900, dtype=object)
    for number in range(900):
        west, south = 37.6 + number % 30 * 0.008, 55.4 + number // 30 * 0.0045
        found[number] = shapely.box(west, south, west + 0.008, south + 0.0045)
    found[0] = shapely.affinity.translate(found[0], shift_deg)
    found[400] = found[400].difference(found[400].centroid.buffer(0.001))
    return found


def layer_of(geometries: NDArray[np.object_]) -> SectorLayer:
    names = [f"s{number}" for number in range(len(geometries))]
    return SectorLayer(names, [f"Г{number}" for number in range(len(geometries))], geometries)


def tile_of(layer: SectorLayer, number: int, z: int) -> tuple[int, int, int]:
    """Return the tile in which a sector begins."""
    west, north, _, _ = layer._boxes[number] * 2.0**z
    return z, int(west), int(north)


def polygons(raw: bytes) -> list[list[tuple[int, int]]]:
    """Return the rings of a feature in tile units."""
    numbers = [n for number, part in fields(raw) if number == 4 for n in varints(part)]
    pen, rings = (0, 0), []
    while numbers:
        command, count = numbers[0] & 7, numbers.pop(0) >> 3
        if command == 7:
            continue
        for _ in range(count):
            pen = (pen[0] + unzigzag(numbers.pop(0)), pen[1] + unzigzag(numbers.pop(0)))
            if command == 1:
                rings.append([pen])
            else:
                rings[-1].append(pen)
    return rings


def signed_area(ring: list[tuple[int, int]]) -> float:
    x, y = np.array(ring, dtype=float).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def test_a_tile_holds_what_it_touches_and_nothing_else() -> None:
    """Ids and labels are those whose boxes meet the tile; rings turn as the format wants; area is right."""
    geometries = cells()
    layer = layer_of(geometries)
    tile = tile_of(layer, 450, 12)
    told = read_tile(layer.tile(*tile))[LAYER]
    near = {f"s{number}" for number in layer.touched(*tile).tolist()}
    shown = [each["id"] for each in told.attributes]
    assert len(shown) == len(set(shown))
    assert 20 < len(shown) < 900
    assert set(shown) <= near
    assert len(near) - len(shown) <= 2
    assert all(each["label"] == "Г" + each["id"][1:] for each in told.attributes)
    area = 0.0
    for raw in told.raw_features:
        rings = polygons(raw)
        assert signed_area(rings[0]) > 0
        assert all(signed_area(ring) < 0 for ring in rings[1:])
        area += sum(map(signed_area, rings))
    assert 4096**2 * 0.2 < area <= (2 * 4096) ** 2


def test_a_hole_stays_a_hole() -> None:
    """The cell with a hole has two rings wherever it is drawn whole."""
    layer = layer_of(cells())
    told = read_tile(layer.tile(*tile_of(layer, 400, 9)))[LAYER]
    at = next(i for i, each in enumerate(told.attributes) if each["id"] == "s400")
    assert len(polygons(told.raw_features[at])) == 2


def test_a_change_touches_few_tiles() -> None:
    """One sector moved: at most five tiles of each zoom have another version, the others keep theirs."""
    before, after = layer_of(cells()), layer_of(cells(shift_deg=-0.0004))
    for z in range(6, 15):
        west, north = (before._boxes[:, :2].min(axis=0) * 2.0**z - 1).astype(int)
        east, south = (before._boxes[:, 2:].max(axis=0) * 2.0**z + 1).astype(int)
        tiles = [
            (x, y)
            for x in range(west, min(east, west + 12) + 1)
            for y in range(max(north, south - 12), south + 1)
        ]
        changed = [each for each in tiles if before.version(z, *each) != after.version(z, *each)]
        assert 1 <= len(changed) <= 5


def test_no_sectors_make_no_tile() -> None:
    """Nothing near, or nothing at all: the tile is empty, not an error."""
    assert layer_of(cells()).tile(12, 10, 10) == b""
    assert SectorLayer([], [], np.empty(0, dtype=object)).tile(12, 10, 10) == b""


def test_what_reaches_far_out_is_cut_and_what_only_seems_near_is_left_out() -> None:
    """Half a region is cut at the tile's margin; a corner whose box alone meets the tile is not drawn."""
    region = shapely.box(30.0, 50.0, 45.0, 60.0)
    corner = shapely.Polygon([(37.5, 55.0), (38.5, 55.0), (38.5, 54.0)])
    layer = layer_of(np.array([region, corner], dtype=object))
    z, x, y = 12, int((37.55 + 180) / 360 * 4096), tile_of(layer, 1, 12)[2] + 8
    told = read_tile(layer.tile(z, x, y))[LAYER]
    assert [each["id"] for each in told.attributes] == ["s0"]
    assert signed_area(polygons(told.raw_features[0])[0]) == (4096 + 128) ** 2
