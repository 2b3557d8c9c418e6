"""Reads layers in the bounded child: GDAL for GeoPackage and shapefile, our own readers for KML and GeoJSON.

Only the child imports this module; it brings GDAL with it.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio import errors as gdal_errors
from pyogrio import raw
from pyproj.exceptions import CRSError, ProjError

from geo.formats.errors import FormatError
from geo.formats.geojson import name_of, plain_properties, read_geojson
from geo.formats.kml import read_kml
from geo.formats.values import MAX_LAT_DEG, MAX_LON_DEG, NoteBook, clean_name
from geo.meridian import assemble, wrap
from search_ops.importing.archives import unpack
from search_ops.importing.file_refusal import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

MAX_VERTICES: Final = 100_000
MAX_POLYGONS: Final = 20_000
_SHORT_CHARACTERS: Final = 60
_SHAPEFILE: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# Language driver ids of the .dbf header, byte 29.
_DBF_LANGUAGES: Final = {0xC9: "cp1251", 0x26: "cp866", 0x65: "cp866"}
_POLYGONAL: Final = (
    "Polygon",
    "MultiPolygon",
    "CurvePolygon",
    "MultiSurface",
    "Unknown",
    "GeometryCollection",
)
Row = tuple[str, int, "BaseGeometry | None", dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _File:
    """What refusals and notes need: the file's name, the layer format, the book of notes."""

    name: str
    format: str
    notes: NoteBook

    def refused(self, reason: str, **place: int) -> FileRefused:
        return FileRefused(reason, file_name=self.name, file_format=self.format, place=place)


def read(path: Path, options: Mapping[str, Any]) -> bytes:
    """Read the polygons of a file.

    Parameters
    ----------
    path
        The file, in a folder where more files may be written.
    options
        ``format`` (``gpkg``, ``zip``, ``kml``, ``geojson``), ``name`` of the file, ``layer`` or None.

    Returns
    -------
    bytes
        JSON with ``polygons`` (name, layer, item, wkb in hexadecimal, properties) and ``notes``.

    Raises
    ------
    FileRefused
        With the number of the feature, where known.
    """
    file = _File(options["name"], options["format"], NoteBook())
    try:
        kept = _polygons(_rows(path, options["layer"], file), file)
    except FormatError as fault:
        raise FileRefused.because(fault, file.name) from None
    except (gdal_errors.DataSourceError, gdal_errors.DataLayerError, gdal_errors.FeatureError):
        raise file.refused("corrupt") from None
    if not kept:
        raise file.refused("no_polygons")
    told = {"polygons": kept, "notes": [asdict(note) for note in file.notes.notes()]}
    return json.dumps(told, allow_nan=False).encode()


def _rows(path: Path, layer: str | None, file: _File) -> Iterator[Row]:
    if file.format == "zip":
        yield from _zipped(path, layer, file)
    elif file.format == "gpkg":
        yield from _geopackage(path, layer, file)
    else:
        yield from _own(path.read_bytes(), file.format, file, layer)


def _own(content: bytes, file_format: str, file: _File, layer: str | None = None) -> Iterator[Row]:
    """Read KML or GeoJSON; a GeoJSON of ours says of every feature in which layer it belongs."""
    contents = (read_kml if file_format == "kml" else read_geojson)(content)
    for note in contents.notes:
        file.notes.add(note.code, line=note.line, item=note.item, detail=note.detail, count=note.count)
    for item, shape in enumerate(contents.shapes, start=1):
        own = str(shape.properties.get("layer") or "")
        if not own or layer in {None, own}:
            yield own, item, shape.geometry, {"name": shape.name, **shape.properties}


def _zipped(path: Path, layer: str | None, file: _File) -> Iterator[Row]:
    members = unpack(path.read_bytes(), file.name, "zip", (*_SHAPEFILE, ".kml", ".gpkg", ".geojson", ".json"))
    by_suffix: dict[str, list[str]] = {}
    for member in members:
        by_suffix.setdefault(Path(member).suffix.lower(), []).append(member)
    if ".shp" in by_suffix:
        for member in by_suffix[".shp"]:
            if layer in {None, Path(member).stem}:
                yield from _shapefile(path.parent, members, member, replace(file, format="shp"))
    elif ".gpkg" in by_suffix:
        inner = path.with_name("inner")
        inner.write_bytes(members[by_suffix[".gpkg"][0]])
        yield from _geopackage(inner, layer, replace(file, format="gpkg"))
    elif ".kml" in by_suffix:
        yield from _own(members.get("doc.kml") or members[by_suffix[".kml"][0]], "kml", file)
    elif json_members := by_suffix.get(".geojson") or by_suffix.get(".json"):
        yield from _own(members[json_members[0]], "geojson", file, layer)
    else:
        raise file.refused("member_missing")


