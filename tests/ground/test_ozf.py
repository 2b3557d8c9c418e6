"""OziExplorer's packed pictures: unpacked as they were packed, and refused by file and place when damaged."""

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning

from search_ops.importing.ozf import OzfPicture
from search_ops.importing.relief_refusal import GroundFileRefused
from tests.ground.ozf_files import MAPMERGE_OLD, chance_colours, chance_points, ozf, veiled

NAME = "лист.ozf2"
SIZES = [(1, 1), (64, 64), (65, 64), (63, 129), (300, 1), (7, 513), (640, 321)]
KINDS: list[dict[str, Any]] = [
    {},
    {"key": 0x00},
    {"key": 0x5C},
    {"key": 0xFF},
    {"key": 0x40, "second_key": 0x13},
    {"key": 0xA7, "signature": MAPMERGE_OLD},
    {"key": 0x21, "extra_rows": 1},
    {"extra_rows": 1, "zlib_level": 0},
    {"zlib_level": 1},
]
LEVEL_HEAD_BYTES = 12 + 1024


def unpacked(content: bytes, tile_rows: int = 2) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return all points and the colours."""
    picture = OzfPicture(io.BytesIO(content), NAME)
    strips = list(picture.strips(tile_rows))
    assert [top for top, _ in strips] == list(range(0, picture.height, tile_rows * 64))
    return np.concatenate([strip for _, strip in strips]), picture.colours


def refusal(content: bytes) -> GroundFileRefused:
    """Return why a picture is refused."""
    with pytest.raises(GroundFileRefused) as caught:
        unpacked(content)
    assert caught.value.data["file_name"] == NAME
    return caught.value


@pytest.mark.parametrize("how", KINDS, ids=str)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_was_packed_comes_out(width: int, height: int, how: dict[str, Any]) -> None:
    """Any size, key, maker, spare row of tiles and zlib level: the same points and colours."""
    points, colours = chance_points(width, height), chance_colours()
    found, table = unpacked(ozf(points, colours, **how))
    assert np.array_equal(found, points)
    assert np.array_equal(table, colours)


def test_the_kind_is_known_by_its_first_bytes() -> None:
    """Either suffix may stand on either kind."""
    points, colours = chance_points(10, 10), chance_colours()
    assert OzfPicture(io.BytesIO(ozf(points, colours)), "лист.ozf3").file_format == "ozf2"
    assert OzfPicture(io.BytesIO(ozf(points, colours, key=9)), "лист.ozf2").file_format == "ozf3"


@pytest.mark.parametrize("how", [{}, {"key": 0x5C}, {"key": 0xE0, "second_key": 0x13}], ids=str)
@pytest.mark.parametrize(("width", "height"), [(300, 200), (640, 321)])
def test_another_reader_sees_the_same(tmp_path: Path, width: int, height: int, how: dict[str, Any]) -> None:
    """GDAL's own driver, where it still exists (before 3.11), agrees with the writer of these tests."""
    with rasterio.Env() as env:
        if "OZI" not in env.drivers():
            pytest.skip("this GDAL has no driver of OZF")
    points, colours = chance_points(width, height), chance_colours()
    path = tmp_path / "sheet.ozf2"
    path.write_bytes(ozf(points, colours, **how))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, driver="OZI") as other:
            assert np.array_equal(other.read(1), points)
            assert [each[:3] for each in other.colormap(1).values()] == [
                tuple(each) for each in colours.tolist()
            ]


# ---- damage ------------------------------------------------------------------------------------


def level_at(content: bytes) -> int:
    """Return where the first level of an OZF2 begins."""
    (list_at,) = struct.unpack("<I", content[-4:])
    return int(struct.unpack_from("<I", content, list_at)[0])


def begin_at(content: bytes, number: int) -> int:
    """Return where the list says that a tile of an OZF2 begins."""
    return int(struct.unpack_from("<I", content, level_at(content) + LEVEL_HEAD_BYTES + 4 * number)[0])


