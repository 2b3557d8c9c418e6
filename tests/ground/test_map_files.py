"""What is refused before libosmium sees it, and where the fault is said to be."""

import bz2
import gzip
from pathlib import Path

import pytest

from search_ops.importing.osm_command import refusal_sentence
from search_ops.importing.osm_file import inspect
from search_ops.importing.osm_reader import OsmReader
from search_ops.importing.osm_refusal import MapFileRefused

OSM = b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1" lon="2"/></osm>'
DECLARES = b'<!DOCTYPE osm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def refused(path: Path) -> MapFileRefused:
    with pytest.raises(MapFileRefused) as caught:
        for _ in OsmReader(inspect(path)).features():
            pass
    return caught.value


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_truncated_pbf_names_block_and_byte(tmp_path: Path, liechtenstein: Path) -> None:
    """A download that broke off is refused with the place where it ends."""
    fault = refused(put(tmp_path, "cut.osm.pbf", liechtenstein.read_bytes()[:300_000]))
    assert (fault.reason, fault.data["file_format"]) == ("truncated", "pbf")
    assert fault.data["place"] == {"byte": 280_223, "block": 7}


def test_a_damaged_pbf_names_the_block(tmp_path: Path, liechtenstein: Path) -> None:
    """A few changed bytes inside a packed block are found and the block is named."""
    damaged = bytearray(liechtenstein.read_bytes())
    damaged[200_000:200_012] = b"XXXXXXXXXXXX"
    fault = refused(put(tmp_path, "damaged.osm.pbf", bytes(damaged)))
    assert (fault.reason, fault.data["place"]["block"]) == ("corrupt", 5)


def test_the_content_decides_not_the_suffix(tmp_path: Path, liechtenstein: Path) -> None:
    """A PBF that somebody named .osm is read as what it is."""
    assert inspect(put(tmp_path, "wrong.osm", liechtenstein.read_bytes())).format == "pbf"


@pytest.mark.parametrize("content", [b"{}", b"PK\x03\x04zip", b"\x00" * 100, b"<html><body/></html>"])
def test_what_is_no_osm_is_refused(tmp_path: Path, content: bytes) -> None:
    """GeoJSON, archives, zeros and web pages are not taken for maps."""
    assert refused(put(tmp_path, "thing.osm", content)).reason == "not_osm"


def test_a_change_file_is_no_extract(tmp_path: Path) -> None:
    """A change file holds several versions of things: it is refused by name."""
    assert refused(put(tmp_path, "day.osc", b'<osmChange version="0.6"></osmChange>')).reason == "history"


@pytest.mark.parametrize("name", ["none.osm", "void.osm"])
def test_missing_and_empty_files_are_told_apart(tmp_path: Path, name: str) -> None:
    """No file and an empty file have reasons of their own."""
    if name == "void.osm":
        put(tmp_path, name, b"")
    assert refused(tmp_path / name).reason == ("empty" if name == "void.osm" else "missing")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused(tmp_path: Path, packed: bool, encoding: str) -> None:  # noqa: FBT001 - parametrised
    """XML that declares entities is refused before anything expands, packed or not, whatever its encoding."""
    content = (DECLARES + OSM.replace(b'<?xml version="1.0"?>', b"")).decode().encode(encoding)
    path = (
        put(tmp_path, "bomb.osm.gz", gzip.compress(content)) if packed else put(tmp_path, "bomb.osm", content)
    )
    assert refused(path).reason == "declares_entities"


def test_a_comment_cannot_hide_a_declaration(tmp_path: Path) -> None:
    """A comment of 100 KiB before the declaration does not get it past the check."""
    content = b"<!--" + b" " * 100_000 + b"-->" + DECLARES + OSM.replace(b'<?xml version="1.0"?>', b"")
    assert refused(put(tmp_path, "hidden.osm", content)).reason in {"not_osm", "declares_entities"}


def test_a_swelling_archive_is_refused(tmp_path: Path) -> None:
    """A hundred megabytes of blanks in a hundred kilobytes are a bomb."""
    path = put(tmp_path, "bomb.osm.gz", gzip.compress(b'<osm version="0.6">' + b" " * 100_000_000, 1))
    assert refused(path).reason == "bomb"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_cut_archive_is_truncated(tmp_path: Path, pack: object) -> None:
    """Archives without their end are refused as truncated."""
    assert callable(pack)
    content = pack(OSM)[:-6]
    assert refused(put(tmp_path, "cut.osm.gz", content)).reason == "truncated"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_archives_of_several_streams_are_whole(tmp_path: Path, pack: object) -> None:
    """Parallel packers write several streams in a row: legal, and read to the end."""
    assert callable(pack)
    half = len(OSM) // 2
    path = put(tmp_path, "two.osm.gz", pack(OSM[:half]) + pack(OSM[half:]))
    assert inspect(path).format in {"osm.gz", "osm.bz2"}


def test_broken_xml_names_line_and_column(tmp_path: Path) -> None:
    """The place of the first fault is told as line and column."""
    fault = refused(
        put(tmp_path, "bad.osm", b'<osm version="0.6">\n<node id="1" lat="1" lon="2"/>\n<way></osm>')
    )
    assert fault.data["place"]["line"] == 3


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_refusal_is_one_sentence_in_both_languages(tmp_path: Path, locale: str) -> None:
    """The operator reads name, format and place in his language, and that nothing changed."""
    fault = refused(put(tmp_path, "bad.osm", b'<osm version="0.6">\n<way></osm>'))
    sentence = refusal_sentence(fault, locale)
    assert "bad.osm" in sentence
    assert {"ru": "строка 2", "en": "line 2"}[locale] in sentence
    assert {"ru": "Карта не изменена", "en": "The map is unchanged"}[locale] in sentence
