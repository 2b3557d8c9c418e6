"""СТОП reaches whoever may read the operation, on whatever page he is, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Grant, Role
from search_ops.domain.wishes import ClosingWish, StateWish
from search_ops.services.closing import close_operation, set_state
from search_ops.services.stops import read_stops
from tests.services.conftest import open_desk

if TYPE_CHECKING:
    from tests.services.conftest import Desk, Organisations

pytestmark = pytest.mark.postgres


async def _set(desk: Desk, state: str) -> None:
    version = await desk.version("operation", desk.operation_id)
    wish = StateWish.model_validate({"command_id": uuid7(), "base_version": version, "state": state})
    await set_state(desk.office, desk.me, desk.operation_id, wish)


async def test_stop_is_told_until_the_search_goes_on(desk: Desk) -> None:
    """Of two searches the one on СТОП is told, with its number and since when; then none."""
    await open_desk(desk.office, desk.me)
    assert await read_stops(desk.office, desk.me) == []
    await _set(desk, "hold_verify")
    [told] = await read_stops(desk.office, desk.me)
    assert (told["number"], told["state"], told["exercise"]) == (desk.number, "hold_verify", False)
    held = await desk.get("operation", desk.operation_id)
    assert told["state_at"] == held["state_at"]
    await _set(desk, "hold_evacuate")
    [told] = await read_stops(desk.office, desk.me)
    assert told["state"] == "hold_evacuate"
    await _set(desk, "active")
    assert await read_stops(desk.office, desk.me) == []


async def test_stop_of_a_search_is_told_to_those_who_may_read_it(
    desk: Desk, organisations: Organisations
) -> None:
    """The police of the region read it; an officer of another organisation without a part in it does not."""
    await _set(desk, "hold_evacuate")
    assert [one["number"] for one in await read_stops(desk.office, organisations.police)] == [desk.number]
    elsewhere = replace(organisations.partner, grants=(Grant(Role.COORDINATOR, region="RU-AD"),))
    assert await read_stops(desk.office, elsewhere) == []


async def test_a_closed_search_is_no_stop(desk: Desk) -> None:
    """What was closed out of СТОП holds nobody any more."""
    await _set(desk, "hold_verify")
    version = await desk.version("operation", desk.operation_id)
    wish = ClosingWish.model_validate(
        {"command_id": uuid7(), "base_version": version, "outcome": "found_alive", "reason": None}
    )
    await close_operation(desk.office, desk.me, desk.operation_id, wish)
    assert await read_stops(desk.office, desk.me) == []
