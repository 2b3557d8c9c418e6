"""Thirty days after closing the points have no person, and not a day before; open searches keep all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Principal
from search_ops.domain.wishes import ClosingWish
from search_ops.persistence.tables import last_position, position
from search_ops.services.closing import close_operation
from search_ops.services.positions import Fix, take_positions
from search_ops.services.retention import Due, due_now, keep_terms
from tests.services.conftest import open_desk

if TYPE_CHECKING:
    from tests.services.conftest import Desk, Organisations

pytestmark = pytest.mark.postgres


async def walk(desk: Desk) -> Principal:
    """Let somebody send three positions."""
    anna = await desk.add("Анна")
    phone = Principal("participant", anna, uuid7(), "Анна", operation_id=desk.operation_id, device_id=uuid7())
    assert phone.device_id is not None
    fixes = [Fix(number, desk.office.clock(), 104.0 + number / 1000, 52.0) for number in range(3)]
    await take_positions(desk.office, phone, desk.operation_id, phone.device_id, fixes)
    return phone


async def points(desk: Desk) -> list[Any]:
    query = select(position.c.participant_id, position.c.device_id).where(
        position.c.operation_id == desk.operation_id
    )
    async with desk.office.engine.connect() as connection:
        return list((await connection.execute(query)).all())


async def test_the_person_is_cut_from_the_points_of_a_closed_search(
    desk: Desk, organisations: Organisations
) -> None:
    """After 29 days nothing, after 31 the points stay without person and phone; the open one keeps all."""
    phone = await walk(desk)
    other = await open_desk(desk.office, organisations.squad)
    there = await walk(other)
    begun = desk.office.clock()
    wish = ClosingWish(
        command_id=uuid7(),
        base_version=await desk.version("operation", desk.operation_id),
        outcome="not_found",
        reason="Закончили",
    )
    await close_operation(desk.office, desk.me, desk.operation_id, wish)
    for days, due in (
        (29, Due(0, 0, 0, 0)),
        (31, Due(1, 1, 0, 0)),
        (32, Due(0, 0, 0, 0)),
        (366, Due(0, 0, 0, 1)),
    ):
        desk.office.clock = lambda days=days: begun + timedelta(days=days)  # type: ignore[misc]
        assert await due_now(desk.office) == due
        assert await keep_terms(desk.office) == due
    cut = await points(desk)
    assert len(cut) == 3
    assert len(set(cut)) == 1
    assert phone.id not in cut[0]
    assert phone.device_id not in cut[0]
    assert {each.participant_id for each in await points(other)} == {there.id}
    async with desk.office.engine.connect() as connection:
        held = (await connection.execute(select(last_position.c.operation_id))).scalars().all()
    assert held == [other.operation_id]
