"""What the map says of the ground of sectors: land cover by share, how far one sees, how long it takes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from sqlalchemy import text

from geo.land_cover import UNMAPPED, Sight, cover_shares, sight_shares
from geo.sector_effort import TEAM_PACES, hours_of, slowness_of
from search_ops.persistence.ground import land_cover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.evidence_wishes import SearchWidths

Cover = dict[str, float]
_LEAST_MAPPED: Final = 0.1  # where the map says less than this of a sector, it says nothing
_WIDEST_DEG: Final = 3.0  # sectors farther apart than this are asked for one by one
_LINE_DEG: Final = 3e-4  # on each side of a line its ground is looked at
_DIGITS: Final = 3
_STAMP: Final = text("SELECT coalesce(extract(epoch FROM max(imported_at)), 0) FROM ground_dataset")
_KEPT: Final = 16
_known: OrderedDict[Any, dict[str, Cover]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class SectorGround:
    """What a sector is to the eye, and who says so.

    Attributes
    ----------
    shares
        Of open, forest and dense ground, the largest first; they sum to 1.
    source
        ``sector``: a person set it for this sector; ``map``: land cover of the imported ground;
        ``operation``: a person set it for the whole search, or left the default.
    """

    shares: Mapping[Sight, float]
    source: str

    @property
    def word(self) -> Sight:
        """The largest share."""
        return next(iter(self.shares))

    def told(self) -> dict[str, Any]:
        """Return the fields that evidence and the table of sectors carry."""
        shares = {sight: round(share, _DIGITS) for sight, share in self.shares.items()}
        return {"ground": self.word, "ground_source": self.source, "ground_shares": shares}


def ground_of(settings: SearchWidths, sector_id: str, cover: Mapping[str, float] | None) -> SectorGround:
    """Return what a sector is: as set for it, else as mapped, else as set for the operation.

    Parameters
    ----------
    cover
        Share of each class of land cover, or None when nobody looked.
    """
    entered = settings.sector_ground.get(sector_id)
    if entered is not None:
        return SectorGround({entered: 1.0}, "sector")
    if settings.ground_from_map and cover is not None and 1.0 - cover.get(UNMAPPED, 0.0) >= _LEAST_MAPPED:
        return SectorGround(sight_shares(cover, settings.ground), "map")
    return SectorGround({settings.ground: 1.0}, "operation")


async def covers_of(
    connection: AsyncConnection, grounds: Mapping[str, BaseGeometry], *, places_across: int = 20
) -> dict[str, Cover]:
    """Return the land cover of sectors by class and share; `UNMAPPED` is the share that nothing is drawn on.

    Parameters
    ----------
    grounds
        Polygons, lon/lat, cut at 180 degrees.
    """
    ids = [sector_id for sector_id, ground in grounds.items() if not ground.is_empty]
    if not ids:
        return {}
    pieces = [grounds[sector_id] for sector_id in ids]
    west, south, east, north = shapely.total_bounds(pieces).tolist()
    if max(east - west, north - south) > _WIDEST_DEG:
        found: dict[str, Cover] = {}
        for sector_id, piece in zip(ids, pieces, strict=True):
            cover = await land_cover(connection, shapely.box(*piece.bounds))
            found[sector_id] = await asyncio.to_thread(_first_cover, piece, cover, places_across)
        return found
    cover = await land_cover(connection, shapely.box(west, south, east, north))
    shares = await asyncio.to_thread(cover_shares, pieces, cover, places_across=places_across)
    return {sector_id: shares.of(number) for number, sector_id in enumerate(ids)}


def _first_cover(piece: BaseGeometry, cover: Sequence[tuple[str, BaseGeometry]], places_across: int) -> Cover:
    return cover_shares([piece], cover, places_across=places_across).of(0)


async def known_covers(
    connection: AsyncConnection, operation_id: UUID, grounds: Mapping[str, BaseGeometry]
) -> dict[str, Cover]:
    """Return `covers_of` sectors of an operation, remembered until ground is imported or sectors change."""
    stamp = float(await connection.scalar(_STAMP) or 0.0)
    key = (operation_id, stamp, hash(frozenset(grounds)))
    if key not in _known:
        _known[key] = await covers_of(connection, grounds, places_across=8)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    _known.move_to_end(key)
    return _known[key]


def walked_ground(sector: Mapping[str, Any], geometry: BaseGeometry) -> BaseGeometry:
    """Return the ground that a sector's effort depends on: itself, or what lies along a line."""
    return shapely.buffer(geometry, _LINE_DEG) if sector["kind"] == "line" else geometry


def planned_hours(
    sector: Mapping[str, Any], cover: Mapping[str, float] | None, team_kind: str
) -> float | None:
    """Return the hours that a sector takes a kind of team on this ground; None for lists of addresses.

    Notes
    -----
    Area over width and speed (`geo.sector_effort`); a line takes its length over the speed.
    """
    pace = TEAM_PACES.get(team_kind, TEAM_PACES["other"])
    classes = list(cover or {UNMAPPED: 1.0})
    shares = np.array([(cover or {UNMAPPED: 1.0})[name] for name in classes])
    slowness = float(shares @ slowness_of(np.array(classes, dtype=object)))
    if sector["kind"] == "line":
        length_m = float(sector.get("length_m") or 0.0)
        return round(length_m / 1_000.0 / pace.speed_kph * slowness, 2)
    if sector.get("area_m2") is None:
        return None
    hours = hours_of(np.array([float(sector["area_m2"])]), np.array([slowness]), pace)
    return round(float(hours[0]), 2)
