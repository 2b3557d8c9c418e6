"""What a plan of a shift follows from, read at one moment. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo.lattice_raster import Lattice
from search_ops.domain.sector import sector_state
from search_ops.services.planned_files import read_answer
from search_ops.services.probability_ground import GroundRead, heights_m, pace_s_per_m, read_ground
from search_ops.services.probability_inputs import metric_point
from search_ops.services.roster import Roster, read_roster
from search_ops.services.search_widths import settings_of
from search_ops.services.searched import Searched, read_searched
from search_ops.services.sector_ground import covers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    import numpy.typing as npt
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.evidence_wishes import SearchWidths
    from search_ops.persistence.unit_of_work import Office

    Doubles = npt.NDArray[np.float64]

MOST_CELLS_ACROSS: Final = 120
"""Every sector is a place that ways are measured from: a finer raster would cost more than it tells."""
LEAST_CELL_M: Final = 25.0
_MARGIN_SHARE: Final = 0.1
_LEAST_MARGIN_M: Final = 400.0
_FARTHEST_BASE_M: Final = 30_000.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place that ways begin at, and what it is: ``wish``, ``headquarters``, ``entry``, ``lkp``."""

    lon: float
    lat: float
    source: str


@dataclass(frozen=True, slots=True)
class Terrain:
    """The ground that ways lead over, as rasters.

    Attributes
    ----------
    stamp
        Changes whenever ground or heights are imported.
    """

    lattice: Lattice
    ground: GroundRead
    walk_s_per_m: Doubles
    heights_m: Doubles | None
    stamp: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a plan follows from.

    Attributes
    ----------
    sector_ids
        Sectors that have a place on the map, in the order of their labels and ids: number in the plan -> id.
    without_place
        Lists of addresses: they are given out by hand.
    states
        What each sector is now.
    base
        Or None: nobody has said where teams leave from.
    probability
        The newest answer about the map, or None.
    """

    searched: Searched
    sector_ids: tuple[str, ...]
    without_place: tuple[str, ...]
    states: Mapping[str, str]
    covers: Mapping[str, Mapping[str, float]]
    terrain: Terrain
    base: Place | None
    probability: Mapping[str, Any] | None
    roster: Roster

    @property
    def widths(self) -> SearchWidths:
        """What sweep widths follow from."""
        return settings_of(next(iter(self.searched.of("search_widths").values()), None))

    def sector(self, sector_id: str) -> Mapping[str, Any]:
        """Return a sector."""
        return self.searched.of("sectors")[sector_id]


async def read_inputs(
    office: Office,
    connection: AsyncConnection,
    operation_id: UUID,
    *,
    stamp: str,
    base: Place | None = None,
    further: Sequence[tuple[float, float]] = (),
) -> Inputs:
    """Read it all.

    Parameters
    ----------
    base
        As wished; else headquarters, the entry point or the last known position.
    further
        Lon, lat of places that the raster must cover besides.

    Raises
    ------
    Conflict
        ``no_area``.
    """
    now = office.clock()
    searched = await read_searched(connection, operation_id, now)
    sectors = {key: each for key, each in searched.of("sectors").items() if not each["retired"]}
    placed = sorted(searched.grounds, key=lambda key: (str(sectors[key]["label"]), key))
    base = base or usual_base(searched)
    grounds = searched.grounds
    lonlats = {key: searched.frame.to_lonlat(grounds[key].metric) for key in placed}
    places = [metric_point(searched.frame, *each) for each in further]
    if base is not None:
        places.append(metric_point(searched.frame, base.lon, base.lat))
    return Inputs(
        searched,
        tuple(placed),
        tuple(sorted(set(sectors) - set(placed))),
        _states(searched, sectors),
        await covers_of(connection, lonlats, places_across=8),
        await _terrain(connection, searched, places, stamp),
        base,
        await _probability(connection, searched),
        await read_roster(office, connection, operation_id, now),
    )


def usual_base(searched: Searched) -> Place | None:
    """Return where teams leave from when nobody says otherwise."""
    for briefing in searched.of("briefing").values():
        place = briefing.get("headquarters")
        if place is not None:
            return Place(float(place["lon"]), float(place["lat"]), "headquarters")
    points = sorted(searched.of("points").items())
    for role in ("entry", "lkp"):
        for _, point in points:
            if point["role"] == role:
                return Place(float(point["lon"]), float(point["lat"]), role)
    return None


def _states(searched: Searched, sectors: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    tasks: dict[str, list[Mapping[str, Any]]] = {}
    for task in searched.of("tasks").values():
        tasks.setdefault(str(task.get("sector_id")), []).append(task)
    proofs: dict[str, list[Mapping[str, Any]]] = {}
    for row in searched.of("evidence").values():
        proofs.setdefault(str(row["sector_id"]), []).append(row)
    judged = searched.of("judgements")
    return {
        key: sector_state(each, tasks.get(key, []), proofs.get(key, []), judged.get(key))
        for key, each in sectors.items()
    }


async def _terrain(
    connection: AsyncConnection, searched: Searched, places: Sequence[tuple[float, float]], stamp: str
) -> Terrain:
    metric = [each.metric for each in searched.grounds.values()]
    lattice = _lattice(shapely.total_bounds(metric) if metric else np.full(4, np.nan), places)
    ground = await read_ground(connection, searched.frame, lattice)
    return Terrain(
        lattice,
        ground,
        pace_s_per_m(lattice, ground),
        heights_m(searched.frame, lattice, ground.heights),
        stamp,
    )


def _lattice(bounds: Doubles, places: Sequence[tuple[float, float]]) -> Lattice:
    """Return a raster over sectors and places; a place very far away stays outside, which is then told."""
    west, south, east, north = bounds.tolist()
    near = [
        (x, y)
        for x, y in places
        if not np.isfinite(west)
        or (
            west - _FARTHEST_BASE_M <= x <= east + _FARTHEST_BASE_M
            and south - _FARTHEST_BASE_M <= y <= north + _FARTHEST_BASE_M
        )
    ]
    xs = [*((west, east) if np.isfinite(west) else ()), *(x for x, _ in near)] or [0.0]
    ys = [*((south, north) if np.isfinite(south) else ()), *(y for _, y in near)] or [0.0]
    box = (min(xs), min(ys), max(xs), max(ys))
    across_m = max(box[2] - box[0], box[3] - box[1])
    margin_m = max(_LEAST_MARGIN_M, _MARGIN_SHARE * across_m)
    cell_m = max(LEAST_CELL_M, float(np.ceil((across_m + 2.0 * margin_m) / MOST_CELLS_ACROSS)))
    return Lattice.around(box, cell_m=cell_m, margin_m=margin_m)


async def _probability(connection: AsyncConnection, searched: Searched) -> Mapping[str, Any] | None:
    newest = max(
        searched.of("probability_maps").values(), key=lambda each: int(each["version"]), default=None
    )
    return None if newest is None else await read_answer(connection, newest["file_id"])
