"""Sheets and files from a live search: what is on them, who gets them, and that files read back equal."""

from __future__ import annotations

import base64
import math
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import psycopg
import pytest
import shapely
from shapely.geometry import shape
from uuid_utils.compat import uuid7

from search_ops.domain.paper_wishes import PacketWish
from search_ops.domain.principals import Place, Principal
from search_ops.domain.sector_wishes import MarkWish
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.domain.wishes import BriefingWish, PointWish
from search_ops.errors import Conflict, NotKnown
from search_ops.importing.layers import read_polygons
from search_ops.importing.raster import import_raster
from search_ops.importing.tracks import read_contents
from search_ops.persistence.kept_files import find_file, read_file
from search_ops.services.closing import release_briefing
from search_ops.services.export_command import exported as exported_by_operator
from search_ops.services.exports import ExportFormat, ExportOptions, export
from search_ops.services.jobs import read_job
from search_ops.services.paper import (
    PaperOptions,
    file_stem,
    print_packet,
    read_state,
    sheet_facts,
    task_sheet,
)
from search_ops.services.planning import set_point
from search_ops.services.sector_drawing import mark_sector
from search_ops.services.working import work_on, worker_app
from tests.ground.test_rasters import mbtiles, plain_tile
from tests.paper.pdf_text import pages_of
from tests.services.conftest import REGION

if TYPE_CHECKING:
    from pathlib import Path

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

HEADQUARTERS = ClassSet(frozenset({ALL, HQ}), frozenset({"team", "person", "agency"}))
NOW = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
OPTIONS = PaperOptions("ru", "http://127.0.0.1:8080", NOW)
GROUND = """
    INSERT INTO ground_dataset VALUES ('00000000-0000-7000-8000-000000000001', 'test', 'test.osm', '\\x00',
        'osm', now(), now(), ST_MakeEnvelope(103, 51, 105, 53, 4326),
        ST_Multi(ST_MakeEnvelope(103, 51, 105, 53, 4326)), '{}', '{}');
    INSERT INTO ground_line (dataset_id, osm_type, osm_id, class, subclass, names, ref, min_zoom, geom)
    VALUES ('00000000-0000-7000-8000-000000000001', 'w', 1, 'cliff', 'cliff', '{}', NULL, 10,
        ST_GeomFromText('LINESTRING(104.001 51.99, 104.0012 52.03)', 4326));
    INSERT INTO ground_area (dataset_id, osm_type, osm_id, class, subclass, names, min_zoom, size_m2, geom)
    VALUES ('00000000-0000-7000-8000-000000000001', 'w', 2, 'water', 'lake',
        '{"name": "Lake", "name:ru": "Лесное"}', 10, 90000,
        ST_Multi(ST_MakeEnvelope(104.003, 52.0, 104.006, 52.02, 4326)));
"""


@dataclass(frozen=True)
class Search:
    """A search with a sector given to Лиса-1 and another to Лиса-2."""

    desk: Desk
    place: Place
    teams: dict[str, UUID]
    tasks: dict[str, UUID]
    sectors: dict[str, UUID]
    volunteer: Principal


@pytest.fixture
async def search(gridded: Desk, database: DatabaseUrls) -> Search:
    desk = gridded
    async with await psycopg.AsyncConnection.connect(database.owner_url, autocommit=True) as connection:
        await connection.execute(GROUND)
    labels = list((await desk.sectors()).items())[:2]
    teams, tasks = {}, {}
    for callsign, (_, sector_id) in zip(("Лиса-1", "Лиса-2"), labels, strict=True):
        teams[callsign] = await desk.team(callsign, f"Старший {callsign}", f"Второй {callsign}")
        tasks[callsign] = await desk.give(
            teams[callsign],
            sector_id,
            method="comb",
            due_at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
            contact_every_min=60,
            emergency_bearing_deg=240.0,
            text="С юга на север",
        )
    for role, lon in (("entry", 104.001), ("lkp", 104.002)):
        point = PointWish(command_id=uuid7(), lon=lon, lat=52.001, text=f"точка {role}")
        await set_point(desk.office, desk.me, desk.operation_id, role, point)
    briefing = {
        "command_id": uuid7(),
        "text": "Инструктаж",
        "radio_channel": "8",
        "phones": [{"title": "Штаб", "phone": "+7 900 000-00-00"}],
    }
    await release_briefing(desk.office, desk.me, desk.operation_id, BriefingWish.model_validate(briefing))
    member = desk.people["Второй Лиса-1"]
    volunteer = Principal(
        "participant", member, uuid7(), "Второй", operation_id=desk.operation_id, device_id=uuid7()
    )
    place = Place("operation", desk.operation_id, region=REGION)
    return Search(desk, place, teams, tasks, dict(labels), volunteer)


