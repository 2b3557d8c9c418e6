"""What changes under a movement: departures, airports, services, roads, aircraft, and those who report."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import DepartureWish, MovementEnd
from search_ops.services.movement_requests import end_movement
from search_ops.services.transport_departures import change_departure
from tests.services.moving import ask, build_network, choose, movement_wish, report

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk


async def _chosen(desk: Desk, **more: Any) -> tuple[UUID, int, dict[str, Any]]:
    """Return a chosen movement, with the number of its flight and the flight."""
    movement_id = await ask(desk, movement_wish(desk, **more))
    await choose(desk, movement_id)
    legs = (await desk.get("movements", movement_id))["legs"]
    return movement_id, *next((number, leg) for number, leg in enumerate(legs) if leg["service_id"])


async def _change(desk: Desk, leg: dict[str, Any], state: str, **more: Any) -> list[str]:
    """Change the departure of a leg; return the movements told."""
    wish = DepartureWish.model_validate({"command_id": uuid7(), "state": state, "reason": "погода", **more})
    changed = await change_departure(desk.office, desk.me, leg["service_id"], leg["on_date"], wish)
    told: list[str] = changed["disturbed"]
    return told


async def _disturbed(desk: Desk, movement_id: UUID) -> dict[str, Any]:
    return (await desk.get("movements", movement_id))["disturbed"] or {}


async def test_reports_are_kept_and_cancellations_told_whatever_the_state(desk: Desk) -> None:
    """Arriving at the airport is not the end; called off, those under way still hear of their flight."""
    await build_network(desk.office)
    movement_id, number, leg = await _chosen(desk)
    assert (await report(desk, movement_id, 0, "arrived"))["state"] == "moving"
    assert await _change(desk, leg, "cancelled") == [str(movement_id)]
    assert (await report(desk, movement_id, 4, "arrived"))["state"] == "arrived"
    assert await _change(desk, leg, "delayed", delay_min=30, base_version=1) == []  # behind them
    assert (await report(desk, movement_id, number, "left"))["state"] == "moving"  # it was said too early
    assert await _change(desk, leg, "cancelled", base_version=2) == []  # the same word again
    assert await _change(desk, leg, "delayed", delay_min=60, base_version=3) == [str(movement_id)]
    version = await desk.version("movements", movement_id)
    end = MovementEnd(command_id=uuid7(), base_version=version, reason="нашли")
    await end_movement(desk.office, desk.me, desk.operation_id, movement_id, end)
    assert await _change(desk, leg, "cancelled", base_version=4) == [str(movement_id)]
    assert (await report(desk, movement_id, number, "landed"))["state"] == "cancelled"
    assert (await desk.get("movements", movement_id))["state"] == "cancelled"
    assert len((await desk.state())["movement_reports"]) == 4


async def test_each_change_has_its_own_place(desk: Desk) -> None:
    """Two departures of one movement: taking one change back leaves the other standing."""
    await build_network(desk.office)
    wish = movement_wish(desk)
    parties = [wish.parties[0].model_dump() | {"people": people, "cargo_kg": 0.0} for people in (38, 15)]
    movement_id = await ask(desk, movement_wish(desk, parties=parties))
    await choose(desk, movement_id)
    legs = (await desk.get("movements", movement_id))["legs"]
    groups = {(leg["party"], leg["part"]) for leg in legs}
    for who in groups:  # each of them goes one way from beginning to end
        way = [leg for leg in legs if (leg["party"], leg["part"]) == who]
        assert all(one["to_place"] == next_["from_place"] for one, next_ in pairwise(way))
    assert sum(way["people"] for way in legs if way["from_place"] == "geonames:1") == 53
    flown = {f"{leg['service_id']}@{leg['on_date']}": leg for leg in legs if leg["service_id"]}
    (one, first), (other, second), *_ = flown.items()
    assert await _change(desk, first, "as_planned") == []  # nothing to take back
    await _change(desk, first, "cancelled", base_version=1)
    await _change(desk, second, "delayed", delay_min=90)
    assert {key: each["what"] for key, each in (await _disturbed(desk, movement_id)).items()} == {
        one: "cancelled",
        other: "delayed",
    }
    await _change(desk, second, "as_planned", base_version=1)
    assert set(await _disturbed(desk, movement_id)) == {one}
    await _change(desk, first, "as_planned", base_version=2)
    assert (await desk.get("movements", movement_id))["disturbed"] is None


async def test_fewer_seats_than_people_aboard_are_told(desk: Desk) -> None:
    """Two movements of twelve and ten count on one flight: room for twenty disturbs both."""
    await build_network(desk.office)
    first, _, leg = await _chosen(desk)
    party = movement_wish(desk).parties[0].model_dump() | {"people": 10}
    second, _, same = await _chosen(desk, parties=[party])
    assert same["service_id"] == leg["service_id"]
    assert await _change(desk, leg, "as_planned", seats=22) == []
    told = await _change(desk, leg, "as_planned", seats=20, base_version=1)
    assert set(told) == {str(first), str(second)}
    (stands,) = (await _disturbed(desk, first)).values()
    assert (stands["what"], stands["seats"], stands["aboard"]) == ("seats", 20, 22)
    await _change(desk, leg, "as_planned", seats=30, base_version=2)
    assert await _disturbed(desk, second) == {}
