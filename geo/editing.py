"""Edits of sectors: split by a line, merge, move shared corners, take ground for a drawn sector.

Geometry in and out is lon/lat, EPSG:4326, on the lattice of 1e-7 degrees; sectors never change, an edit gives
new ones. Between what an edit gives and what stands beside it there is no gap and no overlap but rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.crs import POLYGONAL
from geo.errors import EditError
from geo.lattice import DECIMALS
from geo.meridian import assemble, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Coordinates = npt.NDArray[np.float64]

LATTICE_DEG: Final = 1e-7
# A corner this near to a border lies on it; a cut that ends this near to a corner ends in it.
REACH_DEG: Final = 3e-7
# A rounded border may be off by this much along its length.
ROUNDING_M: Final = 0.02
# Less than this is no ground but the trace of rounding.
DUST_M2: Final = 1.0
# A scrap of a sector that a drawn one leaves over goes to the drawn one.
SCRAP_M2: Final = 100.0


@dataclass(frozen=True, slots=True)
class Move:
    """A corner and where it goes.

    Parameters
    ----------
    at
        The corner, lon/lat; or the new corner's two neighbours on a border, when ``between`` is given.
    to
        Where it goes, lon/lat.
    between
        Ends of the edge that gets the new corner; None moves the corner ``at``.
    """

    at: tuple[float, float]
    to: tuple[float, float]
    between: tuple[tuple[float, float], tuple[float, float]] | None = None


def split_by_line(sector: BaseGeometry, line: BaseGeometry, frame: LocalFrame) -> list[BaseGeometry]:
    """Cut a sector along a drawn line.

    Parameters
    ----------
    sector
        Polygon or MultiPolygon.
    line
        Lon/lat; it must cross the sector from border to border, what lies outside does not matter.

    Returns
    -------
    list
        Two or more pieces, the largest first.

    Raises
    ------
    EditError
        ``line_does_not_split``.
    """
    whole = frame.unwrap(sector)
    rounded = shapely.transform(frame.unwrap(line), _rounded)
    pieces: list[BaseGeometry] = []
    for part in shapely.get_parts([whole]):
        pieces += [_on_lattice(piece) for piece in _cut(part, rounded)]
    large = [piece for piece in pieces if frame.area_m2(piece) > DUST_M2]
    parts = len(shapely.get_parts([whole]))
    if len(large) <= parts:
        raise EditError("line_does_not_split")
    large.sort(key=lambda piece: (-frame.area_m2(piece), piece.bounds))
    return [_written(piece) for piece in large]


def _cut(part: BaseGeometry, line: BaseGeometry) -> list[BaseGeometry]:
    """Split a polygon by a line that may cross itself and turn within."""
    noded = shapely.get_parts(shapely.union_all([line, part.boundary]))
    faces = shapely.get_parts(shapely.polygonize(noded))
    return [face for face in faces if part.covers(face.representative_point())]


def merge(sectors: Sequence[BaseGeometry], frame: LocalFrame) -> BaseGeometry:
    """Return sectors as one.

    Raises
    ------
    EditError
        ``sectors_apart``: they do not all hang together along borders.
    """
    joined = shapely.union_all([frame.unwrap(each) for each in sectors], grid_size=LATTICE_DEG)
    parts = [part for part in shapely.get_parts([joined]) if frame.area_m2(part) > DUST_M2]
    most = max(len(shapely.get_parts([frame.unwrap(each)])) for each in sectors)
    if len(parts) > most:
        raise EditError("sectors_apart")
    return _written(shapely.union_all(parts))


def reshape(
    sectors: Mapping[str, BaseGeometry], moves: Sequence[Move], frame: LocalFrame
) -> dict[str, BaseGeometry]:
    """Move corners; every sector with that corner follows.

    Parameters
    ----------
    sectors
        By id: at least all that have a corner or border at one of the moves.
    moves
        Done one after another.

    Returns
    -------
    dict
        The sectors that changed, by id.

    Raises
    ------
    EditError
        ``corner_not_found``; ``corner_crosses`` (a sector would cross itself or its neighbour); and
        ``ground_changed``: the corner is on the outside, ground would be lost or won.
    """
    changed = {identity: frame.unwrap(geometry) for identity, geometry in sectors.items()}
    touched: set[str] = set()
    for move in moves:
        here = frame.unwrap(shapely.Point(move.at))
        there = shapely.get_coordinates(shapely.transform(frame.unwrap(shapely.Point(move.to)), _rounded))[0]
        found = {
            identity
            for identity, geometry in changed.items()
            if shapely.dwithin(geometry.boundary, here, REACH_DEG)
        }
        corner = shapely.get_coordinates(here)[0]
        moved = {identity: _with_corner(changed[identity], corner, there) for identity in found}
        if not found or (move.between is None and not any(had for _, had in moved.values())):
            raise EditError("corner_not_found")
        changed.update({identity: geometry for identity, (geometry, _) in moved.items()})
        touched |= found
    before = [frame.unwrap(sectors[identity]) for identity in sorted(touched)]
    after = [changed[identity] for identity in sorted(touched)]
    _require_same_ground(before, after, frame)
    return {identity: _written(changed[identity]) for identity in sorted(touched)}


def _with_corner(
    geometry: BaseGeometry, corner: Coordinates, there: Coordinates
) -> tuple[BaseGeometry, bool]:
    """Return the geometry with its corner moved, put in where the border passes; and whether it was there."""
    had = False
    parts: list[BaseGeometry] = []
    for part in shapely.get_parts([geometry]):
        rings = []
        for ring in (part.exterior, *part.interiors):
            places = shapely.get_coordinates(ring)[:-1]
            at = np.hypot(*(places - corner).T) <= REACH_DEG
            if at.any():
                had = True
                places = np.where(at[:, None], there, places)
            elif shapely.dwithin(ring, shapely.Point(corner), REACH_DEG):
                nexts = np.roll(places, -1, axis=0)
                edges = shapely.linestrings(np.stack((places, nexts), axis=1))
                nearest = int(np.argmin(shapely.distance(edges, shapely.Point(corner))))
                places = np.insert(places, nearest + 1, there, axis=0)
            rings.append(places)
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return assemble(parts), had


def _require_same_ground(
    before: Sequence[BaseGeometry], after: Sequence[BaseGeometry], frame: LocalFrame
) -> None:
    if not all(geometry.is_valid for geometry in after):
        raise EditError("corner_crosses")
    ground, covered = shapely.union_all(before), shapely.union_all(after)
    allowed_m2 = max(frame.length_m(covered) * ROUNDING_M, DUST_M2)
    if frame.area_m2(shapely.symmetric_difference(ground, covered)) > allowed_m2:
        raise EditError("ground_changed")
    if sum(frame.area_m2(each) for each in after) - frame.area_m2(covered) > allowed_m2:
        raise EditError("corner_crosses")


def take_ground(
    drawn: BaseGeometry, area: BaseGeometry, standing: Mapping[str, BaseGeometry], frame: LocalFrame
) -> tuple[BaseGeometry, dict[str, list[BaseGeometry]]]:
    """Take the ground of a drawn sector from those that stand there.

    Parameters
    ----------
    drawn
        Polygon or MultiPolygon as somebody drew it; what lies outside the area is cut off.
    area
        The area of the search.
    standing
        Sectors by id that may give ground.

    Returns
    -------
    tuple
        The new sector, and for each sector that gives ground what is left of it: pieces that hang together,
        none when it is taken whole. Scraps below 100 m2 go to the new sector.

    Raises
    ------
    EditError
        ``outside_area``.
    """
    taken = _polygons(
        shapely.intersection(frame.unwrap(drawn), frame.unwrap(area), grid_size=LATTICE_DEG), frame
    )
    if not taken:
        raise EditError("outside_area")
    new: BaseGeometry = shapely.union_all(taken)
    left: dict[str, list[BaseGeometry]] = {}
    for identity, geometry in standing.items():
        held = frame.unwrap(geometry)
        if not held.intersects(new):
            continue
        shared = shapely.intersection(held, new, grid_size=LATTICE_DEG)
        if frame.area_m2(shared) <= max(DUST_M2, ROUNDING_M * frame.length_m(shared)):
            continue
        parts = shapely.get_parts([shapely.difference(held, new, grid_size=LATTICE_DEG)])
        rest = [part for part in parts if part.area > 0]
        kept = [part for part in rest if frame.area_m2(part) >= SCRAP_M2]
        scraps = [part for part in rest if frame.area_m2(part) < SCRAP_M2]
        if scraps:
            new = shapely.union_all([new, *scraps], grid_size=LATTICE_DEG)
        left[identity] = [_written(part) for part in kept]
    return _written(new), left


def stands_on(
    grounds: Sequence[BaseGeometry], standing: Mapping[str, BaseGeometry], frame: LocalFrame
) -> list[str]:
    """Return the sectors that stand on some ground; together they must be that ground and no more.

    Raises
    ------
    EditError
        ``ground_changed``.
    """
    wanted = shapely.union_all([frame.unwrap(ground) for ground in grounds])
    allowed_m2 = max(frame.length_m(wanted) * ROUNDING_M, DUST_M2)
    found: dict[str, BaseGeometry] = {}
    for identity, geometry in standing.items():
        held = frame.unwrap(geometry)
        if held.intersects(wanted) and frame.area_m2(shapely.intersection(held, wanted)) > allowed_m2:
            found[identity] = held
    covered = shapely.union_all(list(found.values()))
    if frame.area_m2(shapely.symmetric_difference(wanted, covered)) > allowed_m2:
        raise EditError("ground_changed")
    return list(found)


def _polygons(geometry: BaseGeometry, frame: LocalFrame) -> list[BaseGeometry]:
    parts = shapely.get_parts(shapely.get_parts([geometry]))
    return [
        part for part in parts if shapely.get_dimensions(part) == POLYGONAL and frame.area_m2(part) > DUST_M2
    ]


def _written(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry as it is stored: in a repeatable form, split at 180."""
    return wrap(shapely.normalize(geometry))


def _on_lattice(geometry: BaseGeometry) -> BaseGeometry:
    rounded: BaseGeometry = shapely.set_precision(geometry, LATTICE_DEG)
    return rounded


def _rounded(lonlat: Coordinates) -> Coordinates:
    return np.round(lonlat, DECIMALS)