def _shapefile(folder: Path, members: Mapping[str, bytes], shp: str, file: _File) -> Iterator[Row]:
    """Read one shapefile of an archive under a name of ours."""
    stem = Path(shp).stem.lower()
    parts = {
        Path(member).suffix.lower(): data
        for member, data in members.items()
        if Path(member).stem.lower() == stem and Path(member).suffix.lower() in _SHAPEFILE
    }
    if not {".shx", ".dbf"} <= parts.keys():
        # GDAL can live without the index, and then attributes are missing: better said than guessed.
        raise file.refused("member_missing")
    for suffix, data in parts.items():
        (folder / f"layer{suffix}").write_bytes(data)
    encoding = None if ".cpg" in parts else _dbf_encoding(parts[".dbf"])
    if encoding not in {None, "utf-8"}:
        file.notes.add("encoding_guessed", detail=encoding or "")
    yield from _gdal_rows(folder / "layer.shp", Path(shp).stem, file, encoding=encoding)


def _dbf_encoding(dbf: bytes) -> str:
    known = _DBF_LANGUAGES.get(dbf[29]) if len(dbf) > 29 else None  # noqa: PLR2004 - its place in the header
    if known is not None:
        return known
    try:
        dbf[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def _geopackage(path: Path, layer: str | None, file: _File) -> Iterator[Row]:
    inner = path.with_name("layer.gpkg")
    path.rename(inner)
    for layer_name, kind in pyogrio.list_layers(inner):
        polygonal = kind is not None and str(kind).split(maxsplit=1)[0] in _POLYGONAL
        if layer in {None, layer_name} and polygonal:
            yield from _gdal_rows(inner, layer_name, file, layer=layer_name)


def _gdal_rows(
    path: Path, shown: str, file: _File, *, layer: str | None = None, encoding: str | None = None
) -> Iterator[Row]:
    info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    if info["features"] > MAX_POLYGONS:
        raise file.refused("too_many_elements")
    meta, _, wkb, columns = raw.read(path, layer=layer, encoding=encoding, datetime_as_string=True)
    moved = _to_wgs84(shapely.from_wkb(wkb, on_invalid="ignore"), meta["crs"], file)
    fields = list(meta["fields"])
    for index, geometry in enumerate(moved):
        values = {field: _plain(column[index]) for field, column in zip(fields, columns, strict=True)}
        yield shown, index + 1, geometry, values


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _to_wgs84(geometries: npt.NDArray[np.object_], crs: str | None, file: _File) -> npt.NDArray[np.object_]:
    """Bring a layer to WGS 84; without a reference system it must look like degrees."""
    if crs is None:
        west, south, east, north = shapely.total_bounds(geometries)
        if not (abs(west) <= MAX_LON_DEG and abs(east) <= MAX_LON_DEG) or max(-south, north) > MAX_LAT_DEG:
            raise file.refused("datum_unknown")
        file.notes.add("datum_assumed", detail="EPSG:4326")
        return geometries
    try:
        source = pyproj.CRS.from_user_input(crs)
        if source.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True):
            return geometries
        transformer = pyproj.Transformer.from_crs(source, 4326, always_xy=True)
    except (CRSError, ProjError):
        raise file.refused("datum_unknown") from None
    file.notes.add("datum_shifted", detail=f"{source.name}"[:80])

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    result: npt.NDArray[np.object_] = shapely.transform(geometries, move)
    return result


def _polygons(rows: Iterator[Row], file: _File) -> list[dict[str, Any]]:
    vertices = 0
    kept: list[dict[str, Any]] = []
    for layer, item, geometry, properties in rows:
        vertices += 0 if geometry is None else int(shapely.get_num_coordinates(geometry))
        if vertices > MAX_VERTICES or item > MAX_POLYGONS:
            raise file.refused("too_many_points", feature=item)
        whole = None if geometry is None else _repaired(geometry, item, file.notes)
        if whole is None:
            continue
        kept.append(
            {
                "name": name_of(properties) or _first_text(properties),
                "layer": layer,
                "item": item,
                "wkb": shapely.to_wkb(whole, hex=True),
                "properties": plain_properties(properties),
            }
        )
    return kept


def _first_text(properties: Mapping[str, Any]) -> str:
    """Return the first short text: the best that a layer offers when no attribute calls itself a name."""
    texts = (value for value in properties.values() if isinstance(value, str) and value.strip())
    return clean_name(next((text for text in texts if len(text) <= _SHORT_CHARACTERS), ""))


def _repaired(geometry: BaseGeometry, item: int, notes: NoteBook) -> BaseGeometry | None:
    """Return a valid polygon within the globe, or None; every change is noted."""
    flat = shapely.force_2d(geometry)
    if shapely.get_dimensions(flat) != 2 or flat.is_empty:  # noqa: PLR2004 - polygons have two dimensions
        notes.add("geometry_left_out", item=item)
        return None
    corners = shapely.get_coordinates(flat)
    on_globe = np.abs(corners[:, 0]).max() <= 2 * MAX_LON_DEG and np.abs(corners[:, 1]).max() <= MAX_LAT_DEG
    if not (np.isfinite(corners).all() and on_globe):
        notes.add("point_off_globe", item=item)
        return None
    if not flat.is_valid:
        notes.add("geometry_repaired", item=item)
        flat = shapely.make_valid(flat)
    faces = [part for part in shapely.get_parts(shapely.get_parts([flat])) if shapely.area(part) > 0]
    if not faces:
        notes.add("geometry_left_out", item=item)
        return None
    return wrap(assemble(faces))