def changed(content: bytes, at: int, form: str, *numbers: int) -> bytes:
    """Return a file with other numbers at a byte."""
    spoilt = bytearray(content)
    struct.pack_into(form, spoilt, at, *numbers)
    return bytes(spoilt)


PLAIN = ozf(chance_points(130, 70), chance_colours())
VEILED = ozf(chance_points(130, 70), chance_colours(), key=0x5C)
LIST_AT = level_at(PLAIN) + LEVEL_HEAD_BYTES


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b"", "damaged", {"byte": 0}),
        (PLAIN[:13], "damaged", {"byte": 0}),
        (PLAIN[:40], "damaged", {"byte": 14}),
        (b"\x89PNG" + PLAIN[4:], "ozf", {"byte": 0}),
        (changed(PLAIN, 6, "<H", 128), "damaged", {"byte": 6}),
        (changed(PLAIN, 14, "<I", 44), "damaged", {"byte": 14}),
        (changed(PLAIN, 18, "<I", 0), "damaged", {"byte": 18}),
        (changed(PLAIN, 18, "<I", 100_001), "too_large", {"byte": 18}),
        (changed(PLAIN, 18, "<II", 60_000, 60_000), "too_large", {"byte": 18}),
        (changed(PLAIN, 18, "<I", 131), "damaged", {"byte": level_at(PLAIN)}),
        (changed(PLAIN, level_at(PLAIN) + 8, "<H", 2), "damaged", {"byte": level_at(PLAIN) + 8}),
        (changed(PLAIN, level_at(PLAIN) + 8, "<HH", 65535, 65535), "damaged", {"byte": LIST_AT}),
        (changed(PLAIN, len(PLAIN) - 4, "<I", 2**32 - 1), "damaged", {"byte": 2**32 - 1}),
        (changed(PLAIN, len(PLAIN) - 4, "<I", len(PLAIN) - 2), "damaged", {"byte": len(PLAIN) - 2}),
        (changed(PLAIN, LIST_AT + 4, "<I", 0), "damaged", {"tile": "0/0", "byte": begin_at(PLAIN, 0)}),
        (changed(PLAIN, LIST_AT + 4, "<I", 2**31), "damaged", {"tile": "0/0", "byte": begin_at(PLAIN, 0)}),
        (changed(PLAIN, LIST_AT, "<I", 2**32 - 1), "damaged", {"tile": "0/0", "byte": 2**32 - 1}),
        (changed(PLAIN, LIST_AT + 12, "<I", 2**31), "damaged", {"tile": "2/0", "byte": begin_at(PLAIN, 2)}),
        (
            changed(PLAIN, begin_at(PLAIN, 4), "<I", 0),
            "damaged",
            {"tile": "1/1", "byte": begin_at(PLAIN, 4)},
        ),
        (VEILED[:16], "damaged", {"byte": 15}),
        (changed(VEILED, 14, "B", 0x93), "ozf", {"byte": 14}),
        (changed(VEILED, 15 + 0x93, "B", 0x5D), "ozf", {"byte": 6}),
        (changed(VEILED, 15 + 0xA0 + 4 + 12, "B", 0), "ozf", {"byte": 15 + 0xA0 + 4}),
    ],
)
def test_damage_is_told_with_its_place(content: bytes, reason: str, place: dict[str, int | str]) -> None:
    """Each header, each table, each tile: which byte, and which tile."""
    found = refusal(content)
    assert (found.reason, found.data["place"]) == (reason, place)


