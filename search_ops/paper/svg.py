"""Small words of SVG: paths in hundredths of a millimetre, text with a white halo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

import shapely
from shapely.geometry import LineString, Point, Polygon

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

POINT_MM: Final = 25.4 / 72
_HALO_MM: Final = 0.4
TEXT_MM: Final = 10 * POINT_MM
"""Ten points, the smallest text on paper: legible after rain."""
FONT: Final = "PT Sans"


def path(geometry: BaseGeometry) -> str:
    """Return the ``d`` of a path for lines or polygons in millimetres."""
    pieces: list[str] = []
    for part in shapely.get_parts(shapely.get_parts([geometry])):
        if isinstance(part, Polygon):
            pieces += [_run(ring) + "Z" for ring in (part.exterior, *part.interiors)]
        elif isinstance(part, LineString):
            pieces.append(_run(part))
    return "".join(pieces)


def _run(line: BaseGeometry) -> str:
    places = [f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(line)]
    return "M" + "L".join(places) if places else ""


def stroked(
    d: str,
    width_mm: float,
    *,
    colour: str = "#000",
    dash: str = "",
    cap: str = "butt",
    halo: bool = False,
) -> str:
    """Return a path that is a line; a halo of white keeps it seen on a dark picture in black and white."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    under = stroked(d, round(width_mm + _HALO_MM, 2), colour="#fff", cap=cap) if halo else ""
    return under + (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width_mm}" stroke-linejoin="round" '
        f'stroke-linecap="{cap}"{dashed}/>'
    )


def filled(d: str, fill: str, *, stroke: str = "none", width_mm: float = 0.0) -> str:
    """Return a path that is a surface."""
    return f'<path d="{d}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{width_mm}"/>'


def words(
    text: str,
    x: float,
    y: float,
    *,
    size_mm: float = TEXT_MM,
    anchor: str = "middle",
    bold: bool = False,
    halo: bool = True,
    turn: float = 0.0,
) -> str:
    """Return a line of text whose baseline begins, ends or is centred at a place."""
    weight = "700" if bold else "400"
    turned = f' transform="rotate({turn:.1f} {x:.2f} {y:.2f})"' if turn else ""
    common = (
        f'x="{x:.2f}" y="{y:.2f}" font-family="{FONT}" font-size="{size_mm:.2f}" font-weight="{weight}" '
        f'text-anchor="{anchor}"{turned}'
    )
    plain = escape(text)
    # The halo first, as a text of its own: renderers differ in paint-order.
    behind = (
        f'<text {common} fill="#fff" stroke="#fff" stroke-width="1" stroke-linejoin="round">{plain}</text>'
        if halo
        else ""
    )
    return f"{behind}<text {common}>{plain}</text>"


def text_box(text: str, point: Point, size_mm: float = TEXT_MM) -> BaseGeometry:
    """Return roughly the rectangle that a centred text covers, to keep texts apart."""
    half_mm = 0.29 * size_mm * len(text) + 0.5
    return shapely.box(point.x - half_mm, point.y - size_mm, point.x + half_mm, point.y + 0.3 * size_mm)
