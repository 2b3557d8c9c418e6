"""The ground under a map of probability, as rasters: pace, heights, features. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from affine import Affine
from rasterio.features import rasterize

from geo.sector_effort import SPEED_SHARES
from search_ops.persistence.ground import land_cover
from search_ops.persistence.ground_features import buildings_in, lines_by_class
from search_ops.persistence.relief import heights_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.crs import LocalFrame
    from geo.heights import HeightGrid
    from geo.lattice_raster import Lattice

    Geometries = npt.NDArray[np.object_]
    Doubles = npt.NDArray[np.float64]

OPEN_PACE_S_PER_M: Final = 0.9
"""A lost person on open flat ground, 4 km/h; only its ratio to other ground counts here."""

_FAST: Final[Mapping[str, float]] = {
    "power": 0.8,
    "cutline": 0.9,
    "railway": 0.9,
    "path": 1.0,
    "track": 1.0,
    "road": 1.0,
}
"""Share of the open pace along lines; later ones lie over earlier ones. Assumed."""
_STREAM_SHARE: Final = 0.3
_METRES_PER_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class GroundRead:
    """What the database knows of the ground of a raster.

    Attributes
    ----------
    lines
        By class, metric.
    cover
        Class and metric polygon, the largest first.
    heights
        Or None: no grid of heights touches it.
    """

    lines: Mapping[str, Geometries]
    cover: tuple[tuple[str, BaseGeometry], ...]
    buildings: Geometries
    heights: HeightGrid | None

    @property
    def is_empty(self) -> bool:
        """Whether the map knows nothing here at all."""
        return not self.lines and not self.cover and not len(self.buildings)


async def read_ground(connection: AsyncConnection, frame: LocalFrame, lattice: Lattice) -> GroundRead:
    """Read what is known of the ground of a raster."""
    corners = shapely.box(
        lattice.west_m,
        lattice.south_m,
        lattice.west_m + lattice.columns * lattice.cell_m,
        lattice.south_m + lattice.rows * lattice.cell_m,
    )
    lonlat = frame.to_lonlat(corners.segmentize(lattice.cell_m * 16))
    bounds = lonlat.bounds
    lines = await lines_by_class(connection, bounds)
    cover = await land_cover(connection, shapely.box(*bounds))
    buildings = await buildings_in(connection, bounds)
    heights = await heights_window(connection, bounds, lattice.cell_m / _METRES_PER_DEGREE)
    return GroundRead(
        {name: _metric(frame, found) for name, found in lines.items()},
        tuple((name, frame.to_metric(each)) for name, each in cover),
        _metric(frame, buildings),
        heights,
    )


def _metric(frame: LocalFrame, found: Geometries) -> Geometries:
    return np.array([frame.to_metric(each) for each in found], dtype=object)


def pace_s_per_m(lattice: Lattice, ground: GroundRead) -> Doubles:
    """Return seconds per metre on the flat for each cell; infinite in water and on cliffs.

    Ways lie over water and cliffs: where a road is drawn there is a bridge.
    """
    share = np.ones(lattice.shape)
    for name, metric in ground.cover:
        if name != "water" and name in SPEED_SHARES:
            burn(share, lattice, [metric], SPEED_SHARES[name])
    wet = [metric for name, metric in ground.cover if name == "water"]
    burn(share, lattice, wet, 0.0)
    burn(share, lattice, ground.lines.get("stream", ()), _STREAM_SHARE, touched=True)
    for barrier in ("river", "coastline", "cliff"):
        burn(share, lattice, ground.lines.get(barrier, ()), 0.0, touched=True)
    for way, along in _FAST.items():
        burn(share, lattice, ground.lines.get(way, ()), along, touched=True)
    with np.errstate(divide="ignore"):
        return OPEN_PACE_S_PER_M / share


def burn(
    raster: Doubles,
    lattice: Lattice,
    shapes: Iterable[BaseGeometry],
    value: float,
    *,
    touched: bool = False,
) -> None:
    """Set cells under shapes; `touched`: every cell that a line enters, so that barriers have no gaps."""
    found = [shape for shape in shapes if not shape.is_empty]
    if not found:
        return
    north_m = lattice.south_m + lattice.rows * lattice.cell_m
    transform = Affine(lattice.cell_m, 0.0, lattice.west_m, 0.0, -lattice.cell_m, north_m)
    hit = rasterize(
        found,
        out_shape=lattice.shape,
        transform=transform,
        all_touched=touched,
        default_value=1,
        dtype="uint8",
    )
    raster[hit[::-1] > 0] = value


def heights_m(frame: LocalFrame, lattice: Lattice, grid: HeightGrid | None) -> Doubles | None:
    """Return the height of each cell's middle, NaN where unknown; None when nothing is known."""
    if grid is None:
        return None
    x, y = lattice.middles()
    east, north = np.meshgrid(x, y)
    points = frame.to_lonlat(shapely.MultiPoint(np.stack((east.ravel(), north.ravel()), axis=1)))
    lon, lat = shapely.get_coordinates(points).T
    return grid.at(lon, lat).reshape(lattice.shape)


def features(ground: GroundRead, classes: Mapping[str, tuple[str, ...]]) -> dict[str, Geometries]:
    """Return the features that draw people.

    Parameters
    ----------
    classes
        By kind of pull, the classes of imported ground that are of it; ``building`` and ``water_edge`` (the
        water itself: only its edge draws) among them.
    """
    found = {}
    for kind, names in classes.items():
        parts = [ground.lines[name] for name in names if name in ground.lines]
        wanted = {"water" if name == "water_edge" else name for name in names}
        cover = [each for name, each in ground.cover if name in wanted]
        parts.append(np.array(cover, dtype=object))
        if "building" in names:
            parts.append(ground.buildings)
        found[kind] = np.concatenate(parts)
    return found
