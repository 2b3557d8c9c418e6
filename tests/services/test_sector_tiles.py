"""Tiles of sectors out of the database hold the plain geometry: all sectors in force, nothing else."""

from __future__ import annotations

import gzip
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping
from uuid_utils.compat import uuid7

from geo.sector_tiles import LAYER
from search_ops.domain.sector_wishes import SectorWish
from search_ops.errors import NotKnown
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.services.geometries import geometry_of
from search_ops.services.sector_drawing import draw_sector
from search_ops.services.sector_tiles import SectorTiles
from tests.geo.test_sector_tiles import polygons
from tests.ground.tile_reader import read_tile

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from tests.services.conftest import Desk

UNITS = 4096
SEEN = shapely.box(0, 0, UNITS, UNITS)


def plain(geometry: BaseGeometry, address: TileAddress) -> BaseGeometry:
    """Return a lon/lat geometry in units of a tile, point by point as the format's text says."""

    def moved(lon: float, lat: float) -> tuple[float, float]:
        x = (lon + 180) / 360 * 2**address.z - address.x
        turned = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
        y = (1 - turned / math.pi) / 2 * 2**address.z - address.y
        return x * UNITS, y * UNITS

    return shapely.transform(geometry, lambda places: np.array([moved(*place) for place in places.tolist()]))


def drawn(raw: bytes) -> BaseGeometry:
    """Return a feature's polygons: an outer ring begins one, inner rings follow it."""
    faces: list[list[Any]] = []
    for ring in polygons(raw):
        if shapely.LinearRing(ring).is_ccw:  # y goes down: what turns right on the screen is outer
            faces.append([ring])
        else:
            faces[-1].append(ring)
    return shapely.union_all([shapely.make_valid(shapely.Polygon(own[0], own[1:])) for own in faces])


async def grounds(desk: Desk, *kinds: str) -> dict[str, BaseGeometry]:
    found = {}
    async with desk.office.engine.connect() as connection:
        for sector_id, sector in (await desk.state())["sectors"].items():
            if not sector["retired"] and sector["kind"] in kinds:
                geometry = await geometry_of(connection, sector)
                assert geometry is not None
                found[sector_id] = geometry
    return found


async def draw(desk: Desk, **said: Any) -> None:
    wish = SectorWish.model_validate({"command_id": uuid7(), **said}, strict=False)
    await draw_sector(desk.office, desk.me, desk.operation_id, wish)


def tiles_over(geometries: dict[str, BaseGeometry], z: int) -> list[TileAddress]:
    west, south, east, north = shapely.total_bounds(list(geometries.values())).tolist()
    diagonal = plain(shapely.LineString([(west, north), (east, south)]), TileAddress(z, 0, 0))
    left, top, right, bottom = (int(side // UNITS) for side in diagonal.bounds)
    return [TileAddress(z, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


async def test_a_tile_holds_the_plain_geometry(gridded: Desk) -> None:
    """Cells, a shore of a thousand points kept by its hash, its neighbours; no line, nothing retired."""
    shore = shapely.Point(104.01, 52.01).buffer(0.004, quad_segs=250)
    await draw(gridded, kind="area", geometry=dict(mapping(shore)))
    line = {"type": "LineString", "coordinates": [[104.001, 52.001], [104.018, 52.018]]}
    await draw(gridded, kind="line", geometry=line)
    held = await grounds(gridded, "area")
    sectors = (await gridded.state())["sectors"]
    assert any(sectors[each].get("geometry_ref") for each in held)
    assert any(sector["retired"] for sector in sectors.values())
    tiles = SectorTiles(gridded.office.engine)
    seen: set[str] = set()
    for z in (11, 14, 16):
        for address in tiles_over(held, z):
            tile = gzip.decompress((await tiles.get(gridded.operation_id, address)).gzipped)
            layer = read_tile(tile)[LAYER] if tile else None
            shown = (
                {
                    str(told["id"]): (told["label"], drawn(raw))
                    for told, raw in zip(layer.attributes, layer.raw_features, strict=True)
                }
                if layer is not None
                else {}
            )
            for sector_id, geometry in held.items():
                expected = plain(geometry, address).intersection(SEEN)
                if expected.area < UNITS:
                    continue
                label, found = shown.pop(sector_id)
                assert label == sectors[sector_id]["label"]
                # Rounded to whole units, an outline moves by at most 0.71 of one.
                wrong = found.intersection(SEEN).symmetric_difference(expected)
                assert wrong.area <= 0.75 * expected.length + 4, (address, label)
                seen.add(sector_id)
            assert set(shown) <= set(held)
    assert seen == set(held)


async def test_a_change_is_drawn_and_other_searches_are_not(gridded: Desk) -> None:
    """The tile before and after a drawing differ; another operation has none; others are not known."""
    held = await grounds(gridded, "area")
    address = tiles_over(held, 12)[0]
    tiles = SectorTiles(gridded.office.engine, clock_s=iter(range(0, 1_000, 10)).__next__)
    before = await tiles.get(gridded.operation_id, address)
    assert await tiles.get(gridded.operation_id, address) == before
    await draw(gridded, kind="area", geometry=dict(mapping(shapely.Point(104.01, 52.01).buffer(0.003))))
    after = await tiles.get(gridded.operation_id, address)
    assert after.etag != before.etag
    elsewhere = await tiles.get(uuid7(), address)
    assert gzip.decompress(elsewhere.gzipped) == b""
    with pytest.raises(NotKnown):
        await tiles.get(gridded.operation_id, TileAddress(30, 0, 0))
