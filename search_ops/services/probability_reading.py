"""Reading the map of probability, and what would be gained by more effort: nothing is written here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import orjson

from dispatch.effort_values import NoAllocation, allocate_hours_plain, next_best, pos_of, why_not
from geo.sector_effort import TEAM_PACES
from search_ops.domain.visibility import ClassSet, require_headquarters
from search_ops.errors import Conflict, NotKnown
from search_ops.lost_person import book, known_categories
from search_ops.lost_person.values import TERRAINS
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.persistence.kept_files import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.probability_wishes import EffortWish
    from search_ops.persistence.unit_of_work import Office

    Doubles = npt.NDArray[np.float64]

_DIGITS: Final = 6
_LEAST_H: Final = 0.25
"""Less than a quarter of an hour in a sector is not worth the walk there."""


async def read_map(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, map_id: UUID | None
) -> dict[str, Any]:
    """Return a map of probability as desks see it; the newest when none is named.

    Raises
    ------
    NotKnown
        There is no such map.
    Conflict
        ``no_probability``: none was made yet.
    """
    kept = await _map(connection, operation_id, classes, map_id)
    content = await read_file(connection, UUID(kept["file_id"]))
    found: dict[str, Any] = await asyncio.to_thread(orjson.loads, content)
    return found


async def read_raster(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, map_id: UUID | None
) -> bytes:
    """Return the rasters of a map: for each scenario float32 little endian, northern row first.

    Raises
    ------
    NotKnown
        There is no such map.
    Conflict
        ``no_probability``: none was made yet.
    """
    kept = await _map(connection, operation_id, classes, map_id)
    return await read_file(connection, UUID(kept["raster_id"]))


async def _map(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, map_id: UUID | None
) -> Mapping[str, Any]:
    require_headquarters(classes)
    state = await load_state(connection, operation_stream(operation_id))
    maps = state.get("probability_maps", {})
    if map_id is not None:
        if str(map_id) not in maps:
            raise NotKnown
        return maps[str(map_id)]
    newest = max(maps.values(), key=lambda each: int(each["version"]), default=None)
    if newest is None:
        raise Conflict("no_probability")
    return newest


async def categories(office: Office) -> dict[str, Any]:
    """Return the categories of lost people with what is known of each on each kind of ground."""
    tables = await asyncio.to_thread(book, office.data_dir)
    rows = []
    for category in sorted(known_categories()):
        habits = tables.habits_of(category)
        for terrain in TERRAINS:
            chosen = tables.distance(category, terrain)
            rows.append(
                {
                    "category": category,
                    "terrain": terrain,
                    "category_used": chosen.category,
                    "terrain_used": chosen.terrain,
                    "median_km": round(chosen.model.median_km, 2),
                    "p95_km": round(chosen.model.quantile_km(0.95), 2),
                    "n": chosen.model.n,
                    "small_sample": chosen.model.is_small_sample,
                    "reliability": chosen.reliability,
                    "source": chosen.model.source,
                    "responsive_share": habits.responsive_share,
                    "moves": habits.moves,
                    "notices": list(chosen.notes),
                }
            )
    return {"categories": rows, "problem": tables.problem or None}


async def effort(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, wish: EffortWish
) -> dict[str, Any]:
    """Return where these teams' hours find most, what that is worth, and what it leaves out.

    Sectors named in ``first`` are searched before the others: each to half of its mass, as far as the hours
    go. Both subjects are kept apart in the rates; the hours follow their mixture.

    Raises
    ------
    Conflict
        ``no_probability``: there is no map yet; ``no_sectors``: there is nothing to give hours to.
    """
    told = await read_map(connection, operation_id, classes, None)
    rows: Sequence[Mapping[str, Any]] = told["sectors"]
    if not rows:
        raise Conflict("no_sectors")
    return await asyncio.to_thread(_allocated, rows, wish)


def _allocated(rows: Sequence[Mapping[str, Any]], wish: EffortWish) -> dict[str, Any]:
    answering = np.array([row["responsive"] for row in rows])
    silent = np.array([row["unresponsive"] for row in rows])
    rates = [
        np.array([row[f"rate_{subject}_per_h"] for row in rows]) for subject in ("responsive", "unresponsive")
    ]
    p = answering + silent
    gain = answering * rates[0] + silent * rates[1]
    rate = np.divide(gain, p, out=np.zeros_like(p), where=p > 0)
    hours = sum(each.count * each.hours * _strength(each.kind) for each in wish.teams)
    spent_h = _first(rows, {str(each) for each in wish.first}, rate, hours)
    pos_of_first = pos_of(p, rate, spent_h)
    left = p * np.exp(-rate * spent_h)
    best = allocate_hours_plain(left, rate, hours - float(spent_h.sum()))
    if isinstance(best, NoAllocation):
        return _nothing(rows, best.reason)
    hours_h = spent_h + best.hours_h
    marginal = next_best(p, rate, hours_h)
    return {
        "hours": round(hours, 2),
        "pos": round(pos_of(p, rate, hours_h), _DIGITS),
        "pos_of_first": round(pos_of_first, _DIGITS),
        "level_per_h": round(best.level, _DIGITS),
        "refused": None,
        "sectors": [
            {
                "sector_id": row["sector_id"],
                "label": row["label"],
                "hours": round(float(hours_h[number]), 2),
                "pos": round(float(p[number] * -np.expm1(-rate[number] * hours_h[number])), _DIGITS),
                "next_best_per_h": round(float(marginal[number]), _DIGITS),
            }
            for number, row in enumerate(rows)
        ],
        "left_out": [
            {
                "sector_id": rows[each.index]["sector_id"],
                "label": rows[each.index]["label"],
                "reason": each.reason,
            }
            for each in why_not(p, rate, hours_h, least_h=_LEAST_H)
        ],
    }


def _strength(kind: str) -> float:
    """Return how many hours of a team on foot an hour of this team is worth, by width and speed."""
    one, foot = TEAM_PACES[kind], TEAM_PACES["foot"]
    return one.width_m * one.speed_kph / (foot.width_m * foot.speed_kph)


def _first(rows: Sequence[Mapping[str, Any]], wanted: set[str], rate: Doubles, hours: float) -> Doubles:
    """Return the hours that take half of the mass of the named sectors, cut to what there is."""
    named = np.array([row["sector_id"] in wanted for row in rows])
    half_h = np.divide(np.log(2.0), rate, out=np.zeros_like(rate), where=named & (rate > 0))
    total = float(half_h.sum())
    return half_h * min(1.0, hours / total) if total > 0 else half_h


def _nothing(rows: Sequence[Mapping[str, Any]], reason: str) -> dict[str, Any]:
    return {
        "hours": 0.0,
        "pos": 0.0,
        "pos_of_first": 0.0,
        "level_per_h": 0.0,
        "refused": reason,
        "sectors": [],
        "left_out": [
            {"sector_id": row["sector_id"], "label": row["label"], "reason": "no_probability"} for row in rows
        ],
    }
