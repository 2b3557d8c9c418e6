"""Joint requests: seen is not promised, several sides answer, what was said by phone stays unconfirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.rights import Right, rights_in
from search_ops.domain.visibility import agency_class
from search_ops.domain.wishes import (
    AnswerWish,
    CancelWish,
    ReceivedWish,
    RequestWish,
    ToldConfirmation,
    ToldWish,
)
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict, Denied, MoveRefused, NotKnown
from search_ops.persistence.event_log import organisation_stream
from search_ops.persistence.grants import place_of_operation
from search_ops.persistence.tables import event
from search_ops.services.answers import answer_request, confirm_told, enter_told, receive_request
from search_ops.services.requests import cancel_request, make_request

if TYPE_CHECKING:
    from search_ops.domain.principals import Principal
    from tests.services.conftest import Desk, Organisations


@dataclass
class Asked:
    """A request of the police to both ministries' desks and a partner: ten people, one boat."""

    desk: Desk
    organisations: Organisations
    request_id: UUID
    people: UUID
    boat: UUID

    async def seen_by(self, who: Principal) -> int:
        """Return the version that a duty desk sees in its own stream."""
        assert who.organisation_id is not None
        state = await self.desk.state(organisation_stream(who.organisation_id))
        return int(state["requests"][str(self.request_id)]["version"])

    async def receive(self, who: Principal, **more: Any) -> dict[str, Any]:
        said = {
            "command_id": uuid7(),
            "base_version": await self.seen_by(who),
            "organisation_id": who.organisation_id,
            "officer_name": "Дмитрий Сменный",
            "officer_post": "СОД",
            **more,
        }
        wish = ReceivedWish.model_validate(said)
        return await receive_request(self.desk.office, who, self.desk.operation_id, self.request_id, wish)

    async def answer(self, who: Principal, item_id: UUID, decision: str, **more: Any) -> dict[str, Any]:
        said = {
            "command_id": uuid7(),
            "base_version": await self.seen_by(who),
            "organisation_id": who.organisation_id,
            "item_id": item_id,
            "decision": decision,
            **more,
        }
        wish = AnswerWish.model_validate(said)
        return await answer_request(self.desk.office, who, self.desk.operation_id, self.request_id, wish)

    async def accept(self, who: Principal, item_id: UUID, quantity: int) -> dict[str, Any]:
        arrive_at = self.desk.office.clock() + timedelta(hours=2)
        return await self.answer(
            who, item_id, "accept", quantity=quantity, arrive_at=arrive_at, leader="Иван Старший"
        )

    async def state(self) -> str:
        return str((await self.desk.get("requests", self.request_id))["state"])

    async def state_for(self, who: Principal) -> str:
        assert who.organisation_id is not None
        state = await self.desk.state(organisation_stream(who.organisation_id))
        return str(state["requests"][str(self.request_id)]["state"])


def _wish(*to: Principal, **more: Any) -> RequestWish:
    said = {
        "command_id": uuid7(),
        "to": [who.organisation_id for who in to],
        "items": [{"what": "Люди с рациями", "quantity": 10}, {"what": "Лодка", "quantity": 1}],
        "basis": "Поиск человека, КУСП 1234",
        "contact": "Сергей Дежурный, +7 000 000-00-02",
        **more,
    }
    return RequestWish.model_validate(said)


@pytest.fixture
async def asked(desk: Desk, organisations: Organisations) -> Asked:
    """Return a request of the police to emergencies and partner."""
    wish = _wish(organisations.emergency, organisations.partner)
    made = await make_request(desk.office, organisations.police, desk.operation_id, wish)
    people, boat = (UUID(identity) for identity in made["item_ids"])
    return Asked(desk, organisations, UUID(made["request_id"]), people, boat)


async def test_a_request_stands_with_all_its_sides(asked: Asked) -> None:
    """Headquarters, the police who ask and both who are asked see it, each sealed with its own key."""
    sides = asked.organisations
    for who in (sides.police, sides.emergency, sides.partner):
        assert who.organisation_id is not None
        state = await asked.desk.state(organisation_stream(who.organisation_id))
        request = state["requests"][str(asked.request_id)]
        assert request["contact"] == "Сергей Дежурный, +7 000 000-00-02"
        assert request["number"] == asked.desk.number
        assert request["exercise"] is False
    assert await asked.state() == "requested"
    query = select(event.c.visibility).where(
        event.c.stream_id == asked.desk.stream_id, event.c.kind == "request_made"
    )
    async with asked.desk.office.engine.connect() as connection:
        classes = set((await connection.execute(query)).scalars())
    assert classes == {agency_class(str(who.organisation_id)) for who in (sides.emergency, sides.partner)}


