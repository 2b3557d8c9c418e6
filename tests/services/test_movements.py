"""Movements: asked, planned by the worker, chosen by a person, disturbed, reported; and their network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Grant, Place, Principal, Role
from search_ops.domain.rights import Right, rights_in
from search_ops.domain.transport_wishes import (
    DepartureWish,
    MovementRequest,
    PlaceWish,
    ReplanWish,
    ResourceStateWish,
    ServiceWish,
    WayWish,
)
from search_ops.domain.wishes import AnswerWish
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict
from search_ops.persistence.transport_tables import transport_change
from search_ops.services.answers import answer_request
from search_ops.services.movement_requests import request_movement
from search_ops.services.movements import ask_movement, replan_movement
from search_ops.services.transport_clock import season_windows
from search_ops.services.transport_departures import change_departure
from search_ops.services.transport_edits import put_place, put_service, put_way, set_resource_state
from search_ops.services.transport_reading import find_places, read_network, read_transport
from tests.services.moving import (
    add_resource,
    ask,
    build_network,
    choose,
    look,
    movement_wish,
    report,
)

if TYPE_CHECKING:
    from tests.services.conftest import Desk, Organisations


async def _proposed(desk: Desk, movement_id: UUID) -> dict[str, Any]:
    async with desk.office.engine.connect() as connection:
        told = await read_transport(connection, desk.operation_id, desk.office.clock())
    movement = next(each for each in told["movements"] if each["id"] == str(movement_id))
    proposed: dict[str, Any] = movement["proposed"]
    return proposed


async def _version(desk: Desk, table: str, identity: str) -> int:
    async with desk.office.engine.connect() as connection:
        network = await read_network(connection, desk.office.clock())
    key = f"{table.removesuffix('s')}_id"
    return int(next(row for row in network[table] if row[key] == identity)["version"])


async def _close(desk: Desk, place_id: str, **more: Any) -> None:
    async with desk.office.engine.connect() as connection:
        network = await read_network(connection, desk.office.clock())
    row = next(each for each in network["places"] if each["place_id"] == place_id)
    names = ("kind", "name", "name_ru", "lon", "lat", "region", "time_zone")
    said = {name: row[name] for name in names} | {"closed": True, "reason": "туман", **more}
    wish = PlaceWish.model_validate({"command_id": uuid7(), "base_version": row["version"], **said})
    await put_place(desk.office, desk.me, place_id, wish)


async def test_twelve_people_come_from_moscow_and_the_plan_survives_a_cancelled_flight(desk: Desk) -> None:
    """The soonest flight with room is chosen; cancelled, the movement says so and is planned again."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    first = (await _proposed(desk, movement_id))["itineraries"][0]
    assert [leg["number"] for leg in first["legs"] if leg["service_id"]] == [
        "НОЧЬ-1"
    ]  # МАЛЫЙ-3 has five seats
    assert [leg["mode"] for leg in first["legs"]] == ["road", "flight", "road", "road", "river"]
    assert first["manifest"][0]["people"] == 12
    assert first["manifest"][0]["seats"] == 40
    assert (await choose(desk, movement_id))["state"] == "planned"
    movement = await desk.get("movements", movement_id)
    number, leg = next((n, each) for n, each in enumerate(movement["legs"]) if each["service_id"])
    wish = DepartureWish(command_id=uuid7(), state="cancelled", reason="туман в Иркутске")
    told = await change_departure(desk.office, desk.me, "night", leg["on_date"], wish)
    assert told["disturbed"] == [str(movement_id)]
    assert await change_departure(desk.office, desk.me, "night", leg["on_date"], wish) == told
    movement = await desk.get("movements", movement_id)
    assert movement["disturbed"] == {
        f"night@{leg['on_date']}": {
            "leg": number,
            "what": "cancelled",
            "delay_min": None,
            "reason": "туман в Иркутске",
            "seats": None,
            "aboard": None,
        }
    }
    assert movement["legs"][number]["service_id"] == "night"  # nobody changed the plan but a person
    replan = ReplanWish(command_id=uuid7(), base_version=movement["version"])
    await replan_movement(desk.office, desk.me, desk.operation_id, movement_id, replan)
    await look(desk, movement_id, replan.command_id)
    again = (await _proposed(desk, movement_id))["itineraries"][0]
    assert [each["number"] for each in again["legs"] if each["service_id"]] == ["ПОЗДНО-2"]
    await choose(desk, movement_id)
    assert (await desk.get("movements", movement_id))["disturbed"] is None
    assert (await report(desk, movement_id, 0, "left"))["state"] == "moving"
    assert (await report(desk, movement_id, 4, "arrived"))["state"] == "arrived"


