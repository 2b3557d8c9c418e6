"""The piece of ground that a map page shows: UTM, a true scale, and the way from degrees to millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.grids import from_utm, to_utm, utm_metres
from search_ops.errors import BadInput

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

MAP_WIDTH_MM: Final = 176.0
MAP_HEIGHT_MM: Final = 208.0
"""Of a page that stands upright."""
LYING_WIDTH_MM: Final = 263.0
LYING_HEIGHT_MM: Final = 120.0
"""Of a page on its side: what head, foot and the lines under the map leave of 210 mm."""
SCALES: Final = (5_000, 10_000, 15_000, 20_000, 25_000, 50_000, 100_000, 200_000)
# Ground round the sector that a team needs to see to find it.
_MARGIN_MM: Final = 14.0
# Grid lines stand at least this far apart on paper.
_GRID_APART_MM: Final = 30.0
_GRID_STEPS_M: Final = (100, 200, 500, 1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A page's window on the ground.

    Parameters
    ----------
    zone, band
        UTM zone and latitude band of the middle; metres and degrees are on WGS 84.
    scale
        Denominator: 10 000 means that 1 mm of paper is 10 m of ground.
    east_m, north_m
        Middle of the window.
    landscape
        The page lies on its side.
    """

    zone: int
    band: str
    scale: int
    east_m: float
    north_m: float
    landscape: bool = False

    @property
    def width_mm(self) -> float:
        """Width of the map on paper."""
        return LYING_WIDTH_MM if self.landscape else MAP_WIDTH_MM

    @property
    def height_mm(self) -> float:
        """Height of the map on paper."""
        return LYING_HEIGHT_MM if self.landscape else MAP_HEIGHT_MM

    @property
    def south(self) -> bool:
        """Tell whether northings carry the false 10 000 km."""
        return self.band < "N"

    @property
    def m_per_mm(self) -> float:
        """Metres of ground in a millimetre of paper."""
        return self.scale / 1000

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the window in UTM metres."""
        half_east_m = self.width_mm / 2 * self.m_per_mm
        half_north_m = self.height_mm / 2 * self.m_per_mm
        return (
            self.east_m - half_east_m,
            self.north_m - half_north_m,
            self.east_m + half_east_m,
            self.north_m + half_north_m,
        )

    @property
    def grid_step_m(self) -> int:
        """Distance between grid lines: round metres, at least 30 mm apart on paper."""
        wanted_m = _GRID_APART_MM * self.m_per_mm
        return next((step for step in _GRID_STEPS_M if step >= wanted_m), _GRID_STEPS_M[-1])

    def bbox_deg(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in degrees round the window, which is tilted in degrees."""
        west, south, east, north = self.bounds_m
        steps = np.linspace(0.0, 1.0, 5)
        edge = [(west + (east - west) * step, y) for step in steps for y in (south, north)]
        edge += [(x, south + (north - south) * step) for step in steps for x in (west, east)]
        places = np.array([from_utm(self.zone, x, y, south=self.south) for x, y in edge])
        west_deg, south_deg = places.min(axis=0)
        east_deg, north_deg = places.max(axis=0)
        return float(west_deg), float(south_deg), float(east_deg), float(north_deg)

    def on_paper(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a lon/lat geometry in millimetres from the window's upper left corner, y downwards."""
        west, _, _, north = self.bounds_m

        def move(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            metres = utm_metres(self.zone, lonlat[:, 0], lonlat[:, 1], south=self.south)
            return np.column_stack(
                [(metres[:, 0] - west) / self.m_per_mm, (north - metres[:, 1]) / self.m_per_mm]
            )

        return shapely.transform(shapely.force_2d(geometry), move)

    def place_on_paper(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a place in millimetres, as `on_paper`."""
        ((x, y),) = shapely.get_coordinates(self.on_paper(shapely.Point(lon, lat)))
        return float(x), float(y)


def frame_for(geometry: BaseGeometry, scale: int | None = None) -> MapFrame:
    """Choose the window for a sector: upright, or on its side where that gives a larger scale.

    Parameters
    ----------
    geometry
        Lon/lat, EPSG:4326, not empty.
    scale
        Wanted denominator; where the sector does not fit on the page at it, the next smaller scale is taken,
        and `scale` of the result tells which.

    Raises
    ------
    BadInput
        ``too_large_for_paper``: the sector fits at no scale.
    """
    middle = geometry.representative_point()
    at = to_utm(middle.x, middle.y)
    lonlat = shapely.get_coordinates(geometry)
    metres = utm_metres(at.zone, lonlat[:, 0], lonlat[:, 1], south=at.band < "N")
    low, high = metres.min(axis=0), metres.max(axis=0)
    east_m, north_m = (low + high) / 2
    fitting = [
        MapFrame(at.zone, at.band, known, float(east_m), float(north_m), landscape=landscape)
        for landscape in (False, True)
        for known in SCALES
        if known >= max(_needed_scale(high - low, landscape=landscape), scale or 0)
    ]
    if not fitting:
        raise BadInput("too_large_for_paper", where="scale")
    return min(fitting, key=lambda frame: (frame.scale, frame.landscape))


def _needed_scale(size_m: npt.NDArray[np.float64], *, landscape: bool) -> float:
    """Return the denominator at which a sector of this size, east and north, fills the page."""
    width_mm, height_mm = (LYING_WIDTH_MM, LYING_HEIGHT_MM) if landscape else (MAP_WIDTH_MM, MAP_HEIGHT_MM)
    room_mm = np.array([width_mm, height_mm]) - 2 * _MARGIN_MM
    return float((size_m / room_mm).max() * 1000)
