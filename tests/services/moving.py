"""A small transport network around Irkutsk, and movements over it, for the tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.landing_wishes import LandingVerdict, LandingWish
from search_ops.domain.sortie_wishes import SortiesWish
from search_ops.domain.transport_wishes import (
    ComparisonWish,
    DepartureWish,
    MovementChoice,
    MovementEnd,
    MovementReport,
    MovementRequest,
    MovementSearch,
    MovementWish,
    OptionChoice,
    ResourceWish,
)
from search_ops.services.landing import judge_landing
from search_ops.services.movement_requests import end_movement, request_movement
from search_ops.services.movements import ask_movement, choose_itinerary, report_movement
from search_ops.services.options import choose_option
from search_ops.services.transport_departures import change_departure
from search_ops.services.transport_edits import put_resource
from search_ops.services.transport_importing import take_file
from tests.services.walks import at_once

if TYPE_CHECKING:
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from tests.services.conftest import Desk

PLACES = """ident,type,name,name_ru,latitude_deg,longitude_deg,iso_region,time_zone
MOW,large_airport,Moscow,Москва,55.97,37.41,RU-MOW,Europe/Moscow
ZIA,medium_airport,Zhukovsky,Жуковский,55.55,38.15,RU-MOS,Europe/Moscow
IKT,large_airport,Irkutsk,Иркутск,52.268,104.389,RU-IRK,Asia/Irkutsk
UUD,large_airport,Ulan-Ude,Улан-Удэ,51.808,107.439,RU-BU,Asia/Irkutsk
STRIP,small_airport,Strip,Полоса,53.2,107.3,RU-IRK,Asia/Irkutsk
"""
RUNWAYS = """id,airport_ident,length_ft,surface
1,MOW,12000,CON
2,ZIA,15000,CON
3,IKT,10000,CON
4,UUD,9800,CON
5,STRIP,2300,GRS
"""
TOWNS = """geonameid,name,name_ru,latitude,longitude,population,timezone,region
1,Moscow,Москва,55.75,37.62,10000000,Europe/Moscow,RU-MOW
2,Irkutsk,Иркутск,52.29,104.29,600000,Asia/Irkutsk,RU-IRK
3,Yelantsy,Еланцы,52.80,106.41,4000,Asia/Irkutsk,RU-IRK
4,Khuzhir,Хужир,53.19,107.34,1100,Asia/Irkutsk,RU-IRK
5,Ulan-Ude,Улан-Удэ,51.83,107.58,360000,Asia/Irkutsk,RU-BU
"""
SERVICES = """service_id,mode,number,from,to,departs,arrives,day_offset,weekdays,seats,payload_kg,cost_rub
night,flight,НОЧЬ-1,MOW,IKT,21:40,08:35,1,1234567,40,2000,28000
late,flight,ПОЗДНО-2,MOW,IKT,23:55,10:45,1,1234567,20,1500,24000
small,flight,МАЛЫЙ-3,MOW,IKT,20:00,07:00,1,1234567,5,100,20000
"""
WAYS = """way_id,mode,from,to,distance_km,duration_min,season_from,season_to,confidence
m,road,geonames:1,MOW,40,70,,,0.9
z,road,geonames:1,ZIA,44,80,,,0.9
i,road,IKT,geonames:2,8,25,,,0.97
y,road,geonames:2,geonames:3,220,210,,,0.95
f,river,geonames:3,geonames:4,45,150,05-15,12-25,0.8
u,road,geonames:2,geonames:5,455,420,,,0.9
"""
AIRCRAFT = (
    "type,class,payload_max_t,range_max_payload_km,range_max_fuel_km,cruise_kmh,seats,runway_required_m,source\n"
    "Il-76TD,fixed-wing jet,40,4000,9700,765,120,1800,made for tests\n"
    "Mi-8,helicopter,4,500,590,220,24,0,made for tests\n"
)


async def build_network(office: Office) -> None:
    """Take the small network in."""
    for kind, text in (
        ("airports", PLACES),
        ("runways", RUNWAYS),
        ("places", TOWNS),
        ("services", SERVICES),
        ("ways", WAYS),
        ("aircraft", AIRCRAFT),
    ):
        await take_file(office, kind, f"{kind}.csv", text.encode())


async def add_resource(office: Office, who: Principal, **said: Any) -> UUID:
    """Add something to the catalogue."""
    identity = uuid7()
    wish = ResourceWish.model_validate({"command_id": uuid7(), "reason": "учёт", **said})
    await put_resource(office, who, identity, wish)
    return identity


def movement_wish(desk: Desk, **more: Any) -> MovementWish:
    """Return twelve people with 400 kg from Moscow to Khuzhir, ready in an hour."""
    ready_at = desk.office.clock() + timedelta(hours=1)
    party = {"place_id": "geonames:1", "ready_at": ready_at, "people": 12, "cargo_kg": 400.0}
    said = {"name": "Эксперты из Москвы", "parties": [party], "to": {"place_id": "geonames:4"}}
    return MovementWish.model_validate({"command_id": uuid7(), **said, **more}, strict=False)


async def ask(desk: Desk, wish: MovementWish) -> UUID:
    """Ask for a movement and let the worker look for itineraries."""
    asked = await ask_movement(desk.office, desk.me, desk.operation_id, wish)
    movement_id = UUID(asked["movement_id"])
    await look(desk, movement_id, wish.command_id)
    return movement_id


async def look(desk: Desk, movement_id: UUID, command_id: UUID) -> None:
    """Do what the worker was asked."""
    search = MovementSearch(command_id=command_id, movement_id=movement_id)
    await at_once(desk, "movement", search)


async def choose(desk: Desk, movement_id: UUID, number: int = 0) -> dict[str, Any]:
    """Choose an itinerary of the newest proposal."""
    movement = await desk.get("movements", movement_id)
    wish = MovementChoice(
        command_id=uuid7(),
        base_version=movement["version"],
        proposal_id=UUID(movement["proposal"]["proposal_id"]),
        number=number,
    )
    return await choose_itinerary(desk.office, desk.me, desk.operation_id, movement_id, wish)


async def report(desk: Desk, movement_id: UUID, leg: int, word: str) -> dict[str, Any]:
    """Report one word of a leg."""
    wish = MovementReport.model_validate({"command_id": uuid7(), "leg": leg, "word": word})
    return await report_movement(desk.office, desk.me, desk.operation_id, movement_id, wish)


async def compare(desk: Desk, hours: float = 30, **more: Any) -> UUID:
    """Compare local with flying in."""
    said = {
        "to": {"place_id": "geonames:4"},
        "people": 12,
        "cargo_kg": 400.0,
        "window_ends_at": desk.office.clock() + timedelta(hours=hours),
        "life_reason": "ребёнок, ночью +3",
        "experts_place": "geonames:1",
    }
    wish = ComparisonWish.model_validate({"command_id": uuid7(), **said, **more}, strict=False)
    return UUID((await at_once(desk, "options", wish))["comparison_id"])


async def move_people(desk: Desk, asked_of: UUID) -> None:
    """Live through every event of transport."""
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    await build_network(office)
    await add_resource(office, me, kind="consultant", name="Консультант", ready_min=10, people=1)
    movement_id = await ask(desk, movement_wish(desk))
    await choose(desk, movement_id)
    leg = next(each for each in (await desk.get("movements", movement_id))["legs"] if each["service_id"])
    cancelled = DepartureWish(command_id=uuid7(), state="cancelled", reason="туман")
    await change_departure(office, me, leg["service_id"], leg["on_date"], cancelled)
    await report(desk, movement_id, 0, "left")
    asked = movement_wish(desk)
    other = UUID((await ask_movement(office, me, operation_id, asked))["movement_id"])
    request = MovementRequest(
        command_id=uuid7(),
        base_version=await desk.version("movements", other),
        what="Перевозка 12 человек и 400 кг",
        to=[asked_of],
        basis="соглашение",
    )
    await request_movement(office, me, operation_id, other, request)
    end = MovementEnd(command_id=uuid7(), base_version=await desk.version("movements", other), reason="нашли")
    await end_movement(office, me, operation_id, other, end)
    await at_once(desk, "landing", LandingWish(command_id=uuid7(), lon=104.01, lat=52.01))
    named = LandingVerdict(
        command_id=uuid7(), lon=104.012, lat=52.011, verdict="confirmed", reason="осмотрено"
    )
    await judge_landing(office, me, operation_id, uuid7(), named)
    helicopter = await add_resource(
        office, me, kind="aircraft", name="Ми-8", craft_type="Mi-8", base_place="IKT", ready_min=30
    )
    flown = SortiesWish(
        command_id=uuid7(),
        resource_id=helicopter,
        from_place="IKT",
        lon=104.012,
        lat=52.011,
        ready_at=office.clock(),
        people=30,
    )
    await at_once(desk, "sorties", flown)
    comparison_id = await compare(desk)
    chosen = OptionChoice(
        command_id=uuid7(),
        base_version=await desk.version("comparisons", comparison_id),
        option="remote_consultant",
        reason="сразу",
    )
    await choose_option(office, me, operation_id, comparison_id, chosen)
