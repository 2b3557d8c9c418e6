"""A first search: from an empty operation to packets for three teams, tracks in, and what they prove."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect

from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CORNERS = ["47.1500 9.5300", "47.1500 9.5500", "47.1400 9.5500", "47.1400 9.5300"]
CALLSIGNS = ("Лиса-1", "Лиса-2", "Кинолог-1")
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 1024, "height": 768}


def test_from_an_empty_search_to_paper_and_proof(
    window: Callable[..., Window], stack: Stack, tmp_path: Path
) -> None:
    """Area, grid, an edit, three tasks, one PDF; then tracks, one sector proven, one proposed again."""
    search = open_search(stack, "Пробная Анна, 68 лет")
    desk = window("first", viewport=WIDE)
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.button("area-draw").wait_for()
    desk.page.locator("canvas").first.wait_for()
    draw_and_cut(desk)
    split_one(desk, search)
    teams = give_tasks(desk, search)
    print_packets(desk, tmp_path)
    look_at_the_map(desk)
    walk_and_return(search, teams)
    bring_tracks(desk, search, tmp_path)
    see_the_proof(desk, search)
    in_english(window, search)


def draw_and_cut(desk: Window) -> None:
    desk.page.keyboard.press("a")
    for corner in CORNERS:
        desk.field("area-corner").fill(corner)
        desk.field("area-corner").press("Enter")
        expect(desk.field("area-corner")).to_have_value("")
    desk.button("area-save").click()
    expect(desk.field("area-corner")).to_be_hidden()
    desk.page.keyboard.press("f")
    desk.page.keyboard.press("p")
    desk.page.get_by_role("radio", name=desk.t("partition-grid")).check()
    desk.page.locator("button[form=partition]").click()
    desk.sees("Готово: секторов")
    desk.accessible()
    desk.page.keyboard.press("Escape")
    desk.sees("А1")
    desk.shot("51-grid")


def split_one(desk: Window, search: Search) -> None:
    """Cut А1 by a line that is clicked; take it back and do it again by keys."""
    desk.page.locator("[id^=sector-] .summary", has_text="А1").first.click()
    desk.page.keyboard.press("d")
    desk.button("edit-split").click()
    desk.sees(desk.t("split-short"))
    canvas = desk.page.locator("canvas").first
    box = canvas.bounding_box()
    assert box is not None
    for x in (-200, 240):
        canvas.click(position={"x": box["width"] / 2 + x, "y": box["height"] / 2})
    desk.sees("Части:")
    desk.shot("52-split")
    desk.accessible()
    desk.page.get_by_role("button", name=desk.t("edit-split"), exact=True).last.click()
    desk.sees(desk.t("edit-done", what=desk.t("edit-split")))
    desk.sees("А1-1")
    desk.page.keyboard.press("Control+z")
    desk.sees(desk.t("edit-undone", what=desk.t("edit-split")))
    desk.page.keyboard.press("Control+y")
    desk.sees(desk.t("edit-redone", what=desk.t("edit-split")))
    labels = [one["label"] for one in search.state()["sectors"].values() if not one["retired"]]
    assert len(labels) == len(set(labels))
    desk.page.keyboard.press("Escape")


def give_tasks(desk: Window, search: Search) -> dict[str, str]:
    """Form three teams and give each a sector, as other desks would do it meanwhile."""
    sectors = {one["label"]: key for key, one in search.state()["sectors"].items() if not one["retired"]}
    tasks = {}
    for callsign, label in zip(CALLSIGNS, ("А2", "А3", "Б2"), strict=True):
        team = search.team(callsign, search.person(f"Старший {callsign}"))
        version = next(
            one["properties"]["version"]
            for one in search.call("GET", "sectors")["features"]
            if one["id"] == sectors[label]
        )
        given = search.call(
            "POST",
            "tasks",
            base_version=version,
            team_id=team,
            sector_id=sectors[label],
            method="comb",
            due_at=(datetime.now(UTC) + timedelta(hours=4)).isoformat(),
            contact_every_min=60,
            text="Просека по северной границе.",
            emergency_bearing_deg=240,
            alongside=False,
        )
        tasks[callsign] = str(given["task_id"])
    desk.sees(CALLSIGNS[2])
    return tasks


def print_packets(desk: Window, folder: Path) -> None:
    desk.page.keyboard.press("Shift+P")
    expect(desk.dialog().get_by_role("checkbox").first).to_be_checked()
    desk.shot("53-print")
    desk.accessible()
    desk.dialog().get_by_role("button", name="Подготовить 3 пакета").click()
    link = desk.dialog().get_by_role("link", name=desk.t("print-download"))
    link.wait_for()
    with desk.page.expect_download() as waited:
        link.click()
    pdf = kept(waited.value, folder / "packets.pdf")
    assert pdf.startswith(b"%PDF-")
    with desk.page.expect_download() as waited:
        desk.dialog().get_by_role("link", name=desk.t("export-gpx"), exact=True).click()
    assert b"<gpx" in kept(waited.value, folder / "all.gpx")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)


def kept(download: Download, path: Path) -> bytes:
    download.save_as(path)
    return path.read_bytes()


def look_at_the_map(desk: Window) -> None:
    """Layers, a measurement, a place in every notation, the table."""
    desk.page.keyboard.press("v")
    desk.sees(desk.t("layers-rasters"))
    desk.page.get_by_role("checkbox", name=desk.t("layer-contours")).uncheck()
    desk.accessible()
    desk.page.keyboard.press("u")
    desk.field("line-corner").fill("47.1500 9.5300")
    desk.field("line-corner").press("Enter")
    expect(desk.field("line-corner")).to_have_value("")
    desk.field("line-corner").fill("47.1410 9.5300")
    desk.field("line-corner").press("Enter")
    desk.sees("1,0 км")
    desk.accessible()
    desk.page.keyboard.press("Escape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("o")
    desk.field("place-typed").fill("32T NT 41000 21400")
    desk.button("place-read", desk.page.locator(".panel")).click()
    desk.sees("32T NT 41000 21400")
    desk.accessible()
    desk.button("place-as-entry").click()
    desk.sees(desk.t("place-set", point=desk.t("point-entry")))
    desk.page.keyboard.press("Escape")


def walk_and_return(search: Search, tasks: dict[str, str]) -> None:
    """All three went out two hours ago and are back now: tracks are cut to these times."""
    now = datetime.now(UTC)
    ago_min = {"briefed": 125, "out": 120, "on_task": 115, "returning": 1, "back": 0}
    for callsign, task_id in tasks.items():
        for state, minutes in ago_min.items():
            version = search.state()["tasks"][task_id]["version"]
            at = (now - timedelta(minutes=minutes)).isoformat()
            search.call("POST", f"tasks/{task_id}/state", base_version=version, state=state, at=at)
        assert search.state()["tasks"][task_id]["state"] == "back", callsign


def lawn_mower(bounds: tuple[float, float, float, float], spacing_m: float, until: float = 1.0) -> str:
    """Return a GPX track to and fro over a box, only the lower share of it, at walking pace until now."""
    west, south, east, north = bounds
    rows = int((north - south) * 111_200 / spacing_m * until)
    across_m = (east - west) * 111_200 * math.cos(math.radians(south))
    fixes = [
        (west + (east - west) * (step if row % 2 == 0 else 20 - step) / 20, south + row * spacing_m / 111_200)
        for row in range(rows)
        for step in range(21)
    ]
    began = datetime.now(UTC) - timedelta(seconds=len(fixes) * across_m / 20)
    points = "".join(
        f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}">'
        f"<time>{(began + timedelta(seconds=at * across_m / 20)):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for at, (lon, lat) in enumerate(fixes)
    )
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )


def box_of(search: Search, task_id: str) -> tuple[float, float, float, float]:
    state = search.state()
    ring = state["sectors"][state["tasks"][task_id]["sector_id"]]["geometry"]["coordinates"][0]
    lons, lats = [place[0] for place in ring], [place[1] for place in ring]
    return min(lons), min(lats), max(lons), max(lats)


def bring_tracks(desk: Window, search: Search, folder: Path) -> None:
    """Bring a folder with three files: two teams by name, one that nobody claims."""
    tasks = {one["team_id"]: key for key, one in search.state()["tasks"].items()}
    teams = {one["callsign"]: key for key, one in search.state()["teams"].items()}
    today = f"{datetime.now(UTC):%Y%m%d}"
    boxes = {callsign: box_of(search, tasks[teams[callsign]]) for callsign in CALLSIGNS}
    tracks = folder / "tracks"
    tracks.mkdir()
    (tracks / f"{today}_Лиса-1.gpx").write_text(lawn_mower(boxes["Лиса-1"], 15), encoding="utf-8")
    (tracks / f"{today}_Лиса-2.gpx").write_text(lawn_mower(boxes["Лиса-2"], 40, 0.5), encoding="utf-8")
    (tracks / "ничей.gpx").write_text(lawn_mower(boxes["Кинолог-1"], 60, 0.3), encoding="utf-8")
    (tracks / "readme.txt").write_text("не трек", encoding="utf-8")
    desk.page.keyboard.press("k")
    desk.sees(desk.t("tracks-drop"))
    desk.page.get_by_label(desk.t("tracks-files")).set_input_files(sorted(tracks.iterdir()))
    desk.sees("Готово: треков 3", limit_ms=60_000)
    desk.sees("readme.txt")
    desk.sees(desk.t("sector-searched_proven"), limit_ms=60_000)
    desk.shot("58-tracks")
    desk.accessible()


def see_the_proof(desk: Window, search: Search) -> None:
    desk.page.keyboard.press("Escape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("j")
    desk.sees("отработать повторно?", limit_ms=60_000)
    desk.page.keyboard.press("1")
    desk.page.keyboard.press("1")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("f")
    desk.shot("59-proof")
    desk.accessible()
    desk.button("judge-again").click()
    desk.button("judge-again", desk.page.locator("article form")).click()
    expect(desk.page.locator("article form")).to_have_count(0)
    assert any(one["decision"] == "again" for one in search.state()["judgements"].values())
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("w")
    desk.sees(desk.t("table-title"))
    desk.shot("60-table")
    desk.accessible()
    with desk.page.expect_download() as waited:
        desk.button("table-save").click()
    assert waited.value.suggested_filename.endswith(".csv")


def in_english(window: Callable[..., Window], search: Search) -> None:
    """See the same in English, dark, on a small screen."""
    desk = window("dark", locale="en", viewport=NARROW, color_scheme="dark")
    desk.open("/")
    desk.sign_in("coordinator")
    desk.button("home-open-case").wait_for()
    desk.open(f"/#/operations/{search.operation_id}")
    desk.sees("А2")
    desk.page.keyboard.press("w")
    desk.sees(desk.t("table-title"))
    desk.page.keyboard.press("Escape")
    for key in ("d", "v", "k", "j"):
        desk.page.locator("canvas").first.focus()
        desk.page.keyboard.press(key)
        desk.page.locator(".right .panel").wait_for()
    desk.shot("61-proof")
    desk.accessible()
