"""Local or fly in: each group with its own people and hour, and nobody who is not in the catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import OptionChoice, ResourceStateWish
from search_ops.errors import BadInput
from search_ops.services.options import choose_option
from search_ops.services.transport_edits import set_resource_state
from search_ops.services.transport_reading import read_transport
from tests.services.moving import add_resource, build_network, compare

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk


async def _compared(desk: Desk) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    return await _told(desk, await compare(desk))


async def _told(desk: Desk, comparison_id: UUID) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    async with desk.office.engine.connect() as connection:
        told = await read_transport(connection, desk.operation_id, desk.office.clock())
    found = next(each for each in told["comparisons"] if each["id"] == str(comparison_id))
    return found, {each["kind"]: each for each in found["told"]["options"]}


async def _group(desk: Desk, name: str, place: str, people: int | None, ready_min: int | None) -> None:
    said = {"kind": "group", "name": name, "base_place": place, "people": people, "ready_min": ready_min}
    await add_resource(desk.office, desk.me, **said, confidence=0.9)


async def test_a_late_group_does_not_hold_up_those_who_cover_the_window_without_it(desk: Desk) -> None:
    """Ten in two hours, one in forty, five of the next region in ten: twelve are there with the region."""
    await build_network(desk.office)
    await _group(desk, "Отряд", "geonames:2", 10, 120)
    await _group(desk, "Один", "geonames:2", 1, 2_400)
    await _group(desk, "Соседний регион", "geonames:5", 5, 600)
    comparison, options = await _compared(desk)
    assert comparison["default_options"] == ["neighbours_by_road", "neighbouring_regions"]
    assert comparison["default_why"] == "local_covers_window"
    covered_at = comparison["told"]["covered_at"]
    assert covered_at == options["neighbouring_regions"]["arrive_at"]
    late = datetime.fromisoformat(covered_at) - datetime.fromisoformat(comparison["told"]["made_at"])
    assert late < timedelta(hours=30)


async def test_those_who_fly_in_are_those_of_the_catalogue(desk: Desk) -> None:
    """Four are four, whatever is wanted; a group that has not said when it is ready is asked."""
    await build_network(desk.office)
    _, options = await _compared(desk)
    assert options["scheduled_flight"]["whys"] == [{"reason": "nobody_near"}]
    await _group(desk, "Не сказали", "geonames:1", 12, None)
    _, options = await _compared(desk)
    assert not options["scheduled_flight"]["possible"]
    assert [ask["what"] for ask in options["scheduled_flight"]["asks"]] == ["ready_at"]
    await _group(desk, "Четверо", "geonames:1", 4, 60)
    comparison, options = await _compared(desk)
    flying = options["scheduled_flight"]
    assert (flying["possible"], flying["people"], flying["people_short"]) == (True, 4, 8)
    assert not flying["covers"]
    assert [who["name"] for who in flying["who"]] == ["Четверо"]
    assert "ready_at" in [ask["what"] for ask in flying["asks"]]
    assert comparison["default_options"] == ["scheduled_flight"]


async def test_local_first_and_fly_in_only_when_the_window_stays_uncovered(desk: Desk) -> None:
    """Enough people by road in time: local. Nobody near and a life at stake: those who fly."""
    await build_network(desk.office)
    office, me = desk.office, desk.me
    near = {"kind": "group", "name": "Отряд рядом", "base_place": "geonames:2", "confidence": 0.9}
    group = await add_resource(office, me, **near, people=12, ready_min=60)
    experts = {"kind": "group", "name": "Эксперты", "base_place": "geonames:1", "people": 12}
    await add_resource(office, me, **experts, ready_min=120)
    await add_resource(
        office, me, kind="consultant", name="Консультант", ready_min=10, people=1, confidence=0.9
    )
    comparison, options = await _compared(desk)
    assert (comparison["default_option"], comparison["default_why"]) == (
        "neighbours_by_road",
        "local_covers_window",
    )
    assert options["neighbours_by_road"]["covers"]
    assert options["scheduled_flight"]["possible"]
    assert options["scheduled_flight"]["arrive_at"] > options["neighbours_by_road"]["arrive_at"]
    assert options["neighbouring_regions"]["whys"] == [{"reason": "nobody_near"}]
    assert options["remote_consultant"]["arrive_at"] < options["neighbours_by_road"]["arrive_at"]
    gone = ResourceStateWish(command_id=uuid7(), base_version=1, state="resting", reason="сутки на поиске")
    await set_resource_state(office, me, group, gone)
    comparison_id = await compare(desk)
    comparison, options = await _told(desk, comparison_id)
    assert (comparison["default_option"], comparison["default_why"]) == (
        "scheduled_flight",
        "no_local_option",
    )
    wish = OptionChoice(
        command_id=uuid7(), base_version=comparison["version"], option="state_aircraft", reason="проверка"
    )
    with pytest.raises(BadInput, match="option_impossible"):
        await choose_option(office, me, desk.operation_id, comparison_id, wish)
    wish = wish.model_copy(
        update={"command_id": uuid7(), "option": "scheduled_flight", "reason": "никого рядом"}
    )
    await choose_option(office, me, desk.operation_id, comparison_id, wish)
    comparison, _ = await _told(desk, comparison_id)
    assert (comparison["chosen"], comparison["reason"]) == ("scheduled_flight", "никого рядом")
