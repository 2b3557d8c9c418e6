"""What one movement counts on, another one finds taken: seats, payload, aircraft; also of other searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import DepartureWish, MovementEnd
from search_ops.errors import Conflict
from search_ops.services.movement_requests import end_movement
from search_ops.services.transport_departures import change_departure
from tests.services.moving import add_resource, ask, build_network, choose, movement_wish, report
from tests.services.test_movement_under_way import again, read

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk

PLANE = {
    "kind": "aircraft",
    "craft_type": "Il-76TD",
    "base_place": "ZIA",
    "ready_min": 60,
    "duty_min": 1_500,
    "night": True,
    "cost_rub": 0.0,
    "confidence": 0.8,
}


async def flights(desk: Desk, movement_id: UUID) -> list[str]:
    (first, *_) = (await read(desk, movement_id))["proposed"]["itineraries"]
    return [leg["number"] for leg in first["legs"] if leg["service_id"]]


async def end(desk: Desk, movement_id: UUID) -> None:
    version = await desk.version("movements", movement_id)
    wish = MovementEnd(command_id=uuid7(), base_version=version, reason="нашли")
    await end_movement(desk.office, desk.me, desk.operation_id, movement_id, wish)


async def short_of_seats(desk: Desk, movement_id: UUID, seats: int) -> None:
    """Leave so many seats on the flight that is proposed."""
    proposed: dict[str, Any] = (await read(desk, movement_id))["proposed"]
    leg = next(leg for leg in proposed["itineraries"][0]["legs"] if leg["service_id"])
    wish = DepartureWish(command_id=uuid7(), state="as_planned", seats=seats, reason="меньший борт")
    await change_departure(desk.office, desk.me, leg["service_id"], leg["on_date"], wish)


async def test_seats_that_one_movement_counts_on_are_taken_for_the_next(desk: Desk) -> None:
    """Twenty seats, twelve people twice: the second flies later, and does not get what was proposed."""
    await build_network(desk.office)
    one = await ask(desk, movement_wish(desk))
    await short_of_seats(desk, one, 20)
    await again(desk, one)
    other = await ask(desk, movement_wish(desk))
    assert await flights(desk, one) == await flights(desk, other) == ["НОЧЬ-1"]
    await choose(desk, one)
    with pytest.raises(Conflict, match="seats_taken") as refused:
        await choose(desk, other)
    assert (refused.value.data["need"], refused.value.data["have"]) == (12, 8)
    await again(desk, other)
    assert await flights(desk, other) == ["ПОЗДНО-2"]
    await end(desk, one)
    await again(desk, other)
    assert await flights(desk, other) == ["НОЧЬ-1"]


async def test_payload_is_taken_like_seats(desk: Desk) -> None:
    """1 200 kg of 2 000 are gone: another 1 200 go by the flight that can still carry them."""
    await build_network(desk.office)
    party = {"place_id": "geonames:1", "ready_at": desk.office.clock(), "people": 2, "cargo_kg": 1_200.0}
    one = await ask(desk, movement_wish(desk, parties=[party]))
    other = await ask(desk, movement_wish(desk, parties=[party]))
    await choose(desk, one)
    with pytest.raises(Conflict, match="payload_taken"):
        await choose(desk, other)
    await again(desk, other)
    assert await flights(desk, other) == ["ПОЗДНО-2"]


async def test_an_aircraft_flies_for_one_movement_at_a_time(desk: Desk) -> None:
    """The second is told who has it; free again when the first is called off or has landed with it."""
    await build_network(desk.office)
    plane = await add_resource(desk.office, desk.me, name="Ил-76 МЧС", **PLANE)
    one = await ask(desk, movement_wish(desk))
    other = await ask(desk, movement_wish(desk))
    await choose(desk, one)
    assert any(leg["craft_id"] == str(plane) for leg in (await read(desk, one))["legs"])
    with pytest.raises(Conflict, match="craft_taken"):
        await choose(desk, other)
    proposed = await again(desk, other)
    assert await flights(desk, other) == ["НОЧЬ-1"]
    taken = next(why for why in proposed["aircraft_out"] if why["reason"] == "taken_elsewhere")
    assert taken["concerns"][0]["name"] == "Ил-76 МЧС"
    mine = (await again(desk, one))["itineraries"][0]
    assert any(leg["craft_id"] == str(plane) for leg in mine["legs"])  # it is its own
    await report(desk, one, len((await read(desk, one))["legs"]) - 1, "arrived")
    proposed = await again(desk, other)
    assert "taken_elsewhere" not in {why["reason"] for why in proposed["aircraft_out"]}
