"""Ground of sectors from the imported map: it decides widths, hours and groups, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import shapely
from shapely.geometry import shape
from uuid_utils.compat import uuid7

from search_ops.domain.evidence_wishes import SearchWidths, WidthsWish
from search_ops.domain.sector_wishes import SectorWish
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.errors import BadInput, Conflict
from search_ops.services.evidence import evidence_table, set_widths
from search_ops.services.geometries import geometry_of
from search_ops.services.sector_drawing import draw_sector
from search_ops.services.sector_ground import ground_of, planned_hours
from tests.services.test_partition_methods import assert_partition, made
from tests.services.walks import finished, gpx, imported, lanes, work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

HEADQUARTERS = ClassSet(frozenset({ALL, HQ}), frozenset({"team", "person", "agency"}))
GROUND = b"""
    INSERT INTO ground_dataset VALUES ('00000000-0000-7000-8000-000000000001', 'test', 'test.osm', '\\x00',
        'osm', now(), now(), ST_MakeEnvelope(103, 51, 105, 53, 4326),
        ST_Multi(ST_MakeEnvelope(103, 51, 105, 53, 4326)), '{}', '{}')
"""
AREA = b"""
    INSERT INTO ground_area (dataset_id, osm_type, osm_id, class, subclass, names, min_zoom, size_m2, geom)
    VALUES ('00000000-0000-7000-8000-000000000001', 'w', %s, %s, '', '{}', 10, 9e6,
        ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326)))
"""
LINE = b"""
    INSERT INTO ground_line (dataset_id, osm_type, osm_id, class, subclass, names, ref, min_zoom, geom)
    VALUES ('00000000-0000-7000-8000-000000000001', 'w', %s, %s, '', '{}', NULL, 10,
        ST_GeomFromText(%s, 4326))
"""
Box = tuple[float, float, float, float]


async def ground(
    database: DatabaseUrls, areas: Sequence[tuple[str, Box]] = (), lines: Sequence[tuple[str, str]] = ()
) -> None:
    """Put classes of land cover in boxes, and classes of lines, on the ground."""
    async with await psycopg.AsyncConnection.connect(database.owner_url, autocommit=True) as connection:
        await connection.execute(GROUND)
        for number, (name, box) in enumerate(areas):
            await connection.execute(AREA, (number, name, *box))
        for number, (name, wkt) in enumerate(lines):
            await connection.execute(LINE, (number, name, wkt))


async def rows(desk: Desk) -> dict[str, dict[str, Any]]:
    async with desk.office.engine.connect() as connection:
        table = await evidence_table(connection, desk.operation_id, HEADQUARTERS)
    return {row["label"]: row for row in table["rows"]}


async def bounds(desk: Desk, sector_id: UUID) -> tuple[float, float, float, float]:
    async with desk.office.engine.connect() as connection:
        geometry = await geometry_of(connection, await desk.get("sectors", sector_id))
    assert geometry is not None
    west, south, east, north = geometry.bounds
    return west, south, east, north


async def own_widths(desk: Desk) -> dict[str, Any]:
    found = [row["widths"] for row in (await desk.state())["evidence"].values() if row["own"]]
    assert len(found) == 1
    widths: dict[str, Any] = found[0]
    return widths


async def test_the_map_decides_the_width_and_says_so(gridded: Desk, database: DatabaseUrls) -> None:
    """Three quarters scrub, a quarter field: the width is their mean, told with shares; people go first."""
    sector_id = (await gridded.sectors())["B2"]
    west, south, east, north = await bounds(gridded, sector_id)
    quarter = west + (east - west) / 4
    parts = [("farmland", (west, south, quarter, north)), ("scrub", (quarter, south, east, north))]
    await ground(database, parts)
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id, method="осмотр")
    await imported(gridded, database, {"Лиса-12.gpx": gpx(await lanes(gridded, sector_id))})
    mixed = await own_widths(gridded)
    assert (mixed["ground"], mixed["ground_source"]) == ("dense", "map")
    assert mixed["ground_shares"] == pytest.approx({"dense": 0.75, "open": 0.25}, abs=0.03)
    night = mixed["light"] == "night"
    dense, clear = (12.0, 40.0) if night else (24.0, 96.0)
    assert mixed["unresponsive"]["width_m"] == pytest.approx(0.75 * dense + 0.25 * clear, abs=2.0)
    assert mixed["unresponsive"]["status"] == "assumed"
    assert "dense 75 %: Rd" in mixed["unresponsive"]["source"]
    row = (await rows(gridded))["B2"]
    assert (row["ground"], row["ground_source"]) == ("dense", "map")
    for settings, expected in (
        ({"sector_ground": {str(sector_id): "open"}}, ("open", "sector")),
        ({"ground_from_map": False, "ground": "forest"}, ("forest", "operation")),
    ):
        version = ((await gridded.state()).get("search_widths", {}).get(str(gridded.operation_id)) or {}).get(
            "version"
        )
        wish = WidthsWish(
            command_id=uuid7(), base_version=version, settings=SearchWidths.model_validate(settings)
        )
        await set_widths(gridded.office, gridded.me, gridded.operation_id, wish)
        await work(gridded, database)
        told = await own_widths(gridded)
        assert (told["ground"], told["ground_source"]) == expected
        assert told["ground_shares"] == {expected[0]: 1.0}


def test_what_the_map_does_not_say_people_say() -> None:
    """Unmapped ground is not open ground: it takes the operation's word; a twentieth mapped is too little."""
    settings = SearchWidths(ground="dense")
    assert ground_of(settings, "s", None).told()["ground_source"] == "operation"
    assert ground_of(settings, "s", {"forest": 0.05, "": 0.95}).source == "operation"
    told = ground_of(settings, "s", {"forest": 0.6, "": 0.4})
    assert (told.source, told.shares) == ("map", {"forest": 0.6, "dense": 0.4})


