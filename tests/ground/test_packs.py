"""Area packs: what travels arrives equal; what is broken or hostile changes nothing."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from search_ops.importing.dem import import_dem
from search_ops.importing.ground_commands import refused_sentence
from search_ops.importing.osm import ImportReport
from search_ops.importing.pack import import_pack
from search_ops.importing.pack_export import export_pack
from search_ops.importing.pack_tables import MANIFEST, TABLES
from search_ops.importing.raster import import_raster
from search_ops.importing.relief_refusal import GroundFileRefused
from search_ops.persistence.cluster_databases import make_database
from search_ops.persistence.embedded import Cluster, DatabaseUrls

from .test_rasters import mbtiles, plain_tile
from .test_relief import hgt, hill

BOX = (9.50, 47.08, 9.56, 47.16)

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def pack(
    cluster: Cluster, imported: tuple[DatabaseUrls, ImportReport], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, DatabaseUrls]:
    """Return a pack of the middle of the demo ground, heights and a raster layer in it, and its origin."""
    assert imported[1].counts
    folder = tmp_path_factory.mktemp("pack")
    make_database(cluster, "pack_origin", template="ground_template")
    urls = cluster.urls("pack_origin")
    import_dem([hgt(folder, "N47E009.hgt", hill(9, 48))], urls.owner_url)
    tiles = [(10, 539, 359, plain_tile((1, 2, 3))), (10, 600, 359, plain_tile((4, 5, 6)))]
    import_raster(mbtiles(folder / "sheet.mbtiles", tiles), urls.owner_url)
    path = folder / "area.pack"
    written = export_pack(path, urls.owner_url, BOX)
    assert written.rows["raster_tile"] == 1
    assert all(written.rows[table] > 0 for table in TABLES)
    return path, urls


def rows_of(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


def test_what_travels_arrives_equal(pack: tuple[Path, DatabaseUrls], database: DatabaseUrls) -> None:
    """Roads, names and heights of the box are the same on both sides; a second import replaces the first."""
    path, origin = pack
    box = ", ".join(map(str, BOX))
    within = f"WHERE geom && ST_MakeEnvelope({box}, 4326) ORDER BY osm_id, class, geom"
    for query in (
        f"SELECT osm_id, class, bridge, ST_AsBinary(geom) FROM ground_line {within}",  # noqa: S608 - ours
        "SELECT level, block_row, block_column, heights FROM relief_block ORDER BY 1, 2, 3",
        "SELECT source_name, columns, rows, low_m FROM relief_dataset",
    ):
        import_pack(path, database.owner_url)
        assert rows_of(database.app_url, query) == rows_of(origin.app_url, query)
    again = import_pack(path, database.owner_url)
    assert again.replaced == ()
    assert rows_of(database.app_url, "SELECT count(*) FROM ground_dataset") == [(1,)]
    (covered,) = rows_of(
        database.app_url,
        f"SELECT ST_CoveredBy(covered, ST_Buffer(ST_MakeEnvelope({box}, 4326), 1e-9)) FROM ground_dataset",  # noqa: S608
    )
    assert covered == (True,)


def test_a_piece_does_not_replace_the_whole(pack: tuple[Path, DatabaseUrls]) -> None:
    """Taken where it came from, a pack adds nothing and removes nothing."""
    path, origin = pack
    query = "SELECT count(*), (SELECT count(*) FROM ground_dataset) FROM ground_line"
    before = rows_of(origin.app_url, query)
    import_pack(path, origin.owner_url)
    assert rows_of(origin.app_url, query) == before


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], *, hashes: bool = True) -> None:
    """Unpack a pack, change it, and pack it again, with the manifest's hashes put right or not."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if hashes and MANIFEST in members:
        told = json.loads(members[MANIFEST])
        for each in told["members"]:
            content = members.get(each["name"], b"")
            each |= {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        members[MANIFEST] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _set(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.__setitem__(name, content)


def _replace(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.__setitem__(name, members[name].replace(old, new, 1))


def _nowhere(members: dict[str, bytes]) -> None:
    """Put a point at NaN."""
    line = members["ground_point.copy"].split(b"\n")[0].split(b"\t")
    line[-1] = b"0101000020E6100000" + b"000000000000F87F" * 2
    members["ground_point.copy"] += b"\t".join(line) + b"\n"


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], None], bool, str]] = {
    "stranger": (_set("../../etc/passwd", b"x"), True, "member_unknown"),
    "missing": (lambda members: members.__delitem__("ground_line.copy"), True, "member_missing"),
    "hash": (_replace("ground_line.copy", b"track", b"trick"), False, "other_content"),
    "manifest": (_set(MANIFEST, b"[" * 100_000), False, "not_a_pack"),
    "version": (_replace(MANIFEST, b'"version": 1', b'"version": 99'), False, "other_version"),
    "bomb": (_set("ground_area.copy", bytes(400_000_000)), False, "bomb"),
    "garbage": (_set("ground_line.copy", b"\x00\xff not a row\n"), True, "bad_row"),
    "class": (_replace("ground_line.copy", b"\ttrack\t", b"\ttrick\t"), True, "bad_row"),
    "nan": (_nowhere, True, "bad_row"),
    "picture": (_replace("raster_tile.copy", b"89504e47", b"3c737667"), True, "not_a_picture"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pack_changes_nothing(
    pack: tuple[Path, DatabaseUrls], database: DatabaseUrls, tmp_path: Path, kind: str
) -> None:
    """Foreign members, wrong hashes, bombs, rows that we would never write: refused by member."""
    change, hashes, reason = HOSTILE[kind]
    path = tmp_path / f"{kind}.pack"
    shutil.copy(pack[0], path)
    rewritten(path, change, hashes=hashes)
    with pytest.raises(GroundFileRefused) as caught:
        import_pack(path, database.owner_url)
    assert caught.value.reason == reason
    assert caught.value.data["place"]["member"]
    assert all(path.name in refused_sentence(caught.value, locale) for locale in ("ru", "en"))
    assert rows_of(database.app_url, "SELECT count(*) FROM ground_dataset") == [(0,)]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_cut_pack_is_refused(
    pack: tuple[Path, DatabaseUrls], database: DatabaseUrls, tmp_path: Path, share: float
) -> None:
    """A download that broke off is damaged, wherever it broke."""
    path = tmp_path / "cut.pack"
    content = pack[0].read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(GroundFileRefused) as caught:
        import_pack(path, database.owner_url)
    assert caught.value.reason == "damaged"


@pytest.mark.parametrize(
    "box", [(9.5, 47.1, 9.4, 47.2), (0, 0, 90, 80), (float("nan"), 47, 9, 48), (100, 60, 101, 61)]
)
def test_a_pack_of_nothing_is_not_written(
    pack: tuple[Path, DatabaseUrls], tmp_path: Path, box: tuple[float, float, float, float]
) -> None:
    """An impossible box, half the world, or ground that nobody knows leave no file behind."""
    with pytest.raises(GroundFileRefused) as caught:
        export_pack(tmp_path / "none.pack", pack[1].owner_url, box)
    assert caught.value.reason in {"no_area", "no_ground"}
    assert list(tmp_path.iterdir()) == []
