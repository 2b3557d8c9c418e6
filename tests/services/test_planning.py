"""Points, area and partition: what is drawn is kept true, what is cut has no gaps, worked ground stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import select
from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from geo.partition import check_partition
from search_ops.domain.visibility import HQ, ClassSet, team_class
from search_ops.domain.wishes import PartitionWish, PointWish
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict
from search_ops.persistence.tables import event, geometry_reader
from search_ops.services.geometries import geometry_of
from search_ops.services.planning import coordinates_in, make_partition, sector_collection, set_point
from tests.services.conftest import square

if TYPE_CHECKING:
    from tests.services.conftest import Desk

EVERYTHING = ClassSet(frozenset({HQ}), frozenset({"team"}))


async def _sectors(desk: Desk, classes: ClassSet = EVERYTHING, **more: Any) -> list[dict[str, Any]]:
    async with desk.office.engine.connect() as connection:
        collection = await sector_collection(connection, desk.operation_id, classes, **more)
    features: list[dict[str, Any]] = collection["features"]
    return features


async def _newest(desk: Desk) -> int:
    return max(int(one["version"]) for one in (await desk.state())["partitions"].values())


def _star(corners: int = 4000) -> dict[str, Any]:
    circle = shapely.Point(104.0, 52.0).buffer(0.02, quad_segs=corners // 4)
    ring = [[round(lon, 6), round(lat, 6)] for lon, lat in circle.exterior.coords[:-1]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


async def test_points_are_kept_per_person_and_role(desk: Desk) -> None:
    """Setting a point again moves it; another person's point is another point; stale screens are told."""
    lkp = PointWish(command_id=uuid7(), lon=104.0, lat=52.0, subject_id=desk.subject_id)
    first = await set_point(desk.office, desk.me, desk.operation_id, "lkp", lkp)
    moved = lkp.model_copy(update={"command_id": uuid7(), "lon": 104.5, "base_version": first["seq"]})
    again = await set_point(desk.office, desk.me, desk.operation_id, "lkp", moved)
    assert again["point_id"] == first["point_id"]
    stale = moved.model_copy(update={"command_id": uuid7()})
    with pytest.raises(ChangedMeanwhile):
        await set_point(desk.office, desk.me, desk.operation_id, "lkp", stale)
    other = PointWish(command_id=uuid7(), lon=1.0, lat=1.0)
    await set_point(desk.office, desk.me, desk.operation_id, "lkp", other)
    entry = PointWish(command_id=uuid7(), lon=104.0, lat=52.0, subject_id=desk.subject_id)
    await set_point(desk.office, desk.me, desk.operation_id, "entry", entry)
    assert len((await desk.state())["points"]) == 3


def test_typed_coordinates_are_read_or_refused() -> None:
    """The likeliest reading first; words without coordinates have their code."""
    assert coordinates_in("52.25 104.33")[0]["lat"] == pytest.approx(52.25)
    with pytest.raises(BadInput, match="coordinate_not_found"):
        coordinates_in("у старой сосны")


async def test_the_first_area_centres_the_frame_for_good(desk: Desk) -> None:
    """A redrawn area is measured in the same frame; its size is right on the ellipsoid."""
    first = await desk.area()
    area = await desk.get("area", desk.operation_id)
    assert area["origin"] == pytest.approx([104.01, 52.01], abs=1e-3)
    assert first["area_m2"] == pytest.approx(LocalFrame.at(104, 52).area_m2(shape(square())), rel=1e-9)
    with pytest.raises(ChangedMeanwhile):
        await desk.area(square(lat=52.1))
    await desk.area(square(lat=52.1), base_version=first["seq"])
    assert (await desk.get("area", desk.operation_id))["origin"] == area["origin"]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "self_crossing"),
        ({"type": "Polygon", "coordinates": [[[0, 95], [1, 95], [1, 96], [0, 95]]]}, "latitude_range"),
        ({"type": "Point", "coordinates": [0, 0]}, "geometry_type"),
        ({"type": "Polygon", "coordinates": [[[0, True], [1, 0], [1, 1], [0, True]]]}, "geometry_number"),
    ],
)
async def test_a_broken_area_is_refused_by_name(desk: Desk, geometry: dict[str, Any], code: str) -> None:
    """Nothing is repaired and nothing stored; the code says what is wrong."""
    with pytest.raises(BadInput, match=code):
        await desk.area(geometry)
    assert "area" not in await desk.state()


async def test_a_grid_covers_the_area_without_gap_or_overlap(gridded: Desk) -> None:
    """Areas sum to the area; every event of the cut stays below its limit."""
    desk = gridded
    features = await _sectors(desk)
    area = await desk.get("area", desk.operation_id)
    pieces = [shape(feature["geometry"]) for feature in features]
    check = check_partition(shape(area["geometry"]), pieces, LocalFrame.at(*area["origin"]))
    assert check.valid
    total_m2 = sum(feature["properties"]["area_m2"] for feature in features)
    assert total_m2 == pytest.approx(area["area_m2"], rel=1e-6)
    assert {feature["properties"]["state"] for feature in features} == {"planned"}
    async with desk.office.engine.connect() as connection:
        payloads = (await connection.execute(select(event.c.payload))).scalars().all()
    assert max(len(str(payload)) for payload in payloads) <= 24 * 1024


