"""Coordinates as people type them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CoordinateFormat = Literal["dd", "dmm", "dms"]


@dataclass(frozen=True, slots=True)
class CoordinateCandidate:
    """One reading of a typed coordinate (degrees, EPSG:4326)."""

    lon: float
    lat: float
    format: str


def parse_coordinates(text: str) -> tuple[CoordinateCandidate, ...]:
    """Read a typed coordinate pair; the likeliest reading first."""
    raise NotImplementedError


def format_coordinates(lon: float, lat: float, style: CoordinateFormat) -> str:
    """Write a coordinate pair in one of the three formats."""
    raise NotImplementedError