async def test_being_asked_opens_the_search_to_a_desk(desk: Desk, organisations: Organisations) -> None:
    """Before, the search does not exist for the duty officer; asked, he may receive and answer."""
    who = organisations.emergency

    async def rights() -> frozenset[Right]:
        async with desk.office.engine.connect() as connection:
            place = await place_of_operation(connection, desk.operation_id)
        assert place is not None
        return rights_in(who, place)

    assert Right.OPERATION_READ not in await rights()
    await make_request(desk.office, desk.me, desk.operation_id, _wish(who))
    assert {Right.OPERATION_READ, Right.REQUEST_RECEIVE, Right.REQUEST_ANSWER} <= await rights()


async def test_a_request_is_made_sensibly(desk: Desk, organisations: Organisations) -> None:
    """Nobody asks himself or an organisation that is not there, and half a place is none."""
    with pytest.raises(BadInput, match="asks_itself"):
        await make_request(desk.office, desk.me, desk.operation_id, _wish(desk.me))
    unknown = _wish(organisations.emergency).model_copy(update={"to": [uuid7()]})
    with pytest.raises(BadInput, match="unknown_organisation"):
        await make_request(desk.office, desk.me, desk.operation_id, unknown)
    with pytest.raises(BadInput, match="place_incomplete"):
        await make_request(desk.office, desk.me, desk.operation_id, _wish(organisations.emergency, lon=104.0))


async def test_received_means_a_named_officer_of_the_asked_side(asked: Asked) -> None:
    """He opened it himself, or the asking side told him by phone; nobody else says so."""
    sides = asked.organisations
    told = {"organisation_id": sides.emergency.organisation_id, "officer_name": "Дмитрий Сменный"}
    with pytest.raises(Denied):
        await asked.receive(sides.police, **told, via="opened")
    stranger = {"command_id": uuid7(), "base_version": 1, **told}
    with pytest.raises(Denied):
        await receive_request(
            asked.desk.office,
            sides.partner,
            asked.desk.operation_id,
            asked.request_id,
            ReceivedWish.model_validate(stranger),
        )
    assert await asked.state() == "requested"
    await asked.receive(sides.police, **told, via="phone")
    assert await asked.state() == "received"
    assert await asked.state_for(sides.emergency) == "received"
    assert await asked.state_for(sides.partner) == "requested"
    by_hq = {
        **told,
        "organisation_id": sides.partner.organisation_id,
        "command_id": uuid7(),
        "via": "phone",
        "base_version": await asked.desk.version("requests", asked.request_id),
    }
    wish = ReceivedWish.model_validate(by_hq)
    await receive_request(asked.desk.office, asked.desk.me, asked.desk.operation_id, asked.request_id, wish)
    await asked.receive(sides.partner)
    receipts = (await asked.desk.state())["receipts"].values()
    assert {receipt["via"] for receipt in receipts} == {"phone", "opened"}
    assert {receipt["officer_name"] for receipt in receipts} == {"Дмитрий Сменный"}


async def test_one_declines_while_the_other_commits_half(asked: Asked) -> None:
    """Each side has commitments of its own; the request is answered when nothing is open any more."""
    sides = asked.organisations
    await asked.receive(sides.emergency)
    await asked.answer(sides.emergency, asked.boat, "decline", reason="Лодка на другом поиске")
    assert await asked.state() == "received"
    await asked.accept(sides.emergency, asked.people, 5)
    assert await asked.state_for(sides.emergency) == "answered"
    assert await asked.state() == "received"
    await asked.accept(sides.partner, asked.people, 5)
    last = await asked.answer(sides.partner, asked.boat, "decline", reason="Лодок нет")
    assert last["state"] == await asked.state() == "answered"
    assert await asked.state_for(sides.police) == "answered"
    commitments = (await asked.desk.state())["commitments"].values()
    assert sorted(one["state"] for one in commitments) == ["accepted", "accepted", "declined", "declined"]
    assert {one["leader"] for one in commitments if one["state"] == "accepted"} == {"Иван Старший"}


async def test_an_answer_without_a_named_officer_is_no_receipt(asked: Asked) -> None:
    """As long as nobody of the asked side is named, the request does not count as received."""
    sides = asked.organisations
    await asked.accept(sides.emergency, asked.people, 5)
    assert await asked.state() == await asked.state_for(sides.emergency) == "requested"
    await asked.receive(sides.emergency)
    assert await asked.state() == await asked.state_for(sides.emergency) == "received"


