"""Strict reading of GeoJSON areas and points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry import Point
    from shapely.geometry.base import BaseGeometry

MAX_VERTICES = 10_000
MAX_AREA_M2 = 100_000e6


def read_area(
    mapping: Mapping[str, Any], *, max_vertices: int = MAX_VERTICES, max_area_m2: float = MAX_AREA_M2
) -> BaseGeometry:
    """Read a GeoJSON Polygon or MultiPolygon into canonical lon/lat geometry, or refuse it."""
    raise NotImplementedError


def read_point(mapping: Mapping[str, Any]) -> Point:
    """Read a GeoJSON Point, or refuse it."""
    raise NotImplementedError
