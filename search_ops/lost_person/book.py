"""The tables as one book: what ships, what was bought, and which row holds where a cell is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.probability.distance import SMALL_SAMPLE
from search_ops.lost_person.purchased import kept_rows
from search_ops.lost_person.shipped import (
    shipped_directions,
    shipped_distances,
    shipped_habits,
    shipped_pulls,
)
from search_ops.lost_person.values import (
    DEFAULT_CATEGORY,
    DEFAULT_TERRAIN,
    EXACT,
    OTHER,
    OTHER_CATEGORY,
    CellTerrain,
    ChosenDirection,
    ChosenDistance,
    ChosenPulls,
    DirectionRow,
    DistanceRow,
    Habits,
    PullRow,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from search_ops.lost_person.values import Terrain


@dataclass(frozen=True, slots=True)
class Book:
    """All rows; the first that fits is taken, so a purchased one stands before what ships.

    Attributes
    ----------
    distances, directions, pulls
        Rows in order of preference.
    habits
        One row for each category.
    problem
        ``purchased_unreadable`` when the purchased table is there but cannot be read; empty otherwise.
    """

    distances: tuple[DistanceRow, ...]
    directions: tuple[DirectionRow, ...]
    pulls: tuple[PullRow, ...]
    habits: tuple[Habits, ...]
    problem: str = ""

    def distance(self, category: str, terrain: Terrain, *, population: str | None = None) -> ChosenDistance:
        """Return the distance model of a category on a terrain.

        Parameters
        ----------
        category
            One of `known_categories`; another one counts as a category without data.
        terrain
            Of the search.
        population
            Only rows of these people (``uk``), where there are any; None: the book's order.

        Notes
        -----
        The chain: the cell itself, the category's row for other ground, hikers on flat temperate ground (the
        default of IGT4SAR 2013). The answer says which.
        """
        rows = [row for row in self.distances if row.category == category]
        if population is not None:
            rows = [row for row in rows if row.population == population] or rows
        chain: tuple[tuple[Step, Sequence[CellTerrain]], ...] = (
            ("exact", EXACT[terrain]),
            ("category_other", OTHER[terrain]),
        )
        for step, terrains in chain:
            row = _first(rows, terrains)
            if row is not None:
                return _chosen(row, step)
        defaults = [row for row in self.distances if row.category == DEFAULT_CATEGORY]
        row = _first(defaults, (DEFAULT_TERRAIN,))
        assert row is not None  # ships with us, and a purchased row only stands before it
        return _chosen(row, "hiker_default")

    def direction(self, category: str) -> ChosenDirection:
        """Return the dispersion around a direction of travel; of all people where its own is not known."""
        for wanted in (category, OTHER_CATEGORY):
            for row in self.directions:
                if row.category == wanted:
                    notes = () if wanted == category else ("category_without_data",)
                    return ChosenDirection(
                        row.quantiles_deg,
                        row.n,
                        row.category,
                        row.reliability,
                        row.source,
                        (*notes, *_sample_notes(row.n)),
                    )
        raise LookupError(category)  # the row of all categories ships with us

    def attraction(self, category: str) -> ChosenPulls:
        """Return what draws a category; assumed pulls where nothing is published."""
        wanted = category if any(row.category == category for row in self.pulls) else OTHER_CATEGORY
        rows = [row for row in self.pulls if row.category == wanted]
        return ChosenPulls(
            {row.kind: row.pull for row in rows},
            {row.kind: row.classes for row in rows},
            {row.kind: row.source for row in rows},
            wanted,
            rows[0].reliability,
            () if wanted == category else ("category_without_data",),
        )

    def habits_of(self, category: str) -> Habits:
        """Return the defaults of a category; those of ``other`` for one that is not known."""
        found = {row.category: row for row in self.habits}
        return found.get(category) or found[OTHER_CATEGORY]


def book(data_dir: Path | None = None) -> Book:
    """Return the book of an installation.

    Parameters
    ----------
    data_dir
        Where a purchased table may lie; None: only what ships. A table that cannot be read is left out, and
        the book says so.
    """
    found = ((), ()) if data_dir is None else kept_rows(data_dir)
    distances, directions = ((), ()) if found is None else found
    return Book(
        (*distances, *shipped_distances()),
        (*directions, *shipped_directions()),
        shipped_pulls(),
        shipped_habits(),
        "purchased_unreadable" if found is None else "",
    )


def _first(rows: Sequence[DistanceRow], terrains: Sequence[CellTerrain]) -> DistanceRow | None:
    """Return the first row of the closest terrain; rows bought stand first within it."""
    return next((row for terrain in terrains for row in rows if row.terrain == terrain), None)


def _chosen(row: DistanceRow, step: Step) -> ChosenDistance:
    notes: tuple[str, ...] = {
        "exact": (),
        "category_other": ("other_terrain",),
        "hiker_default": ("category_without_data",),
    }[step]
    return ChosenDistance(
        row.model,
        step,
        row.category,
        row.terrain,
        row.fit,
        row.reliability,
        row.population,
        (*notes, *_sample_notes(row.model.n)),
    )


def _sample_notes(n: int | None) -> tuple[str, ...]:
    if n is None:
        return ("sample_unknown",)
    return ("small_sample",) if n < SMALL_SAMPLE else ()
