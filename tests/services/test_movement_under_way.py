"""Planning again under way: from where people are, with what is behind them kept; plans for some of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import ReplanWish
from search_ops.domain.visibility import HQ
from search_ops.domain.wishes import Wish
from search_ops.errors import Conflict
from search_ops.services.movements import replan_movement
from search_ops.services.planned_files import keep_answer, read_answer
from search_ops.services.scribe import intend_in_operation
from search_ops.services.transport_reading import read_transport
from tests.services.moving import ask, build_network, choose, look, movement_wish, report

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.services.scribe import Scribe
    from tests.services.conftest import Desk


async def read(desk: Desk, movement_id: UUID) -> dict[str, Any]:
    async with desk.office.engine.connect() as connection:
        told = await read_transport(connection, desk.operation_id, desk.office.clock())
    found: dict[str, Any] = next(each for each in told["movements"] if each["id"] == str(movement_id))
    return found


async def again(desk: Desk, movement_id: UUID) -> dict[str, Any]:
    """Plan again, and return what is proposed."""
    version = await desk.version("movements", movement_id)
    wish = ReplanWish(command_id=uuid7(), base_version=version)
    await replan_movement(desk.office, desk.me, desk.operation_id, movement_id, wish)
    await look(desk, movement_id, wish.command_id)
    proposed: dict[str, Any] = (await read(desk, movement_id))["proposed"]
    return proposed


def ends(legs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(leg["from_place"], leg["to_place"]) for leg in legs]


async def chosen(desk: Desk, **more: Any) -> UUID:
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk, **more))
    await choose(desk, movement_id)
    return movement_id


async def test_at_the_airport_they_are_planned_from_the_airport(desk: Desk) -> None:
    """The road is behind them and stays with its hour; the flight is looked for from there."""
    movement_id = await chosen(desk)
    before = (await read(desk, movement_id))["legs"]
    await report(desk, movement_id, 0, "arrived")
    proposed = await again(desk, movement_id)
    assert proposed["under_way"]
    legs = proposed["itineraries"][0]["legs"]
    assert ends(legs) == ends(before)
    assert legs[0]["done_at"] is not None
    assert "done_at" not in legs[1]
    assert (await choose(desk, movement_id))["state"] == "moving"
    movement = await read(desk, movement_id)
    assert (movement["state"], movement["done_legs"]) == ("moving", [0])
    last = len(legs) - 1
    assert (await report(desk, movement_id, last, "arrived"))["state"] == "arrived"


async def test_in_the_air_they_are_planned_from_where_they_land(desk: Desk) -> None:
    """The flight they are on stays; from Irkutsk on, anything may change. Twice over it still stays."""
    movement_id = await chosen(desk)
    legs = (await read(desk, movement_id))["legs"]
    flight = next(number for number, leg in enumerate(legs) if leg["service_id"])
    await report(desk, movement_id, flight, "left")
    found = (await again(desk, movement_id))["itineraries"][0]["legs"]
    assert ends(found[: flight + 1]) == ends(legs[: flight + 1])
    assert found[flight]["left_at"] is not None
    landed = datetime.fromisoformat(found[flight]["arrives_at"])
    assert all(datetime.fromisoformat(leg["leaves_at"]) >= landed for leg in found[flight + 1 :])
    await choose(desk, movement_id)
    once_more = (await again(desk, movement_id))["itineraries"][0]["legs"]
    assert ends(once_more) == ends(found)
    assert once_more[flight]["left_at"] == found[flight]["left_at"]


async def test_a_plan_made_before_the_last_report_is_not_chosen(desk: Desk) -> None:
    """Its people are no longer where it begins."""
    movement_id = await chosen(desk)
    await again(desk, movement_id)
    await report(desk, movement_id, 0, "arrived")
    with pytest.raises(Conflict, match="movement_reported_since"):
        await choose(desk, movement_id)
    await again(desk, movement_id)
    await choose(desk, movement_id)


async def test_on_the_last_leg_nothing_is_planned_and_it_says_why(desk: Desk) -> None:
    """There is nowhere to go on from."""
    movement_id = await chosen(desk)
    legs = (await read(desk, movement_id))["legs"]
    await report(desk, movement_id, len(legs) - 1, "left")
    proposed = await again(desk, movement_id)
    assert (proposed["itineraries"], proposed["refused"]) == ([], [{"reason": "all_on_last_leg"}])


async def test_a_proposal_of_an_earlier_version_is_read_and_chosen(desk: Desk) -> None:
    """Worked out before the program was renewed: it says less, and nothing breaks on it."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    proposal = (await desk.get("movements", movement_id))["proposal"]
    async with desk.office.engine.connect() as connection:
        told = await read_answer(connection, proposal["file_id"])
    new = {"under_way", "apart", "reports_seen", "left_out"}
    old = {name: value for name, value in told.items() if name not in new} | {"left_out": ["XYZ"]}
    old["itineraries"] = [
        {name: value for name, value in each.items() if name not in {"people", "left_behind"}}
        for each in told["itineraries"]
    ]
    file_id = uuid7()

    async def decide(scribe: Scribe) -> dict[str, Any]:
        kept = await keep_answer(scribe, desk.operation_id, file_id, "movement", old)
        said = {"movement_id": str(movement_id), "proposal": {**proposal, "file_id": kept}}
        scribe.write("movement_proposed", HQ, said)
        return {}

    wish = Wish(command_id=uuid7())
    await intend_in_operation(desk.office, desk.me, desk.operation_id, wish, name="test", decide=decide)
    proposed = (await read(desk, movement_id))["proposed"]
    assert (proposed["under_way"], proposed["apart"], proposed["left_out"]) == (False, [], [])
    assert proposed["itineraries"][0]["left_behind"] == []
    await choose(desk, movement_id)
    assert (await read(desk, movement_id))["left_behind"] == []


async def test_forty_of_sixty_are_a_plan_and_the_others_are_named(desk: Desk) -> None:
    """Nothing takes a hundred at once: divided among the flights, with those who stay behind and why."""
    await build_network(desk.office)
    party = {
        "place_id": "geonames:1",
        "ready_at": desk.office.clock(),
        "people": 100,
        "cargo_kg": 0.0,
    }

    soon = desk.office.clock() + timedelta(hours=26)
    wish = movement_wish(desk, parties=[party], by_at=soon, to={"place_id": "geonames:2"})
    movement_id = await ask(desk, wish)
    (found,) = (await read(desk, movement_id))["proposed"]["itineraries"]
    assert 0 < found["people"] < 100
    (behind,) = found["left_behind"]
    assert found["people"] + behind["people"] == 100
    assert behind["whys"]
    await choose(desk, movement_id)
    movement = await read(desk, movement_id)
    assert movement["left_behind"][0]["people"] == behind["people"]
    first: dict[int, int] = {}
    for number, leg in enumerate(movement["legs"]):
        first.setdefault(leg["part"], number)
    await report(desk, movement_id, first[0], "arrived")
    proposed = await again(desk, movement_id)
    (onward,) = proposed["itineraries"]
    assert onward["people"] + sum(each["people"] for each in onward["left_behind"]) == 100
