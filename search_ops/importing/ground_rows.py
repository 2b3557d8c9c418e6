"""From features to rows: validity, sizes, the simplified copy for small scales, all in vectorised calls.

Sizes and simplification happen in spherical Web Mercator (EPSG:3857), because they only decide what is drawn
at which zoom; nothing is measured here for searchers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from search_ops.importing.ground_names import GroundNames, NameRow
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
_POLYGON = 3  # type id of GEOS

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
    "surface",
    "tracktype",
    "bridge",
    "ford",
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

    Names gather beside the rows until `take_names`.
    """

    dataset_id: UUID
    left_out: LeftOut
    counts: Counter[str] = field(default_factory=Counter)
    seen: SeenGround = field(default_factory=SeenGround)
    _names: GroundNames = field(init=False)
    _name_rows: list[NameRow] = field(default_factory=list)
    _dataset: str = field(init=False)

    def __post_init__(self) -> None:
        self._dataset = str(self.dataset_id)
        self._names = GroundNames(self._dataset)

    def take_names(self) -> list[NameRow]:
        """Return the rows of `ground_name` of what was made since the last call."""
        taken, self._name_rows = self._name_rows, []
        return taken

    def _note(self, features: Sequence[AreaFeature | LineFeature | PointFeature], geoms: Geometries) -> None:
        self.seen.add(geoms)
        self._name_rows += self._names.rows(features, geoms)

    def areas(self, features: Sequence[AreaFeature]) -> list[Row]:
        """Return rows of `ground_area`; what is no valid polygon is repaired where cheap, else reported."""
        geoms = _parsed(features)
        for at in np.flatnonzero(~shapely.is_valid(geoms)).tolist():
            geoms[at] = self._repaired(features[at], geoms[at])
        kept = np.flatnonzero(~(shapely.is_missing(geoms) | shapely.is_empty(geoms))).tolist()
        geoms = _multi(geoms[kept])
        self._note([features[at] for at in kept], geoms)
        flat = mercator(geoms)
        sizes = shapely.area(flat) * _shrink(geoms) ** 2
        zooms = np.clip(
            np.ceil(np.log2(_PIXEL_M * _SMALLEST_SIDE_PX / np.sqrt(np.maximum(sizes, 1.0)))), 6, 14
        )
        zooms = np.maximum(zooms.astype(int), [features[at].kind.min_zoom for at in kept])
        lows = _lows(flat, zooms, preserve_topology=True)
        figures = zip(kept, zooms.tolist(), sizes.round(1).tolist(), _ewkb(geoms, 4326), lows, strict=True)
        return [(*self._head(features[at]), *rest) for at, *rest in figures]

    def lines(self, features: Sequence[LineFeature]) -> list[Row]:
        """Return rows of `ground_line`."""
        geoms = _parsed(features)
        self._note(features, geoms)
        zooms = np.array([feature.kind.min_zoom for feature in features])
        lows = _lows(mercator(geoms), zooms, preserve_topology=False)
        return [
            (*self._head(feature), feature.ref, feature.kind.min_zoom, *feature.underfoot, wkb, low)
            for feature, wkb, low in zip(features, _ewkb(geoms, 4326), lows, strict=True)
        ]

    def points(self, features: Sequence[PointFeature]) -> list[Row]:
        """Return rows of `ground_point`."""
        geoms = _parsed(features)
        self._note(features, geoms)
        return [
            (*self._head(feature), feature.elevation_m, feature.kind.min_zoom, feature.rank, wkb)
            for feature, wkb in zip(features, _ewkb(geoms, 4326), strict=True)
        ]

    def _head(self, feature: AreaFeature | LineFeature | PointFeature) -> Row:
        self.counts[feature.kind.name] += 1
        names = orjson.dumps(feature.names).decode() if feature.names else "{}"
        return (
            self._dataset,
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


def _lows(flat: Geometries, zooms: NDArray[np.int_], *, preserve_topology: bool) -> list[str | None]:
    """Return the simplified copies of what is drawn at small scales, as hex EWKB; None for the rest."""
    lows: list[str | None] = [None] * len(flat)
    drawn = np.flatnonzero(zooms < LOW_BELOW_ZOOM)
    simple = shapely.simplify(flat[drawn], LOW_TOLERANCE_M, preserve_topology=preserve_topology)
    for at, wkb in zip(drawn.tolist(), _ewkb(_multi(simple), 3857), strict=True):
        lows[at] = wkb
    return lows


def _multi(geoms: Geometries) -> Geometries:
    """Make multipolygons of polygons; everything else stays."""
    many = np.array(geoms, dtype=object)
    for at in np.flatnonzero(shapely.get_type_id(many) == _POLYGON).tolist():
        many[at] = shapely.MultiPolygon([many[at]])
    return many


def _ewkb(geoms: Geometries, srid: int) -> list[str]:
    return list(shapely.to_wkb(shapely.set_srid(geoms, srid), hex=True, include_srid=True))