def joined(page: str) -> str:
    return "".join(page.split())


async def test_a_sheet_from_a_live_search(search: Search) -> None:
    """Headquarters' sheet: local times, method in words, members, neighbours, hazards, entry point."""
    desk = search.desk
    name, pdf = await task_sheet(desk.office, desk.me, search.place, search.tasks["Лиса-1"], OPTIONS)
    first, map_page = (joined(page) for page in pages_of(pdf))
    assert name == "20261122_Лиса-1.pdf"
    for words in (
        "Лиса-1",
        "22.11.2026,23:30",
        "Прочёс",
        "СтаршийЛиса-1",
        "каждые60мин",
        "240°магнитный",
        "Обрывы",
        "Вода",
        "точкаentry",
        "Напечатано22.11.2026,18:05",
        "WMM-2025",
    ):
        assert words in first, words
    assert "Лиса-2" in map_page
    assert "точкаlkp" not in first
    assert "ПИП" not in map_page


async def test_a_participant_gets_his_own_sheet_only(search: Search) -> None:
    """As paper has it: neighbours, entry point, where to keep out; not the last known position.

    Another team's sheet does not exist for him.
    """
    desk = search.desk
    beside = (await desk.sectors())["A2"]
    version = await desk.version("sectors", beside)
    mark = MarkWish(command_id=uuid7(), base_version=version, mark="blocked", reason="мины")
    await mark_sector(desk.office, desk.me, desk.operation_id, beside, mark)
    office = search.desk.office
    _, pdf = await task_sheet(office, search.volunteer, search.place, search.tasks["Лиса-1"], OPTIONS)
    first, map_page = (joined(page) for page in pages_of(pdf))
    assert "240°магнитный" in first
    assert "точкаentry" in first
    assert "Невходить:" in first
    assert "Лиса-2" in map_page
    assert "НЕВХОДИТЬ" in map_page
    _, own = await task_sheet(office, desk.me, search.place, search.tasks["Лиса-1"], OPTIONS)
    assert [joined(page) for page in pages_of(own)] == [first, map_page]
    for words in ("ПИП", "точкаlkp", "СтаршийЛиса-2", "мины"):
        assert words not in first + map_page
    with pytest.raises(NotKnown):
        await task_sheet(office, search.volunteer, search.place, search.tasks["Лиса-2"], OPTIONS)


async def test_a_packet_is_a_job_that_keeps_a_file(search: Search, database: DatabaseUrls) -> None:
    """Two teams, one PDF; asking again with the same command gives the same job and one file."""
    desk = search.desk
    wish = PacketWish.model_validate(
        {
            "command_id": uuid7(),
            "team_ids": list(search.teams.values()),
            "language": "en",
            "layers": ["neighbours", "entry", "last_known"],
            "scale": 5000,
        }
    )
    asked = await print_packet(desk.office, desk.me, desk.operation_id, wish)
    assert await print_packet(desk.office, desk.me, desk.operation_id, wish) == asked
    app = worker_app(desk.office, database.app_url)
    async with app.open_async():
        await work_on(app, desk.office, wait=False)
    job = await read_job(desk.office, desk.operation_id, UUID(asked["job_id"]))
    assert (job["state"], job["result"]["sheets"]) == ("done", 2), job
    maps = {row["callsign"]: row for row in job["result"]["maps"]}
    assert {row["task_id"] for row in maps.values()} == {str(task_id) for task_id in search.tasks.values()}
    assert all(row["scale"] == 5000 and row["wanted_scale"] is None for row in maps.values())
    async with desk.office.engine.connect() as connection:
        file_id = UUID(job["result"]["file_id"])
        about = await find_file(connection, desk.operation_id, file_id)
        pdf = await read_file(connection, file_id)
    assert about is not None
    assert (about.purpose, about.media_type) == ("packet", "application/pdf")
    assert about.name == f"{file_stem(desk.office.clock(), desk.number, 'Asia/Irkutsk')}.pdf"
    pages = [joined(page) for page in pages_of(pdf)]
    assert len(pages) == 4
    assert "Лиса-1" in pages[0]
    assert "Лиса-2" in pages[2]
    assert "page2of2" in pages[3]


