"""Edits of sectors: new ones with `replaces`, no gap, labels never reused, nothing under people at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import shapely
from pydantic import ValidationError
from shapely.geometry import mapping, shape
from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from search_ops.domain.sector_wishes import (
    MarkWish,
    MergeWish,
    ReshapeWish,
    RestoreWish,
    SectorWish,
    SplitWish,
)
from search_ops.domain.visibility import HQ, ClassSet
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict, NotKnown
from search_ops.services.geometries import geometry_of
from search_ops.services.planning import sector_collection
from search_ops.services.sector_drawing import draw_sector, mark_sector
from search_ops.services.sector_edits import merge_sectors, reshape_sectors, restore_sectors, split_sector
from search_ops.services.tasking import give_task

if TYPE_CHECKING:
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry

    from tests.services.conftest import Desk, Organisations


async def ground(desk: Desk, sector_id: UUID | str) -> BaseGeometry:
    async with desk.office.engine.connect() as connection:
        geometry = await geometry_of(connection, await desk.get("sectors", sector_id))
    assert geometry is not None
    return geometry


async def assert_area_is_covered(desk: Desk) -> None:
    """Hold the area sectors that stand equal to the area, in sum and union, up to rounded borders."""
    area = await desk.get("area", desk.operation_id)
    frame = LocalFrame.at(*area["origin"])
    live = [await ground(desk, identity) for identity in (await desk.sectors()).values()]
    ground_only = [geometry for geometry in live if geometry.area > 0]
    assert sum(map(frame.area_m2, ground_only)) == pytest.approx(area["area_m2"], abs=300.0)
    assert frame.area_m2(shapely.union_all(ground_only)) == pytest.approx(area["area_m2"], abs=300.0)


def across(geometry: BaseGeometry) -> dict[str, Any]:
    west, south, east, north = geometry.bounds
    middle = (south + north) / 2
    return dict(mapping(shapely.LineString([(west - 0.001, middle), (east + 0.001, middle + 0.0001)])))


async def split(desk: Desk, sector_id: UUID | str, **more: Any) -> dict[str, Any]:
    line = across(await ground(desk, sector_id))
    wish = SplitWish(command_id=uuid7(), line=line, **more)
    return await split_sector(desk.office, desk.me, desk.operation_id, sector_id, wish)  # type: ignore[arg-type]


async def test_pieces_get_suffixes_and_say_whose_ground_they_took(gridded: Desk) -> None:
    """B2 becomes B2-1 and B2-2; a piece of a piece is B2-3; merged back they are B2-5; all ground stays."""
    desk = gridded
    before = (await desk.sectors())["B2"]
    done = await split(desk, before)
    assert done["labels"] == ["B2-1", "B2-2"]
    piece = await desk.get("sectors", done["sector_ids"][0])
    assert (piece["replaces"], piece["source"]) == ([str(before)], "split")
    again = await split(desk, done["sector_ids"][0])
    assert again["labels"] == ["B2-3", "B2-4"]
    ids = [*again["sector_ids"], done["sector_ids"][1]]
    merged = await merge_sectors(
        desk.office,
        desk.me,
        desk.operation_id,
        MergeWish.model_validate({"command_id": uuid7(), "sector_ids": ids}, strict=False),
    )
    assert merged["labels"] == ["B2-5"]
    await assert_area_is_covered(desk)
    with pytest.raises(Conflict, match="sector_retired"):
        await split(desk, before)


async def test_an_edit_is_taken_back_under_new_labels(gridded: Desk) -> None:
    """Undo cuts the ground as it was; undone twice, or over other ground, it is refused."""
    desk = gridded
    before = (await desk.sectors())["A1"]
    await split(desk, before)
    wish = RestoreWish.model_validate({"command_id": uuid7(), "sector_ids": [before]}, strict=False)
    done = await restore_sectors(desk.office, desk.me, desk.operation_id, wish)
    assert done["labels"] == ["A1-3"]
    assert (await ground(desk, done["sector_ids"][0])).equals(await ground(desk, before))
    assert await restore_sectors(desk.office, desk.me, desk.operation_id, wish) == done
    live = (await desk.sectors())["A2"]
    standing = RestoreWish.model_validate({"command_id": uuid7(), "sector_ids": [live]}, strict=False)
    with pytest.raises(Conflict, match="sector_not_retired"):
        await restore_sectors(desk.office, desk.me, desk.operation_id, standing)
    await assert_area_is_covered(desk)


async def test_a_shared_corner_moves_for_every_neighbour(gridded: Desk) -> None:
    """Four squares follow one corner; the labels are pieces; no gap opens."""
    desk = gridded
    sectors = await desk.sectors()
    squares = [await ground(desk, sectors[label]) for label in ("B2", "C2", "B3", "C3")]
    corners = [{tuple(each) for each in shapely.get_coordinates(square).tolist()} for square in squares]
    at = list(set.intersection(*corners).pop())
    move = {"at": at, "to": [round(at[0] + 0.001, 7), round(at[1] - 0.0005, 7)]}
    wish = ReshapeWish.model_validate({"command_id": uuid7(), "moves": [move]}, strict=False)
    done = await reshape_sectors(desk.office, desk.me, desk.operation_id, wish)
    assert sorted(done["labels"]) == ["B2-1", "B3-1", "C2-1", "C3-1"]
    await assert_area_is_covered(desk)
    nowhere = ReshapeWish.model_validate(
        {"command_id": uuid7(), "moves": [{"at": at, "to": at}]}, strict=False
    )
    with pytest.raises(Conflict, match="corner_not_found"):
        await reshape_sectors(desk.office, desk.me, desk.operation_id, nowhere)


async def test_ground_under_people_at_work_is_not_edited_unless_told(gridded: Desk) -> None:
    """The refusal names the labels; who knows may go on, and the task keeps its own geometry."""
    desk = gridded
    sector_id = (await desk.sectors())["B2"]
    task_id = await desk.give(await desk.team("Лиса-1", "Анна"), sector_id)
    with pytest.raises(Conflict, match="sectors_in_work") as refused:
        await split(desk, sector_id)
    assert refused.value.data == {"labels": ["B2"]}
    done = await split(desk, sector_id, although_worked=True)
    assert len(done["labels"]) == 2
    assert (await desk.get("tasks", task_id))["sector_id"] == str(sector_id)


async def test_drawn_ground_is_taken_from_those_who_stand_there(gridded: Desk) -> None:
    """The drawn sector has its own label and name; the rest of the others are their pieces."""
    desk = gridded
    sectors = await desk.sectors()
    corner = (await ground(desk, sectors["B2"])).bounds
    box = shapely.box(corner[0] + 0.001, corner[1] - 0.001, corner[2] + 0.001, corner[3] - 0.001)
    drawn = dict(mapping(shapely.set_precision(box, 1e-7)))
    wish = SectorWish.model_validate(
        {"command_id": uuid7(), "kind": "area", "geometry": drawn, "name": "Старый карьер"}, strict=False
    )
    done = await draw_sector(desk.office, desk.me, desk.operation_id, wish)
    new = await desk.get("sectors", done["sector_ids"][0])
    assert (done["labels"][0], new["name"], new["source"]) == ("РН1", "Старый карьер", "drawn")
    assert len(new["replaces"]) == 4
    assert all("-1" in label for label in done["labels"][1:])
    await assert_area_is_covered(desk)


async def test_lines_and_address_lists_are_sectors_too(gridded: Desk) -> None:
    """A line has a length and a corridor, a list has addresses; a new cut leaves both alone."""
    desk = gridded
    area = await desk.get("area", desk.operation_id)
    west, south, east, north = shape(area["geometry"]).bounds
    line = {"type": "LineString", "coordinates": [[west - 0.01, south + 0.005], [east, north]]}
    drawn = {"command_id": uuid7(), "kind": "line", "geometry": line, "corridor_m": 30.0}
    await draw_sector(desk.office, desk.me, desk.operation_id, SectorWish.model_validate(drawn, strict=False))
    addresses = [{"text": "ул. Лесная, 1", "lon": west, "lat": south}, {"text": "дом у пруда"}]
    listed = {"command_id": uuid7(), "kind": "list", "addresses": addresses}
    await draw_sector(
        desk.office, desk.me, desk.operation_id, SectorWish.model_validate(listed, strict=False)
    )
    newest = max(int(one["version"]) for one in (await desk.state())["partitions"].values())
    await desk.grid(base_version=newest, cell_m=700.0)
    async with desk.office.engine.connect() as connection:
        classes = ClassSet(frozenset({HQ}), frozenset({"team"}))
        found = await sector_collection(connection, desk.operation_id, classes)
    by_label = {feature["properties"]["label"]: feature for feature in found["features"]}
    river, houses = by_label["ЛН1"], by_label["СП1"]
    assert river["properties"]["area_m2"] is None
    assert river["properties"]["length_m"] > 1_000
    assert river["properties"]["corridor_m"] == 30.0
    assert houses["geometry"]["type"] == "MultiPoint"
    assert [each["text"] for each in houses["properties"]["addresses"]] == ["ул. Лесная, 1", "дом у пруда"]


async def test_a_marked_sector_is_given_to_nobody(gridded: Desk, organisations: Organisations) -> None:
    """A hazard has a reason, another organisation's ground its name; the mark comes off again."""
    desk = gridded
    sector_id = (await desk.sectors())["A1"]
    version = await desk.version("sectors", sector_id)
    wish = MarkWish(command_id=uuid7(), base_version=version, mark="blocked", reason="Болото, топь")
    await mark_sector(desk.office, desk.me, desk.operation_id, sector_id, wish)
    team_id = await desk.team("Лиса-1", "Анна")
    with pytest.raises(Conflict, match="sector_marked"):
        await give_task(desk.office, desk.me, desk.operation_id, await desk.task_wish(team_id, sector_id))
    with pytest.raises(ChangedMeanwhile):
        await mark_sector(
            desk.office,
            desk.me,
            desk.operation_id,
            sector_id,
            wish.model_copy(update={"command_id": uuid7()}),
        )
    theirs = MarkWish(
        command_id=uuid7(),
        base_version=await desk.version("sectors", sector_id),
        mark="held_by_other",
        organisation_id=organisations.emergency.organisation_id,
    )
    await mark_sector(desk.office, desk.me, desk.operation_id, sector_id, theirs)
    held = await desk.get("sectors", sector_id)
    assert held["mark"] == "held_by_other"
    assert held["mark_organisation_id"] == str(organisations.emergency.organisation_id)
    off = MarkWish(command_id=uuid7(), base_version=held["version"], mark=None)
    await mark_sector(desk.office, desk.me, desk.operation_id, sector_id, off)
    await desk.give(team_id, sector_id)
    again = wish.model_copy(
        update={"command_id": uuid7(), "base_version": await desk.version("sectors", sector_id)}
    )
    with pytest.raises(Conflict, match="sectors_in_work"):
        await mark_sector(desk.office, desk.me, desk.operation_id, sector_id, again)


