"""A movement and the joint request that was made for it: they end together, and neither is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import CommitmentChoice, MovementEnd, MovementRequest
from search_ops.domain.wishes import AnswerWish
from search_ops.errors import Conflict
from search_ops.services.answers import answer_request
from search_ops.services.movement_requests import end_movement, request_movement, take_commitment
from search_ops.services.movements import ask_movement
from tests.services.moving import add_resource, ask, build_network, choose, movement_wish, report
from tests.services.test_movement_under_way import again, read
from tests.services.test_transport_claims import PLANE

if TYPE_CHECKING:
    from search_ops.domain.principals import Principal
    from tests.services.conftest import Desk, Organisations


async def request(desk: Desk, movement_id: UUID, of: Principal) -> dict[str, Any]:
    assert of.organisation_id is not None
    wish = MovementRequest(
        command_id=uuid7(),
        base_version=await desk.version("movements", movement_id),
        what="Перевозка 12 человек и 400 кг",
        to=[of.organisation_id],
        basis="соглашение",
    )
    return await request_movement(desk.office, desk.me, desk.operation_id, movement_id, wish)


async def answer(desk: Desk, made: dict[str, Any], who: Principal, decision: str) -> UUID:
    accepted = {"quantity": 1, "arrive_at": desk.office.clock() + timedelta(hours=30)}
    said = accepted if decision == "accept" else {"reason": "борт занят"}
    wish = AnswerWish.model_validate(
        {
            "command_id": uuid7(),
            "base_version": await desk.version("requests", made["request_id"]),
            "organisation_id": who.organisation_id,
            "item_id": UUID(made["item_ids"][0]),
            "decision": decision,
            **said,
        }
    )
    told = await answer_request(desk.office, who, desk.operation_id, UUID(made["request_id"]), wish)
    return UUID(told["commitment_id"])


async def take(desk: Desk, movement_id: UUID, commitment_id: UUID) -> dict[str, Any]:
    version = await desk.version("movements", movement_id)
    wish = CommitmentChoice(command_id=uuid7(), base_version=version, commitment_id=commitment_id)
    return await take_commitment(desk.office, desk.me, desk.operation_id, movement_id, wish)


async def end(desk: Desk, movement_id: UUID, who: Principal) -> dict[str, Any]:
    version = await desk.version("movements", movement_id)
    wish = MovementEnd(command_id=uuid7(), base_version=version, reason="нашли")
    told = await end_movement(desk.office, who, desk.operation_id, movement_id, wish)
    assert await end_movement(desk.office, who, desk.operation_id, movement_id, wish) == told
    return told


async def asked(desk: Desk) -> UUID:
    await build_network(desk.office)
    wish = movement_wish(desk)
    return UUID((await ask_movement(desk.office, desk.me, desk.operation_id, wish))["movement_id"])


async def test_a_request_goes_with_its_movement_and_names_the_place(
    desk: Desk, organisations: Organisations
) -> None:
    """Called off, nobody gets a crew ready for it any more; the agency reads where to, not only for what."""
    movement_id = await asked(desk)
    made = await request(desk, movement_id, organisations.emergency)
    held = await desk.get("requests", made["request_id"])
    assert (held["place_text"], held["lat"]) == ("Хужир", 53.19)
    await end(desk, movement_id, desk.me)
    assert (await desk.get("requests", made["request_id"]))["state"] == "cancelled"
    assert (await read(desk, movement_id))["request_over"]


async def test_only_who_has_asked_withdraws(desk: Desk, organisations: Organisations) -> None:
    """Called off by another organisation, the request stands, and the desk says so."""
    movement_id = await asked(desk)
    made = await request(desk, movement_id, organisations.emergency)
    await end(desk, movement_id, replace(desk.me, organisation_id=uuid7()))
    told = await read(desk, movement_id)
    assert (told["state"], told["request_state"], told["request_over"]) == ("cancelled", "requested", False)
    assert (await desk.get("requests", made["request_id"]))["state"] == "requested"


async def test_after_a_refusal_somebody_else_may_be_asked(desk: Desk, organisations: Organisations) -> None:
    """Asked twice at once it is refused; once all have declined, it is not."""
    movement_id = await asked(desk)
    made = await request(desk, movement_id, organisations.emergency)
    with pytest.raises(Conflict, match="movement_requested"):
        await request(desk, movement_id, organisations.police)
    await answer(desk, made, organisations.emergency, "decline")
    assert (await read(desk, movement_id))["request_over"]
    again_made = await request(desk, movement_id, organisations.police)
    assert (await read(desk, movement_id))["request_id"] == again_made["request_id"]
    await answer(desk, again_made, organisations.police, "accept")
    assert (await read(desk, movement_id))["carried_by"] == str(organisations.police.organisation_id)


async def test_an_answer_that_comes_after_a_choice_may_still_be_taken(
    desk: Desk, organisations: Organisations
) -> None:
    """The choice stands until a person takes the offer; what it had promised is free again."""
    await build_network(desk.office)
    plane = await add_resource(desk.office, desk.me, name="Ил-76 МЧС", **PLANE)
    movement_id = await ask(desk, movement_wish(desk))
    made = await request(desk, movement_id, organisations.emergency)
    await choose(desk, movement_id)
    commitment_id = await answer(desk, made, organisations.emergency, "accept")
    told = await read(desk, movement_id)
    assert told["carried_by"] is None
    assert any(leg["craft_id"] == str(plane) for leg in told["legs"])
    assert (await take(desk, movement_id, commitment_id))["state"] == "planned"
    told = await read(desk, movement_id)
    assert [leg["kind"] for leg in told["legs"]] == ["agency"]
    assert told["carried_by"] == str(organisations.emergency.organisation_id)
    other = await again(desk, await ask(desk, movement_wish(desk)))
    assert "taken_elsewhere" not in {why["reason"] for why in other["aircraft_out"]}


async def test_an_agency_takes_people_over_where_they_are(desk: Desk, organisations: Organisations) -> None:
    """At the airport when the flight falls out: the road is behind them, the agency carries on from there."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    made = await request(desk, movement_id, organisations.emergency)
    await choose(desk, movement_id)
    await report(desk, movement_id, 0, "arrived")
    commitment_id = await answer(desk, made, organisations.emergency, "accept")
    assert (await take(desk, movement_id, commitment_id))["state"] == "moving"
    legs = (await read(desk, movement_id))["legs"]
    assert [leg["kind"] for leg in legs] == ["way", "agency"]
    assert legs[0]["done_at"]
    assert (legs[1]["from_place"], legs[1]["people"], legs[1]["cargo_kg"]) == ("MOW", 12, 400.0)
    await report(desk, movement_id, 1, "left")
    proposed = await again(desk, movement_id)
    assert proposed["refused"] == [{"reason": "under_way_with_agency"}]
    assert (await report(desk, movement_id, 1, "arrived"))["state"] == "arrived"


async def test_a_commitment_that_is_none_for_this_movement_is_refused(
    desk: Desk, organisations: Organisations
) -> None:
    """A refusal is nothing to travel by."""
    movement_id = await asked(desk)
    made = await request(desk, movement_id, organisations.emergency)
    declined = await answer(desk, made, organisations.emergency, "decline")
    with pytest.raises(Conflict, match="commitment_over"):
        await take(desk, movement_id, declined)