async def test_raster_layers_are_printed_in_order_with_their_opacity(
    search: Search, database: DatabaseUrls, tmp_path: Path
) -> None:
    """Two layers of the installation: the lower whole, the upper half through, both named under the map."""
    desk = search.desk
    x, y = int((104.0 + 180) / 360 * 2**12), 1352
    assert tile_row(52.01, 12) == y
    layers = []
    for name, colour in (("низ", (255, 0, 0)), ("верх", (0, 0, 255))):
        tiles = [(12, x + i, y + j, plain_tile(colour)) for i in (-1, 0, 1, 2) for j in (-2, -1, 0, 1, 2)]
        report = import_raster(mbtiles(tmp_path / f"{name}.mbtiles", tiles), database.owner_url, name=name)
        layers.append(report.layer_id)
    shown = tuple(zip(layers, (1.0, 0.5), strict=True))
    options = replace(OPTIONS, rasters=shown)
    async with desk.office.engine.connect() as connection:
        state = await read_state(connection, desk.office, search.place, HEADQUARTERS)
        facts = await sheet_facts(connection, state, str(search.tasks["Лиса-1"]), options)
    assert [(picture["opacity"], picture["hides"]) for picture in facts["pictures"]] == [
        (1.0, True), (0.5, False)
    ]  # fmt: skip
    red, blue = (
        np.frombuffer(zlib.decompress(base64.b64decode(picture["rgba"])), np.uint8).reshape(-1, 4)
        for picture in facts["pictures"]
    )
    assert (red[:, 0].min(), blue[:, 2].min()) == (255, 255)
    assert facts["attribution"].startswith("низ; верх; ©")
    rasters = [{"layer_id": layer_id, "opacity": opacity} for layer_id, opacity in shown]
    wish = {"command_id": uuid7(), "team_ids": [search.teams["Лиса-1"]], "rasters": rasters}
    asked = await print_packet(desk.office, desk.me, desk.operation_id, PacketWish.model_validate(wish))
    app = worker_app(desk.office, database.app_url)
    async with app.open_async():
        await work_on(app, desk.office, wait=False)
    job = await read_job(desk.office, desk.operation_id, UUID(asked["job_id"]))
    assert job["state"] == "done", job
    async with desk.office.engine.connect() as connection:
        pdf = await read_file(connection, UUID(job["result"]["file_id"]))
    assert pdf.replace(b" ", b"").count(b"/Subtype/Image") >= 2


def tile_row(lat: float, z: int) -> int:
    return int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)


async def test_a_team_without_a_task_cannot_be_printed(search: Search, database: DatabaseUrls) -> None:
    """The job fails with the reason, and nothing is kept."""
    desk = search.desk
    idle = await desk.team("Лиса-9", "Девятый")
    wish = PacketWish.model_validate({"command_id": uuid7(), "team_ids": [idle]})
    asked = await print_packet(desk.office, desk.me, desk.operation_id, wish)
    app = worker_app(desk.office, database.app_url)
    async with app.open_async():
        await work_on(app, desk.office, wait=False)
    job = await read_job(desk.office, desk.operation_id, UUID(asked["job_id"]))
    assert (job["state"], job["result"]["code"]) == ("failed", "team_without_task")


