"""From features to rows: validity, sizes, the simplified copy for small scales, all in vectorised calls.

Sizes and simplification happen in spherical Web Mercator (EPSG:3857), because they only decide what is drawn
at which zoom; nothing is measured here for searchers.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from search_ops.importing.ground_seen import SeenGround
from search_ops.importing.osm_features import AreaFeature, LeftOut, LineFeature, PointFeature

Geometries = NDArray[np.object_]
Row = tuple[str | int | float | None, ...]

EARTH_RADIUS_M = 6_378_137.0
MERCATOR_LAT_LIMIT_DEG = 85.051_128_779_806_6
# Below this zoom tiles use the simplified copy. One pixel of the zoom above it is 38 m at the equator.
LOW_BELOW_ZOOM = 12
LOW_TOLERANCE_M = 15.0
# Metres at the equator per pixel of a 512-pixel tile at zoom 0.
_PIXEL_M = 78_271.516_964
_SMALLEST_SIDE_PX = 2.0
_REPAIR_VERTICES = 10_000

AREA_COLUMNS = (
    "dataset_id",
    "osm_type",
    "osm_id",
    "class",
    "subclass",
    "names",
    "min_zoom",
    "size_m2",
    "geom",
    "low",
)
LINE_COLUMNS = (
    "dataset_id",
    "osm_type",
    "osm_id",
    "class",
    "subclass",
    "names",
    "ref",
    "min_zoom",
    "geom",
    "low",
)
POINT_COLUMNS = (
    "dataset_id",
    "osm_type",
    "osm_id",
    "class",
    "subclass",
    "names",
    "elevation_m",
    "min_zoom",
    "rank",
    "geom",
)


@dataclass
class GroundRows:
    """Turns batches of features into rows and keeps count.

    Attributes
    ----------
    counts : Counter
        Rows per class.
    seen : SeenGround
        Where anything lies.
    """

    dataset_id: UUID
    left_out: LeftOut
    counts: Counter[str] = field(default_factory=Counter)
    seen: SeenGround = field(default_factory=SeenGround)

    def areas(self, features: Sequence[AreaFeature]) -> list[Row]:
        """Return rows of `ground_area`; what is no valid polygon is repaired where cheap, else reported."""
        geoms = _parsed(features)
        for at in np.flatnonzero(~shapely.is_valid(geoms)).tolist():
            geoms[at] = self._repaired(features[at], geoms[at])
        kept = np.flatnonzero(~(shapely.is_missing(geoms) | shapely.is_empty(geoms))).tolist()
        geoms = np.array([_as_multi(geom) for geom in geoms[kept]], dtype=object)
        self.seen.add(geoms)
        flat = mercator(geoms)
        sizes = shapely.area(flat) * _shrink(geoms) ** 2
        zooms = np.clip(
            np.ceil(np.log2(_PIXEL_M * _SMALLEST_SIDE_PX / np.sqrt(np.maximum(sizes, 1.0)))), 6, 14
        )
        lows = _multi(shapely.simplify(flat, LOW_TOLERANCE_M, preserve_topology=True))
        rows: list[Row] = []
        for at, zoom, size, wkb, low in zip(
            kept, zooms, sizes, _ewkb(geoms, 4326), _ewkb(lows, 3857), strict=True
        ):
            feature = features[at]
            min_zoom = max(int(zoom), feature.kind.min_zoom)
            rows.append(
                (
                    *self._head(feature),
                    min_zoom,
                    round(float(size), 1),
                    wkb,
                    low if min_zoom < LOW_BELOW_ZOOM else None,
                )
            )
        return rows

    def lines(self, features: Sequence[LineFeature]) -> list[Row]:
        """Return rows of `ground_line`."""
        geoms = _parsed(features)
        self.seen.add(geoms)
        lows = _ewkb(shapely.simplify(mercator(geoms), LOW_TOLERANCE_M, preserve_topology=False), 3857)
        return [
            (
                *self._head(feature),
                feature.ref,
                feature.kind.min_zoom,
                wkb,
                low if feature.kind.min_zoom < LOW_BELOW_ZOOM else None,
            )
            for feature, wkb, low in zip(features, _ewkb(geoms, 4326), lows, strict=True)
        ]

    def points(self, features: Sequence[PointFeature]) -> list[Row]:
        """Return rows of `ground_point`."""
        geoms = _parsed(features)
        self.seen.add(geoms)
        return [
            (*self._head(feature), feature.elevation_m, feature.kind.min_zoom, feature.rank, wkb)
            for feature, wkb in zip(features, _ewkb(geoms, 4326), strict=True)
        ]

    def _head(self, feature: AreaFeature | LineFeature | PointFeature) -> Row:
        self.counts[feature.kind.name] += 1
        names = json.dumps(feature.names, ensure_ascii=False)
        return (
            str(self.dataset_id),
            feature.osm_type,
            feature.osm_id,
            feature.kind.name,
            feature.kind.subclass.replace("\0", "")[:60],
            names,
        )

    def _repaired(self, feature: AreaFeature, geom: BaseGeometry | None) -> BaseGeometry | None:
        label = f"{feature.osm_type}{feature.osm_id}"
        if geom is None or shapely.get_num_coordinates(geom) > _REPAIR_VERTICES:
            self.left_out.unrepaired.append(label)
            return None
        valid = shapely.make_valid(geom)
        # `make_valid` may leave lines and points beside the polygons, one collection deep.
        parts = shapely.get_parts(shapely.get_parts(valid))
        polygons = [part for part in parts if isinstance(part, shapely.Polygon)]
        if not polygons:
            self.left_out.unrepaired.append(label)
            return None
        self.left_out.repaired.append(label)
        return shapely.MultiPolygon(polygons)


def mercator(geoms: Geometries) -> Geometries:
    """Project WGS 84 to Web Mercator (EPSG:3857); beyond 85.05° the edge of the map is as far as it goes."""

    def project(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        lat_deg = np.clip(lonlat[:, 1], -MERCATOR_LAT_LIMIT_DEG, MERCATOR_LAT_LIMIT_DEG)
        x_m = np.radians(lonlat[:, 0]) * EARTH_RADIUS_M
        y_m = np.log(np.tan(np.pi / 4 + np.radians(lat_deg) / 2)) * EARTH_RADIUS_M
        return np.column_stack([x_m, y_m])

    return np.asarray(shapely.transform(geoms, project), dtype=object)


def _shrink(geoms: Geometries) -> NDArray[np.float64]:
    """Ratio of true to Mercator length at the middle of each geometry."""
    bounds = shapely.bounds(geoms)
    return np.asarray(np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2)), dtype=np.float64)


def _parsed(features: Sequence[AreaFeature | LineFeature | PointFeature]) -> Geometries:
    return np.asarray(shapely.from_wkb([f.wkb for f in features], on_invalid="ignore"), dtype=object)


def _as_multi(geom: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([geom]) if isinstance(geom, shapely.Polygon) else geom


def _multi(geoms: Geometries) -> Geometries:
    return np.array([_as_multi(geom) for geom in geoms], dtype=object)


def _ewkb(geoms: Geometries, srid: int) -> list[str]:
    return list(shapely.to_wkb(shapely.set_srid(geoms, srid), hex=True, include_srid=True))
