"""Changes of the network and the catalogue under movements: told to those who count on them, or stale."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.sql.elements import quoted_name
from uuid_utils.compat import uuid7

from search_ops.domain.landing_wishes import LandingVerdict
from search_ops.domain.principals import Grant, Role
from search_ops.domain.transport_wishes import (
    DepartureWish,
    MovementReport,
    PlaceWish,
    ResourceStateWish,
    ServiceWish,
    WayWish,
)
from search_ops.errors import BadInput, Conflict
from search_ops.services.landing import judge_landing
from search_ops.services.movements import report_movement
from search_ops.services.transport_departures import change_departure
from search_ops.services.transport_edits import _plain, put_place, put_service, put_way, set_resource_state
from search_ops.services.transport_reading import read_network, read_transport
from tests.services.moving import add_resource, ask, build_network, choose, compare, movement_wish, report

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.domain.wishes import Change
    from tests.services.conftest import Desk, Organisations

_TABLES: dict[str, type[Change]] = {"place": PlaceWish, "service": ServiceWish, "way": WayWish}
_EDITS: dict[str, Any] = {"place": put_place, "service": put_service, "way": put_way}


async def edit(desk: Desk, subject: str, identity: str, **changed: Any) -> dict[str, Any]:
    """Change some fields of a row as a desk does: with all others as they stand."""
    async with desk.office.engine.connect() as connection:
        network = await read_network(connection, desk.office.clock())
    row = next(each for each in network[f"{subject}s"] if each[f"{subject}_id"] == identity)
    wish = _TABLES[subject]
    said = {name: row[name] for name in wish.model_fields if name in row} | {"reason": "погода"} | changed
    made = wish.model_validate({"command_id": uuid7(), "base_version": row["version"], **said}, strict=False)
    answer: dict[str, Any] = await _EDITS[subject](desk.office, desk.me, identity, made)
    return answer


async def chosen(desk: Desk) -> tuple[UUID, list[dict[str, Any]], dict[str, Any]]:
    """Return a chosen movement, its legs, and the flight."""
    movement_id = await ask(desk, movement_wish(desk))
    await choose(desk, movement_id)
    legs = (await desk.get("movements", movement_id))["legs"]
    return movement_id, legs, next(leg for leg in legs if leg["service_id"])


async def stands(desk: Desk, movement_id: UUID) -> dict[str, str]:
    """Return what has changed under a movement -> how."""
    held = (await desk.get("movements", movement_id))["disturbed"] or {}
    return {key: each["what"] for key, each in held.items()}


async def delay(desk: Desk, leg: dict[str, Any]) -> None:
    wish = DepartureWish(command_id=uuid7(), state="delayed", delay_min=60, reason="борт")
    await change_departure(desk.office, desk.me, leg["service_id"], leg["on_date"], wish)


async def test_a_closed_airport_disturbs_until_it_opens(desk: Desk) -> None:
    """Closed while they would land: told, and taken back when it is open again by then."""
    await build_network(desk.office)
    movement_id, legs, flight = await chosen(desk)
    assert (await edit(desk, "place", "IKT", closed=True))["disturbed"] == [str(movement_id)]
    assert await stands(desk, movement_id) == {"place/IKT": "closed"}
    found = (await desk.get("movements", movement_id))["disturbed"]["place/IKT"]
    assert legs[found["leg"]] == flight
    before = flight["leaves_at"]  # nobody has landed by then
    await edit(desk, "place", "IKT", closed=True, closed_until=before)
    assert await stands(desk, movement_id) == {}


async def test_a_service_withdrawn_or_retimed_disturbs_and_its_departure_can_still_be_cancelled(
    desk: Desk,
) -> None:
    """People count on a flight that the timetable no longer has: whether it flies must still be sayable."""
    await build_network(desk.office)
    movement_id, _, flight = await chosen(desk)
    service_id = flight["service_id"]
    await edit(desk, "service", service_id, departs="22:00")
    assert await stands(desk, movement_id) == {f"service/{service_id}": "retimed"}
    await edit(desk, "service", service_id, departs="21:40")
    assert await stands(desk, movement_id) == {}
    await edit(desk, "service", service_id, seats=5)
    assert await stands(desk, movement_id) == {f"service/{service_id}": "seats"}
    await edit(desk, "service", service_id, seats=40, withdrawn=True)
    assert await stands(desk, movement_id) == {f"service/{service_id}": "withdrawn"}
    gone = DepartureWish(command_id=uuid7(), state="cancelled", reason="нет борта")
    await change_departure(desk.office, desk.me, service_id, flight["on_date"], gone)
    assert set((await stands(desk, movement_id)).values()) == {"withdrawn", "cancelled"}


async def test_a_closed_way_disturbs_those_who_still_have_to_go_by_it(desk: Desk) -> None:
    """The ferry that stops is told; a road that is behind them is not."""
    await build_network(desk.office)
    movement_id, *_ = await chosen(desk)
    await report(desk, movement_id, 0, "landed")
    assert (await edit(desk, "way", "m", withdrawn=True))["disturbed"] == []
    await edit(desk, "way", "f", withdrawn=True)
    assert await stands(desk, movement_id) == {"way/f": "closed"}
    await edit(desk, "way", "f", withdrawn=False, duration_min=240)
    assert await stands(desk, movement_id) == {"way/f": "retimed"}
    await edit(desk, "way", "f", withdrawn=False, duration_min=150, season_from="01-01", season_to="03-01")
    assert await stands(desk, movement_id) == {"way/f": "closed"}


async def test_a_broken_aircraft_disturbs_and_one_promised_to_this_search_does_not(desk: Desk) -> None:
    """Its movement hears that it is broken, that it went to another search, and that it is there again."""
    await build_network(desk.office)
    plane = await add_resource(
        desk.office,
        desk.me,
        kind="aircraft",
        name="Ил-76",
        craft_type="Il-76TD",
        base_place="ZIA",
        ready_min=60,
        duty_min=1_500,
        night=True,
        confidence=0.9,
    )
    movement_id = await ask(desk, movement_wish(desk))
    await _say(desk, plane, 1, "promised", operation_id=desk.operation_id)
    await choose(desk, movement_id)
    assert str(plane) in {leg["craft_id"] for leg in (await desk.get("movements", movement_id))["legs"]}
    await _say(desk, plane, 2, "broken")
    assert await stands(desk, movement_id) == {f"resource/{plane}": "broken"}
    await _say(desk, plane, 3, "available")
    assert await stands(desk, movement_id) == {}


async def test_a_resource_of_others_and_a_search_of_others_are_left_alone(
    desk: Desk, organisations: Organisations
) -> None:
    """Nobody promises what is another organisation's, or what he has to a search that is not his."""
    await build_network(desk.office)
    theirs = await add_resource(
        desk.office,
        desk.me,
        kind="aircraft",
        name="Ми-8 МЧС",
        organisation_id=organisations.emergency.organisation_id,
    )
    nobodys = await add_resource(desk.office, desk.me, kind="group", name="Отряд", people=5)
    with pytest.raises(Conflict, match="resource_of_another"):
        await _say(desk, theirs, 1, "promised", operation_id=desk.operation_id)
    with pytest.raises(BadInput, match="search_not_yours"):
        await _say(desk, nobodys, 1, "promised", operation_id=uuid7())
    await _say(desk, nobodys, 1, "working", operation_id=desk.operation_id)
    elsewhere = replace(desk.me, organisation_id=uuid7(), grants=(Grant(Role.COORDINATOR, "RU-KHA"),))
    wish = ResourceStateWish(command_id=uuid7(), base_version=2, state="available", reason="забираем")
    with pytest.raises(Conflict, match="resource_of_another"):
        await set_resource_state(desk.office, elsewhere, nobodys, wish)


