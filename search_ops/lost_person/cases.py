"""Cases whose find is known, from a CSV file (FORMATS.md); what cannot be used is named by its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from search_ops.csv_rows import Fault, Row, TableRefused, rows_of
from search_ops.lost_person.values import TERRAINS

if TYPE_CHECKING:
    from search_ops.lost_person.values import Terrain

NEEDED: Final = ("category", "terrain", "ipp_lat", "ipp_lon", "find_lat", "find_lon")
_KNOWN: Final = frozenset({*NEEDED, "case", "heading_deg", "uncertainty_m"})
_FARTHEST_POLE_DEG: Final = 89.0
_LARGEST_UNCERTAINTY_M: Final = 50_000.0
_TURN_DEG: Final = 360.0


@dataclass(frozen=True, slots=True)
class Case:
    """One case: where it began and where the person was found, degrees (EPSG:4326).

    Attributes
    ----------
    line
        Of the file.
    heading_deg
        Stated direction of travel, clockwise from north; None: not known.
    uncertainty_m
        How well the IPP is known.
    """

    line: int
    category: str
    terrain: Terrain
    ipp_lon: float
    ipp_lat: float
    find_lon: float
    find_lat: float
    heading_deg: float | None = None
    uncertainty_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Cases:
    """What a file held: cases that can be scored, and what is wrong with the other rows."""

    cases: tuple[Case, ...]
    faults: tuple[Fault, ...]


def read_cases(data: bytes, categories: frozenset[str]) -> Cases:
    """Read the cases of a CSV file.

    Raises
    ------
    TableRefused
        The file as a whole cannot be read, or has no header as FORMATS.md says.
    """
    cases: list[Case] = []
    faults: list[Fault] = []
    for row in rows_of(data, needed=NEEDED, known=_KNOWN):
        try:
            cases.append(_case(row, categories))
        except TableRefused as refused:
            faults += refused.faults
    return Cases(tuple(cases), tuple(faults))


def _case(row: Row, categories: frozenset[str]) -> Case:
    category = row.fields["category"].lower()
    if category not in categories:
        raise TableRefused([Fault("category_unknown", row.line, "category")])
    named = row.fields["terrain"].lower()
    terrain = next((each for each in TERRAINS if each == named), None)
    if terrain is None:
        raise TableRefused([Fault("terrain_unknown", row.line, "terrain")])
    heading_deg = row.number("heading_deg")
    if heading_deg is not None and not 0.0 <= heading_deg <= _TURN_DEG:
        raise TableRefused([Fault("out_of_range", row.line, "heading_deg")])
    uncertainty_m = row.number("uncertainty_m") or 0.0
    if not 0.0 <= uncertainty_m <= _LARGEST_UNCERTAINTY_M:
        raise TableRefused([Fault("out_of_range", row.line, "uncertainty_m")])
    return Case(
        row.line,
        category,
        terrain,
        _degrees(row, "ipp_lon", 180.0),
        _degrees(row, "ipp_lat", _FARTHEST_POLE_DEG),
        _degrees(row, "find_lon", 180.0),
        _degrees(row, "find_lat", _FARTHEST_POLE_DEG),
        heading_deg,
        uncertainty_m,
    )


def _degrees(row: Row, column: str, most: float) -> float:
    value = row.required(column)
    if not -most <= value <= most:
        raise TableRefused([Fault("out_of_range", row.line, column)])
    return value
