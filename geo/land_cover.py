"""What grows on pieces of ground: the share of each class of land cover, sampled at places spread over them.

Covers lie on one another in OpenStreetMap (a marsh in a forest): at a place the smallest one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Doubles = npt.NDArray[np.float64]

Sight = Literal["open", "forest", "dense"]
UNMAPPED: Final = ""
"""The class of ground that the map says nothing about: that is not the same as open."""
SIGHT_OF_COVER: Final[Mapping[str, Sight]] = {
    "forest": "forest",
    "scrub": "dense",
    "grass": "open",
    "farmland": "open",
    "orchard": "forest",
    "heath": "open",
    "residential": "forest",
    "industrial": "forest",
    "rock": "open",
    "sand": "open",
    "glacier": "open",
    "cemetery": "forest",
    "wetland": "forest",
    "water": "open",
}
"""How far one sees on each class of land cover, in the words of sweep widths. Our estimate, not measured:
houses and reeds hide as trees do."""


@dataclass(frozen=True, slots=True)
class CoverShares:
    """Shares of classes on pieces of ground.

    Attributes
    ----------
    classes
        Names of the columns; `UNMAPPED` is the last.
    shares
        Shape ``(n_pieces, n_classes)``; rows sum to 1.
    """

    classes: tuple[str, ...]
    shares: Doubles

    def of(self, piece: int) -> dict[str, float]:
        """Return the classes of a piece with their shares, none of them zero."""
        row = self.shares[piece].tolist()
        return {name: share for name, share in zip(self.classes, row, strict=True) if share > 0}


def cover_shares(
    pieces: Sequence[BaseGeometry], cover: Sequence[tuple[str, BaseGeometry]], *, places_across: int = 20
) -> CoverShares:
    """Return which share of each piece each class of land cover has.

    Parameters
    ----------
    pieces
        Polygons, in any one frame.
    cover
        Class and polygon, in the same frame; they may overlap.
    places_across
        Places along each side of a piece's box, >= 1: with 20 the shares of a square are good to some 3 %.

    Examples
    --------
    >>> square = shapely.box(0, 0, 10, 10)
    >>> cover_shares([square], [("forest", shapely.box(0, 0, 5, 10))]).of(0)
    {'forest': 0.5, '': 0.5}
    """
    names = (*dict.fromkeys(name for name, _ in cover), UNMAPPED)
    if not len(pieces):
        return CoverShares(names, np.zeros((0, len(names))))
    grounds = np.asarray(pieces, dtype=object)
    places, owner = _places(grounds, places_across)
    column = np.full(len(places), len(names) - 1)
    if len(cover):
        polygons = np.array([polygon for _, polygon in cover], dtype=object)
        numbers = {name: number for number, name in enumerate(names)}
        of_cover = np.array([numbers[name] for name, _ in cover])
        # The tree is of the places, so that each polygon is prepared once: several times as fast.
        found, place = shapely.STRtree(places).query(polygons, predicate="intersects")
        order = np.lexsort((shapely.area(polygons)[found], place))
        place, first = np.unique(place[order], return_index=True)
        column[place] = of_cover[found[order][first]]
    counted = np.zeros((len(grounds), len(names)))
    np.add.at(counted, (owner, column), 1.0)
    return CoverShares(names, counted / counted.sum(axis=1, keepdims=True))


def sight_shares(cover: Mapping[str, float], unmapped: Sight) -> dict[Sight, float]:
    """Return how much of a piece of ground is open, forest, dense to the eye; the largest first.

    Parameters
    ----------
    cover
        Share of each class, as `CoverShares.of` gives it.
    unmapped
        What ground is that the map says nothing about.

    Examples
    --------
    >>> sight_shares({"scrub": 0.25, "": 0.75}, "forest")
    {'forest': 0.75, 'dense': 0.25}
    """
    found: dict[Sight, float] = {}
    for name, share in cover.items():
        sight = SIGHT_OF_COVER.get(name, unmapped)
        found[sight] = found.get(sight, 0.0) + share
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _places(
    grounds: npt.NDArray[np.object_], across: int
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Return places spread evenly over each piece and whose they are; a sliver has its inner point."""
    west, south, east, north = shapely.bounds(grounds).T
    steps = (np.arange(across) + 0.5) / across
    x = west[:, None] + (east - west)[:, None] * np.repeat(steps, across)
    y = south[:, None] + (north - south)[:, None] * np.tile(steps, across)
    places = np.asarray(shapely.points(np.stack((x, y), axis=-1).reshape(-1, 2)))
    owner = np.repeat(np.arange(len(grounds)), across * across)
    shapely.prepare(grounds)
    held = shapely.intersects(grounds[owner], places)
    missed = np.setdiff1d(np.arange(len(grounds)), owner[held])
    inner = np.asarray(shapely.point_on_surface(grounds[missed]), dtype=object)
    return np.concatenate([places[held], inner]), np.concatenate([owner[held], missed]).astype(np.int64)
