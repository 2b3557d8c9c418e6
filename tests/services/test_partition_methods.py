"""Every method of a partition from the wish to the sectors: grids that grow, groups, layers."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from shapely.geometry import mapping, shape
from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from geo.partition import check_partition
from search_ops.errors import BadInput
from search_ops.persistence.kept_files import described, write_file
from search_ops.persistence.unit_of_work import transaction
from search_ops.services.geometries import geometry_of
from tests.services.conftest import square
from tests.services.test_jobs import _job, _work

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk


async def newest(desk: Desk) -> int:
    return max(int(one["version"]) for one in (await desk.state())["partitions"].values())


async def assert_partition(desk: Desk) -> None:
    area = await desk.get("area", desk.operation_id)
    frame = LocalFrame.at(*area["origin"])
    async with desk.office.engine.connect() as connection:
        ground = await geometry_of(connection, area)
        pieces = [
            await geometry_of(connection, await desk.get("sectors", each))
            for each in (await desk.sectors()).values()
        ]
    assert ground is not None
    check = check_partition(ground, [each for each in pieces if each is not None], frame)
    assert check.valid, check


async def made(desk: Desk, database: DatabaseUrls, **wish: Any) -> dict[str, Any]:
    asked = await desk.grid(**wish)
    await _work(desk, database)
    job: dict[str, Any] = await _job(desk, asked["job_id"])
    return job


async def kept(desk: Desk, name: str, content: bytes) -> UUID:
    body, file_id = io.BytesIO(content), uuid7()
    about = described(
        body,
        file_id=file_id,
        operation_id=desk.operation_id,
        name=name,
        media_type="application/octet-stream",
        purpose="uploaded",
        kept_by=None,
        kept_at=desk.office.clock(),
    )
    async with transaction(desk.office) as work:
        await write_file(work.connection, about, body)
    return file_id


async def test_a_grid_of_any_shape_keeps_its_partition_law(desk: Desk) -> None:
    """Oblong UTM cells with sub-cells, letters down, an origin of one's own."""
    await desk.area()
    origin = {"lon": 104.003, "lat": 52.004}
    await desk.grid(
        cell_m=900.0, cell_height_m=600.0, align="utm", origin=origin, letters_down=True, sub_cells=3
    )
    await assert_partition(desk)
    assert any("/" in label for label in await desk.sectors())


async def test_a_grown_grid_leaves_its_cells_standing(desk: Desk) -> None:
    """The area grows to the west: cells keep id and name, new ones take the next letters."""
    await desk.area(square(104.0, 52.0, 0.02))
    await desk.grid(cell_m=400.0)
    before = await desk.sectors()
    version = await desk.version("area", desk.operation_id)
    await desk.area(square(103.97, 51.99, 0.06), base_version=version)
    await desk.grid(cell_m=400.0, base_version=await newest(desk), grow=True)
    after = await desk.sectors()
    stayed = {label for label, identity in before.items() if after.get(label) == identity}
    assert len(stayed) >= 4
    assert len(after) > 2 * len(before)
    assert not {label for label in before if label not in stayed} & after.keys()
    await assert_partition(desk)


async def test_groups_are_made_by_the_worker(desk: Desk, database: DatabaseUrls) -> None:
    """Five sectors of equal hours for a dog team, or as many as take two hours each."""
    await desk.area()
    job = await made(desk, database, method="groups", groups=5, team_kind="dog")
    assert job["state"] == "done", job
    assert job["result"]["sector_count"] == 5
    await assert_partition(desk)
    sectors = [await desk.get("sectors", each) for each in (await desk.sectors()).values()]
    assert {each["source"] for each in sectors} == {"groups"}
    job = await made(desk, database, method="groups", hours=2.0, base_version=await newest(desk))
    assert job["result"]["sector_count"] > 5


async def test_quarters_of_an_uploaded_layer_become_sectors(desk: Desk, database: DatabaseUrls) -> None:
    """Names become labels; overlaps are refused with both names; a file that is not ours is refused."""
    await desk.area()
    west, south, east, north = shape((await desk.get("area", desk.operation_id))["geometry"]).bounds
    middle = (west + east) / 2
    boxes = {"кв. 12": (west - 0.01, south, middle, north), "кв. 13": (middle - 0.002, south, east, north)}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": mapping(shapely.box(*box))}
        for name, box in boxes.items()
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    file_id = await kept(desk, "quarters.geojson", content)
    job = await made(desk, database, method="layer", file_id=file_id)
    assert (job["state"], job["result"]["code"]) == ("failed", "layer_overlaps")
    assert job["result"]["names"] == ["кв. 12", "кв. 13"]
    job = await made(desk, database, method="layer", file_id=file_id, first_wins=True)
    assert job["state"] == "done", job
    assert set(await desk.sectors()) == {"кв. 12", "кв. 13"}
    await assert_partition(desk)
    job = await made(desk, database, method="layer", file_id=uuid7(), base_version=await newest(desk))
    assert job["result"]["code"] == "unknown_file"
    with pytest.raises(BadInput, match="unknown_file"):
        await desk.grid(method="layer", base_version=await newest(desk))