async def test_wishes_that_make_no_sense_are_refused(gridded: Desk) -> None:
    """Broken lines, unknown sectors and organisations, mixtures: by name, and nothing is written."""
    desk = gridded
    before = await desk.state()
    sector_id = (await desk.sectors())["A1"]
    lines: list[tuple[dict[str, Any], str]] = [
        ({"type": "Point", "coordinates": [0, 0]}, "geometry_type"),
        ({"type": "LineString", "coordinates": [[0, 0], [0, "x"]]}, "geometry_number"),
    ]
    for line, code in lines:
        wish = SplitWish(command_id=uuid7(), line=line)
        with pytest.raises(BadInput, match=code):
            await split_sector(desk.office, desk.me, desk.operation_id, sector_id, wish)
    off = SplitWish(command_id=uuid7(), line={"type": "LineString", "coordinates": [[0, 0], [1, 1]]})
    with pytest.raises(Conflict, match="line_does_not_split"):
        await split_sector(desk.office, desk.me, desk.operation_id, sector_id, off)
    with pytest.raises(NotKnown):
        await split_sector(
            desk.office, desk.me, desk.operation_id, uuid7(), off.model_copy(update={"command_id": uuid7()})
        )
    foreign = MarkWish(
        command_id=uuid7(),
        base_version=await desk.version("sectors", sector_id),
        mark="held_by_other",
        organisation_id=uuid7(),
    )
    with pytest.raises(BadInput, match="unknown_organisation"):
        await mark_sector(desk.office, desk.me, desk.operation_id, sector_id, foreign)
    for wrong in (
        {"kind": "area"},
        {"kind": "list"},
        {"kind": "line", "geometry": {}, "ground_line": {"line_class": "river", "lon": 0.0, "lat": 0.0}},
    ):
        with pytest.raises(ValidationError):
            SectorWish.model_validate({"command_id": uuid7(), **wrong})
    with pytest.raises(ValidationError):
        MarkWish(command_id=uuid7(), mark="blocked")
    assert await desk.state() == before