async def test_a_stale_choice_and_a_wrong_number_are_refused(desk: Desk) -> None:
    """A departure cancelled between looking and choosing is not chosen."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    with pytest.raises(BadInput, match="no_such_itinerary"):
        await choose(desk, movement_id, 30)
    leg = next(
        each for each in (await _proposed(desk, movement_id))["itineraries"][0]["legs"] if each["service_id"]
    )
    wish = DepartureWish(command_id=uuid7(), state="cancelled", reason="туман")
    await change_departure(desk.office, desk.me, leg["service_id"], leg["on_date"], wish)
    with pytest.raises(Conflict, match="itinerary_stale"):
        await choose(desk, movement_id)
    with pytest.raises(BadInput, match="no_such_leg"):
        await report(desk, movement_id, 0, "left")  # nothing was chosen yet


async def test_a_delay_moves_the_arrival(desk: Desk) -> None:
    """Two hours late, the movement arrives two hours later, or by another flight if that is sooner."""
    await build_network(desk.office)
    movement_id = await ask(desk, movement_wish(desk))
    before = (await _proposed(desk, movement_id))["itineraries"][0]
    leg = next(each for each in before["legs"] if each["service_id"])
    wish = DepartureWish(command_id=uuid7(), state="delayed", delay_min=60, reason="борт")
    await change_departure(desk.office, desk.me, leg["service_id"], leg["on_date"], wish)
    replan = ReplanWish(command_id=uuid7(), base_version=await desk.version("movements", movement_id))
    await replan_movement(desk.office, desk.me, desk.operation_id, movement_id, replan)
    await look(desk, movement_id, replan.command_id)
    after = (await _proposed(desk, movement_id))["itineraries"][0]
    late = datetime.fromisoformat(after["arrives_at"]) - datetime.fromisoformat(before["arrives_at"])
    assert late == timedelta(hours=1)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"parties": [{"people": 300}]}, "no_seats"),
        ({"parties": [{"cargo_kg": 9_000.0}]}, "too_heavy"),
    ],
)
async def test_those_who_cannot_go_together_are_divided_and_it_says_why(
    desk: Desk, more: dict[str, Any], reason: str
) -> None:
    """No flight has so many seats or carries so much: several do, and nobody and nothing is lost."""
    await build_network(desk.office)
    wish = movement_wish(desk)
    party = wish.parties[0].model_copy(update=more["parties"][0])
    movement_id = await ask(desk, wish.model_copy(update={"parties": [party]}))
    proposed = await _proposed(desk, movement_id)
    assert reason in {why["reason"] for why in proposed["apart"]}
    (divided,) = proposed["itineraries"]
    assert divided["people"] + sum(each["people"] for each in divided["left_behind"]) == party.people
    first = {leg["part"]: leg for leg in reversed(divided["legs"])}
    assert len(first) > 1
    kg = sum(leg["cargo_kg"] for leg in first.values())
    left_kg = sum(each["cargo_kg"] for each in divided["left_behind"])
    assert kg + left_kg == pytest.approx(party.cargo_kg)


@pytest.mark.parametrize(("more", "reason"), [({"by": 2}, "after_deadline")])
async def test_what_cannot_be_moved_is_told_with_its_reason(
    desk: Desk, more: dict[str, Any], reason: str
) -> None:
    """No seats, too heavy, too late: an answer, not an error."""
    await build_network(desk.office)
    wish = movement_wish(desk)
    party = wish.parties[0].model_copy(update=more.get("parties", [{}])[0])
    by_at = desk.office.clock() + timedelta(hours=more["by"]) if "by" in more else None
    movement_id = await ask(desk, wish.model_copy(update={"parties": [party], "by_at": by_at}))
    proposed = await _proposed(desk, movement_id)
    assert proposed["itineraries"] == []
    assert reason in {why["reason"] for why in proposed["refused"]}
    movement = await desk.get("movements", movement_id)
    assert movement["proposal"]["refused"] is not None


async def test_a_closed_airport_and_a_frozen_river_are_named(desk: Desk) -> None:
    """What stands in the way is named: the airport that was closed, the river out of its season."""
    await build_network(desk.office)
    await _close(desk, "IKT")
    proposed = await _proposed(desk, await ask(desk, movement_wish(desk)))
    closed = next(why for why in proposed["refused"] if why["reason"] == "closed_place")
    assert closed["concerns"][0]["name_ru"] == "Иркутск"
    await _close(desk, "IKT", closed=False)
    version = await _version(desk, "ways", "f")
    winter = WayWish(
        command_id=uuid7(),
        base_version=version,
        mode="winter_road",
        from_place="geonames:3",
        to_place="geonames:4",
        duration_min=60,
        season_from="02-05",
        season_to="04-01",
        reason="лёд",
    )
    await put_way(desk.office, desk.me, "f", winter)
    proposed = await _proposed(desk, await ask(desk, movement_wish(desk)))
    assert {why["reason"] for why in proposed["refused"]} == {"out_of_season"}


async def test_a_place_off_the_network_is_joined_by_estimated_ways(desk: Desk) -> None:
    """A point in the forest is reached from the nearest places; the answer says that this was assumed."""
    await build_network(desk.office)
    to = {"lon": 106.6, "lat": 52.9, "text": "лагерь у реки"}
    movement_id = await ask(desk, movement_wish(desk, to=to))
    proposed = await _proposed(desk, movement_id)
    assert "access" in proposed["assumed"]
    last = proposed["itineraries"][0]["legs"][-1]
    assert last["to"]["name_ru"] == "лагерь у реки"
    told = {"from_place": "geonames:3", "mode": "foot", "minutes": 30}
    movement_id = await ask(desk, movement_wish(desk, to={**to, "last_leg": told}))
    legs = (await _proposed(desk, movement_id))["itineraries"][0]["legs"]
    assert (legs[-1]["mode"], legs[-1]["from_place"]) == ("foot", "geonames:3")


async def test_a_state_aircraft_flies_where_its_runway_is_long_enough(desk: Desk) -> None:
    """An Il-76 that is ready in an hour beats the timetable; the short strip nearer by is refused by name."""
    await build_network(desk.office)
    plane = await add_resource(
        desk.office,
        desk.me,
        kind="aircraft",
        name="Ил-76 МЧС",
        craft_type="Il-76TD",
        base_place="ZIA",
        ready_min=60,
        duty_min=1_500,
        night=True,
        cost_owner="МЧС",
        cost_rub=0.0,
        confidence=0.8,
    )
    proposed = await _proposed(desk, await ask(desk, movement_wish(desk)))
    first = proposed["itineraries"][0]
    flown = [leg for leg in first["legs"] if leg["craft_id"] == str(plane)]
    assert [leg["craft"] for leg in flown] == ["Ил-76 МЧС"]
    assert flown[0]["to_place"] != "STRIP"
    wish = ResourceStateWish(command_id=uuid7(), base_version=1, state="broken", reason="двигатель")
    await set_resource_state(desk.office, desk.me, plane, wish)
    proposed = await _proposed(desk, await ask(desk, movement_wish(desk)))
    assert all(leg["craft_id"] is None for each in proposed["itineraries"] for leg in each["legs"])


async def test_a_commitment_becomes_the_movement(desk: Desk, organisations: Organisations) -> None:
    """Asked of the emergencies ministry, accepted by its officer: it is planned with that arrival."""
    await build_network(desk.office)
    wish = movement_wish(desk)
    movement_id = UUID((await ask_movement(desk.office, desk.me, desk.operation_id, wish))["movement_id"])
    emergency = organisations.emergency
    assert emergency.organisation_id is not None
    request = MovementRequest(
        command_id=uuid7(),
        base_version=await desk.version("movements", movement_id),
        what="Перевозка 12 человек и 400 кг",
        to=[emergency.organisation_id],
        basis="соглашение",
    )
    made = await request_movement(desk.office, desk.me, desk.operation_id, movement_id, request)
    assert await request_movement(desk.office, desk.me, desk.operation_id, movement_id, request) == made
    again = request.model_copy(
        update={"command_id": uuid7(), "base_version": await desk.version("movements", movement_id)}
    )
    with pytest.raises(Conflict, match="movement_requested"):
        await request_movement(desk.office, desk.me, desk.operation_id, movement_id, again)
    arrive_at = desk.office.clock() + timedelta(hours=14)
    answer = AnswerWish(
        command_id=uuid7(),
        base_version=await desk.version("requests", made["request_id"]),
        organisation_id=emergency.organisation_id,
        item_id=UUID(made["item_ids"][0]),
        decision="accept",
        quantity=1,
        arrive_at=arrive_at,
    )
    await answer_request(desk.office, emergency, desk.operation_id, UUID(made["request_id"]), answer)
    movement = await desk.get("movements", movement_id)
    assert movement["state"] == "planned"
    assert movement["carried_by"] == str(emergency.organisation_id)
    assert movement["legs"][0]["people"] == 12
    assert (await report(desk, movement_id, 0, "landed"))["state"] == "moving"


async def test_changes_of_the_network_carry_who_when_and_why(desk: Desk) -> None:
    """A stale change is refused; each that counts stands in the list with both versions of the row."""
    await build_network(desk.office)
    said = {
        "mode": "flight",
        "number": "НОВЫЙ-9",
        "from_place": "MOW",
        "to_place": "UUD",
        "departs": "20:30",
        "arrives": "07:20",
        "day_offset": 1,
        "weekdays": "135",
        "reason": "открыт рейс",
    }
    wish = ServiceWish.model_validate({"command_id": uuid7(), **said})
    assert (await put_service(desk.office, desk.me, "new-9", wish))["version"] == 1
    with pytest.raises(ChangedMeanwhile):
        await put_service(desk.office, desk.me, "new-9", wish.model_copy(update={"command_id": uuid7()}))
    for changed, code in (
        ({"arrives": "01:00"}, "timetable_backward"),
        ({"to_place": "QQQ"}, "place_unknown"),
        ({"to_place": "MOW"}, "goes_nowhere"),
        ({"valid_from": date(2026, 5, 1), "valid_to": date(2026, 4, 1)}, "season_backward"),
    ):
        bad = wish.model_copy(update={"command_id": uuid7(), "day_offset": 0, "base_version": 1, **changed})
        with pytest.raises(BadInput, match=code):
            await put_service(desk.office, desk.me, "new-9", bad)
    for day in ("2026-08-25", "2026-02-31"):  # a Tuesday; no day at all
        gone = DepartureWish(command_id=uuid7(), state="cancelled", reason="нет борта")
        with pytest.raises(BadInput, match="no_such_departure"):
            await change_departure(desk.office, desk.me, "new-9", day, gone)
    async with desk.office.engine.connect() as connection:
        query = select(transport_change).where(transport_change.c.subject_id == "new-9")
        (row,) = (await connection.execute(query)).all()
        assert (row.what, row.reason, row.changed_by_name) == ("added", "открыт рейс", desk.me.name)
        assert [each["name_ru"] for each in await find_places(connection, "ирк")] == ["Иркутск", "Иркутск"]


async def test_several_groups_share_the_seats_of_one_flight(desk: Desk) -> None:
    """Thirty from Moscow fill a flight of forty; of twenty more ten wait for the next one."""
    await build_network(desk.office)
    wish = movement_wish(desk)
    parties = [wish.parties[0].model_copy(update={"people": people, "cargo_kg": 0.0}) for people in (30, 20)]
    movement_id = await ask(desk, wish.model_copy(update={"parties": parties}))
    first = (await _proposed(desk, movement_id))["itineraries"][0]
    flights = [each for each in first["manifest"] if each["number"] in {"НОЧЬ-1", "ПОЗДНО-2", "МАЛЫЙ-3"}]
    assert sum(each["people"] for each in flights) == 50
    assert all(each["people"] <= each["seats"] for each in flights)


def test_a_winter_road_runs_over_the_new_year() -> None:
    """A season that ends before it begins is open on New Year's Eve, in both years' lists."""
    windows = season_windows("12-20", "03-25", date(2026, 12, 31), date(2027, 1, 1))
    assert windows == [(date(2026, 12, 20), date(2027, 3, 25))]


def test_the_national_coordinator_reads_movements_without_reading_headquarters_events() -> None:
    """She plans transport in her regions; what is headquarters' own stays theirs."""
    someone = Principal("account", uuid7(), uuid7(), "Сводная", uuid7())
    her = replace(someone, grants=(Grant(Role.NATIONAL, region="RU-IRK"),))
    held = rights_in(her, Place("operation", uuid7(), region="RU-IRK"))
    assert {Right.TRANSPORT_READ, Right.MOVEMENT_PLAN, Right.OPTION_CHOOSE} <= held
    assert Right.TASK_GIVE not in held
