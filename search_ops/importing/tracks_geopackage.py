"""Reads the tracks of a GeoPackage in the bounded child: lines, with their times where the file has them.

Only the child imports this module; it brings GDAL with it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio import errors as gdal_errors
from pyogrio import raw
from pyproj.exceptions import CRSError, ProjError

from geo.formats.geojson import name_of
from geo.formats.times import epoch_seconds
from geo.formats.values import MAX_LAT_DEG, MAX_LON_DEG, MAX_POINTS, NoteBook, clean_name
from search_ops.importing.file_refusal import FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Floats = npt.NDArray[np.float64]

_BROKEN: Final = (gdal_errors.DataSourceError, gdal_errors.DataLayerError, gdal_errors.FeatureError)
_OWN_LAYER: Final = "tracks"
_TIMES: Final = ("coordtimes", "coord_times", "times")
_MOST_TRACKS: Final = 2_000
_LAYERS: Final = 100
_HEAD_BYTES: Final = 8
_ENVELOPE_BYTES: Final = {1: 32, 2: 48, 3: 48, 4: 64}
_FIRST_TIME_S: Final = 315_532_800.0  # 1980: measures along a line are smaller, satellite times are not
_LAST_TIME_S: Final = 4_102_444_800.0  # 2100


def read(path: Path, options: Mapping[str, Any]) -> bytes:
    """Read the lines of a GeoPackage as tracks.

    Parameters
    ----------
    path
        The file.
    options
        ``name`` of the file.

    Returns
    -------
    bytes
        JSON with ``tracks`` (name, device, starts, points of ``t_s, lon, lat, ele_m`` with null for what is
        not known) and ``notes``.

    Raises
    ------
    FileRefused
        With the number of the feature, where known.

    Notes
    -----
    A layer named ``tracks``, as we and GDAL's reader of GPX write it, is taken alone: the lines beside it
    are borders and roads. Times stand in a column of JSON (``coordTimes``) or as the fourth coordinate in
    Unix seconds, as map programs write moving things.
    """
    try:
        tracks, notes = _tracks(path, str(options["name"]))
    except (*_BROKEN, sqlite3.Error):
        raise FileRefused("corrupt", file_name=str(options["name"]), file_format="gpkg") from None
    told = {"tracks": tracks, "notes": [asdict(note) for note in notes.notes()]}
    return json.dumps(told, allow_nan=False).encode()


def _tracks(path: Path, name: str) -> tuple[list[dict[str, Any]], NoteBook]:
    layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
    if not layers:
        raise FileRefused("not_this_format", file_name=name, file_format="gpkg")
    if len(layers) > _LAYERS:
        raise FileRefused("too_many_elements", file_name=name, file_format="gpkg")
    own = [layer for layer in layers if layer.lower() == _OWN_LAYER]
    notes = NoteBook()
    tracks: list[dict[str, Any]] = []
    points = 0
    for layer in own or layers:
        meta, geometries, columns = _layer(path, layer)
        change = _change(meta["crs"], name)
        for item, geometry, properties in _rows(meta, geometries, columns):
            lines = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
            track = _track([change(_places(line)) for line in lines], properties)
            if track is None:
                notes.add("geometry_left_out", item=item)
                continue
            points += len(track["points"])
            reason = "too_many_points" if points > MAX_POINTS else "too_many_elements"
            if points > MAX_POINTS or len(tracks) >= _MOST_TRACKS:
                raise FileRefused(reason, file_name=name, file_format="gpkg", place={"item": item})
            tracks.append(track)
    return tracks, notes


def _layer(path: Path, layer: str) -> tuple[Mapping[str, Any], Sequence[bytes | None], Sequence[Any]]:
    """Return what GDAL tells of a layer: description, geometries as WKB, columns."""
    meta, fids, geometries, columns = raw.read(path, layer=layer, force_2d=False, return_fids=True)
    if geometries is None:
        return meta, [], columns
    measured = _measured(path, layer)
    whole = [measured.get(int(fid), one) for fid, one in zip(fids, geometries, strict=True)]
    return meta, whole, columns


def _measured(path: Path, layer: str) -> dict[int, bytes]:
    """Return the WKB of a layer with a fourth coordinate by row: GDAL's reader for arrays drops it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        known = "SELECT column_name, m FROM gpkg_geometry_columns WHERE table_name = ?"
        row = database.execute(known, (layer,)).fetchone()
        if row is None or not row[1]:
            return {}
        column, table = (str(name).replace('"', '""') for name in (row[0], layer))
        found = database.execute(f'SELECT rowid, "{column}" FROM "{table}"')  # noqa: S608 - quoted above
        return {
            int(fid): content[_HEAD_BYTES + _ENVELOPE_BYTES.get((content[3] >> 1) & 7, 0) :]
            for fid, content in found
            if isinstance(content, bytes) and content.startswith(b"GP") and len(content) > _HEAD_BYTES
        }


