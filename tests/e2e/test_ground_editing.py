"""What a cartographer changes by hand: borders, lines, addresses, other cuts; tracks that prove nothing."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.searches import Search, open_search
from tests.e2e.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WEST, SOUTH, EAST, NORTH = 9.53, 47.14, 9.55, 47.15
MIDDLE = (SOUTH + NORTH) / 2


@pytest.fixture
def search(stack: Stack) -> Search:
    """Return a search with an area and a coarse grid."""
    made = open_search(stack, "Правкин Пётр, 60 лет")
    ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
    made.call("PUT", "area", base_version=None, geometry={"type": "Polygon", "coordinates": [ring]})
    made.call("POST", "partitions", base_version=None, method="grid", cell_m=700, letters="cyrillic")
    return made


@pytest.fixture
def desk(window: Callable[..., Window], search: Search) -> Window:
    """Return a coordinator's window with the search open and its map drawn."""
    made = window("editing", viewport={"width": 1440, "height": 900})
    made.open("/")
    made.sign_in("coordinator")
    made.button("home-open-case").wait_for()
    made.open(f"/#/operations/{search.operation_id}")
    made.sees("А1")
    made.page.locator("canvas").first.wait_for()
    return made


def live(search: Search) -> dict[str, dict[str, Any]]:
    """Return the sectors in force by label."""
    return {one["label"]: one for one in search.state()["sectors"].values() if not one["retired"]}


def corners(sector: dict[str, Any]) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in sector["geometry"]["coordinates"][0][:-1]]


def tool(desk: Window, key: str) -> None:
    """Take a tool of the editing panel, once the last one is put down."""
    tools = desk.page.get_by_role("group", name=desk.t("edit-tools"))
    tools.get_by_role("button", name=desk.t(key), exact=True).click()


def panel(desk: Window) -> Locator:
    return desk.page.locator(".right .panel")


def confirm(desk: Window, key: str) -> None:
    """Press the tool's own button."""
    panel(desk).locator("button.primary", has_text=desk.t(key)).last.click()


def typed(desk: Window, key: str, *places: str) -> None:
    field = desk.field(key, panel(desk))
    for place in places:
        field.fill(place)
        field.press("Enter")
        expect(field).to_have_value("")


def select(desk: Window, label: str) -> None:
    desk.page.locator("[id^=sector-] .summary", has_text=label).first.click()


def test_sectors_are_changed_by_hand(desk: Window, search: Search) -> None:
    """Merge, cut by a typed line, move a corner by keys and by coordinates, mark, a line, addresses."""
    before = live(search)
    desk.page.keyboard.press("d")
    tool(desk, "edit-merge")
    for label in ("А1", "Б1"):
        desk.field("merge-add").select_option(label=label)
    confirm(desk, "edit-merge")
    desk.sees(desk.t("edit-done", what=desk.t("edit-merge")))
    assert len(live(search)) == len(before) - 1
    drag_a_corner(desk, search)
    split_by_typed_points(desk, search)
    move_corners(desk, search)

    select(desk, "А2")
    tool(desk, "edit-mark")
    desk.field("mark-reason").fill("Болото, лёд тонкий")
    confirm(desk, "edit-save")
    row = desk.page.locator("[id^=sector-] .summary", has_text="А2").first  # the form says the word too
    expect(row).to_contain_text(desk.t("sector-blocked"))
    assert live(search)["А2"]["mark"] == "blocked"

    tool(desk, "edit-line")
    typed(desk, "line-corner", f"{MIDDLE} {WEST + 0.004}", f"{MIDDLE + 0.003} {WEST + 0.012}")
    desk.field("edit-name").fill("Просека")
    confirm(desk, "edit-save")
    desk.sees(desk.t("edit-done", what=desk.t("edit-line")))
    tool(desk, "edit-list")
    desk.field("list-addresses").fill("Лесная 5; 47.1445 9.5400\nЛесная 7")
    confirm(desk, "edit-save")
    desk.sees(desk.t("edit-done", what=desk.t("edit-list")))
    kinds = [one["kind"] for one in live(search).values()]
    assert (kinds.count("line"), kinds.count("list")) == (1, 1)