async def test_a_partition_needs_ground_and_the_version_it_saw(desk: Desk) -> None:
    """Without an area there is nothing to cut; two cartographers at once: the second is told."""
    with pytest.raises(Conflict, match="no_area"):
        await desk.grid()
    await desk.area()
    with pytest.raises(BadInput, match="partition_setting"):
        await desk.grid(cell_m=500.0, min_area_m2=1e9)
    await desk.grid()
    with pytest.raises(ChangedMeanwhile) as refused:
        await desk.grid()
    assert refused.value.data == {"current_version": await _newest(desk)}


async def test_a_new_cut_replaces_and_reuses_no_label(gridded: Desk) -> None:
    """Old sectors retire, the new ones say whose ground they took, and no label comes twice."""
    desk = gridded
    old = await desk.sectors()
    await desk.grid(base_version=await _newest(desk), cell_m=700.0)
    new = await desk.sectors()
    assert set(old) == set(await desk.sectors(retired=True))
    assert set(old).isdisjoint(new)
    replaced = {gone for feature in await _sectors(desk) for gone in feature["properties"]["replaces"]}
    assert replaced == {str(identity) for identity in old.values()}
    assert len(await _sectors(desk, retired=True)) == len(old) + len(new)


async def test_ground_in_work_is_not_cut_away(gridded: Desk) -> None:
    """A new cut is refused while teams are out, or leaves their sectors and ground as they are."""
    desk = gridded
    kept = (await desk.sectors())["B2"]
    task_id = await desk.give(await desk.team("Лиса-1", "Анна"), kept)
    newest = await _newest(desk)
    with pytest.raises(Conflict, match="sectors_in_work") as refused:
        await desk.grid(base_version=newest, cell_m=300.0)
    assert refused.value.data == {"labels": ["B2"]}
    await desk.grid(base_version=newest, cell_m=300.0, keep_worked=True)
    features = await _sectors(desk)
    assert str(kept) in {feature["id"] for feature in features}
    area = await desk.get("area", desk.operation_id)
    pieces = [shape(feature["geometry"]) for feature in features]
    frame = LocalFrame.at(*area["origin"])
    assert frame.area_m2(shapely.union_all(pieces)) == pytest.approx(area["area_m2"], rel=1e-6)
    assert sum(frame.area_m2(piece) for piece in pieces) == pytest.approx(area["area_m2"], rel=1e-6)
    await desk.move(task_id, "cancelled")
    await desk.grid(base_version=await _newest(desk))
    assert str(kept) not in {feature["id"] for feature in await _sectors(desk)}


async def test_a_repeated_cut_gets_its_first_answer(desk: Desk) -> None:
    """Also when people have gone to work in its sectors since, which would refuse a new one."""
    await desk.area()
    wish = PartitionWish(command_id=uuid7())
    first = await make_partition(desk.office, desk.me, desk.operation_id, wish)
    await desk.give(await desk.team("Лиса-1", "Анна"), (await desk.sectors())["A1"])
    assert await make_partition(desk.office, desk.me, desk.operation_id, wish) == first
    assert len((await desk.state())["partitions"]) == 1


async def test_a_reader_counts_only_tasks_he_may_see(gridded: Desk) -> None:
    """Tasks of classes that a reader has not neither show nor colour the sector."""
    desk = gridded
    sector_id = (await desk.sectors())["A1"]
    team_id = await desk.team("Лиса-1", "Анна")
    task_id = await desk.give(team_id, sector_id)
    seen = next(one for one in await _sectors(desk) if one["id"] == str(sector_id))
    assert seen["properties"]["task_ids"] == [str(task_id)]
    assert seen["properties"]["version"] == await desk.version("tasks", task_id)
    narrow = await _sectors(desk, ClassSet(frozenset({HQ})))
    unseen = next(one for one in narrow if one["id"] == str(sector_id))
    assert (unseen["properties"]["state"], unseen["properties"]["task_ids"]) == ("planned", [])
    assert await _sectors(desk, ClassSet(frozenset({"all", team_class(team_id)}))) == []


async def test_a_large_geometry_travels_by_reference(desk: Desk) -> None:
    """Over 8 KiB the log holds a hash; who gets the task may read the geometry, others may not."""
    await desk.area(_star())
    area = await desk.get("area", desk.operation_id)
    assert area["geometry"] is None
    assert len(area["geometry_ref"]["bbox"]) == 4
    await desk.grid(cell_m=4_000.0)
    sectors = await desk.sectors()
    held = await desk.get("sectors", sectors[min(sectors)])
    async with desk.office.engine.connect() as connection:
        whole = await geometry_of(connection, area)
        assert whole is not None
        assert whole.area == pytest.approx(shape(_star()).area, rel=1e-6)
    assert all(feature["geometry"] for feature in await _sectors(desk))
    reference = held.get("geometry_ref")
    assert reference is not None
    team_id = await desk.team("Лиса-1", "Анна")
    await desk.give(team_id, sectors[min(sectors)])
    query = select(geometry_reader.c.visibility).where(
        geometry_reader.c.sha256 == bytes.fromhex(reference["sha256"])
    )
    async with desk.office.engine.connect() as connection:
        readers = set((await connection.execute(query)).scalars())
    assert readers == {HQ, team_class(team_id)}
