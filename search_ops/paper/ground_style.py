"""How the ground looks on paper: black and white first, colour only where grey reads the same.

Forest is a light tint, open ground white, water a tint with a dark outline, relief brown and thin, ways black
by their width and dashes. Every class can be told from the others on a photocopy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Surface:
    """Fill and outline of an area class."""

    fill: str
    stroke: str = "none"
    width_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pass of a line class; several passes make a casing."""

    width_mm: float
    colour: str = "#000"
    dash: str = ""


AREAS: Final[dict[str, Surface]] = {
    "residential": Surface("#ece9e4"),
    "industrial": Surface("#ece9e4"),
    "forest": Surface("#dcebcf"),
    "scrub": Surface("url(#scrub)"),
    "orchard": Surface("url(#scrub)"),
    "rock": Surface("#e8e6e2", "#8a8378", 0.15),
    "sand": Surface("#f3efe2"),
    "glacier": Surface("#f1f6fa", "#7c96a8", 0.15),
    "wetland": Surface("url(#wetland)"),
    "cemetery": Surface("#ece9e4", "#555", 0.15),
    "water": Surface("#cfe2f1", "#1f5f99", 0.3),
    "building": Surface("#5c5c5c"),
}
"""In the order of drawing; what is not here (grass, farmland, heath) stays white."""

_WIDE: Final = (Stroke(1.3), Stroke(0.9, "#fff"))
LINES: Final[dict[str, tuple[Stroke, ...]]] = {
    "coastline": (Stroke(0.45, "#1f5f99"),),
    "stream": (Stroke(0.3, "#1f5f99"),),
    "river": (Stroke(0.7, "#1f5f99"),),
    "cliff": (Stroke(0.35, "#222"),),
    "barrier": (Stroke(0.2, "#222", "0.4 0.6"),),
    "cutline": (Stroke(0.25, "#222", "3.2 1.2"),),
    "path": (Stroke(0.4, "#222", "0.9 0.7"),),
    "track": (Stroke(0.5, "#222", "2.4 0.8"),),
    "road": (Stroke(0.9), Stroke(0.5, "#fff")),
    "railway": (Stroke(0.9), Stroke(0.55, "#fff", "2 2")),
    "power": (Stroke(0.25, "#222", "6 0.8 0.8 0.8"),),
}
"""In the order of drawing, upper classes last."""

ROADS: Final[dict[str, tuple[Stroke, ...]]] = dict.fromkeys(
    ("motorway", "trunk", "primary", "secondary", "tertiary"), _WIDE
)
CONTOUR: Final = Stroke(0.12, "#8a5a2b")
INDEX_CONTOUR: Final = Stroke(0.25, "#8a5a2b")
GRID: Final = Stroke(0.15, "#26267a")
SECTOR: Final = Stroke(1.1)
NEIGHBOUR: Final = Stroke(0.45, "#000", "3 1.2")

PATTERNS: Final = (
    '<pattern id="scrub" width="3" height="3" patternUnits="userSpaceOnUse">'
    '<rect width="3" height="3" fill="#f2f6ea"/><circle cx="1.5" cy="1.5" r="0.28" fill="#7f9467"/></pattern>'
    '<pattern id="wetland" width="4" height="2" patternUnits="userSpaceOnUse">'
    '<path d="M0 0.6H2.6M1.6 1.6H4" stroke="#1f5f99" stroke-width="0.15"/></pattern>'
    '<pattern id="blocked" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V3" stroke="#333" stroke-width="0.5"/></pattern>'
)
