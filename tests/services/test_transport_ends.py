"""Ends of a movement off the network, bases of the catalogue, and a bad row among good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from search_ops.persistence.transport_tables import transport_service
from search_ops.services.transport_importing import take_file
from tests.services.moving import add_resource, ask, build_network, movement_wish
from tests.services.test_movement_under_way import ends, read

if TYPE_CHECKING:
    from tests.services.conftest import Desk

HAMLETS = """geonameid,name,name_ru,latitude,longitude,population,timezone,region
71,Kosaya Step,Косая Степь,52.83,106.10,200,Asia/Irkutsk,RU-IRK
72,Petrovo,Петрово,52.95,105.95,100,Asia/Irkutsk,RU-IRK
"""


async def test_a_base_does_not_cut_its_town_off(desk: Desk) -> None:
    """A group lives in a hamlet that nothing serves: it is reached over the ground all the same."""
    await build_network(desk.office)
    await take_file(desk.office, "places", "h.csv", HAMLETS.encode())
    await add_resource(desk.office, desk.me, kind="group", name="Отряд", base_place="geonames:71", people=5)
    to = {"place_id": "geonames:71"}
    proposed = (await read(desk, await ask(desk, movement_wish(desk, to=to))))["proposed"]
    assert proposed["refused"] == []
    assert proposed["itineraries"][0]["legs"][-1]["over"] == {"what": "straight"}


async def test_two_ends_off_the_network_reach_each_other(desk: Desk) -> None:
    """From one hamlet to the next straight over, not by way of the town."""
    await build_network(desk.office)
    await take_file(desk.office, "places", "h.csv", HAMLETS.encode())
    party = {"place_id": "geonames:71", "ready_at": desk.office.clock(), "people": 4}
    for to in ({"place_id": "geonames:72"}, {"lon": 105.95, "lat": 52.95, "text": "зимовьё"}):
        wish = movement_wish(desk, parties=[party], to=to)
        proposed = (await read(desk, await ask(desk, wish)))["proposed"]
        end = to.get("place_id", "point")
        assert ends(proposed["itineraries"][0]["legs"]) == [("geonames:71", end)]
        assert "access" in proposed["assumed"]


async def test_one_bad_row_does_not_refuse_the_whole_network(desk: Desk) -> None:
    """A service that arrives before it leaves is left out by name; the others fly."""
    await build_network(desk.office)
    async with desk.office.engine.begin() as connection:
        wrong = update(transport_service).where(transport_service.c.service_id == "small")
        await connection.execute(wrong.values(arrives="06:00", day_offset=0))
    proposed = (await read(desk, await ask(desk, movement_wish(desk))))["proposed"]
    left_out = {why["concerns"][0]["name"]: why["reason"] for why in proposed["left_out"]}
    assert left_out == {"МАЛЫЙ-3": "timetable_backward"}
    flown = [leg["number"] for leg in proposed["itineraries"][0]["legs"] if leg["service_id"]]
    assert flown == ["НОЧЬ-1"]
