"""Writes a GeoPackage in the bounded child: GDAL's driver, one layer per kind of thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyogrio import raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Row = "Mapping[str, Any]"
_NUMBERS: Final = (int, float)


def write(path: Path, options: Mapping[str, Any]) -> bytes:
    """Return the bytes of a GeoPackage; the entry of the bounded child.

    Parameters
    ----------
    path
        JSON: ``{layer: [{"wkb": hexadecimal or null, "properties": {...}}]}``, lon/lat WGS 84.
    options
        None are used.
    """
    del options
    layers: dict[str, list[dict[str, Any]]] = json.loads(path.read_bytes())
    target = path.with_name("export.gpkg")
    for name, rows in layers.items():
        _write_layer(target, name, rows)
    return target.read_bytes()


def _write_layer(target: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    fields = sorted({field for row in rows for field in row["properties"]})
    columns = [_column([row["properties"].get(field) for row in rows]) for field in fields]
    raw.write(
        target,
        geometry=np.array([_bytes(row["wkb"]) for row in rows], dtype=object),
        field_data=columns,
        fields=fields,
        layer=name,
        driver="GPKG",
        crs="EPSG:4326",
        # Polygons beside multipolygons, each as it is: promoted ones would not read back equal.
        geometry_type="Unknown",
        append=target.exists(),
        encoding="utf-8",
    )


def _bytes(wkb: str | None) -> bytes | None:
    return None if wkb is None else bytes.fromhex(wkb)


def _column(values: list[Any]) -> np.ndarray[Any, Any]:
    given = [value for value in values if value is not None]
    if given and all(isinstance(value, _NUMBERS) and not isinstance(value, bool) for value in given):
        return np.array([np.nan if value is None else float(value) for value in values])
    return np.array([None if value is None else str(value) for value in values], dtype=object)
