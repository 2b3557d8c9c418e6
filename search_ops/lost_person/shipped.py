"""The tables that ship with us: CSV files beside this module, each row with its source."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from geo.probability.attraction import Pull
from geo.probability.distance import LogNormal
from search_ops.lost_person.values import (
    CellTerrain,
    DirectionRow,
    DistanceRow,
    Fit,
    Habits,
    PullRow,
    Reliability,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARES: Final = (0.25, 0.5, 0.75, 0.95)
DIRECTION_COLUMNS: Final = ("p25_deg", "p50_deg", "p75_deg", "p95_deg")


def known_categories() -> frozenset[str]:
    """Return the codes of all categories; their names are texts ``subject-category-CODE``."""
    return frozenset(row.category for row in shipped_habits())


@cache
def shipped_distances() -> tuple[DistanceRow, ...]:
    """Return the rows of distances, in order of preference."""
    return tuple(map(_distance_row, _rows("distances.csv")))


@cache
def shipped_directions() -> tuple[DirectionRow, ...]:
    """Return the rows of dispersion."""
    return tuple(map(_direction_row, _rows("directions.csv")))


@cache
def shipped_pulls() -> tuple[PullRow, ...]:
    """Return the rows of pulls."""
    return tuple(map(_pull_row, _rows("pulls.csv")))


@cache
def shipped_habits() -> tuple[Habits, ...]:
    """Return the categories with their habits."""
    return tuple(map(_habits_row, _rows("categories.csv")))


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _distance_row(fields: dict[str, str]) -> DistanceRow:
    n = int(fields["n"]) if fields["n"] else None
    model = LogNormal(float(fields["mu_ln_km"]), float(fields["sigma_ln_km"]), n, fields["source"])
    return DistanceRow(
        fields["category"],
        cast("CellTerrain", fields["terrain"]),
        model,
        cast("Fit", fields["fit"]),
        cast("Reliability", fields["reliability"]),
        fields["population"],
    )


def _direction_row(fields: dict[str, str]) -> DirectionRow:
    quantiles = {
        share: float(fields[column]) for share, column in zip(SHARES, DIRECTION_COLUMNS, strict=True)
    }
    return DirectionRow(
        fields["category"],
        quantiles,
        int(fields["n"]),
        cast("Reliability", fields["reliability"]),
        fields["source"],
    )


def _pull_row(fields: dict[str, str]) -> PullRow:
    edge_only = fields["edge_only"] == "yes"
    pull = Pull(float(fields["share"]), float(fields["half_m"]), edge_only=edge_only)
    return PullRow(
        fields["category"],
        fields["kind"],
        tuple(fields["classes"].split()),
        pull,
        cast("Reliability", fields["reliability"]),
        fields["source"],
    )


def _habits_row(fields: dict[str, str]) -> Habits:
    return Habits(
        fields["category"],
        float(fields["responsive_share"]),
        fields["moves"],
        fields["status"],
        fields["source"],
    )
