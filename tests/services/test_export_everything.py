"""Everything of a search as GeoPackage and GeoJSON: what is in it, that it reads back, who gets what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import shape
from uuid_utils.compat import uuid7

from search_ops.domain.paper_wishes import ExportWish
from search_ops.domain.principals import Grant, Place, Principal, Role
from search_ops.importing.layers import read_polygons
from search_ops.importing.tracks import read_contents, read_tracks
from search_ops.persistence.kept_files import read_file
from search_ops.persistence.tracks import read_fixes
from search_ops.services.export_job import ask_export
from search_ops.services.exports import ExportFormat, ExportOptions, export
from search_ops.services.jobs import read_job
from search_ops.services.positions import Fix, take_positions
from search_ops.services.reports import EnteredReport, enter_report
from tests.services.conftest import REGION
from tests.services.walks import finished, gpx, imported, lanes, work

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

CLUE = {"lon": 104.004, "lat": 52.004, "accuracy_m": 5.0}


@pytest.fixture
async def searched(gridded: Desk) -> Desk:
    """Return a search with a walked sector, a clue, a clue without a place, and a phone's last position."""
    desk = gridded
    sector_id = (await desk.sectors())["B2"]
    team_id = await desk.team("Лиса-12", "Анна", "Борис")
    await finished(desk, team_id, sector_id, method="осмотр")
    track = await lanes(desk, sector_id, share=0.5)
    await imported(desk, None, {"20260823_Лиса-12.gpx": gpx(track, "Лиса-12")})
    device_id = uuid7()
    operation_id, anna_id = desk.operation_id, desk.people["Анна"]
    anna = Principal("participant", anna_id, uuid7(), "Анна", operation_id=operation_id, device_id=device_id)
    fix = Fix(1, desk.office.clock(), 104.005, 52.005)
    await take_positions(desk.office, anna, operation_id, device_id, [fix])
    for text, position in (("Корзина", CLUE), ("Крик", None)):
        await clue(desk, team_id, text, position)
    return desk


async def clue(desk: Desk, team_id: UUID, text: str, position: dict[str, Any] | None) -> None:
    payload = {"team_id": str(team_id), "text": text, "position": position, "source": "radio"}
    report = EnteredReport(uuid7(), "clue_found", desk.office.clock(), payload)
    await enter_report(desk.office, desk.me, desk.operation_id, report)


async def exported(desk: Desk, who: Principal, format_name: ExportFormat, **more: Any) -> bytes:
    place = Place("operation", desk.operation_id, region=REGION)
    _, content = await export(desk.office, who, place, format_name, ExportOptions(**more))
    return content


async def recorded(desk: Desk) -> Any:
    (track_id,) = (await desk.state())["tracks"]
    async with desk.office.engine.connect() as connection:
        return (await read_fixes(connection, desk.operation_id, [UUID(track_id)]))[UUID(track_id)]


def layer(path: Path, name: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=name)


async def test_a_geopackage_of_everything_reads_back(searched: Desk, tmp_path: Path) -> None:
    """GDAL finds every layer: sectors with what they prove, the track vertex by vertex, clues, positions."""
    path = tmp_path / "all.gpkg"
    path.write_bytes(await exported(searched, searched.me, "gpkg"))
    assert set(pyogrio.list_layers(path)[:, 0]) == {
        "sectors", "area", "tracks", "evidence", "missing", "tasks", "clues", "positions"
    }  # fmt: skip
    sectors = layer(path, "sectors").set_index("name")
    state = await searched.state()
    for sector in state["sectors"].values():
        assert sectors.loc[sector["label"]].geometry.equals(shape(sector["geometry"]))
    (evidence,) = [row for row in state["evidence"].values() if row["own"]]
    told = sectors.loc["B2"]
    assert (told["state"], told["grades"]) == ("searched_partly", evidence["grade"])
    assert told["coverage_unresponsive"] == pytest.approx(evidence["coverage_unresponsive"], abs=0.006)
    low, high = told["pod_unresponsive_low_pct"], told["pod_unresponsive_high_pct"]
    assert low <= 100 * evidence["cumulative"]["unresponsive"] <= high
    assert 0 <= high - low <= 5
    assert told["hours"] > 1
    fixes = await recorded(searched)
    (track,) = layer(path, "tracks").itertuples()
    assert (track.name, track.callsign, track.sector) == ("Лиса-12", "Лиса-12", "B2")
    assert track.matched_by == "name"
    places = np.column_stack([fixes["lon"], fixes["lat"]])
    assert np.array_equal(shapely.get_coordinates(track.geometry), places)
    assert len(json.loads(track.coordTimes)) == len(fixes)
    proof = layer(path, "evidence").set_index("name").loc["B2"]
    assert (proof["grade"], proof["callsign"], proof["came_by"]) == (evidence["grade"], "Лиса-12", "own")
    assert "Koester" in proof["width_unresponsive_source"]
    assert proof.geometry.equals(sectors.loc["B2"].geometry)
    missing = layer(path, "missing").set_index("name").loc["B2"].geometry
    assert missing.equals(shape(evidence["missing"]["geometry"]))
    (task,) = layer(path, "tasks").itertuples()
    assert (task.callsign, task.sector, task.state) == ("Лиса-12", "B2", "back")
    clues = layer(path, "clues").set_index("name")
    assert clues.loc["Корзина"].geometry.equals(shapely.Point(CLUE["lon"], CLUE["lat"]))
    assert clues.loc["Крик"].geometry is None
    (last,) = layer(path, "positions").itertuples()
    assert (last.name, last.geometry) == ("Лиса-12", shapely.Point(104.005, 52.005))
    assert "Анна" not in path.read_bytes().decode("utf-8", "ignore")
    (back,), notes = read_tracks(path.read_bytes(), "all.gpkg")
    assert (back.name, notes) == ("Лиса-12", [])
    assert np.array_equal(places, np.column_stack([back.points["lon"], back.points["lat"]]))
    assert np.array_equal(np.round(fixes["t_s"], 3), back.points["t_s"])


