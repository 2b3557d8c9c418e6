"""Candidates for landing places from heights, land cover, houses and wires, as a job of the worker."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.crs import LocalFrame
from geo.landing import LandingGround, landing_places
from geo.lattice_raster import Lattice
from search_ops.domain.events import further_id
from search_ops.domain.landing_wishes import LandingWish
from search_ops.domain.visibility import HQ
from search_ops.services.probability_ground import GroundRead, burn, heights_m, read_ground
from search_ops.services.scribe import intend_in_operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geo.landing import LandingCandidate
    from search_ops.services.jobs import JobWork
    from search_ops.services.scribe import Scribe

    Doubles = npt.NDArray[np.float64]

_CELL_M: Final = 10.0
_FIRST_PLACE: Final = 2_000
_COVER_M: Final[Mapping[str, float]] = {
    "grass": 0.0,
    "farmland": 0.0,
    "heath": 0.0,
    "rock": 0.0,
    "sand": 0.0,
    "glacier": 0.0,
    "water": 0.0,
    "wetland": 2.0,
    "scrub": 4.0,
    "orchard": 6.0,
    "residential": 12.0,
    "cemetery": 15.0,
    "industrial": 20.0,
    "forest": 25.0,
}
"""How high what stands there may be, on the safe side: house estimates. Other ground is unknown."""
_BUILDING_M: Final = 15.0


async def seek_landing(work: JobWork) -> dict[str, Any]:
    """Look for candidates and write them into the log, or why there can be none."""
    wish = LandingWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.1, "reading_ground")
    frame = LocalFrame.at(wish.lon, wish.lat)
    lattice = Lattice.around((0.0, 0.0, 0.0, 0.0), cell_m=_CELL_M, margin_m=wish.within_m)
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        ground = await read_ground(connection, frame, lattice)
    await work.progress(0.5, "looking_for_landing")
    told = await asyncio.to_thread(candidates_of, frame, lattice, ground, wish)
    return await _write(work, wish, told)


def candidates_of(
    frame: LocalFrame, lattice: Lattice, ground: GroundRead, wish: LandingWish
) -> dict[str, Any]:
    """Return the candidates as the log keeps them; without heights or a map of the ground there are none."""
    heights = heights_m(frame, lattice, ground.heights)
    if heights is None or not np.isfinite(heights).any():
        return {"refused": "no_heights", "excluded": [], "candidates": []}
    if ground.is_empty:
        return {"refused": "no_ground", "excluded": [], "candidates": []}
    found = landing_places(_landing_ground(lattice, ground, heights), near=(0.0, 0.0))
    return {
        "refused": None if found.candidates else "nothing_fits",
        "excluded": [[name, round(share, 3)] for name, share in found.excluded],
        "candidates": [
            _told(frame, each, further_id(wish.command_id, _FIRST_PLACE + number))
            for number, each in enumerate(found.candidates)
            if each.away_m <= wish.within_m
        ],
    }


def _landing_ground(lattice: Lattice, ground: GroundRead, heights: Doubles) -> LandingGround:
    """Return what stands, flows and hangs there; where the map shows no cover, obstacles are unknown."""
    obstacles = np.full(lattice.shape, np.nan)
    water, wires = np.zeros(lattice.shape), np.zeros(lattice.shape)
    for name, metric in ground.cover:
        burn(obstacles, lattice, [metric], _COVER_M.get(name, math.nan))
        burn(water, lattice, [metric], 1.0 if name == "water" else 0.0)
    burn(obstacles, lattice, ground.buildings, _BUILDING_M, touched=True)
    for name in ("river", "stream", "coastline"):
        burn(water, lattice, ground.lines.get(name, ()), 1.0, touched=True)
    # Railways carry wires too, more often than not.
    for name in ("power", "railway"):
        burn(wires, lattice, ground.lines.get(name, ()), 1.0, touched=True)
    return LandingGround(lattice, heights, obstacles, water > 0, wires > 0)


def _told(frame: LocalFrame, each: LandingCandidate, place_id: Any) -> dict[str, Any]:
    lon, lat = frame.unproject(np.array([[each.east_m, each.north_m]]))[0].round(6).tolist()

    def known(metres: float) -> float | None:
        return round(metres, 1) if math.isfinite(metres) else None

    return {
        "place_id": str(place_id),
        "lon": lon,
        "lat": lat,
        "slope_deg": round(each.slope_deg, 1),
        "obstacle_m": known(each.obstacle_m),
        "water_m": known(each.water_m),
        "wires_m": known(each.wires_m),
        "away_m": round(each.away_m),
        "to_confirm": list(each.to_confirm),
    }


async def _write(work: JobWork, wish: LandingWish, told: dict[str, Any]) -> dict[str, Any]:
    """Write what was found, for the asker; done twice, it counts once."""
    search_id = further_id(wish.command_id, 1_000)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        payload = {
            "search_id": str(search_id),
            "lon": wish.lon,
            "lat": wish.lat,
            "within_m": wish.within_m,
            **told,
        }
        stored = scribe.write("landing_sought", HQ, payload)
        return {"search_id": str(search_id), "seq": stored.seq}

    result = wish.model_copy(update={"command_id": further_id(wish.command_id, 1_002)})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="landing.sought", decide=decide
    )