async def exported(
    search: Search, who: Principal, format_name: ExportFormat, **options: Any
) -> tuple[str, bytes]:
    return await export(search.desk.office, who, search.place, format_name, ExportOptions(**options))


async def test_the_files_of_a_team_read_back_equal(search: Search) -> None:
    """Every format of a team's files holds the same boundary, corners and entry point."""
    desk, team = search.desk, search.teams["Лиса-1"]
    task = await desk.get("tasks", search.tasks["Лиса-1"])
    boundary = shape(task["geometry"])
    ring = shapely.get_coordinates(boundary)
    read = {}
    kinds: tuple[ExportFormat, ...] = ("gpx", "kml", "plt", "wpt", "geojson")
    for kind in kinds:
        name, content = await exported(search, desk.me, kind, team_id=team)
        assert name.endswith(f"_Лиса-1.{kind}")
        read[kind] = read_contents(content, name)
    for outline in ("gpx", "plt"):
        (track,) = read[outline].tracks
        assert track.name == task["sector_label"]
        assert (track.points["lon"] == ring[:, 0]).all()
        assert (track.points["lat"] == ring[:, 1]).all()
    for surface in ("kml", "geojson"):
        assert [(s.name, s.geometry) for s in read[surface].shapes] == [(task["sector_label"], boundary)]
    corners = {(round(lon, 7), round(lat, 7)) for lon, lat in ring}
    for pointed in ("gpx", "wpt"):
        points = {point.name: (point.lon, point.lat) for point in read[pointed].waypoints}
        assert points.pop("Точка входа") == (104.001, 52.001)
        assert set(points.values()) == corners
        assert f"{task['sector_label']} 1" in points
    name, content = await exported(search, desk.me, "gpkg", team_id=team)
    (polygon,), _ = read_polygons(content, name)
    assert (polygon.name, polygon.geometry) == (task["sector_label"], boundary)


async def test_a_participant_exports_what_he_may_see(search: Search) -> None:
    """His task's boundary without entry or last known point; another team's file does not exist for him."""
    name, content = await exported(search, search.volunteer, "geojson", last_known=True)
    contents = read_contents(content, name)
    assert len(contents.shapes) == 1
    assert contents.waypoints == ()
    with pytest.raises(NotKnown):
        await exported(search, search.volunteer, "gpx", team_id=search.teams["Лиса-2"])


async def test_everything_for_map_programs(search: Search) -> None:
    """All sectors with label and callsign, and the area; the last known position only when asked for."""
    desk = search.desk
    name, content = await exported(search, desk.me, "gpkg")
    polygons, _ = read_polygons(content, name, layer="sectors")
    assert len(polygons) == len(await desk.sectors())
    assert {polygon.properties["callsign"] for polygon in polygons} >= {"Лиса-1", "Лиса-2"}
    area, _ = read_polygons(content, name, layer="area")
    assert area[0].geometry.equals(shape((await desk.get("area", desk.operation_id))["geometry"]))
    for wanted in (False, True):
        _, content = await exported(search, desk.me, "wpt", last_known=wanted)
        names = [point.name for point in read_contents(content, "a.wpt").waypoints]
        assert ("ПИП" in names) is wanted


async def test_nothing_to_export_says_so(desk: Desk) -> None:
    """Before the area is drawn there is no file."""
    place = Place("operation", desk.operation_id, region=REGION)
    with pytest.raises(Conflict) as caught:
        await export(desk.office, desk.me, place, "gpx", ExportOptions())
    assert caught.value.code == "nothing_to_export"


async def test_the_operator_writes_files_from_the_command_line(search: Search) -> None:
    """By number and callsign, whatever its case; formats without content are named with the reason."""
    office, number = search.desk.office, search.desk.number
    files = dict(await exported_by_operator(office, number, "лиса-1", ("gpx", "plt"), "ru"))
    assert {name.rpartition("_")[2] for name in files} == {"Лиса-1.gpx", "Лиса-1.plt"}
    for wrong in ((number, "Лиса-7"), ("2026-38-9999", None)):
        with pytest.raises(NotKnown):
            await exported_by_operator(office, wrong[0], wrong[1], ("gpx",), "ru")
