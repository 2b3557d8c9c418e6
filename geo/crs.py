"""Local metric frame of an operation: Lambert azimuthal equal-area, centred once and stored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod, Transformer

from geo.errors import FrameError
from geo.meridian import unwrap, unwrap_longitudes, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Coordinates = npt.NDArray[np.float64]

MAX_LON_DEG = 180.0
MAX_LAT_DEG = 90.0
POLYGONAL, LINEAR = 2, 1

_GEOD = Geod(ellps="WGS84")
_A_M = 6_378_137.0
_E2 = _GEOD.es
_E = math.sqrt(_E2)
# Five nodes integrate an edge of ten degrees to machine precision.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """Plane in metres around one place, axes east and north, areas true everywhere.

    Parameters
    ----------
    lon_deg, lat_deg
        Centre of the frame, EPSG:4326, -180..180 and -90..90.

    Raises
    ------
    FrameError
        The centre is not finite or not on the globe.

    Notes
    -----
    Lambert azimuthal equal-area on WGS 84 (Snyder, "Map Projections: A Working Manual", USGS
    Professional Paper 1395, 1987, chapter 24). Distances are true at the centre; 100 km away they are
    wrong by 3e-5, which is 15 mm in a cell of 500 m. An edge of a lon/lat geometry is straight in
    lon/lat (RFC 7946, 3.1.1), not in this frame: the difference is ``s ** 2 * tan(lat) / (8 R)``, 3.4 m
    for an edge of 10 km at 60 N. Therefore areas are integrated along the lon/lat edges, and partitions
    are noded in lon/lat; the frame serves lengths, cells and tolerances.

    Examples
    --------
    >>> frame = LocalFrame.at(37.6, 55.75)
    >>> frame.to_metric(shapely.Point(37.6, 55.75)).distance(shapely.Point(0, 0)) < 1e-6
    True
    """

    lon_deg: float
    lat_deg: float

    def __post_init__(self) -> None:
        """Refuse a centre that is not on the globe."""
        # Written so that NaN fails too.
        if not (abs(self.lon_deg) <= MAX_LON_DEG and abs(self.lat_deg) <= MAX_LAT_DEG):
            raise FrameError("centre of a local frame must be on the globe")

    @classmethod
    def at(cls, lon: float, lat: float) -> LocalFrame:
        """Return the frame centred at a place (degrees, EPSG:4326).

        Raises
        ------
        FrameError
            The centre is not finite or not on the globe.
        """
        return cls(float(lon), float(lat))

    def project(self, lonlat: Coordinates) -> Coordinates:
        """Turn lon/lat positions, shape ``(n, 2)``, into metres of this frame, same shape.

        Raises
        ------
        FrameError
            A position is not finite or lies at the antipode of the centre.
        """
        x_m, y_m = _transformer(self.lon_deg, self.lat_deg).transform(lonlat[:, 0], lonlat[:, 1])
        return _finite(np.column_stack((x_m, y_m)))

    def unproject(self, metric: Coordinates) -> Coordinates:
        """Turn metres, shape ``(n, 2)``, into lon/lat continuous around the centre, same shape.

        Raises
        ------
        FrameError
            A position is not finite or lies beyond the frame (12 742 km).
        """
        lonlat = self._inverse(metric)
        # The inverse series of PROJ is a millimetre off; once more with the rest is exact.
        lonlat = self._inverse(metric + (metric - self.project(lonlat)))
        lonlat[:, 0] = unwrap_longitudes(lonlat[:, 0], self.lon_deg)
        return lonlat

    def _inverse(self, metric: Coordinates) -> Coordinates:
        lon, lat = _transformer(self.lon_deg, self.lat_deg).transform(
            metric[:, 0], metric[:, 1], direction="INVERSE"
        )
        return _finite(np.column_stack((lon, lat)))

    def unwrap(self, geometry: BaseGeometry) -> BaseGeometry:
        """Make longitudes continuous around the centre; parts split at 180 are joined."""
        return unwrap(geometry, self.lon_deg)

    def to_metric(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project the vertices of a geometry to metres.

        Parameters
        ----------
        geometry
            Lon/lat, EPSG:4326; split at 180 or with longitudes beyond 180.

        Returns
        -------
        BaseGeometry
            Metres east and north of the centre; parts that met at 180 are one. No vertex is added.

        Raises
        ------
        FrameError
            A vertex cannot be projected.
        """
        return shapely.transform(self.unwrap(geometry), self.project)

    def to_lonlat(self, geometry: BaseGeometry) -> BaseGeometry:
        """Turn the vertices of a metric geometry into lon/lat, split at 180.

        Raises
        ------
        FrameError
            A vertex lies beyond the frame.
        """
        return wrap(shapely.transform(geometry, self.unproject))

    def area_m2(self, geometry: BaseGeometry) -> float:
        """Return the area on the ellipsoid of a lon/lat geometry, in square metres.

        Parameters
        ----------
        geometry
            Valid lon/lat geometry, EPSG:4326; what is not a polygon counts nothing.

        Returns
        -------
        float
            Area >= 0; within 1e-9 of the densified projection and of the densified geodesic polygon.

        Notes
        -----
        ``a ** 2 / 2`` times the ring integral of ``q(lat) d lon`` with the authalic ``q`` (Snyder 1987,
        equation 3-12): what this frame preserves, taken along edges that are straight in lon/lat.
        Pieces cut along such edges therefore sum to the whole.
        """
        return math.fsum(self.areas_m2(_of_dimension(geometry, POLYGONAL)))

    def areas_m2(self, geometries: Sequence[BaseGeometry] | npt.NDArray[np.object_]) -> Coordinates:
        """Return the area of each polygonal lon/lat geometry, shape ``(n,)``, square metres."""
        parts, owner = shapely.get_parts(geometries, return_index=True)
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        lonlat, ring_of_vertex = _vertices(rings)
        if not len(lonlat):
            return np.zeros(len(geometries))
        lonlat[:, 0] = unwrap_longitudes(lonlat[:, 0], self.lon_deg)
        ring_m2 = np.abs(_ring_integrals_m2(lonlat, ring_of_vertex, len(rings)))
        is_shell = np.diff(part_of_ring, prepend=-1) > 0
        signed_m2 = np.where(is_shell, ring_m2, -ring_m2)
        return np.bincount(owner[part_of_ring], weights=signed_m2, minlength=len(geometries)).astype(
            np.float64
        )

    def length_m(self, geometry: BaseGeometry) -> float:
        """Return the geodesic length of a lon/lat geometry in metres (perimeter of polygons).

        Notes
        -----
        Vertex to vertex along geodesics (Karney, "Algorithms for geodesics", 2013).
        """
        lines = [*shapely.get_rings(_of_dimension(geometry, POLYGONAL)), *_of_dimension(geometry, LINEAR)]
        lonlat, owner = _vertices(lines)
        same_line = owner[1:] == owner[:-1]
        start, end = lonlat[:-1][same_line], lonlat[1:][same_line]
        return math.fsum(lengths_m(start, end))


