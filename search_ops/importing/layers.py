"""Layers of polygons (forest quarters, parcels, districts) from the files that foresters and offices send.

The reading happens in a bounded child (`layers_reader`), because GDAL, PROJ and repairs of geometry work on
what strangers drew. Here: what the file is, and the result as values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

import shapely

from geo.formats.values import Note, clean_name
from search_ops.importing.archives import is_zip
from search_ops.importing.bounded import Limits, run_bounded
from search_ops.importing.file_refusal import FileRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry import MultiPolygon, Polygon

__all__ = ["FileRefused", "LayerPolygon", "Note", "read_polygons"]

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
_READER: Final = "search_ops.importing.layers_reader:read"


@dataclass(frozen=True, slots=True)
class LayerPolygon:
    """One polygon of a layer.

    Parameters
    ----------
    name
        From the attribute that most likely holds it; may be empty or stand twice.
    geometry
        Valid, lon/lat EPSG:4326, within -180..180.
    layer
        Name of the layer within the file.
    item
        Number of the feature within its layer, from 1.
    properties
        Plain attributes.
    """

    name: str
    geometry: Polygon | MultiPolygon
    layer: str
    item: int
    properties: Mapping[str, str | float | int | None] = field(default_factory=dict)


def read_polygons(
    source: bytes | Path, name: str | None = None, *, layer: str | None = None, limits: Limits | None = None
) -> tuple[list[LayerPolygon], list[Note]]:
    """Read every polygon of a GeoPackage, zipped shapefile, KML, KMZ or GeoJSON file.

    Parameters
    ----------
    source
        The file or where it lies; at most 64 MiB, 100 000 vertices, 20 000 polygons.
    name
        Its name; not needed for a path.
    layer
        Only this layer of a GeoPackage, this ``.shp`` (without suffix) of an archive, or what a GeoJSON of
        ours says to be in it; else all of them.
    limits
        What the reading child may use.

    Returns
    -------
    tuple
        Polygons in WGS 84, and what was repaired or left out with the number of the first such feature.

    Raises
    ------
    FileRefused
        With reason, name, format and the number of the feature, where known.
    """
    shown = clean_name(PurePath(name or (source.name if isinstance(source, Path) else "?")).name)
    if isinstance(source, Path) and source.stat().st_size > MAX_FILE_BYTES:
        raise FileRefused("too_large", file_name=shown)
    content = source.read_bytes() if isinstance(source, Path) else source
    if len(content) > MAX_FILE_BYTES:
        raise FileRefused("too_large", file_name=shown)
    file_format = format_of(content, shown)
    options = {"format": file_format, "layer": layer, "name": shown}
    result = run_bounded(
        _READER, content, options, name=shown, file_format=file_format, limits=limits or Limits()
    )
    told = json.loads(result)
    polygons = [
        LayerPolygon(row["name"], shapely.from_wkb(row["wkb"]), row["layer"], row["item"], row["properties"])
        for row in told["polygons"]
    ]
    return polygons, [Note(**note) for note in told["notes"]]


def format_of(content: bytes, name: str) -> str:
    """Recognise a layer file by its content: ``gpkg``, ``zip``, ``kml`` or ``geojson``.

    Raises
    ------
    FileRefused
        Empty, or none of them.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise FileRefused("empty", file_name=name)
    if content.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if is_zip(content):
        return "zip"
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"{"):
        return "geojson"
    if head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "kml"
    shapefile = content[:4] == b"\x00\x00\x27\x0a"
    detail = "a shapefile comes as a zip with .shp, .shx, .dbf and .prj" if shapefile else ""
    raise FileRefused("member_missing" if shapefile else "format_unknown", file_name=name, detail=detail)