def with_first_tile(packed: bytes) -> bytes:
    """Return an OZF2 whose first tile is something else, put where nothing else stands: at its end."""
    list_at = len(PLAIN) + len(packed)
    out = bytearray(PLAIN + packed)
    struct.pack_into("<I", out, LIST_AT, len(PLAIN))
    struct.pack_into("<I", out, LIST_AT + 4, list_at)
    return bytes(out) + struct.pack("<II", level_at(PLAIN), list_at)


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (zlib.compress(bytes(4097)), "bomb"),
        (zlib.compress(bytes(8 * 1024**2)), "bomb"),
        (zlib.compress(bytes(4095)), "damaged"),
        (zlib.compress(bytes(4096))[:8], "damaged"),
        (bytes(40), "damaged"),
        (bytes(10 * 4096 + 1), "damaged"),
    ],
)
def test_a_tile_has_4096_points(packed: bytes, reason: str) -> None:
    """A tile that swells is a bomb; one that is short or no zlib stream is damaged."""
    found = refusal(with_first_tile(packed))
    assert (found.reason, found.data["place"]) == (reason, {"tile": "0/0", "byte": len(PLAIN)})


def test_tiles_that_share_their_bytes_are_a_bomb() -> None:
    """A small file must not become a huge picture: each row of the list begins again with the same bytes."""
    content, rows = ozf(chance_points(60, 64), chance_colours()), 1_500
    at, begin = level_at(content), begin_at(content, 0)
    head = struct.pack("<IIHH", 60, 64 * rows, 2, rows) + content[at + 12 : at + LEVEL_HEAD_BYTES]
    table = struct.pack("<II", begin, begin_at(content, 1)) * rows + struct.pack("<I", begin)
    out = changed(content, 18, "<II", 60, 64 * rows) + head + table
    out += struct.pack("<II", len(content), len(out))
    found = refusal(out)
    assert (found.reason, found.data["detail"]) == ("bomb", "tiles share their bytes")


def taken_or_refused(content: bytes) -> None:
    """Read to the end, or get the one typed refusal."""
    found = None
    try:
        unpacked(content)
    except GroundFileRefused as refused:
        found = refused
    if found is not None:
        assert found.reason in {"damaged", "too_large", "bomb", "ozf"}
        assert "byte" in found.data["place"]


@given(content=st.binary(max_size=600), magic=st.sampled_from([b"", b"\x78\x77", b"\x80\x77"]))
def test_any_bytes_are_refused(content: bytes, magic: bytes) -> None:
    """Never another error, whatever stands behind the magic."""
    refusal(magic + content)


@settings(max_examples=150, deadline=None)
@given(whole=st.sampled_from([PLAIN, VEILED]), data=st.data())
def test_cut_and_spoilt_files_are_taken_or_refused(whole: bytes, data: st.DataObject) -> None:
    """A file cut anywhere and changed anywhere, mostly in its headers and tables: never another error."""
    cut = whole[: data.draw(st.integers(0, len(whole)) | st.just(len(whole)))]
    tail = max(0, len(cut) - 400)
    places = st.integers(0, max(0, len(cut) - 1)) | st.integers(0, 250) | st.integers(tail, tail + 399)
    spoilt = bytearray(cut)
    for at, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        if at < len(spoilt):
            spoilt[at] = byte
    taken_or_refused(bytes(spoilt))


@settings(max_examples=150, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 2**32 - 1) | st.integers(0, len(PLAIN)), min_size=1, max_size=4),
    where=st.sampled_from(["size", "level", "list", "levels", "end"]),
    key=st.sampled_from([None, 0x5C]),
)
def test_any_numbers_in_the_tables_are_taken_or_refused(
    numbers: list[int], where: str, key: int | None
) -> None:
    """Sizes, counts and offsets of every worth, veiled as the file is: never another error."""
    whole, base, inner = (PLAIN, 18, None) if key is None else (VEILED, 15 + 0xA0 + 8, (key + 0x8A) % 256)
    shift = len(VEILED) - len(PLAIN) if key is not None else 0
    at = {
        "size": base,
        "level": level_at(PLAIN) + shift,
        "list": LIST_AT + shift,
        "levels": len(whole) - 12,
        "end": len(whole) - 4,
    }[where]
    raw = b"".join(veiled(struct.pack("<I", number), inner) for number in numbers)
    taken_or_refused((whole[:at] + raw + whole[at + len(raw) :])[: max(len(whole), 1)])
