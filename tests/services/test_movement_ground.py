"""The last leg over imported ground; vehicles of the catalogue; the catalogue follows its movements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import MovementEnd, ResourceStateWish, WayWish
from search_ops.persistence.transport_tables import transport_resource
from search_ops.services.movement_requests import end_movement
from search_ops.services.transport_edits import put_way, set_resource_state
from search_ops.services.transport_reading import read_transport
from tests.services.moving import add_resource, ask, build_network, choose, movement_wish, report
from tests.services.test_sector_ground import ground

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

CAMP = {"lon": 104.40, "lat": 52.40, "text": "лагерь у реки"}
"""12 km north of Irkutsk's places, within the ground of the tests."""
ROAD = "LINESTRING (104.29 52.29, 104.39 52.29, 104.39 52.38)"
"""From the town towards the camp; its end is two kilometres short of it."""


async def proposed(desk: Desk, movement_id: UUID) -> dict[str, Any]:
    async with desk.office.engine.connect() as connection:
        told = await read_transport(connection, desk.operation_id, desk.office.clock())
    movement = next(each for each in told["movements"] if each["id"] == str(movement_id))
    found: dict[str, Any] = movement["proposed"]
    return found


def asked(found: dict[str, Any]) -> set[str]:
    return {ask["what"] for each in found["itineraries"] for ask in each["asks"]}


async def state_of(desk: Desk, resource_id: UUID) -> tuple[str, UUID | None, int]:
    query = select(
        transport_resource.c.state, transport_resource.c.operation_id, transport_resource.c.version
    ).where(transport_resource.c.resource_id == resource_id)
    async with desk.office.engine.connect() as connection:
        row = (await connection.execute(query)).one()
    return row.state, row.operation_id, row.version


async def test_the_last_leg_is_measured_over_imported_ground(desk: Desk, database: DatabaseUrls) -> None:
    """Driven to the end of the road, then on foot; the answer says so, and where one gets out."""
    await build_network(desk.office)
    await ground(database, lines=[("road", ROAD)])
    found = await proposed(desk, await ask(desk, movement_wish(desk, to=CAMP)))
    last = found["itineraries"][0]["legs"][-1]
    assert "ground" in found["assumed"]
    assert last["to"]["name_ru"] == "лагерь у реки"
    over = last["over"]
    assert (over["what"], over["ride"]) == ("ground", "car")
    assert over["stop"][1] < 52.40
    assert 0 < over["walk_s"] < 3 * 3600
    assert over["ride_s"] > 1_000  # 17 km at 30 km/h
    assert last["from_place"] in {"geonames:2", "IKT"}


async def test_without_imported_ground_the_line_is_straight_and_called_so(desk: Desk) -> None:
    """Nothing imported: an estimate, and every leg off the network says that it is one."""
    await build_network(desk.office)
    found = await proposed(desk, await ask(desk, movement_wish(desk, to=CAMP)))
    assert "ground" not in found["assumed"]
    assert "access" in found["assumed"]
    assert found["itineraries"][0]["legs"][-1]["over"] == {"what": "straight"}


async def test_a_boat_brings_over_the_water_where_nobody_walks(desk: Desk, database: DatabaseUrls) -> None:
    """A camp on an island, the town on the shore: by boat, never straight over the water on foot."""
    await build_network(desk.office)
    lake = [
        ("water", (104.30, 52.2, 104.38, 52.6)),
        ("water", (104.42, 52.2, 104.50, 52.6)),
        ("water", (104.30, 52.2, 104.50, 52.38)),
        ("water", (104.30, 52.42, 104.50, 52.6)),
    ]
    await ground(database, lake)
    found = await proposed(desk, await ask(desk, movement_wish(desk, to=CAMP)))
    last = found["itineraries"][0]["legs"][-1]
    assert (last["mode"], last["over"]["ride"]) == ("river", "boat")
    assert "vehicle" in asked(found)  # nobody has a boat in the catalogue: one has to be found


async def test_a_vehicle_of_the_catalogue_carries_as_many_as_it_seats(desk: Desk) -> None:
    """A road for 4x4 only: the one of the catalogue goes twice; without its readiness it is asked for."""
    await build_network(desk.office)
    way = WayWish(
        command_id=uuid7(),
        mode="road",
        from_place="geonames:3",
        to_place="geonames:5",
        duration_min=60,
        vehicle_class="4x4",
        reason="грунтовка",
    )
    await put_way(desk.office, desk.me, "steep", way)
    to = {"place_id": "geonames:5"}
    jeep = {"kind": "vehicle", "name": "УАЗ отряда", "base_place": "geonames:3", "vehicle_class": "4x4"}
    unready = await add_resource(desk.office, desk.me, **jeep, seats=14, payload_kg=2_000.0)
    found = await proposed(desk, await ask(desk, movement_wish(desk, to=to)))
    lacking = next(why for why in found["aircraft_out"] if why["reason"] == "figure_unknown")
    assert (lacking["what"], lacking["concerns"][0]["id"]) == ("ready_at", str(unready))
    assert "vehicle" in asked(found)
    ready = await add_resource(
        desk.office, desk.me, **jeep | {"name": "Газель"}, seats=14, payload_kg=2_000.0, ready_min=30
    )
    found = await proposed(desk, await ask(desk, movement_wish(desk, to=to)))
    carried = [leg for each in found["itineraries"] for leg in each["legs"] if leg["craft_id"] == str(ready)]
    assert carried
    assert {(leg["seats"], leg["craft"]) for leg in carried} == {(14, "Газель")}
    assert "vehicle" not in asked(found)
    assert "duty_s" in asked(found)


async def test_the_catalogue_follows_its_movement_unless_a_person_has_said_otherwise(desk: Desk) -> None:
    """Promised, moving, working; a state set by hand stays; called off, what is left becomes free."""
    await build_network(desk.office)
    said = {
        "kind": "aircraft",
        "craft_type": "Il-76TD",
        "base_place": "ZIA",
        "ready_min": 60,
        "duty_min": 1_500,
        "night": True,
        "cost_owner": "МЧС",
        "cost_rub": 0.0,
        "confidence": 0.8,
    }
    plane = await add_resource(desk.office, desk.me, name="Ил-76 МЧС", **said)
    movement_id = await ask(desk, movement_wish(desk))
    await choose(desk, movement_id)
    assert (await state_of(desk, plane))[:2] == ("promised", desk.operation_id)
    legs = (await desk.get("movements", movement_id))["legs"]
    number = next(n for n, leg in enumerate(legs) if leg["craft_id"] == str(plane))
    await report(desk, movement_id, number, "left")
    assert (await state_of(desk, plane))[0] == "moving"
    await report(desk, movement_id, len(legs) - 1, "left")
    state, _, version = await state_of(desk, plane)
    assert state == "working"
    by_hand = ResourceStateWish(command_id=uuid7(), base_version=version, state="broken", reason="шасси")
    await set_resource_state(desk.office, desk.me, plane, by_hand)
    await report(desk, movement_id, number, "landed")
    assert (await state_of(desk, plane))[0] == "broken"
    other = await add_resource(desk.office, desk.me, name="Ил-76 второй", **said)
    movement_id = await ask(desk, movement_wish(desk))
    await choose(desk, movement_id)
    assert (await state_of(desk, other))[0] == "promised"
    version = await desk.version("movements", movement_id)
    end = MovementEnd(command_id=uuid7(), base_version=version, reason="нашли")
    await end_movement(desk.office, desk.me, desk.operation_id, movement_id, end)
    assert (await state_of(desk, other))[:2] == ("available", None)
    assert (await state_of(desk, plane))[0] == "broken"
