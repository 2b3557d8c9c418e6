"""Take an area pack: nothing of it is believed before its hashes and rows were checked; all or nothing."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from geo.png import picture_size
from search_ops.importing.ground_classes import AREA_CLASSES, LINE_CLASSES, POINT_CLASSES
from search_ops.importing.pack_tables import FORMAT, MANIFEST, PARENTS, TABLES, VERSION, member_of
from search_ops.importing.relief_refusal import GroundFileRefused

_IMPORT_LOCKS = (731_920_452, 731_920_453, 731_920_454)
_MANIFEST_LIMIT_BYTES = 256 * 1024
_MEMBER_LIMIT_BYTES, _PACK_LIMIT_BYTES = 8 * 1024**3, 16 * 1024**3
# Tables of coordinates in hexadecimal pack well, but not like this.
_SWELL_LIMIT, _SWELL_FREE_BYTES = 60, 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_LINE = re.compile(r"line (\d+)")
_CLASSES: dict[LiteralString, tuple[str, ...]] = {
    "ground_area": AREA_CLASSES,
    "ground_line": LINE_CLASSES,
    "ground_point": POINT_CLASSES,
}
_HEAD_BYTES = 65_536
_FAULTS = (psycopg.DataError, psycopg.IntegrityError, psycopg.InternalError, psycopg.OperationalError)


@dataclass(frozen=True, slots=True)
class PackTaken:
    """What came out of a pack: rows by table, and the names of data that gave way."""

    rows: dict[str, int]
    replaced: tuple[str, ...]


def import_pack(path: Path, dsn: str) -> PackTaken:
    """Take ground, relief and raster layers out of a pack; data of the same name give way.

    Parameters
    ----------
    path
        A file that `export_pack` of this or another installation wrote.
    dsn
        Address of the database for the role that owns the tables.

    Raises
    ------
    GroundFileRefused
        The pack is broken, cut off, swells, holds what it must not, or does not match its hashes; the place
        names the member and, where known, the line. Nothing was changed.
    """
    if not path.is_file():
        raise GroundFileRefused("missing", file_name=path.name, file_format="pack")
    try:
        with zipfile.ZipFile(path) as archive:
            pack = _Pack(path.name, archive)
            pack.check()
            with psycopg.connect(dsn.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
                for key in _IMPORT_LOCKS:
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", [key])
                return _taken(connection, pack)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        raise GroundFileRefused(
            "damaged", file_name=path.name, file_format="pack", detail=f"{type(fault).__name__}: {fault}"
        ) from None


class _Pack:
    """A pack that is being read."""

    def __init__(self, file_name: str, archive: zipfile.ZipFile) -> None:
        self._file_name = file_name
        self._archive = archive

    def refused(self, reason: str, member: str, **place: int | str) -> GroundFileRefused:
        """Return the refusal of a member."""
        where = {"member": member[:100], **place}
        return GroundFileRefused(reason, file_name=self._file_name, file_format="pack", place=where)

    def check(self) -> None:
        """Check names, manifest, sizes and hashes before anything reaches the database."""
        known = {MANIFEST, *map(member_of, TABLES)}
        entries = self._archive.infolist()
        for entry in entries:
            if entry.filename not in known or entry.is_dir() or entry.flag_bits & 1:
                raise self.refused("member_unknown", entry.filename)
        if len({entry.filename for entry in entries}) != len(entries):
            raise self.refused("member_twice", entries[0].filename)
        if len(entries) != len(known):
            missing = sorted(known - {entry.filename for entry in entries})
            raise self.refused("member_missing", missing[0])
        told = self._manifest()
        total = 0
        for table, columns in TABLES.items():
            name = member_of(table)
            member = told.get(name)
            if not isinstance(member, dict) or member.get("columns") != list(columns):
                raise self.refused("other_version", name)
            found, size = hashlib.sha256(), 0
            for piece in self.pieces(table):
                found.update(piece)
                size += len(piece)
            total += size
            if total > _PACK_LIMIT_BYTES:
                raise self.refused("too_large", name)
            if size != member.get("size_bytes") or found.hexdigest() != member.get("sha256"):
                raise self.refused("other_content", name)

    def _manifest(self) -> dict[str, Any]:
        with self._archive.open(MANIFEST) as member:
            content = member.read(_MANIFEST_LIMIT_BYTES + 1)
        try:
            told = json.loads(content) if len(content) <= _MANIFEST_LIMIT_BYTES else None
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise self.refused("not_a_pack", MANIFEST)
        members = told.get("members")
        if told.get("version") != VERSION or not isinstance(members, list):
            raise self.refused("other_version", MANIFEST)
        return {str(each.get("name")): each for each in members if isinstance(each, dict)}

    def pieces(self, table: str) -> Iterator[bytes]:
        """Give a member's content, counted: what its header says of its size is not believed."""
        name = member_of(table)
        packed = self._archive.getinfo(name).compress_size
        allowed = min(_MEMBER_LIMIT_BYTES, _SWELL_FREE_BYTES + _SWELL_LIMIT * packed)
        size = 0
        with self._archive.open(name) as member:
            while piece := member.read(_CHUNK_BYTES):
                size += len(piece)
                if size > allowed:
                    raise self.refused("bomb", name)
                yield piece


def _taken(connection: psycopg.Connection[Any], pack: _Pack) -> PackTaken:
    rows = {}
    for table, columns in TABLES.items():
        rows[table] = _staged(connection, pack, table, columns)
    for table in TABLES:
        _check_rows(connection, pack, table)
    replaced: list[str] = []
    for parent in PARENTS:
        replaced += _moved(connection, pack, parent)
    return PackTaken(rows, tuple(replaced))