def lengths_m(start: Coordinates, end: Coordinates) -> Coordinates:
    """Return geodesic distances between lon/lat positions, both of shape ``(n, 2)``, in metres."""
    if not len(start):
        return np.zeros(0)
    _, _, length_m = _GEOD.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    return np.asarray(length_m, dtype=np.float64)


def _of_dimension(geometry: BaseGeometry, dimension: int) -> npt.NDArray[np.object_]:
    # Twice: a collection may hold multi-geometries.
    parts = shapely.get_parts(shapely.get_parts([geometry]))
    kept: npt.NDArray[np.object_] = parts[shapely.get_dimensions(parts) == dimension]
    return kept


def _vertices(
    geometries: Sequence[BaseGeometry] | npt.NDArray[np.object_],
) -> tuple[Coordinates, npt.NDArray[np.int64]]:
    lonlat, owner = shapely.get_coordinates(geometries, return_index=True)
    return lonlat, owner.astype(np.int64)


def _ring_integrals_m2(lonlat: Coordinates, ring_of_vertex: npt.NDArray[np.int64], rings: int) -> Coordinates:
    same_ring = ring_of_vertex[1:] == ring_of_vertex[:-1]
    start = np.radians(lonlat[:-1][same_ring])
    step = np.radians(lonlat[1:][same_ring]) - start
    # A constant taken off the integrand changes no closed integral and keeps the digits.
    reference = _authalic_q(np.radians(lonlat[:1, 1]))[0]
    mean = np.zeros(len(start))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        lat_rad = start[:, 1] + step[:, 1] * (0.5 + 0.5 * node)
        mean += 0.5 * weight * (_authalic_q(lat_rad) - reference)
    integrals = np.bincount(ring_of_vertex[:-1][same_ring], weights=mean * step[:, 0], minlength=rings)
    return 0.5 * _A_M**2 * integrals.astype(np.float64)


def _authalic_q(lat_rad: Coordinates) -> Coordinates:
    sine = np.sin(lat_rad)
    q: Coordinates = (1.0 - _E2) * (sine / (1.0 - _E2 * sine**2) + np.arctanh(_E * sine) / _E)
    return q


@lru_cache(maxsize=64)
def _transformer(lon_deg: float, lat_deg: float) -> Transformer:
    # A bare pipeline needs no CRS database and keeps the axis order in this one place: lon, lat.
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=laea +lat_0={lat_deg!r} +lon_0={lon_deg!r} +ellps=WGS84"
    )


def _finite(coordinates: Coordinates) -> Coordinates:
    if not np.isfinite(coordinates).all():
        raise FrameError("a position cannot be projected in this frame")
    return coordinates
