"""Import of an OpenStreetMap extract into PostGIS: one file, one transaction, one report."""

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import shapely
import uuid_utils.compat
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from search_ops.importing.ground_names import NAME_COLUMNS
from search_ops.importing.ground_rows import (
    AREA_COLUMNS,
    LINE_COLUMNS,
    POINT_COLUMNS,
    GroundRows,
    Row,
)
from search_ops.importing.osm_features import (
    AreaFeature,
    Feature,
    LeftOut,
    LineFeature,
    PointFeature,
    joined,
)
from search_ops.importing.osm_file import MapFile, inspect
from search_ops.importing.osm_refusal import MapFileRefused
from search_ops.importing.osm_stream import OsmStream

# Any constant: two imports at once would wait for each other's rows anyway, so they queue here.
_IMPORT_LOCK = 731_920_452


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import has come.

    Attributes
    ----------
    phase : str
        ``check`` (is the file whole), ``read`` (features into the database), ``finish`` (figures, commit).
    done_bytes, total_bytes : int
        Of this phase.
    objects : int
        OSM objects seen so far.
    """

    phase: str
    done_bytes: int
    total_bytes: int
    objects: int


Progress = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    counts : dict
        Features per class.
    left_out : dict
        Totals and OSM ids of everything incomplete, repaired or dropped; kept in ``ground_dataset.report``.
    replaced : bool
        Whether an older import of the same source gave way.
    """

    dataset_id: UUID
    source_name: str
    file_name: str
    file_format: str
    file_sha256: str
    data_at: datetime | None
    imported_at: datetime
    bbox: tuple[float, float, float, float]
    counts: dict[str, int]
    left_out: dict[str, Any]
    objects: int
    replaced: bool
    elapsed_s: float

    def as_json(self) -> dict[str, Any]:
        """Return the report with times as RFC 3339."""
        return asdict(self) | {
            "dataset_id": str(self.dataset_id),
            "data_at": None if self.data_at is None else self.data_at.isoformat(),
            "imported_at": self.imported_at.isoformat(),
        }


def source_name_of(path: Path) -> str:
    """Return the name under which later versions of the same extract replace it.

    >>> source_name_of(Path("liechtenstein-2013-08-03.osm.pbf"))
    'liechtenstein'
    >>> source_name_of(Path("crimean-fed-district-latest.osm.pbf"))
    'crimean-fed-district'
    """
    stem = re.sub(r"\.(osm|pbf|gz|bz2|xml)\b", "", path.name)
    return re.sub(r"[-_.](latest|internal|\d{6}|\d{8}|\d{4}-\d{2}-\d{2}|\d{4})$", "", stem) or stem


