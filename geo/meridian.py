"""Longitudes across 180 degrees: continuous for work, split for storage (RFC 7946, 3.1.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

HALF_TURN_DEG = 180.0
FULL_TURN_DEG = 360.0


def unwrap_longitudes(lon_deg: npt.NDArray[np.float64], centre_deg: float) -> npt.NDArray[np.float64]:
    """Shift longitudes by whole turns to within half a turn of a centre.

    Parameters
    ----------
    lon_deg
        Longitudes in degrees, shape ``(n,)``, each within -540..540.
    centre_deg
        Longitude that the result lies around, -180..180.

    Returns
    -------
    numpy.ndarray
        Same shape; values within ``centre_deg`` +- 180, so beyond 180 when the centre is near it.
    """
    shifted = np.where(lon_deg - centre_deg > HALF_TURN_DEG, lon_deg - FULL_TURN_DEG, lon_deg)
    return np.where(shifted - centre_deg < -HALF_TURN_DEG, shifted + FULL_TURN_DEG, shifted)


def unwrap(geometry: BaseGeometry, centre_deg: float) -> BaseGeometry:
    """Make the longitudes of a geometry continuous around a centre and join parts split at 180.

    Parameters
    ----------
    geometry
        Lon/lat, EPSG:4326; split at 180, or with longitudes beyond 180, or with jumps across it.
        Third coordinates are dropped.
    centre_deg
        Longitude near the geometry, -180..180.

    Returns
    -------
    BaseGeometry
        Continuous longitudes, possibly beyond 180 or below -180. Polygon parts that met at 180 are one.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> unwrap(box(-180, 65, -179, 66), 179.5).bounds
    (180.0, 65.0, 181.0, 66.0)
    """

    def shift(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        moved: npt.NDArray[np.float64] = coordinates.copy()
        moved[:, 0] = unwrap_longitudes(coordinates[:, 0], centre_deg)
        return moved

    moved = shapely.transform(geometry, shift)
    if isinstance(moved, MultiPolygon):
        seam_deg = HALF_TURN_DEG if centre_deg > 0 else -HALF_TURN_DEG
        west, _, east, _ = moved.bounds
        if west < seam_deg < east:
            return shapely.union_all(np.asarray(moved.geoms))
    return moved


def wrap(geometry: BaseGeometry) -> BaseGeometry:
    """Split a geometry with continuous longitudes at 180 and bring it back within -180..180.

    Parameters
    ----------
    geometry
        Longitudes within -540..540 degrees, EPSG:4326.

    Returns
    -------
    BaseGeometry
        Within -180..180; the same geometry when it was there already.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> wrap(box(179, 65, 181, 66)).bounds
    (-180.0, 65.0, 180.0, 66.0)
    """
    if geometry.is_empty:
        return geometry
    west, _, east, _ = geometry.bounds
    if west >= -HALF_TURN_DEG and east <= HALF_TURN_DEG:
        return geometry
    dimension = shapely.get_dimensions(geometry)
    pieces: list[BaseGeometry] = []
    for turn_deg in (-FULL_TURN_DEG, 0.0, FULL_TURN_DEG):
        window = shapely.box(turn_deg - HALF_TURN_DEG, -90.0, turn_deg + HALF_TURN_DEG, 90.0)
        inside = geometry if window.covers(geometry) else geometry.intersection(window)
        # The windows share an edge: a geometry that only touches it gives a line or a point there.
        parts = [
            part
            for part in shapely.get_parts(inside)
            if not part.is_empty and shapely.get_dimensions(part) == dimension
        ]
        pieces.extend(_turned(part, -turn_deg) for part in parts)
    return assemble(pieces)


def assemble(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return one part as it is and several as the multi-geometry of their kind."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], Polygon):
        return MultiPolygon([part for part in parts if isinstance(part, Polygon)])
    if isinstance(parts[0], LineString):
        return MultiLineString([part for part in parts if isinstance(part, LineString)])
    return MultiPoint([part for part in parts if isinstance(part, Point)])


def _turned(geometry: BaseGeometry, turn_deg: float) -> BaseGeometry:
    def turn(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        turned: npt.NDArray[np.float64] = lonlat + np.array((turn_deg, 0.0))
        return turned

    return shapely.transform(geometry, turn)