def split_by_typed_points(desk: Window, search: Search) -> None:
    select(desk, "Б2")
    tool(desk, "edit-split")
    box = corners(live(search)["Б2"])
    lat = sum(lat for _, lat in box) / len(box)
    west, east = min(lon for lon, _ in box) - 0.001, max(lon for lon, _ in box) + 0.001
    typed(desk, "line-corner", f"{lat:.6f} {west:.6f}", f"{lat:.6f} {east:.6f}")
    desk.sees("Части:")
    desk.shot("70-typed-line")
    confirm(desk, "edit-split")
    desk.sees(desk.t("edit-done", what=desk.t("edit-split")))
    assert {"Б2-1", "Б2-2"} <= set(live(search))


def move_corners(desk: Window, search: Search) -> None:
    """Move one corner by keys on the map, the next by its coordinates; the neighbours follow."""
    select(desk, "В1")
    tool(desk, "edit-reshape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("]")
    expect(desk.field("reshape-corner")).to_have_value("0")
    desk.page.keyboard.press("ArrowUp")
    desk.sees("Изменений: 1")
    lon, lat = corners(live(search)["В1"])[1]
    desk.field("reshape-corner").select_option("1")
    typed(desk, "reshape-to", f"{lat + 0.0004:.7f} {lon + 0.0004:.7f}")
    desk.sees("Изменений: 2")
    desk.shot("71-reshape")
    desk.accessible()
    confirm(desk, "edit-save")
    desk.sees(desk.t("edit-done", what=desk.t("edit-reshape")))
    moved = [at for one in live(search).values() for at in corners(one)]
    assert sum(abs(at[0] - lon - 0.0004) + abs(at[1] - lat - 0.0004) < 4e-7 for at in moved) > 1


def drag_a_corner(desk: Window, search: Search) -> None:
    """Drag a corner with the mouse, see what changes, and think better of it."""
    select(desk, "В1")
    tool(desk, "edit-reshape")
    x, y = on_screen(desk, *corners(live(search)["В1"])[0])
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x + 40, y - 30, steps=3)
    desk.page.mouse.up()
    desk.sees("Изменений: 1")
    desk.button("cancel", panel(desk)).click()


def on_screen(desk: Window, lon: float, lat: float) -> tuple[float, float]:
    """Return where a place is on the screen, by what the desk says of the place under the pointer."""
    where = desk.page.locator("footer .where")

    def told(x: float, y: float) -> tuple[float, float]:
        before = where.inner_text()
        desk.page.mouse.move(x, y)
        expect(where).not_to_have_text(before)
        lat_told, lon_told = re.findall(r"-?\d+\.\d+", where.inner_text())[:2]
        return float(lon_told), float(lat_told)

    (west, north), (east, south) = told(640, 300), told(960, 640)
    return 640 + (lon - west) * 320 / (east - west), 300 + (lat - north) * 340 / (south - north)


@contextmanager
def busy_worker(stack: Stack) -> Iterator[None]:
    """Let long work wait, as when the worker does something else."""
    assert stack.process is not None
    children = psutil.Process(stack.process.pid).children(recursive=True)
    (worker,) = [one for one in children if one.cmdline()[-2:] == ["serve", "worker"]]
    worker.suspend()
    try:
        yield
    finally:
        worker.resume()