def _staged(
    connection: psycopg.Connection[Any],
    pack: _Pack,
    table: LiteralString,
    columns: tuple[LiteralString, ...],
) -> int:
    """Read a member into a table of this transaction; PostgreSQL judges each value."""
    stage = sql.Identifier(f"new_{table}")
    connection.execute(
        sql.SQL("CREATE TEMP TABLE {} (LIKE {} INCLUDING CONSTRAINTS) ON COMMIT DROP").format(
            stage, sql.Identifier(table)
        )
    )
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    try:
        with (
            connection.cursor() as cursor,
            cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, names)) as copy,
        ):
            for piece in pack.pieces(table):
                copy.write(piece)
    except _FAULTS as fault:
        line = _LINE.search(fault.diag.context or "")
        place = {} if line is None else {"line": int(line[1])}
        raise pack.refused("bad_row", member_of(table), **place) from None
    return cursor.rowcount


# Geometry must lie on Earth: NaN is larger than everything and fails, too.
_ON_EARTH: LiteralString = (
    "ST_XMin({0}) >= -180.1 AND ST_XMax({0}) <= 180.1 AND ST_YMin({0}) >= -90 AND ST_YMax({0}) <= 90"
)


def _check_rows(connection: psycopg.Connection[Any], pack: _Pack, table: LiteralString) -> None:
    """Refuse rows that PostgreSQL holds but we would never have written."""
    stage = sql.Identifier(f"new_{table}")
    conditions: list[sql.Composable] = []
    if "geom" in TABLES[table]:
        conditions.append(sql.SQL(_ON_EARTH.replace("{0}", "geom")))
    if "bbox" in TABLES[table]:
        conditions.append(sql.SQL(_ON_EARTH.replace("{0}", "bbox") + " AND ST_IsValid(bbox)"))
    if "covered" in TABLES[table]:
        conditions.append(sql.SQL("ST_IsValid(covered)"))
    if table == "ground_area":
        conditions.append(sql.SQL("ST_IsValid(geom)"))
    if table in _CLASSES:
        conditions.append(sql.SQL("class = ANY({})").format(sql.Literal(list(_CLASSES[table]))))
    for condition in conditions:
        query = sql.SQL("SELECT count(*) FROM {} WHERE NOT coalesce({}, false)").format(stage, condition)
        if (connection.execute(query).fetchone() or (1,))[0]:
            raise pack.refused("bad_row", member_of(table))
    if table == "raster_tile":
        _check_pictures(connection, pack)


def _check_pictures(connection: psycopg.Connection[Any], pack: _Pack) -> None:
    query = "SELECT z, x, y, substring(image FOR %s) FROM new_raster_tile"
    with connection.cursor("tiles") as cursor:
        for z, x, y, head in cursor.execute(query, [_HEAD_BYTES]):
            size = picture_size(bytes(head))
            if size is None or size[1] != size[2] or size[1] not in range(64, 1025):
                raise pack.refused("not_a_picture", member_of("raster_tile"), tile=f"{z}/{x}/{y}")


def _moved(connection: psycopg.Connection[Any], pack: _Pack, parent: LiteralString) -> list[str]:
    """Put data in their tables under ids of this installation.

    What is already here from the same file and covers as much stays: a piece must not replace the whole.
    """
    key, name, children = PARENTS[parent]
    ids, named, stage, table = map(sql.Identifier, (key, name, f"new_{parent}", parent))
    extent = sql.Identifier("covered" if parent == "ground_dataset" else "bbox")
    connection.execute(
        sql.SQL(
            "DELETE FROM {stage} n USING {table} o WHERE o.file_sha256 = n.file_sha256"
            " AND ST_Area(ST_Difference(n.{extent}, o.{extent})) < 1e-9"
        ).format(stage=stage, table=table, extent=extent)
    )
    gone = connection.execute(
        sql.SQL(
            "DELETE FROM {table} o USING {stage} n WHERE o.{named} = n.{named} RETURNING o.{named}"
        ).format(table=table, stage=stage, named=named)
    ).fetchall()
    salt = _salt(connection)
    try:
        for each in (parent, *children):
            columns = [column for column in TABLES[each] if column != key]
            connection.execute(
                sql.SQL(
                    "INSERT INTO {table} ({ids}, {names}) SELECT md5(n.{ids}::text || %s)::uuid, {values}"
                    " FROM {rows} n WHERE n.{ids} IN (SELECT {ids} FROM {parents})"
                ).format(
                    table=sql.Identifier(each),
                    ids=ids,
                    names=sql.SQL(", ").join(map(sql.Identifier, columns)),
                    values=sql.SQL(", ").join(sql.SQL("n.{}").format(sql.Identifier(c)) for c in columns),
                    rows=sql.Identifier(f"new_{each}"),
                    parents=stage,
                ),
                [salt],
            )
    except psycopg.IntegrityError:
        raise pack.refused("bad_row", member_of(parent)) from None
    return [row[0] for row in gone]


def _salt(connection: psycopg.Connection[Any]) -> str:
    """Return what makes ids of this import its own: the number of its transaction."""
    row = connection.execute(
        "SELECT pg_current_xact_id()::text || pg_postmaster_start_time()::text"
    ).fetchone()
    assert row is not None
    return str(row[0])
