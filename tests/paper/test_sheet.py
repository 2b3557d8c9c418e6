"""The pages as a person holds them: words, scale, page numbers, black and white; nothing under 10 points."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from shapely.geometry import LineString, MultiPoint, Point

from search_ops.errors import BadInput
from search_ops.paper import ground_style
from search_ops.paper.frame import MAP_HEIGHT_MM, MAP_WIDTH_MM, frame_for
from search_ops.paper.map_page import draw_map, numbered_corners
from search_ops.paper.rendering import packet_pdf, packet_pictures
from search_ops.paper.svg import TEXT_MM
from search_ops.texts import text
from tests.paper.facts import LAT, LON, SECTOR, sheet, wkb
from tests.paper.pdf_text import pages_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from search_ops.paper.facts import SheetFacts

PPI = 254.0  # ten pixels a millimetre
PX_PER_MM = PPI / 25.4


FIRST_PAGE = (
    "Лиса-12",
    "СекторG5-1",
    "Поиск2026-38-0147",
    "22.11.2026,21:30",
    "каждые60мин",
    "Аварийныйазимут240°магнитный",
    "Магнитноесклонение4,6°кзападу,2026год,модельWMM-2025.",
    "Невходить:G4",
    "Обрывы",
    "Вода",
    "Штаб+7900000-00-00",
    "52.290000,104.301000умоста",
    "52.294500,104.306600",
    "Арвен,Гном",
    "стр.1из2",
)
MAP_PAGE = (
    "G6",
    "Лиса-3",
    "ОПАСНО",
    "НЕВХОДИТЬ",
    "Точкавхода",
    "Чёрноеозеро",
    "НижниеЁлки",
    "отрезок100мм",
    "СеткаUTM48U",
    "OpenStreetMap",
    "стр.2из2",
)


def say(key: str, **variables: Any) -> str:
    return text("ru", key, **variables)


def joined(page: str) -> str:
    return re.sub(r"\s+", "", page)


def darkness(png: bytes) -> npt.NDArray[np.float64]:
    """Return a page as a photocopier sees it: 0 white, 1 black."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a page lies nowhere on Earth
        with MemoryFile(png) as file, file.open() as picture:
            red, green, blue = picture.read([1, 2, 3]).astype(np.float64)
    grey: npt.NDArray[np.float64] = 1 - (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return grey


def longest_runs_mm(page: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the longest dark run of every row, in millimetres."""
    dark = page > 0.5
    best = np.zeros(len(dark))
    run = np.zeros(len(dark))
    for column in dark.T:
        run = (run + 1) * column
        best = np.maximum(best, run)
    return best / PX_PER_MM


def test_the_first_page_says_all_a_team_must_know() -> None:
    """Callsign, sector, due time, contact, bearing with declination, hazards, phones, coordinates."""
    first, map_page = pages_of(packet_pdf([sheet()], "ru"))
    for words in FIRST_PAGE:
        assert words in joined(first), words
    for words in MAP_PAGE:
        assert words in joined(map_page), words


def test_the_english_sheet_is_its_equal() -> None:
    """The same facts in English, with the point as decimal sign."""
    first, map_page = pages_of(packet_pdf([sheet()], "en"))
    for words in (
        "SectorG5-1",
        "Dueback",
        "Emergencybearing240°magnetic",
        "declination4.6°west,year2026,modelWMM-2025",
        "page1of2",
    ):
        assert words in joined(first), words
    assert "KEEPOUT" in joined(map_page)


def test_an_exercise_says_so_on_every_page() -> None:
    """The band stands on every page of a training search and on none of a real one."""
    drill = pages_of(packet_pdf([sheet(exercise=True)], "ru"))
    assert all("УЧЕНИЯ" in page for page in drill)
    assert not any("УЧЕНИЯ" in page for page in pages_of(packet_pdf([sheet()], "ru")))


def test_every_team_has_its_own_page_numbers() -> None:
    """A packet of three teams: each begins with page 1 and knows how many pages it has."""
    shore = LineString([(LON + n * 1e-4, LAT + 0.002 * np.sin(n / 3)) for n in range(60)])
    teams = [sheet(callsign="Лиса-1"), sheet(callsign="Лиса-2", wkb=wkb(shore), sector_kind="line"), sheet()]
    pages = [joined(page) for page in pages_of(packet_pdf(teams, "ru"))]
    numbers = [re.search(r"стр\.(\d)из(\d)", page) for page in pages]
    assert [found.groups() for found in numbers if found] == [
        ("1", "2"), ("2", "2"), ("1", "3"), ("2", "3"), ("3", "3"), ("1", "2"), ("2", "2")
    ]  # fmt: skip
    assert "ЛинияG5-1" in pages[2]


@pytest.mark.parametrize("scale", [5_000, 10_000, 25_000])
def test_the_scale_is_true(scale: int) -> None:
    """The bar is 100 mm in the rendered page, and the sector's side as long as the ground's at the scale."""
    facts = sheet(scale=scale, ground=[], neighbours=[])
    page = darkness(packet_pictures([facts], "ru", ppi=PPI)[1])
    runs = longest_runs_mm(page)
    assert page.shape == (2970, 2100)
    bars = runs[(runs > 95) & (runs < 105)]
    frame = frame_for(shapely.from_wkb(facts["wkb"]), scale)
    assert frame.scale == scale
    assert bars.size > 0
    assert abs(bars.max() - 100.0) < 0.35  # the bar's own outline of 0.2 mm included
    drawn = frame.on_paper(SECTOR)
    # 0.0066 degrees of longitude at 52.29 N are 450.6 m on the ellipsoid; UTM's own scale is within 0.1 %.
    assert (drawn.bounds[2] - drawn.bounds[0]) * frame.m_per_mm == pytest.approx(451.7, rel=0.01)
    side_mm = runs[(runs < 95) & (runs > 12)]
    assert side_mm.size > 0


def test_a_sector_that_does_not_fit_gets_the_next_scale() -> None:
    """A wanted scale at which the sector leaves the page is not used; beyond all scales it is refused."""
    wide = shapely.box(LON, LAT, LON + 0.05, LAT + 0.03)
    assert frame_for(wide, 5_000).scale == 25_000
    frame = frame_for(wide)
    drawn = frame.on_paper(wide)
    assert shapely.box(0, 0, MAP_WIDTH_MM, MAP_HEIGHT_MM).contains(drawn)
    with pytest.raises(BadInput) as caught:
        frame_for(shapely.box(90, 50, 100, 60))
    assert caught.value.code == "too_large_for_paper"


def test_a_wide_sector_lies_on_its_side() -> None:
    """A strip along a road gets a larger scale on a page on its side, true there too; a square stands."""
    strip = shapely.box(LON, LAT, LON + 0.04, LAT + 0.01)
    frame = frame_for(strip)
    assert (frame.landscape, frame.scale) == (True, 15_000)
    assert shapely.box(0, 0, frame.width_mm, frame.height_mm).contains(frame.on_paper(strip))
    assert not frame_for(SECTOR).landscape
    assert not frame_for(strip, 25_000).landscape  # it fits both ways: then the page stands
    facts = sheet(wkb=wkb(strip), ground=[], neighbours=[], exercise=True)
    pictures = packet_pictures([facts], "ru", ppi=PPI)
    assert [darkness(page).shape for page in pictures] == [(2970, 2100), (2100, 2970)]
    runs = longest_runs_mm(darkness(pictures[1]))
    assert (abs(runs - 100.0) < 0.35).sum() >= 2  # the upper and the lower edge of the bar
    _, map_page = pages_of(packet_pdf([facts], "ru"))
    assert "стр.2из2" in joined(map_page)
    assert "УЧЕНИЯ" in joined(map_page)
    assert "Карта:©" in joined(map_page)


def test_a_scale_that_does_not_fit_is_told_on_the_sheet() -> None:
    """The map page names the scale asked for and the one it has; at the wanted one it says nothing."""
    wide = shapely.box(LON, LAT, LON + 0.05, LAT + 0.03)
    for language, words in (("ru", "1:5000невмещаетсектор"), ("en", "doesnotfitat1:5000:")):
        _, map_page = pages_of(packet_pdf([sheet(wkb=wkb(wide), scale=5_000)], language))
        assert words in joined(map_page)
        assert "1:25000" in joined(map_page)
    for scale in (None, 25_000):
        _, map_page = pages_of(packet_pdf([sheet(wkb=wkb(wide), scale=scale)], "ru"))
        assert "невмещает" not in joined(map_page)


def test_an_ordinary_task_stays_on_two_pages() -> None:
    """Two lines of words, three hazards, a band of an exercise: the report stands on the first page still."""
    for language in ("ru", "en"):
        facts = sheet(
            exercise=True, text="С юга на север, 8 м между людьми, проверить оба берега ручья. " * 3
        )
        pages = pages_of(packet_pdf([facts], language))
        assert len(pages) == 2
        assert text(language, "paper-signature").replace(" ", "") in joined(pages[0])


def test_a_point_beyond_the_map_is_pointed_at() -> None:
    """An entry point two kilometres off has an arrow at the edge with its distance."""
    far = {"lon": LON + 0.0033 + 0.0293, "lat": LAT + 0.00225, "text": ""}
    for language, words in (("ru", "Точкавхода:2,0км"), ("en", "Entrypoint:2.0km")):
        _, map_page = pages_of(packet_pdf([sheet(entry=far, headquarters=None)], language))
        assert words in joined(map_page)
    pattern = r"translate\(([\d.]+) ([\d.]+)\) rotate\(([\d.-]+)\)"
    (arrow,) = re.findall(pattern, draw_map(sheet(entry=far, headquarters=None), frame_for(SECTOR), say))
    edge = (MAP_WIDTH_MM - 4, MAP_HEIGHT_MM / 2, 90)
    assert [float(value) for value in arrow] == pytest.approx(edge, abs=2)
    assert re.findall(pattern, draw_map(sheet(headquarters=None), frame_for(SECTOR), say)) == []


def test_a_hazard_at_the_edge_has_all_its_words() -> None:
    """Of a sector to keep out of only the upper edge is on the map: the words stand there whole."""
    edge = shapely.box(LON, LAT - 0.02, LON + 0.0066, LAT - 0.0021)
    blocked = {"label": "G7", "callsign": "", "mark": "blocked", "wkb": wkb(edge)}
    for language, words in (("ru", ("ОПАСНО", "НЕВХОДИТЬ")), ("en", ("HAZARD", "KEEPOUT"))):
        _, map_page = pages_of(packet_pdf([sheet(neighbours=[blocked], ground=[])], language))
        assert all(word in joined(map_page) for word in words)


def test_nothing_is_smaller_than_ten_points() -> None:
    """Texts on the map and in the template are at least 10 pt."""
    facts = sheet()
    drawn = draw_map(facts, frame_for(SECTOR), say)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn)]
    assert sizes
    assert min(sizes) >= round(TEXT_MM, 2)
    template = (ground_style.__file__ or "").replace("ground_style.py", "templates/packet.typ")
    with open(template, encoding="utf-8") as file:  # noqa: PTH123
        points = [float(size) for size in re.findall(r"size: ([\d.]+)pt", file.read())]
    assert min(points) >= 10


def test_black_and_white_is_enough() -> None:
    """In grey, surfaces stay light under black words and every line stays dark, so a photocopy is legible."""

    def grey(colour: str) -> float:
        digits = colour.lstrip("#")
        full = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
        red, green, blue = (int(full[at : at + 2], 16) / 255 for at in (0, 2, 4))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for kind, surface in ground_style.AREAS.items():
        if kind != "building" and surface.fill.startswith("#"):
            assert grey(surface.fill) > 0.85, kind
    lines = [*ground_style.LINES.values(), (ground_style.GRID,), (ground_style.CONTOUR,)]
    for strokes in lines:
        assert grey(strokes[0].colour) < 0.45
    dashes = {
        tuple((stroke.width_mm, stroke.dash) for stroke in strokes) for strokes in ground_style.LINES.values()
    }
    assert len(dashes) == len(ground_style.LINES)  # told apart by width, dashes and casing, not by colour
    page = darkness(packet_pictures([sheet()], "ru", ppi=100)[1])
    assert page.max() > 0.95
    assert 0.02 < float((page > 0.5).mean()) < 0.25


def test_same_facts_same_bytes() -> None:
    """A reprinted sheet is the same file."""
    assert packet_pdf([sheet()], "ru") == packet_pdf([sheet()], "ru")


ODD: list[dict[str, Any]] = [
    {"emergency_bearing_deg": None},
    {"entry": None, "headquarters": None, "ground": [], "neighbours": [], "attribution": ""},
    {
        "phones": [],
        "members": [],
        "text": "",
        "muster": "",
        "contact_every_min": None,
        "due": "",
        "method": "",
    },
    {
        "wkb": wkb(MultiPoint([(LON, LAT), (LON + 0.01, LAT)])),
        "sector_kind": "list",
        "addresses": ["ул. Лесная, 1 <b>#x</b>", 'дом "у пруда" $1 @a \\n'],
    },
    {"wkb": wkb(Point(LON, LAT))},
    {"callsign": "Лиса-12 «Дальний кордон» <&>", "text": "*не* _разметка_ #let x = 1 " * 40},
    {"needle": {"degrees": 19.0, "model": "WMM", "year": 2031, "outdated": True, "unreliable": True}},
]


@pytest.mark.parametrize("change", ODD)
def test_poor_and_odd_facts_still_make_a_sheet(change: dict[str, Any]) -> None:
    """Missing facts, lists of addresses, markup in names: always a sheet, never markup obeyed."""
    pages = pages_of(packet_pdf([sheet(**change)], "ru"))
    assert len(pages) >= 2
    if change.get("emergency_bearing_deg", 0) is None:
        assert "Безнегогруппаневыходит" in joined(pages[0])
    if change.get("text"):
        assert "*не*_разметка_#letx=1" in joined(pages[0])
    if "needle" in change:
        assert "компасуверитьнельзя" in joined(pages[0])
    if "addresses" in change:
        assert "ул.Лесная,1<b>#x</b>" in joined(pages[0])


def test_corners_of_a_ragged_boundary_are_few() -> None:
    """A list of coordinates names at most forty bends of a shore, and the corners of a cell once each."""
    ragged = Point(LON, LAT).buffer(0.01, quad_segs=200)
    facts: SheetFacts = sheet(wkb=wkb(ragged))
    assert 4 < len(numbered_corners(facts, frame_for(ragged))) <= 40
    assert len(numbered_corners(sheet(), frame_for(SECTOR))) == 4
