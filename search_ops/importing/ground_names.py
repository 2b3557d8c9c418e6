"""Names to search by: one row for each spelling of a thing, a street once for each few kilometres of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from search_ops.domain.place_names import folded
from search_ops.importing.osm_features import AreaFeature, LineFeature, PointFeature

NAME_COLUMNS = ("dataset_id", "osm_type", "osm_id", "class", "subclass", "rank", "name", "folded", "geom")
NameRow = tuple[str | int, ...]

# People look for settlements first, then waters and hills, then streets, then houses.
_RANKS = {
    "river": 5,
    "water": 5,
    "stream": 7,
    "wetland": 7,
    "peak": 8,
    "forest": 8,
    "road": 9,
    "track": 9,
    "path": 9,
    "building": 11,
}
_OTHERS_RANK = 10
_LANGUAGES = ("name", "name:ru", "name:en")
# A street is cut into ways at every crossing: within such a cell its name stands once.
_CELL_LON_DEG, _CELL_LAT_DEG = 0.04, 0.02


@dataclass
class GroundNames:
    """Makes rows of `ground_name` and remembers which it has made."""

    dataset_id: str
    _made: set[int] = field(default_factory=set)

    def rows(
        self,
        features: Sequence[AreaFeature | LineFeature | PointFeature],
        geoms: NDArray[np.object_],
    ) -> list[NameRow]:
        """Return the rows of a batch; `geoms` are those of `features`, WGS 84."""
        named = [at for at, feature in enumerate(features) if feature.names]
        if not named:
            return []
        points = _points(geoms[named])
        wkb = shapely.to_wkb(shapely.set_srid(points, 4326), hex=True, include_srid=True)
        lonlat = shapely.get_coordinates(points)
        rows: list[NameRow] = []
        for at, (lon, lat), point in zip(named, lonlat.tolist(), wkb, strict=True):
            feature = features[at]
            rank = feature.rank if isinstance(feature, PointFeature) else _rank(feature)
            kind = feature.kind
            for name in dict.fromkeys(filter(None, map(feature.names.get, _LANGUAGES))):
                plain = folded(name)
                if plain and self._is_new(plain, kind.name, lon, lat):
                    head = (self.dataset_id, feature.osm_type, feature.osm_id, kind.name)
                    rows.append((*head, kind.subclass.replace("\0", "")[:60], rank, name[:200], plain, point))
        return rows

    def _is_new(self, plain: str, class_name: str, lon: float, lat: float) -> bool:
        key = hash((plain, class_name, int(lon // _CELL_LON_DEG), int(lat // _CELL_LAT_DEG)))
        if key in self._made:
            return False
        self._made.add(key)
        return True


def _rank(feature: AreaFeature | LineFeature) -> int:
    return _RANKS.get(feature.kind.name, _OTHERS_RANK)


def _points(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return a place for each: the point itself, the middle of a line, a point inside an area."""
    found = geoms.copy()
    kinds = shapely.get_dimensions(geoms)
    lines, areas = kinds == 1, kinds == 2  # noqa: PLR2004 - dimensions
    found[lines] = shapely.line_interpolate_point(geoms[lines], 0.5, normalized=True)
    found[areas] = shapely.point_on_surface(geoms[areas])
    return found