async def test_planned_hours_stand_beside_spent_ones(gridded: Desk, database: DatabaseUrls) -> None:
    """A marsh takes more than three times the hours of a field, a dog team its own; spent by the track."""
    sectors = await gridded.sectors()
    west, south, east, north = await bounds(gridded, sectors["B2"])
    await ground(database, [("wetland", (west, south, east, north))])
    before = await rows(gridded)
    assert before["B2"]["planned_hours"] == pytest.approx(before["B2"]["area_m2"] / 250_000 / 0.3, rel=0.02)
    assert before["B3"]["planned_hours"] == pytest.approx(before["B3"]["area_m2"] / 250_000, rel=0.05)
    assert before["B2"]["hours"] is None
    team_id = await gridded.team("Кинолог-1", "Анна", kind="vehicle")
    await finished(gridded, team_id, sectors["B2"])
    await imported(gridded, database, {"Кинолог-1.gpx": gpx(await lanes(gridded, sectors["B2"]))})
    after = (await rows(gridded))["B2"]
    assert after["hours"] > 1
    assert after["planned_hours"] == pytest.approx(before["B2"]["planned_hours"] * 250 / 720, rel=0.02)
    assert planned_hours({"kind": "list", "area_m2": None}, None, "foot") is None
    line = {"kind": "line", "length_m": 5_000.0}
    assert planned_hours(line, {"wetland": 1.0}, "foot") == pytest.approx(6.67)


