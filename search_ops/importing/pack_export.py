"""Write an area pack: ground, relief and raster layers of a box as one file, from one moment."""

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from search_ops.importing.pack_tables import FORMAT, MANIFEST, TABLES, VERSION, member_of
from search_ops.importing.relief_refusal import GroundFileRefused

Box = tuple[float, float, float, float]
_MARGIN_DEG = 0.05
# Beyond them a search is a country.
_WIDEST_DEG = 20.0
_LON_LIMIT_DEG, _LAT_LIMIT_DEG = 180.0, 85.0

# `touch` is the box, `cut` is a geometry cut to it.
_BOX: LiteralString = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"
_CUT: dict[str, LiteralString] = {
    "covered": "ST_Multi(ST_CollectionExtract(ST_Intersection(t.covered, box.geom), 3))",
    "source_name": "t.source_name || %(piece)s",
    "bbox": "ST_Envelope(ST_Intersection(t.bbox, box.geom))",
}
_CUT_LAYER: dict[str, LiteralString] = {"name": "t.name || %(piece)s", "bbox": _CUT["bbox"]}
_WHERE: dict[str, LiteralString] = {
    "ground_dataset": "ST_Area(ST_Intersection(t.covered, box.geom)) > 0",
    "relief_dataset": "t.bbox && box.geom",
    "relief_block": "t.dataset_id IN (SELECT dataset_id FROM relief_dataset WHERE bbox && box.geom)",
    "raster_layer": "ST_Area(ST_Intersection(t.bbox, box.geom)) > 0",
    "raster_tile": (
        "t.layer_id IN (SELECT layer_id FROM raster_layer WHERE ST_Area(ST_Intersection(bbox, box.geom)) > 0)"
        " AND t.x BETWEEN floor((%(west)s + 180) / 360 * 2 ^ t.z) AND floor((%(east)s + 180) / 360 * 2 ^ t.z)"
        " AND t.y BETWEEN floor((1 - asinh(tan(radians(%(north)s))) / pi()) / 2 * 2 ^ t.z)"
        " AND floor((1 - asinh(tan(radians(%(south)s))) / pi()) / 2 * 2 ^ t.z)"
    ),
}
_ROWS: LiteralString = (
    "t.geom && box.geom AND t.dataset_id IN"
    " (SELECT dataset_id FROM ground_dataset WHERE ST_Area(ST_Intersection(covered, box.geom)) > 0)"
)


@dataclass(frozen=True, slots=True)
class PackWritten:
    """What went into a pack: rows by table, and its size."""

    rows: dict[str, int]
    size_bytes: int


def export_pack(path: Path, dsn: str, box: Box) -> PackWritten:
    """Write the ground of a box; the file appears when it is whole.

    Parameters
    ----------
    path
        Where to write.
    dsn
        Address of the database for a role that may read it.
    box
        West, south, east, north, degrees, WGS 84.

    Raises
    ------
    GroundFileRefused
        ``no_area``: the box is none; ``no_ground``: nothing is known of it.
    """
    west, south, east, north = box
    in_width = -_LON_LIMIT_DEG <= west < east <= _LON_LIMIT_DEG
    on_map = in_width and -_LAT_LIMIT_DEG <= south < north <= _LAT_LIMIT_DEG
    if not on_map or max(east - west, north - south) > _WIDEST_DEG:
        raise GroundFileRefused("no_area", file_name=path.name, file_format="pack")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    values: dict[str, float | str] = {"west": west, "south": south, "east": east, "north": north}
    values["piece"] = f" [{west:.3f} {south:.3f} {east:.3f} {north:.3f}]"
    try:
        with (
            psycopg.connect(dsn.replace("postgresql+psycopg://", "postgresql://", 1)) as connection,
            zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            members = [_write(connection, archive, table, values) for table in TABLES]
            rows = {member["table"]: member["rows"] for member in members}
            if not any(rows.values()):
                raise GroundFileRefused("no_ground", file_name=path.name, file_format="pack")
            manifest = {
                "format": FORMAT,
                "version": VERSION,
                "made_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "bbox": list(box),
                "members": members,
                "attribution": "© OpenStreetMap contributors, ODbL 1.0, for the ground",
            }
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return PackWritten(rows, path.stat().st_size)


def _write(
    connection: psycopg.Connection[Any],
    archive: zipfile.ZipFile,
    table: LiteralString,
    values: dict[str, float | str],
) -> dict[str, Any]:
    # Heights travel as whole grids; what is cut bears the box in its name, so that a piece replaces no whole.
    cut = {"ground_dataset": _CUT, "raster_layer": _CUT_LAYER}.get(table, {})
    columns = sql.SQL(", ").join(
        sql.SQL(cut[name]) if name in cut else sql.SQL("t.{}").format(sql.Identifier(name))
        for name in TABLES[table]
    )
    query = sql.SQL("COPY (SELECT {} FROM {} t, (SELECT {} AS geom) box WHERE {}) TO STDOUT").format(
        columns, sql.Identifier(table), sql.SQL(_BOX), sql.SQL(_WHERE.get(table, _ROWS))
    )
    found = hashlib.sha256()
    size = rows = 0
    with (
        archive.open(member_of(table), "w", force_zip64=True) as member,
        psycopg.ClientCursor(connection) as cursor,
        cursor.copy(query, values) as copy,
    ):
        for piece in copy:
            found.update(piece)
            size += len(piece)
            rows += bytes(piece).count(b"\n")
            member.write(piece)
    return {
        "name": member_of(table),
        "table": table,
        "columns": list(TABLES[table]),
        "rows": rows,
        "size_bytes": size,
        "sha256": found.hexdigest(),
    }


def box_of_operation(dsn: str, operation_id: UUID) -> Box | None:
    """Return the box round an operation's search area with some five kilometres to spare, or None."""
    query = (
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent(coalesce("
        " (SELECT geom FROM stored_geometry s"
        " WHERE encode(s.sha256, 'hex') = e.body->'geometry_ref'->>'sha256'),"
        " ST_GeomFromGeoJSON(nullif(e.body->'geometry', 'null'::jsonb)))) AS b"
        " FROM entity e WHERE e.stream_id = %s AND e.collection = 'area') found WHERE b IS NOT NULL"
    )
    with psycopg.connect(dsn.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        row = connection.execute(query, [f"operation/{operation_id}"]).fetchone()
    if row is None:
        return None
    west, south, east, north = row
    return west - 2 * _MARGIN_DEG, south - _MARGIN_DEG, east + 2 * _MARGIN_DEG, north + _MARGIN_DEG