def import_osm(
    path: Path, dsn: str, *, source_name: str | None = None, progress: Progress | None = None
) -> ImportReport:
    """Read an OSM extract into the ground tables; an older import of the same source gives way.

    Everything happens in one transaction: readers see the old data until the new are complete, and a file
    that turns out broken changes nothing.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    dsn
        Address of the database for a role that owns the ground tables.
    source_name
        What this extract is called; by default its file name without suffixes and date.
    progress
        Called now and then from the importing thread.

    Raises
    ------
    MapFileRefused
        The file is missing, broken, of another format or dangerous; reason and place are in the error.

    Examples
    --------
    >>> report = import_osm(Path("liechtenstein.osm.pbf"), dsn)  # doctest: +SKIP
    >>> report.counts["track"]  # doctest: +SKIP
    597
    """
    started_s = time.monotonic()
    tell = progress or (lambda _: None)
    file = inspect(path, lambda done, total: tell(ImportProgress("check", done, total, 0)))
    stream = OsmStream(file)
    rows = GroundRows(UUID(str(uuid_utils.compat.uuid7())), LeftOut())
    name = source_name or source_name_of(path)
    imported_at = datetime.now(UTC)
    with psycopg.connect(_libpq(dsn)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
        replaced = _begin(connection, rows.dataset_id, name, file, imported_at)
        for batch in stream.batches(lambda *done: tell(ImportProgress("read", *done))):
            _copy_batch(connection, rows, batch)
        if rows.seen.bounds is None:
            raise MapFileRefused("no_data", file_name=path.name, file_format=file.format)
        tell(ImportProgress("finish", file.size_bytes, file.size_bytes, stream.objects))
        box = shapely.box(*stream.box) if stream.box else shapely.box(*rows.seen.bounds)
        left_out = joined(stream.left_out, rows.left_out.as_json())
        _complete(connection, rows, stream.data_at, box, left_out)
    _tidy(dsn, vacuum=replaced)
    return ImportReport(
        dataset_id=rows.dataset_id,
        source_name=name,
        file_name=path.name,
        file_format=file.format,
        file_sha256=file.sha256.hex(),
        data_at=stream.data_at,
        imported_at=imported_at,
        bbox=box.bounds,
        counts=dict(rows.counts),
        left_out=left_out,
        objects=stream.objects,
        replaced=replaced,
        elapsed_s=time.monotonic() - started_s,
    )


def _copy_batch(connection: psycopg.Connection[Any], rows: GroundRows, batch: list[Feature]) -> None:
    areas = [feature for feature in batch if isinstance(feature, AreaFeature)]
    lines = [feature for feature in batch if isinstance(feature, LineFeature)]
    points = [feature for feature in batch if isinstance(feature, PointFeature)]
    if areas:
        _copy(connection, "ground_area", AREA_COLUMNS, rows.areas(areas))
    if lines:
        _copy(connection, "ground_line", LINE_COLUMNS, rows.lines(lines))
    if points:
        _copy(connection, "ground_point", POINT_COLUMNS, rows.points(points))
    _copy(connection, "ground_name", NAME_COLUMNS, rows.take_names())


def _copy(
    connection: psycopg.Connection[Any],
    table: LiteralString,
    columns: tuple[LiteralString, ...],
    rows: Iterable[Row],
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _begin(
    connection: psycopg.Connection[Any], dataset_id: UUID, name: str, file: MapFile, imported_at: datetime
) -> bool:
    """Put the new data set in the place of the old, which others go on seeing until we commit."""
    gone = connection.execute("DELETE FROM ground_dataset WHERE source_name = %s", [name])
    connection.execute(
        "INSERT INTO ground_dataset (dataset_id, source_name, file_name, file_sha256, kind, imported_at,"
        " bbox, covered, counts, report) VALUES (%s, %s, %s, %s, 'osm', %s,"
        " 'SRID=4326;POLYGON EMPTY', 'SRID=4326;MULTIPOLYGON EMPTY', '{}', '{}')",
        [dataset_id, name, file.path.name, file.sha256, imported_at],
    )
    return gone.rowcount > 0


def _complete(
    connection: psycopg.Connection[Any],
    rows: GroundRows,
    data_at: datetime | None,
    box: BaseGeometry,
    left_out: dict[str, Any],
) -> None:
    """Write down what only the whole file can tell: how old it is, what it covers, what was left out."""
    connection.execute(
        "UPDATE ground_dataset SET data_at = %s, bbox = %s::geometry, covered = ST_Multi(%s::geometry),"
        " counts = %s, report = %s WHERE dataset_id = %s",
        [
            data_at,
            _ewkb(box),
            _ewkb(rows.seen.covered(box)),
            json.dumps(rows.counts),
            json.dumps(left_out, ensure_ascii=False),
            rows.dataset_id,
        ],
    )


def _tidy(dsn: str, *, vacuum: bool) -> None:
    """Tell the planner about the new rows and free the old ones' place, when nobody is held up any more."""
    verb = sql.SQL("VACUUM (ANALYZE)" if vacuum else "ANALYZE")
    with psycopg.connect(_libpq(dsn), autocommit=True) as connection:
        for table in ("ground_area", "ground_line", "ground_point", "ground_name"):
            connection.execute(sql.SQL("{} {}").format(verb, sql.Identifier(table)))


def _ewkb(geom: BaseGeometry) -> str:
    return str(shapely.to_wkb(shapely.set_srid(geom, 4326), hex=True, include_srid=True))


def _libpq(dsn: str) -> str:
    """Return an address that libpq reads: SQLAlchemy writes the driver into the scheme."""
    return dsn.replace("postgresql+psycopg://", "postgresql://", 1)