async def test_groups_of_equal_hours_are_smaller_where_the_ground_is_slow(
    desk: Desk, database: DatabaseUrls
) -> None:
    """The west is marsh, the east field: equal hours make the western sectors much smaller."""
    await desk.area()
    west, south, east, north = shape((await desk.get("area", desk.operation_id))["geometry"]).bounds
    middle = (west + east) / 2
    halves = [("wetland", (west, south, middle, north)), ("farmland", (middle, south, east, north))]
    await ground(database, halves)
    job = await made(desk, database, method="groups", groups=8)
    assert job["state"] == "done", job
    await assert_partition(desk)
    sizes: dict[bool, list[float]] = {True: [], False: []}
    for sector_id in (await desk.sectors()).values():
        sector = await desk.get("sectors", sector_id)
        sizes[shape(sector["geometry"]).centroid.x < middle].append(sector["area_m2"])
    assert min(map(len, sizes.values())) >= 2
    assert sum(sizes[True]) / len(sizes[True]) < 0.6 * sum(sizes[False]) / len(sizes[False])
    hours = [row["planned_hours"] for row in (await rows(desk)).values()]
    assert max(hours) < 1.25 * min(hours)


async def test_a_natural_partition_follows_the_imported_lines(desk: Desk, database: DatabaseUrls) -> None:
    """A road across the area and a stream down it, out of the ground tables: four sectors along them."""
    await desk.area()
    lines = [
        ("road", "LINESTRING(103.9 52.011, 104.1 52.011)"),
        ("stream", "LINESTRING(104.008 51.9, 104.008 52.1)"),
        ("power", "LINESTRING(104.014 51.9, 104.014 52.1)"),
    ]
    await ground(database, lines=lines)
    job = await made(desk, database, method="natural", lines=["road", "stream"], max_area_m2=1e7)
    assert job["state"] == "done", job
    await assert_partition(desk)
    held = [await desk.get("sectors", each) for each in (await desk.sectors()).values()]
    pieces = [shape(sector["geometry"]) for sector in held]
    assert len(pieces) == 4
    for cut in ("LINESTRING(104.0 52.011, 104.02 52.011)", "LINESTRING(104.008 52.0, 104.008 52.02)"):
        along = shapely.from_wkt(cut)
        edges = shapely.union_all([piece.boundary for piece in pieces])
        assert along.difference(edges.buffer(1e-5)).length < 1e-4


async def test_a_line_of_the_ground_becomes_a_sector(gridded: Desk, database: DatabaseUrls) -> None:
    """The nearest line of the class, cut to the area, with length and corridor; else it is refused."""
    lines = [
        ("power", "LINESTRING(103.9 52.005, 104.1 52.005)"),
        ("power", "LINESTRING(103.9 52.015, 104.1 52.015)"),
        ("stream", "LINESTRING(103.9 52.0051, 104.1 52.0051)"),
    ]
    await ground(database, lines=lines)

    async def draw(line_class: str, lat: float) -> dict[str, Any]:
        place = {"line_class": line_class, "lon": 104.01, "lat": lat}
        said = {"command_id": uuid7(), "kind": "line", "ground_line": place, "corridor_m": 60.0}
        wish = SectorWish.model_validate(said)
        before = set((await gridded.state())["sectors"])
        await draw_sector(gridded.office, gridded.me, gridded.operation_id, wish)
        (new,) = set((await gridded.state())["sectors"]) - before
        return await gridded.get("sectors", new)

    sector = await draw("power", 52.006)
    line = shape(sector["geometry"])
    assert (sector["kind"], sector["corridor_m"], sector["area_m2"]) == ("line", 60.0, None)
    assert {lat for _, lat in line.coords} == {52.005}
    assert line.bounds[::2] == pytest.approx((104.0, 104.02), abs=1e-6)
    assert sector["length_m"] == pytest.approx(1_372, rel=0.01)
    assert {lat for _, lat in shape((await draw("power", 52.0138))["geometry"]).coords} == {52.015}
    assert {lat for _, lat in shape((await draw("stream", 52.0045))["geometry"]).coords} == {52.0051}
    wrong = (("railway", 52.005, "no_line_near"), ("power", 52.01, "no_line_near"))
    for line_class, lat, code in (*wrong, ("hedge", 52.005, "unknown_line_class")):
        with pytest.raises((BadInput, Conflict)) as caught:
            await draw(line_class, lat)
        assert caught.value.code == code