def _rows(
    meta: Mapping[str, Any], geometries: Sequence[bytes | None], columns: Sequence[Any]
) -> Iterator[tuple[int, BaseGeometry, dict[str, Any]]]:
    """Yield number, geometry and properties of every feature that is a line."""
    for number, content in enumerate(geometries):
        geometry = None if content is None else shapely.from_wkb(content, on_invalid="ignore")
        if geometry is None or geometry.is_empty or "LineString" not in geometry.geom_type:
            continue
        properties = {
            str(column): values[number] for column, values in zip(meta["fields"], columns, strict=True)
        }
        yield number + 1, geometry, properties


def _change(crs: str | None, name: str) -> Callable[[Floats], Floats]:
    """Return what brings vertices of a layer, ``t_s, x, y, ele_m``, to WGS 84."""
    try:
        told = pyproj.CRS.from_user_input(crs or "EPSG:4326")
        if told.to_epsg() == 4326 or told.equals(pyproj.CRS("OGC:CRS84")):  # noqa: PLR2004 - WGS 84
            return lambda places: places
        to_degrees = pyproj.Transformer.from_crs(told, "EPSG:4326", always_xy=True).transform
    except (CRSError, ProjError):
        raise FileRefused("datum_unknown", file_name=name, file_format="gpkg") from None

    def changed(places: Floats) -> Floats:
        lon, lat = to_degrees(places[:, 1], places[:, 2])
        return np.column_stack([places[:, 0], lon, lat, places[:, 3]])

    return changed


def _track(pieces: Sequence[Floats], properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the pieces of a feature as one track; None where one of them is no way over the globe."""
    if not pieces or any(not _on_the_globe(piece) for piece in pieces):
        return None
    times = _times(properties, sum(map(len, pieces)))
    flat = np.concatenate(pieces)
    flat[:, 0] = flat[:, 0] if times is None else times
    by_name = {str(column).lower(): value for column, value in properties.items()}
    device = by_name.get("device")
    starts = np.cumsum([0, *(len(piece) for piece in pieces[:-1])])
    return {
        "name": name_of(properties),
        "device": clean_name(device) if isinstance(device, str) and device.strip() else None,
        "starts": [int(start) for start in starts],
        "points": [[None if np.isnan(value) else value for value in row] for row in flat.tolist()],
    }


def _places(line: BaseGeometry) -> Floats:
    """Return ``t_s, x, y, ele_m`` of every vertex; the time where the fourth coordinate is one."""
    read = shapely.get_coordinates(line, include_z=True, include_m=True)
    measure = read[:, 3]
    is_time = np.isfinite(measure) & (measure >= _FIRST_TIME_S) & (measure <= _LAST_TIME_S)
    times = measure if is_time.all() else np.full(len(read), np.nan)
    height = np.where(np.isfinite(read[:, 2]), read[:, 2], np.nan)
    return np.column_stack([times, read[:, 0], read[:, 1], height])


def _on_the_globe(piece: Floats) -> bool:
    lon, lat = piece[:, 1], piece[:, 2]
    finite = bool(np.isfinite(lon).all() and np.isfinite(lat).all())
    return finite and bool((np.abs(lon) <= MAX_LON_DEG).all() and (np.abs(lat) <= MAX_LAT_DEG).all())


def _times(properties: Mapping[str, Any], vertices: int) -> Floats | None:
    """Return the time of every vertex from a column of JSON; None when there is none that fits."""
    column = next((value for key, value in properties.items() if str(key).lower() in _TIMES), None)
    if not isinstance(column, str):
        return None
    try:
        told = json.loads(column)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, list):
        return None
    nested = [one for piece in told for one in (piece if isinstance(piece, list) else [piece])]
    if len(nested) != vertices:
        return None
    return np.array([_second(one) for one in nested])


def _second(told: Any) -> float:
    return epoch_seconds(told)[0] if isinstance(told, str) else np.nan