def test_the_ground_is_cut_in_other_ways(desk: Window, search: Search, stack: Stack, tmp_path: Path) -> None:
    """Groups of equal effort, stopped once and then made; a file's layer; both bearings; sweep widths."""
    desk.page.keyboard.press("p")
    desk.sees(desk.t("grid-preview"))
    desk.field("grid-align").select_option("utm")
    desk.sees(desk.t("grid-preview"))
    desk.shot("72-grid-preview")
    desk.page.get_by_role("radio", name=desk.t("partition-groups")).check()
    desk.field("groups-count").fill("3")
    cut = desk.page.locator("button[form=partition]")
    with busy_worker(stack):
        cut.click()
        desk.button("job-cancel").click()
        desk.sees(desk.t("job-cancelled"))
    assert len(live(search)) > 3
    cut.click()
    desk.sees("Готово: секторов 3", limit_ms=60_000)
    desk.accessible()

    halves = [(WEST, (WEST + EAST) / 2, "кв. 12"), ((WEST + EAST) / 2, EAST, "кв. 13")]
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, SOUTH], [e, SOUTH], [e, NORTH], [w, NORTH], [w, SOUTH]]],
            },
        }
        for w, e, name in halves
    ]
    layer = tmp_path / "кварталы.geojson"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    desk.page.get_by_role("radio", name=desk.t("partition-layer")).check()
    desk.field("layer-file").set_input_files(layer)
    desk.sees(desk.t("layer-sent", name=layer.name))
    cut.click()
    desk.sees("Готово: секторов 2", limit_ms=60_000)
    assert len(live(search)) == 2

    desk.page.keyboard.press("Escape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("u")
    typed(desk, "line-corner", f"{SOUTH} {WEST}", f"{NORTH} {WEST}")
    desk.sees("000°")
    desk.sees(desk.t("measure-magnetic"))
    desk.sees("WMM")
    desk.shot("73-bearings")

    enter_widths(desk, search)


def enter_widths(desk: Window, search: Search) -> None:
    """Enter what was measured, a width of one's own with its source, and the wind."""
    desk.page.keyboard.press("Escape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("j")
    desk.button("widths-title", panel(desk)).click()
    desk.field("widths-ground").select_option("dense")
    desk.page.get_by_text(desk.t("widths-sound")).click()
    desk.field("widths-wind").fill("5")
    desk.page.get_by_text(desk.t("widths-own", count=0)).click()
    desk.button("widths-add").click()
    own = desk.page.get_by_role("group", name=desk.t("widths-own-row", number=1))
    own.get_by_label(desk.t("widths-width"), exact=True).fill("55")
    own.get_by_label(desk.t("widths-source")).fill("Измерено на учениях")
    desk.shot("74-widths")
    desk.accessible()
    confirm(desk, "edit-save")
    desk.sees(desk.t("widths-saved"), limit_ms=60_000)
    (kept,) = search.state()["search_widths"].values()
    assert (kept["settings"]["ground"], kept["settings"]["wind_mps"]) == ("dense", 5)
    (row,) = kept["settings"]["widths"]
    assert (row["width_m"], row["source"], row["subject"]) == (55, "Измерено на учениях", "unresponsive")


def came_back(search: Search, callsign: str, label: str) -> None:
    """Send a team into a sector two hours ago, back a minute ago."""
    team = search.team(callsign, search.person(f"Старший {callsign}"))
    found = search.call("GET", "sectors")["features"]
    sector = next(one for one in found if one["properties"]["label"] == label)
    now = datetime.now(UTC)
    task = search.call(
        "POST",
        "tasks",
        base_version=sector["properties"]["version"],
        team_id=team,
        sector_id=sector["id"],
        method="comb",
        due_at=(now + timedelta(hours=2)).isoformat(),
        contact_every_min=60,
        text="",
        emergency_bearing_deg=240,
        alongside=False,
    )["task_id"]
    for state, minutes in {"briefed": 125, "out": 120, "on_task": 115, "returning": 2, "back": 1}.items():
        version = search.state()["tasks"][task]["version"]
        at = (now - timedelta(minutes=minutes)).isoformat()
        search.call("POST", f"tasks/{task}/state", base_version=version, state=state, at=at)


def test_tracks_that_prove_nothing(desk: Window, search: Search, tmp_path: Path) -> None:
    """One track is set aside as another search's; one that will not come is declared lost, with a reason."""
    came_back(search, "Лиса-1", "А1")
    came_back(search, "Лиса-2", "Б1")
    begin = datetime.now(UTC) - timedelta(minutes=60)
    points = "".join(
        f'<trkpt lat="{NORTH - 0.001 - at * 2e-5:.6f}" lon="{WEST + 0.002:.6f}">'
        f"<time>{begin + timedelta(seconds=at * 5):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for at in range(100)
    )
    track = tmp_path / f"{datetime.now(UTC):%Y%m%d}_Лиса-1.gpx"
    head = '<?xml version="1.0"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">'
    track.write_text(f"{head}<trk><trkseg>{points}</trkseg></trk></gpx>", encoding="utf-8")
    desk.page.keyboard.press("k")
    desk.sees(desk.t("tracks-awaited", count=2))
    desk.page.get_by_label(desk.t("tracks-files")).set_input_files(track)
    desk.sees(desk.t("tracks-matched", count=1), limit_ms=60_000)
    desk.button("track-change", panel(desk)).click()
    desk.field("track-aside", panel(desk)).select_option("other_search")
    desk.button("track-put-aside", panel(desk)).click()
    desk.sees(desk.t("tracks-aside", count=1))
    desk.button("track-lost", panel(desk)).click()
    desk.field("track-lost-reason").fill("Навигатор утонул")
    desk.field("track-lost-grade").select_option("paper")
    desk.shot("75-lost")
    desk.accessible()
    desk.page.locator("button.primary", has_text=desk.t("track-lost")).click()
    desk.sees(desk.t("tracks-awaited", count=1))
    state = search.state()
    assert [one["set_aside"] for one in state["tracks"].values()] == ["other_search"]
    (lost,) = state["lost_tracks"].values()
    assert (lost["reason"], lost["grade"]) == ("Навигатор утонул", "paper")
    count_as_sound(desk, search)
    record_calls(desk, search)


def count_as_sound(desk: Window, search: Search) -> None:
    """Let one task count as a sound search: its row among the widths."""
    desk.page.keyboard.press("Escape")
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("j")
    desk.button("widths-title", panel(desk)).click()
    desk.page.get_by_text(desk.t("widths-tasks", count=0)).click()
    desk.field("widths-task-add").select_option(label="Лиса-1 · А1")
    row = desk.page.get_by_role("group", name="Лиса-1 · А1")
    row.get_by_label(desk.t("widths-method")).select_option("sound")
    confirm(desk, "edit-save")
    desk.sees(desk.t("widths-saved"), limit_ms=60_000)
    (kept,) = search.state()["search_widths"].values()
    assert [one["method"] for one in kept["settings"]["tasks"]] == ["sound"]


def record_calls(desk: Window, search: Search) -> None:
    """Record calls for it in one form; those of a task by sight are refused with the reason."""
    desk.button("close", panel(desk)).click()
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("j")
    desk.button("calls-title", panel(desk)).click()
    desk.page.get_by_role("checkbox", name="Лиса-2").check()
    desk.field("calls-count").fill("2")
    hour_ago = datetime.now(ZoneInfo("Europe/Vaduz")) - timedelta(hours=1)
    desk.field("calls-first").fill(f"{hour_ago:%Y-%m-%dT%H:%M}")
    confirm(desk, "calls-record")
    desk.sees(desk.t("error-task-not-by-sound", sector="Б1"))
    desk.page.get_by_role("checkbox", name="Лиса-2").uncheck()
    desk.page.get_by_role("checkbox", name="Лиса-1").check()
    confirm(desk, "calls-record")
    desk.sees(desk.t("calls-saved"), limit_ms=60_000)
    desk.shot("76-calls")
    desk.accessible()
    (kept,) = search.state()["sound_calls"].values()
    assert (len(kept["times"]), kept["caller"], kept["withdrawn"]) == (2, "listeners", None)
    one_at_a_time(desk)


def one_at_a_time(desk: Window) -> None:
    """On a narrow screen a panel puts the list away, or both would hide the map; closed, it is back."""
    listed = desk.page.locator("#tab-pane")
    expect(listed).to_be_visible()
    desk.button("close", panel(desk)).click()
    desk.page.set_viewport_size({"width": 1024, "height": 768})
    desk.page.locator("canvas").first.focus()
    desk.page.keyboard.press("d")
    expect(panel(desk)).to_be_visible()
    expect(listed).to_have_count(0)
    desk.button("close", panel(desk)).click()
    expect(listed).to_be_visible()