async def test_free_text_stays_at_headquarters(desk: Desk) -> None:
    """Who reads movements without being headquarters gets places and hours, and no sentences about people."""
    await build_network(desk.office)
    movement_id, _, flight = await chosen(desk)
    await delay(desk, flight)
    said = {"command_id": uuid7(), "leg": 0, "word": "left", "note": "Иванова укачивает"}
    wish = MovementReport.model_validate(said)
    await report_movement(desk.office, desk.me, desk.operation_id, movement_id, wish)
    seen = {"lon": 104.012, "lat": 52.011, "verdict": "rejected", "reason": "стоит палатка Петровых"}
    verdict = LandingVerdict.model_validate({"command_id": uuid7(), **seen})
    await judge_landing(desk.office, desk.me, desk.operation_id, uuid7(), verdict)
    await compare(desk)

    async def read(*, free_text: bool) -> dict[str, Any]:
        async with desk.office.engine.connect() as connection:
            now = desk.office.clock()
            return await read_transport(connection, desk.operation_id, now, free_text=free_text)

    whole, cut = await read(free_text=True), await read(free_text=False)
    for words in ("укачивает", "борт", "ребёнок", "Петровых"):
        assert words in json.dumps(whole, ensure_ascii=False)
        assert words not in json.dumps(cut, ensure_ascii=False)
    assert cut["movements"][0]["disturbed"].keys() == whole["movements"][0]["disturbed"].keys()


async def _say(desk: Desk, resource_id: UUID, version: int, state: str, **more: Any) -> None:
    said = {"command_id": uuid7(), "base_version": version, "state": state, "reason": "двигатель", **more}
    wish = ResourceStateWish.model_validate(said)
    await set_resource_state(desk.office, desk.me, resource_id, wish)


@pytest.mark.parametrize("change", ["delay", "close", "retime", "way"])
async def test_what_has_changed_since_it_was_proposed_is_not_chosen(desk: Desk, change: str) -> None:
    """A delay, a closed airport, another timetable, a closed road: worked out again first."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    await edit(desk, "place", "IKT", name="Irkutsk International")  # a name changes no itinerary
    if change == "delay":
        leg = {"service_id": "night", "on_date": await _night(desk, movement_id)}
        await delay(desk, leg)
    elif change == "close":
        await edit(desk, "place", "IKT", closed=True)
    elif change == "retime":
        await edit(desk, "service", "night", departs="21:50")
    else:
        await edit(desk, "way", "f", duration_min=300)
    with pytest.raises(Conflict, match="itinerary_stale"):
        await choose(desk, movement_id)


async def _night(desk: Desk, movement_id: UUID) -> str:
    """Return the day on which the proposed night flight leaves."""
    party = (await desk.get("movements", movement_id))["parties"][0]
    return str(party["ready_at"])[:10]


async def test_a_change_of_its_name_alone_is_no_change(desk: Desk) -> None:
    """Renamed between proposal and choice, the airport is still the same."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    await edit(desk, "place", "IKT", name="Irkutsk International")
    assert (await choose(desk, movement_id))["state"] == "planned"


def test_rows_written_into_the_list_of_changes_have_plain_names() -> None:
    """The server's writer of JSON refuses any other kind of text as a key."""
    row: dict[str, Any] = {quoted_name("state", quote=None): "promised", quoted_name("seats", quote=True): 4}
    assert {type(name) for name in _plain(row)} == {str}
