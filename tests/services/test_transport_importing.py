"""Files for the transport network: taken wholly or refused with line and column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from search_ops.csv_rows import TableRefused
from search_ops.importing.transport_places import read_airports, read_runways, read_stations, read_towns
from search_ops.importing.transport_services import read_aircraft, read_services, read_ways
from search_ops.persistence.transport_tables import (
    transport_change,
    transport_craft,
    transport_place,
    transport_runway,
    transport_service,
)
from search_ops.services.transport_importing import KINDS, take_file, told_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from search_ops.persistence.unit_of_work import Office

FIXTURES = Path(__file__).parents[2] / "fixtures" / "transport"

AIRPORTS = "ident,type,name,latitude_deg,longitude_deg,time_zone\n"
RUNWAYS = "id,airport_ident,length_ft,surface\n"
SERVICES = "service_id,mode,number,from,to,departs,arrives,weekdays,day_offset\n"
WAYS = "way_id,mode,from,to,duration_min,season_from,season_to\n"


def _faults(read: Callable[[bytes], Any], text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(TableRefused) as refused:
        read(text.encode())
    return [(fault.code, fault.line, fault.column) for fault in refused.value.faults]


def test_what_a_file_does_not_say_stays_unknown() -> None:
    """Empty figures, zero lengths and unknown words become nothing, not a guess."""
    (airport,) = read_airports((AIRPORTS + "ABCD,small_airport,Поле,60.5,30.5,\n").encode()).rows
    assert airport["time_zone"] is airport["region"] is airport["transfer_min"] is airport["opens"] is None
    runways = read_runways(
        (RUNWAYS + "1,ABCD,,UNK\n2,ABCD,0,ASPH\n3,ABCD,10000,CON\n4,ABCD,100,Moss\n").encode()
    ).rows
    assert [(row["length_m"], row["surface"]) for row in runways] == [
        (None, None),
        (None, "paved"),
        (3048.0, "paved"),
        (30.5, None),
    ]
    (craft,) = read_aircraft(
        b"type,class,payload_max_t,cruise_kmh,source\nAn-12,turboprop,,670,board table\n"
    ).rows
    assert craft["payload_max_kg"] is craft["runway_m"] is craft["seats"] is None
    assert craft["cruise_mps"] == pytest.approx(186.111)
    (station,) = read_stations("code,kind,name,latitude,longitude\nX1,station,Разъезд,,\n".encode()).rows
    assert station["lon"] is station["lat"] is None
    (town,) = read_towns(
        "geonameid,name,latitude,longitude,alternatenames\n7,Zima,53.9,102.0,Zima|Зима\n".encode()
    ).rows
    assert (town["place_id"], town["name_ru"]) == ("geonames:7", "Зима")


def test_a_fault_names_line_and_column() -> None:
    """Every fault of a file is told at once."""
    bad = (
        AIRPORTS
        + "A1,airfield,Поле,60,30,\nA2,heliport,,60,30,\nA3,heliport,X,95,30,\nA3,heliport,X,5,30,Mars/X\n"
    )
    assert _faults(read_airports, bad) == [
        ("airport_type_unknown", 2, "type"),
        ("empty", 3, "name"),
        ("out_of_range", 4, "latitude_deg"),
        ("time_zone_unknown", 5, "time_zone"),
    ]
    twice = read_airports((AIRPORTS + "A1,heliport,X,5,5,\nA1,heliport,Y,5,5,\n").encode())
    assert [(fault.code, fault.line) for fault in twice.faults] == [("identity_twice", 3)]
    assert [row["name"] for row in twice.rows] == ["X"]
    assert _faults(read_airports, "ident,type,name,latitude_deg\nA,heliport,X,5\n") == [
        ("column_missing", 1, "longitude_deg")
    ]
    assert _faults(read_services, SERVICES + "s1,flight,1,A,A,10:00,12:00,1,\n") == [
        ("goes_nowhere", 2, "to")
    ]
    assert _faults(read_services, SERVICES + "s1,rocket,1,A,B,10:00,12:00,1,\n") == [
        ("mode_unknown", 2, "mode")
    ]
    assert _faults(read_services, SERVICES + "s1,flight,1,A,B,25:00,12:00,1,\n") == [
        ("not_an_hour", 2, "departs")
    ]
    assert _faults(read_services, SERVICES + "s1,flight,1,A,B,20:00,12:00,8,\n") == [
        ("not_weekdays", 2, "weekdays")
    ]
    assert _faults(read_ways, WAYS + "w,river,A,B,60,06-31,10-01\n") == [
        ("not_a_day_of_the_year", 2, "season_from")
    ]
    assert _faults(read_ways, WAYS + "w,river,A,B,60,06-01,\n") == [("season_half", 2, "season_to")]
    assert _faults(read_ways, WAYS + "w,river,A,B,0,,\n") == [("out_of_range", 2, "duration_min")]


def test_each_fault_has_words_in_both_languages() -> None:
    """The operator reads what is wrong, where, and that nothing changed."""
    with pytest.raises(TableRefused) as refused:
        read_services((SERVICES + "s1,flight,1,A,B,25:00,12:00,1,\n").encode())
    assert told_faults(refused.value.faults, "ru") == ["Строка 2: в столбце departs нужно время ЧЧ:ММ"]
    assert told_faults(refused.value.faults, "en") == ["Line 2: column departs takes a time HH:MM"]


async def _count(office: Office, table: Any) -> int:
    async with office.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_the_open_data_of_the_demo_are_taken(office: Office) -> None:
    """All files that come with the product are taken; taken twice, they stand once; each leaves a trace."""
    for _ in range(2):
        for kind in ("airports", "runways", "places", "stations", "services", "ways", "aircraft"):
            data = (FIXTURES / f"{kind}.csv").read_bytes()
            await take_file(office, kind, f"{kind}.csv", data)
    assert await _count(office, transport_place) == 404 + 1_212 + 7
    assert await _count(office, transport_runway) == 174
    assert await _count(office, transport_service) == 12
    assert await _count(office, transport_craft) == 12
    assert await _count(office, transport_change) == 2 * len(KINDS)


async def test_a_bad_line_is_told_and_the_good_ones_are_taken(office: Office) -> None:
    """One bad line of a timetable is no reason to do without the others; all bad, nothing changes."""
    airports = (
        AIRPORTS
        + "AAA,heliport,А,60,30,Europe/Moscow\nBBB,heliport,Б,52,104,Asia/Irkutsk\nCCC,heliport,В,5,5,\n"
    )
    await take_file(office, "airports", "a.csv", airports.encode())
    for line, code, column in (
        ("s2,flight,2,AAA,ZZZ,21:00,08:00,1,1\n", "place_unknown", "to"),
        ("s2,flight,2,AAA,CCC,21:00,08:00,1,1\n", "place_without_time_zone", "to"),
        # Ten in the evening in Moscow is three at night in Irkutsk: two o'clock is before it left.
        ("s2,flight,2,AAA,BBB,22:00,02:00,1,1\n", "timetable_backward", "arrives"),
    ):
        good = "s1,flight,1,AAA,BBB,21:00,08:00,1,1\n"
        with pytest.raises(TableRefused) as refused:
            await take_file(office, "services", "s.csv", (SERVICES + line).encode())
        assert [(each.code, each.line, each.column) for each in refused.value.faults] == [(code, 2, column)]
        taken = await take_file(office, "services", "s.csv", (SERVICES + good + line).encode())
        assert taken.taken == 1
        assert [(each.code, each.line, each.column) for each in taken.faults] == [(code, 3, column)]
        assert await _count(office, transport_service) == 1


async def test_an_import_leaves_alone_what_a_person_has_changed(office: Office) -> None:
    """An airport closed at a desk stays closed when the list is read again; foreign runways are left out."""
    airports = (
        AIRPORTS + "AAA,heliport,А,60,30,Europe/Moscow\nBBB,heliport,Б,52,104,Asia/Irkutsk\n"
    ).encode()
    await take_file(office, "airports", "a.csv", airports)
    async with office.engine.begin() as connection:
        await connection.execute(
            update(transport_place)
            .where(transport_place.c.place_id == "AAA")
            .values(closed=True, edited_at=office.clock())
        )
    again = await take_file(office, "airports", "a.csv", airports)
    assert (again.taken, again.kept) == (1, 1)
    async with office.engine.connect() as connection:
        query = select(transport_place.c.closed).order_by(transport_place.c.place_id)
        assert (await connection.execute(query)).scalars().all() == [True, False]
    runways = await take_file(
        office, "runways", "r.csv", (RUNWAYS + "1,AAA,900,ASP\n2,QQQ,900,ASP\n").encode()
    )
    assert (runways.taken, runways.left_out) == (1, 1)