async def test_a_geojson_of_everything_reads_back(searched: Desk) -> None:
    """Our readers get the same sectors and the same track, times included; each feature names its layer."""
    content = await exported(searched, searched.me, "geojson")
    features = json.loads(content)["features"]
    counted: dict[str, int] = {}
    for feature in features:
        named = feature["properties"]["layer"]
        counted[named] = counted.get(named, 0) + 1
    assert counted == {
        "sectors": len(await searched.sectors()),
        "area": 1,
        "tracks": 1,
        "evidence": counted["evidence"],
        "missing": counted["missing"],
        "tasks": 1,
        "clues": 2,
        "positions": 1,
    }
    (track,) = read_contents(content, "all.geojson").tracks
    fixes = await recorded(searched)
    assert track.name == "Лиса-12"
    for axis in ("t_s", "lon", "lat"):
        assert np.array_equal(track.points[axis], fixes[axis])
    polygons, _ = read_polygons(content, "all.geojson", layer="sectors")
    held = {each.name: each.geometry for each in polygons}
    state = await searched.state()
    assert held == {each["label"]: shape(each["geometry"]) for each in state["sectors"].values()}


async def test_who_may_not_see_it_has_it_not_in_the_file(searched: Desk) -> None:
    """Police read ground, evidence and clues, not where volunteers are; a volunteer his task alone."""
    police = Principal("account", uuid7(), uuid7(), "Дежурный", grants=(Grant(Role.POLICE, region=REGION),))
    boris = searched.people["Борис"]
    volunteer = Principal("participant", boris, uuid7(), "Борис", operation_id=searched.operation_id)
    seen = {}
    for name, who in (("police", police), ("volunteer", volunteer)):
        features = json.loads(await exported(searched, who, "geojson"))["features"]
        seen[name] = {feature["properties"]["layer"] for feature in features}
    assert seen["police"] == {"sectors", "area", "tracks", "evidence", "missing", "clues"}
    assert seen["volunteer"] <= {"sectors", "clues"}


async def test_too_many_points_are_thinned_and_say_so(searched: Desk) -> None:
    """A file stays within what readers take; the track keeps its first and last fix and its count."""
    fixes = await recorded(searched)
    content = await exported(searched, searched.me, "geojson", most_fixes=len(fixes) // 4)
    (feature,) = [f for f in json.loads(content)["features"] if f["properties"]["layer"] == "tracks"]
    (track,) = read_contents(content, "all.geojson").tracks
    assert feature["properties"]["thinned"] in {4, 5}
    assert feature["properties"]["fixes"] == len(fixes)
    assert len(fixes) // 6 < len(track.points) <= len(fixes) // 4 + 2
    assert (track.points["t_s"][0], track.points["t_s"][-1]) == (fixes["t_s"][0], fixes["t_s"][-1])


async def test_a_large_search_is_written_by_a_job(searched: Desk, database: DatabaseUrls) -> None:
    """The worker writes the file, says how far it is, and keeps it for headquarters; once per wish."""
    wish = ExportWish(command_id=uuid7(), format="geojson")
    office, me, operation_id = searched.office, searched.me, searched.operation_id
    asked = await ask_export(office, me, operation_id, wish)
    assert await ask_export(office, me, operation_id, wish) == asked
    await work(searched, database)
    job = await read_job(office, operation_id, UUID(asked["job_id"]))
    assert (job["state"], job["done"]) == ("done", 1.0)
    async with office.engine.connect() as connection:
        content = await read_file(connection, UUID(job["result"]["file_id"]))
    assert len(content) == job["result"]["bytes"]
    (track,) = read_contents(content, "all.geojson").tracks
    assert len(track.points) == len(await recorded(searched))