async def test_an_answer_has_number_and_hour_or_a_reason(asked: Asked) -> None:
    """A promise without hour, a refusal without reason, more than asked, and a second answer are refused."""
    who = asked.organisations.emergency
    hour = asked.desk.office.clock()
    refused: list[tuple[str, dict[str, Any]]] = [
        ("quantity_required", {"decision": "accept", "arrive_at": hour}),
        ("arrival_required", {"decision": "accept", "quantity": 5}),
        ("more_than_asked", {"decision": "accept", "quantity": 11, "arrive_at": hour}),
        ("reason_required", {"decision": "decline"}),
    ]
    for code, said in refused:
        with pytest.raises(BadInput, match=code):
            await asked.answer(who, asked.people, **said)
    with pytest.raises(BadInput, match="unknown_item"):
        await asked.answer(who, uuid7(), "decline", reason="нет")
    await asked.accept(who, asked.people, 5)
    with pytest.raises(Conflict, match="already_answered"):
        await asked.accept(who, asked.people, 5)


async def test_only_the_asked_side_answers_and_sees_what_stands(asked: Asked) -> None:
    """Answers for another organisation, on an old version, or to a foreign request are refused."""
    sides = asked.organisations
    foreign = {
        "command_id": uuid7(),
        "base_version": 1,
        "organisation_id": sides.emergency.organisation_id,
        "item_id": asked.boat,
        "decision": "decline",
        "reason": "нет",
    }
    office, operation_id = asked.desk.office, asked.desk.operation_id
    wish = AnswerWish.model_validate(foreign)
    with pytest.raises(Denied):
        await answer_request(office, sides.partner, operation_id, asked.request_id, wish)
    with pytest.raises(NotKnown):
        await answer_request(office, sides.emergency, operation_id, uuid7(), wish)
    squad = AnswerWish.model_validate({**foreign, "organisation_id": sides.squad.organisation_id})
    with pytest.raises(NotKnown):
        await answer_request(office, sides.emergency, operation_id, asked.request_id, squad)
    seen = await asked.seen_by(sides.emergency)
    await asked.receive(sides.emergency)
    with pytest.raises(ChangedMeanwhile):
        await asked.answer(sides.emergency, asked.boat, "decline", reason="нет", base_version=seen - 1)


async def test_a_withdrawn_request_takes_no_answers(asked: Asked) -> None:
    """Everybody who was asked is told; only the asking side withdraws."""
    sides = asked.organisations
    office, operation_id = asked.desk.office, asked.desk.operation_id
    version = await asked.seen_by(sides.police)
    wish = CancelWish(command_id=uuid7(), base_version=version, reason="Найден, жив")
    with pytest.raises(Denied):
        await cancel_request(office, sides.emergency, operation_id, asked.request_id, wish)
    await cancel_request(office, sides.police, operation_id, asked.request_id, wish)
    for who in (sides.police, sides.emergency, sides.partner):
        assert await asked.state_for(who) == "cancelled"
    with pytest.raises(MoveRefused):
        await asked.accept(sides.emergency, asked.people, 5)
    again = CancelWish(command_id=uuid7(), base_version=await asked.seen_by(sides.police), reason="Ещё раз")
    with pytest.raises(MoveRefused):
        await cancel_request(office, sides.police, operation_id, asked.request_id, again)


async def test_what_was_said_by_phone_stays_unconfirmed(asked: Asked) -> None:
    """«Со слов» with name, post and hour; only an officer of that organisation confirms it, once."""
    sides = asked.organisations
    office, operation_id = asked.desk.office, asked.desk.operation_id
    said = {
        "command_id": uuid7(),
        "organisation_id": sides.emergency.organisation_id,
        "name": "Пётр Сменов",
        "post": "СОД",
        "phone": "+7 000 000-00-03",
        "text": "Пять человек к 18:00",
        "item_id": asked.people,
        "decision": "accept",
        "quantity": 5,
    }
    wish = ToldWish.model_validate(said)
    entered = await enter_told(office, asked.desk.me, operation_id, asked.request_id, wish)
    told_id = UUID(entered["told_id"])
    told = await asked.desk.get("told", told_id)
    assert (told["name"], told["confirmed"], told["quantity"]) == ("Пётр Сменов", False, 5)
    assert await asked.state() == "requested"
    confirmation = ToldConfirmation(command_id=uuid7(), officer_name="Дмитрий Сменный")
    with pytest.raises(Denied):
        await confirm_told(office, sides.partner, operation_id, told_id, confirmation)
    await confirm_told(office, sides.emergency, operation_id, told_id, confirmation)
    told = await asked.desk.get("told", told_id)
    assert (told["confirmed"], told["officer_name"]) == (True, "Дмитрий Сменный")
    again = confirmation.model_copy(update={"command_id": uuid7()})
    with pytest.raises(Conflict, match="already_confirmed"):
        await confirm_told(office, sides.emergency, operation_id, told_id, again)
    with pytest.raises(NotKnown):
        await confirm_told(office, sides.emergency, operation_id, uuid7(), confirmation)
