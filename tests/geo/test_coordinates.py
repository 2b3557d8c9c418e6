"""Coordinates are read as people type them, and written so that they read back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coordinates import CoordinateFormat, format_coordinates, parse_coordinates
from geo.errors import (
    CoordinateNotFoundError,
    CoordinateRangeError,
    CoordinateTextError,
    CoordinateTextTooLongError,
)

MOSCOW = (55.7558, 37.6173)
CLEAR = {
    "N55 45.348 E37 37.038": "dmm",
    "N 55° 45.348', E 37° 37.038'": "dmm",
    "С55°45,348' В37°37,038'": "dmm",
    "55°45'20.88\"N 37°37'02.28\"E": "dms",
    "55°45′20,88″ с.ш. 37°37′02,28″ в.д.": "dms",
    "55º45'20,88''С, 37º37'2,28''В": "dms",
    "с 55 45 20,88 в 37 37 02,28": "dms",
    "37.6173E 55.7558N": "dd",
    "В 37,6173 С 55,7558": "dd",
    "55.7558 N; 37.6173 E": "dd",
    "Широта: 55.7558 Долгота: 37.6173": "dd",
    "lon=37.6173 lat=55.7558": "dd",
    "N55.7558 37.6173": "dd",
}
UNCLEAR = [
    "55.7558, 37.6173",
    "55.7558,37.6173",
    "55,7558 37,6173",
    "55,7558;37,6173",
    "55,7558,37,6173",
    "55.7558/37.6173",
    "55.7558\n37.6173",
    "(55.7558, 37.6173)",
    "+55.7558 +037.6173",
    "55,7558° 37,6173°",
    "встреча в 55.7558, 37.6173 у моста",
    "55 45 20.88 37 37 2.28",
    "55-45-20.88 37-37-02.28",
    "55°45'20.88\" 37°37'02.28\"",
    "55 45.348, 37 37.038",
]
LINKS = [
    "https://yandex.ru/maps/213/moscow/?ll=37.6173%2C55.7558&z=15",
    "https://yandex.ru/maps/?ll=30.1%2C60.1&pt=37.6173,55.7558&z=15",
    "https://yandex.ru/maps/?ll=30,60&whatshere%5Bpoint%5D=37.6173%2C55.7558",
    "https://maps.yandex.ru/?text=55.7558,37.6173",
    "https://www.google.com/maps/@55.7558,37.6173,15z",
    "https://www.google.com/maps/place/X/@50.1,30.2,17z/data=!3m1!4b1!4m5!3d55.7558!4d37.6173",
    "https://maps.google.com/?q=55.7558,37.6173",
    "https://www.google.com/maps/search/?api=1&query=55.7558%2C37.6173",
    "https://www.openstreetmap.org/#map=15/55.7558/37.6173",
    "https://www.openstreetmap.org/?mlat=55.7558&mlon=37.6173#map=5/1.5/2.5",
    "https://2gis.ru/moscow?m=37.6173%2C55.7558%2F16",
    "https://nakarte.me/#m=14/55.7558/37.6173&l=O",
    "geo:55.7558,37.6173;u=20",
    "Смотри https://yandex.ru/maps/?ll=37.6173,55.7558",
]


@pytest.mark.parametrize("text", CLEAR)
def test_letters_leave_one_reading(text: str) -> None:
    """With letters or words before or after, in both languages, there is one reading."""
    (candidate,) = parse_coordinates(text)
    assert (candidate.lat, candidate.lon) == pytest.approx(MOSCOW, abs=1e-7)
    assert candidate.format == CLEAR[text]


@pytest.mark.parametrize("text", UNCLEAR)
def test_without_letters_both_orders_are_offered(text: str) -> None:
    """Where both orders lie on the globe, latitude first is offered first and the other second."""
    first, second = parse_coordinates(text)
    assert (first.lat, first.lon) == pytest.approx(MOSCOW, abs=1e-7)
    assert (second.lon, second.lat) == (first.lat, first.lon)


@pytest.mark.parametrize("text", LINKS)
def test_links_of_map_services_are_read(text: str) -> None:
    """Each service has its own order of axes; a marker counts before the centre of the view."""
    (candidate,) = parse_coordinates(text)
    assert (candidate.lat, candidate.lon, candidate.format) == (*MOSCOW, "link")


def test_the_likelier_order_comes_first() -> None:
    """Longitude typed first is found where only that order lies in the country, or on the globe."""
    assert [candidate.lat for candidate in parse_coordinates("105.3 61.5")] == [61.5]
    assert [candidate.lat for candidate in parse_coordinates("25.5, 69.9")] == [69.9, 25.5]


@pytest.mark.parametrize(
    ("text", "lon"), [("65.5 N 180 E", 180.0), ("65.5N 179.9W", -179.9), ("65.5, -180", -180)]
)
def test_both_sides_of_180_are_read(text: str, lon: float) -> None:
    """180 itself and the west beyond it are places like others."""
    assert parse_coordinates(text)[0].lon == lon


@pytest.mark.parametrize(
    "text", ["65.5N 181E", "95, 200", "55 75.0 37 20.0", "55°45'60\"N 37°0'0\"E", "geo:95,200", "91N 10E"]
)
def test_out_of_range_is_said(text: str) -> None:
    """A pair that lies nowhere is refused as such."""
    with pytest.raises(CoordinateRangeError):
        parse_coordinates(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "привет",
        "55.7558",
        "NaN, 37",
        "55N 37N",
        "55.7 37.6 1 2 3",
        "-55S 37E",
        "N E",
        "°'\"",
        ",;",
    ],
)
def test_no_pair_is_said(text: str) -> None:
    """A text without a pair is refused as such."""
    with pytest.raises(CoordinateNotFoundError):
        parse_coordinates(text)


def test_long_text_is_not_searched() -> None:
    """A novel is refused before any pattern sees it."""
    with pytest.raises(CoordinateTextTooLongError):
        parse_coordinates("5" * 2_001)


@given(
    text=st.text(alphabet=st.sampled_from("0123456789 .,;°'\"NSEWСЮВЗ-+/:@#=&?mlatonyandex.ru"), max_size=60)
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes anything but places on the globe or a typed refusal."""
    with suppress(CoordinateTextError):
        candidates = parse_coordinates(text)
        assert candidates
        assert all(abs(candidate.lon) <= 180 and abs(candidate.lat) <= 90 for candidate in candidates)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    style=st.sampled_from(["dd", "dmm", "dms"]),
)
@settings(max_examples=200, deadline=None)
def test_what_is_written_reads_back(lon: float, lat: float, style: CoordinateFormat) -> None:
    """Each format keeps the place to 0.2 m and never shows sixty minutes or seconds."""
    text = format_coordinates(lon, lat, style)
    assert "60" not in text.replace("°", "'").split("'")
    nearest = min(parse_coordinates(text), key=lambda found: abs(found.lat - lat) + abs(found.lon - lon))
    assert (nearest.lon, nearest.lat) == pytest.approx((lon, lat), abs=2e-6)
    assert nearest.format == style


def test_formats_look_as_on_paper() -> None:
    """Decimal degrees carry the pair as maps take it; the others have letters and fixed widths."""
    assert format_coordinates(37.6173, 55.7558, "dd") == "55.755800, 37.617300"
    assert format_coordinates(37.6173, 55.7558, "dmm") == "N55°45.3480' E037°37.0380'"
    assert format_coordinates(-0.5, -33.25, "dms") == "S33°15'00.00\" W000°30'00.00\""
    assert format_coordinates(9.99999999, 59.99999999, "dms") == "N60°00'00.00\" E010°00'00.00\""
    assert format_coordinates(-0.0, 0.0, "dd") == "0.000000, 0.000000"
    with pytest.raises(CoordinateRangeError):
        format_coordinates(181.0, 0.0, "dd")
