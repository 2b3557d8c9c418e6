"""Grids as a region is used to them: set by the operator, taken where a wish leaves them out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from search_ops.domain.grid_defaults import checked_settings, with_defaults
from search_ops.domain.grid_wishes import GridWish
from search_ops.domain.principals import Grant, Principal, Role
from search_ops.domain.wishes import PartitionWish
from search_ops.errors import BadInput, ChangedMeanwhile, Denied
from search_ops.services.grid_defaults import (
    grid_defaults_of,
    read_region,
    region_settings,
    set_region,
    set_region_settings,
)
from tests.services.conftest import REGION
from tests.services.test_partition_methods import assert_partition, newest

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk

SIBERIAN = {
    "cell_m": 400.0,
    "align": "utm",
    "origin": {"lon": 104.0, "lat": 52.0},
    "letters": "cyrillic",
    "skipped": "ЁЗЙОЧЪЫЬА",
    "letters_down": True,
    "sub_cells": 2,
}


async def told(desk: Desk) -> dict[str, Any]:
    async with desk.office.engine.connect() as connection:
        assert isinstance(connection, AsyncConnection)
        return await grid_defaults_of(connection, desk.operation_id)


async def test_a_region_cuts_as_it_is_used_to(desk: Desk) -> None:
    """Without a word the wish gets the region's grid; what it says itself goes before; other regions not."""
    await desk.area()
    assert await told(desk) == {"region": REGION, "settings": {}}
    await set_region_settings(desk.office, "RU-MOS", {"letters": "cyrillic"})
    await set_region_settings(desk.office, REGION, SIBERIAN)
    assert await told(desk) == {"region": REGION, "settings": SIBERIAN}
    made = await desk.grid()
    labels = await desk.sectors()
    assert any(label.startswith("Б1/") for label in labels)
    assert not any(label.startswith("А") for label in labels)
    await assert_partition(desk)
    partition = (await desk.state())["partitions"][made["partition_id"]]
    assert (partition["settings"]["cell_m"], partition["settings"]["align"]) == (400.0, "utm")
    await desk.grid(base_version=await newest(desk), letters="latin", skipped="", sub_cells=1)
    assert {label[0] for label in await desk.sectors()} <= set("ABCDEFGH")


async def test_what_is_no_grid_is_refused_by_name(desk: Desk) -> None:
    """Unknown names and impossible values keep what stood; an empty setting takes it away."""
    office = desk.office
    await set_region_settings(office, REGION, SIBERIAN)
    for given, named in (
        ({"cell_m": 1.0}, "cell_m"),
        ({"hours": 2}, "hours"),
        ({"letters": "greek"}, "letters"),
    ):
        with pytest.raises(BadInput) as caught:
            await set_region_settings(office, REGION, given)
        assert (caught.value.code, caught.value.data["names"]) == ("grid_settings", named)
    assert await region_settings(office, REGION) == SIBERIAN
    with pytest.raises(BadInput, match="unknown_region"):
        await region_settings(office, "Иркутск")
    await set_region_settings(office, REGION, {"cell_m": None})
    assert await region_settings(office, REGION) == {}


async def test_those_of_the_region_set_it_at_their_desks(desk: Desk) -> None:
    """Lead and cartographer of the region set its grid, others not; who looked earlier loses."""
    office = desk.office

    def somebody(role: Role, region: str | None, operation_id: UUID | None = None) -> Principal:
        return replace(desk.me, id=uuid7(), grants=(Grant(role, region, operation_id),))

    lead, mapper = somebody(Role.REGION_LEAD, REGION), somebody(Role.CARTOGRAPHER, REGION)
    for stranger in (
        desk.me,  # coordinates searches, decides nothing for the region
        somebody(Role.REGION_LEAD, "RU-MOS"),
        somebody(Role.CARTOGRAPHER, None, desk.operation_id),  # of one search only
    ):
        with pytest.raises(Denied):
            await read_region(office, stranger, REGION)
        with pytest.raises(Denied):
            await set_region(office, stranger, REGION, wish(0, SIBERIAN))
    assert (await read_region(office, lead, REGION))["version"] == 0
    first = await set_region(office, lead, REGION, wish(0, SIBERIAN))
    assert (first["version"], first["settings"]) == (1, SIBERIAN)
    assert await set_region(office, lead, REGION, wish(0, SIBERIAN)) == first
    with pytest.raises(ChangedMeanwhile):
        await set_region(office, mapper, REGION, wish(0, {"cell_m": 300.0}))
    with pytest.raises(BadInput, match="grid_settings"):
        await set_region(office, mapper, REGION, wish(1, {"cell_m": 1.0}))
    second = await set_region(office, mapper, REGION, wish(1, {"cell_m": 300.0}))
    assert await told(desk) == {"region": REGION, "settings": {"cell_m": 300.0}}
    lifted = await set_region(office, lead, REGION, wish(second["version"], {}))
    assert (lifted["version"], lifted["settings"]) == (3, {})


def wish(base_version: int, settings: dict[str, Any]) -> GridWish:
    return GridWish(command_id=uuid7(), base_version=base_version, settings=settings)


def test_a_wish_names_only_what_grids_have() -> None:
    """A name of the sender's own is refused before it could come back in a sentence."""
    with pytest.raises(ValidationError):
        wish(0, {"<b>hours</b>": 2})


def test_what_goes_together_stays_together() -> None:
    """A cell of one's own size is square, and steps in degrees come with their own alignment."""
    degrees = checked_settings(
        {"align": "geographic", "step_lon_deg": 0.01, "step_lat_deg": 0.005, "cell_height_m": 300.0}
    )
    own = with_defaults(PartitionWish(command_id=uuid7(), cell_m=250.0), degrees)
    assert (own.align, own.cell_height_m, own.step_lon_deg) == ("geographic", None, 0.01)
    plain = with_defaults(PartitionWish(command_id=uuid7(), align="local"), degrees)
    assert (plain.step_lon_deg, plain.cell_height_m) == (None, 300.0)
    groups = PartitionWish(command_id=uuid7(), method="groups")
    assert with_defaults(groups, degrees) is groups
