"""The map of a sheet as SVG: ground, grid with its numbers, sector, neighbours, points, scale bar, needle."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from geo.grids import convergence_deg, from_utm
from search_ops.paper import ground_style as style
from search_ops.paper.pictures import picture_svg
from search_ops.paper.svg import TEXT_MM, filled, path, stroked, text_box, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from search_ops.paper.facts import GroundRow, Place, SheetFacts
    from search_ops.paper.frame import MapFrame

EDGE_MM: Final = 7.0
"""Room for the numbers of the grid on all four sides."""
FOOT_MM: Final = 17.0
SCALE_BAR_MM: Final = 100.0
# What is thinner than a printer's dot need not be drawn.
_FINE_MM: Final = 0.08
_TEETH_APART_MM: Final = 1.6
_SECTOR_TEXT_MM: Final = 5.2
_MOST_NUMBERS: Final = 40
_SURFACE: Final = 2
_KM_M: Final = 1000


@dataclass(slots=True)
class _Labels:
    """Texts already on the page, so that later ones keep off them."""

    frame: MapFrame
    taken: list[BaseGeometry] = field(default_factory=list)

    def place(self, text: str, x: float, y: float, *, bold: bool = False, force: bool = False) -> str:
        size_mm = _SECTOR_TEXT_MM if force else TEXT_MM
        box = text_box(text, Point(x, y), size_mm)
        inside = shapely.box(1, 1, self.frame.width_mm - 1, self.frame.height_mm - 1).covers(box)
        if not force and (not inside or any(box.intersects(other) for other in self.taken)):
            return ""
        self.taken.append(box)
        return words(text, x, y, bold=bold, size_mm=size_mm)

    def beside(self, text: str, x: float, y: float) -> str:
        """Write a name that must be read beside its mark: where there is room, else under it all the same."""
        half_mm = text_box(text, Point(0, 0)).bounds[2]
        below, above, level = y + 2.4 + TEXT_MM, y - 4.4, y + 0.35 * TEXT_MM
        for at_x, at_y in (
            (x, below),
            (x, above),
            (x + 4 + half_mm, level),
            (x - 4 - half_mm, level),
            (x + half_mm, below + TEXT_MM),
            (x - half_mm, below + TEXT_MM),
            (x + half_mm, above - TEXT_MM),
            (x - half_mm, above - TEXT_MM),
        ):
            if written := self.place(text, at_x, at_y, bold=True):
                return written
        low_x, high_x = half_mm + 1, self.frame.width_mm - half_mm - 1
        if not (0 <= x <= self.frame.width_mm and 0 <= y <= self.frame.height_mm):
            return ""
        return words(text, min(max(x, low_x), high_x), min(below, self.frame.height_mm - 2), bold=True)


def draw_map(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> str:
    """Return a map page as SVG, in true scale when it is placed at `map_width_mm`.

    Parameters
    ----------
    facts
        The sheet's facts; texts in the sheet's language come from ``say(key, **variables)``.
    frame
        The window, from `frame_for`.
    """
    labels = _Labels(frame)
    width_mm, height_mm = map_width_mm(frame), frame.height_mm + 2 * EDGE_MM + FOOT_MM
    sector = frame.on_paper(shapely.from_wkb(facts["wkb"]))
    own = "".join(_sector(facts, sector, labels))
    inner = "".join(
        (
            '<rect width="100%" height="100%" fill="#fff"/>',
            *_ground(facts, frame),
            *_grid(facts, frame),
            *_neighbours(facts, frame, labels, say),
            own,
            *_points(facts, frame, labels, say),
            *([] if facts["pictures"] else _names(facts["ground"], frame, labels)),
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm}mm" height="{height_mm}mm" '
        f'viewBox="0 0 {width_mm} {height_mm}"><defs>{style.PATTERNS}</defs>'
        f'<svg x="{EDGE_MM}" y="{EDGE_MM}" width="{frame.width_mm}" height="{frame.height_mm}" '
        f'viewBox="0 0 {frame.width_mm} {frame.height_mm}">{inner}</svg>'
        f'<rect x="{EDGE_MM}" y="{EDGE_MM}" width="{frame.width_mm}" height="{frame.height_mm}" fill="none" '
        f'stroke="#000" stroke-width="0.4"/>'
        f"{''.join(_grid_numbers(frame, say))}{_foot(facts, frame, say)}</svg>"
    )


def map_width_mm(frame: MapFrame) -> float:
    """Return how wide the picture of `draw_map` is on paper: 190 mm, or 277 mm on a page on its side."""
    return frame.width_mm + 2 * EDGE_MM


def _ground(facts: SheetFacts, frame: MapFrame) -> Iterator[str]:
    """Draw our own map and over it the raster layers, the lowest first; what is wholly hidden is left out."""
    pictures = facts["pictures"]
    hidden = max((number for number, picture in enumerate(pictures) if picture["hides"]), default=None)
    if hidden is None:
        yield from _areas(facts["ground"], frame)
        yield from _contours(facts, frame)
        yield from _lines(facts["ground"], frame)
    yield from (picture_svg(picture, frame) for picture in pictures[hidden or 0 :])


def _shape(row: GroundRow, frame: MapFrame) -> BaseGeometry:
    return shapely.simplify(frame.on_paper(shapely.from_wkb(row["wkb"])), _FINE_MM)


def _areas(ground: list[GroundRow], frame: MapFrame) -> Iterator[str]:
    for kind, surface in style.AREAS.items():
        for row in ground:
            if row["kind"] == kind:
                d = path(_shape(row, frame))
                if d:
                    yield filled(d, surface.fill, stroke=surface.stroke, width_mm=surface.width_mm)


def _contours(facts: SheetFacts, frame: MapFrame) -> Iterator[str]:
    for contour in facts["contours"]:
        drawn = style.INDEX_CONTOUR if contour["index"] else style.CONTOUR
        line = shapely.simplify(frame.on_paper(shapely.from_wkb(contour["wkb"])), _FINE_MM)
        yield stroked(path(line), drawn.width_mm, colour=drawn.colour)


def _lines(ground: list[GroundRow], frame: MapFrame) -> Iterator[str]:
    for kind, usual in style.LINES.items():
        rows = [row for row in ground if row["kind"] == kind]
        shapes = [(row, _shape(row, frame)) for row in rows]
        # All casings before all fillings: crossings of roads stay open.
        for number in range(2):
            for row, shape in shapes:
                strokes = style.ROADS.get(row["subkind"], usual) if kind == "road" else usual
                if number < len(strokes):
                    stroke = strokes[number]
                    yield stroked(path(shape), stroke.width_mm, colour=stroke.colour, dash=stroke.dash)
        if kind == "cliff":
            for _, shape in shapes:
                yield stroked(_teeth(shape), 0.25, colour="#222")


def _teeth(shape: BaseGeometry) -> str:
    """Return short strokes to the right of a line, where the ground of a cliff is lower."""
    pieces: list[str] = []
    for part in shapely.get_parts(shape):
        if not isinstance(part, LineString):
            continue
        for along in np.arange(_TEETH_APART_MM / 2, part.length, _TEETH_APART_MM):
            at, ahead = part.interpolate(along), part.interpolate(along + 0.1)
            dx, dy = ahead.x - at.x, ahead.y - at.y
            length = math.hypot(dx, dy) or 1.0
            pieces.append(f"M{at.x:.2f} {at.y:.2f}l{-dy / length * 0.9:.2f} {dx / length * 0.9:.2f}")
    return "".join(pieces)


def _grid_lines(frame: MapFrame) -> tuple[list[float], list[float]]:
    west, south, east, north = frame.bounds_m
    step = frame.grid_step_m
    easts = [float(value) for value in np.arange(math.ceil(west / step), east / step) * step]
    norths = [float(value) for value in np.arange(math.ceil(south / step), north / step) * step]
    return easts, norths


def _grid(facts: SheetFacts, frame: MapFrame) -> Iterator[str]:
    west, _, _, north = frame.bounds_m
    easts, norths = _grid_lines(frame)
    runs = [f"M{(east - west) / frame.m_per_mm:.2f} 0V{frame.height_mm}" for east in easts]
    runs += [f"M0 {(north - value) / frame.m_per_mm:.2f}H{frame.width_mm}" for value in norths]
    halo = bool(facts["pictures"])
    yield stroked("".join(runs), style.GRID.width_mm, colour=style.GRID.colour, halo=halo)


def _grid_numbers(frame: MapFrame, say: Callable[..., str]) -> Iterator[str]:
    west, _, _, north = frame.bounds_m
    easts, norths = _grid_lines(frame)
    whole = frame.grid_step_m % _KM_M == 0
    for east in easts:
        x = EDGE_MM + (east - west) / frame.m_per_mm
        number = _kilometres(east, say, whole=whole)
        if EDGE_MM + 4 < x < EDGE_MM + frame.width_mm - 4:
            yield words(number, x, EDGE_MM - 1.6, halo=False)
            yield words(number, x, EDGE_MM + frame.height_mm + TEXT_MM + 0.6, halo=False)
    for value in norths:
        y = EDGE_MM + (north - value) / frame.m_per_mm
        number = _kilometres(value, say, whole=whole)
        if EDGE_MM + 6 < y < EDGE_MM + frame.height_mm - 6:
            yield words(number, EDGE_MM - 1.6, y, halo=False, turn=-90)
            yield words(number, EDGE_MM + frame.width_mm + 1.6 + TEXT_MM * 0.7, y, halo=False, turn=-90)


def _kilometres(value_m: float, say: Callable[..., str], *, whole: bool) -> str:
    if whole:
        return f"{value_m / _KM_M:.0f}"
    kilometres, tenth = divmod(round(value_m / 100), 10)
    return say("decimal", whole=str(kilometres), rest=str(tenth))


def _neighbours(
    facts: SheetFacts, frame: MapFrame, labels: _Labels, say: Callable[..., str]
) -> Iterator[str]:
    window = shapely.box(0, 0, frame.width_mm, frame.height_mm)
    for neighbour in facts["neighbours"]:
        shape = frame.on_paper(shapely.from_wkb(neighbour["wkb"]))
        if not shape.intersects(window):
            continue
        d = path(shape)
        if neighbour["mark"] == "blocked":
            yield filled(d, "url(#blocked)")
        halo = bool(facts["pictures"])
        yield stroked(d, style.NEIGHBOUR.width_mm, dash=style.NEIGHBOUR.dash, halo=halo)
        seen = shape.intersection(window).representative_point()
        blocked = [say("paper-hazard-short"), say("paper-keep-out")]
        told = blocked if neighbour["mark"] == "blocked" else [neighbour["callsign"]]
        lines = [neighbour["label"], *filter(None, told)]
        # A sector of which only the upper edge is seen says all of it too: a hazard above all.
        lowest_mm = frame.height_mm - 3 - TEXT_MM * 1.4 * (len(lines) - 1)
        for line, words_of_line in enumerate(lines):
            at_mm = min(seen.y, lowest_mm) + TEXT_MM * 1.4 * line
            yield labels.place(words_of_line, seen.x, at_mm, bold=line > 0)


def _sector(facts: SheetFacts, sector: BaseGeometry, labels: _Labels) -> Iterator[str]:
    d = path(sector)
    yield stroked(d, style.SECTOR.width_mm + 1.2, colour="#fff")
    yield stroked(d, style.SECTOR.width_mm, cap="round")
    for place in shapely.get_parts(sector):
        if isinstance(place, Point):
            yield _dot(place.x, place.y, 1.4, 0.7)
    middle = sector.representative_point()
    # On a line the label would hide what it names.
    lift_mm = _SECTOR_TEXT_MM / 2 if shapely.get_dimensions(sector) < _SURFACE else 0.0
    yield labels.place(facts["label"], middle.x, middle.y - lift_mm, bold=True, force=True)


def _dot(x: float, y: float, radius_mm: float, width_mm: float) -> str:
    place = f'cx="{x:.2f}" cy="{y:.2f}" r="{radius_mm}"'
    return f'<circle {place} fill="#fff" stroke="#000" stroke-width="{width_mm}"/>'


def numbered_corners(facts: SheetFacts, frame: MapFrame) -> list[tuple[float, float]]:
    """Return the corners that the list of coordinates names, lon and lat: bends of 0.8 mm and more on paper.

    Circles and shores have hundreds of vertices; what is finer than that cannot be walked by a list.
    """
    geometry = shapely.from_wkb(facts["wkb"])
    degrees_of_mm = frame.m_per_mm / 111_195
    for fineness_mm in (0.0, 0.8, 1.6, 3.2, 6.4, 12.8):
        simple = shapely.simplify(geometry, fineness_mm * degrees_of_mm) if fineness_mm else geometry
        corners = [
            (float(lon), float(lat)) for part in shapely.get_parts(simple) for lon, lat in _outline(part)
        ]
        if len(corners) <= _MOST_NUMBERS:
            return corners
    return corners[:_MOST_NUMBERS]


def _outline(part: BaseGeometry) -> npt.NDArray[np.float64]:
    """Return the corners of a shell, a line or a point; the corner that closes a ring is not repeated."""
    line = part.exterior if isinstance(part, shapely.Polygon) else part
    places = shapely.get_coordinates(line)
    closed = len(places) > 1 and bool((places[0] == places[-1]).all())
    return places[:-1] if closed else places


def _points(facts: SheetFacts, frame: MapFrame, labels: _Labels, say: Callable[..., str]) -> Iterator[str]:
    for number, (lon, lat) in enumerate(numbered_corners(facts, frame), start=1):
        x, y = frame.place_on_paper(lon, lat)
        yield _dot(x, y, 0.9, 0.35)
        yield labels.place(str(number), x + 2.4, y - 1.2)
    marks: list[tuple[Place | None, str, str]] = [
        (facts["entry"], "paper-entry", "M0 -3L2.6 1.6H-2.6Z"),
        (facts["headquarters"], "point-headquarters", "M-1 2V-3.6H3L2 -2.4L3 -1.2H0V2Z"),
        (
            facts["last_known"],
            "point-lkp-short",
            "M-2.4 0A2.4 2.4 0 1 0 2.4 0A2.4 2.4 0 1 0 -2.4 0M-3.4 0H3.4M0 -3.4V3.4",
        ),
    ]
    for place, key, shape in marks:
        if place is not None:
            x, y = frame.place_on_paper(place["lon"], place["lat"])
            if not (0 <= x <= frame.width_mm and 0 <= y <= frame.height_mm):
                yield _beyond(frame, labels, (x, y), key, say)
                continue
            fill = "none" if key == "point-lkp-short" else "#000"
            halo = f'<path d="{shape}" fill="none" stroke="#fff" stroke-width="1.8"/>'
            mark = f'<path d="{shape}" fill="{fill}" stroke="#000" stroke-width="0.6"/>'
            yield f'<g transform="translate({x:.2f} {y:.2f})">{halo}{mark}</g>'
            yield labels.beside(say(key), x, y)


def _beyond(
    frame: MapFrame, labels: _Labels, at: tuple[float, float], key: str, say: Callable[..., str]
) -> str:
    """Draw an arrow at the edge towards a point beyond it, with how far it is from the middle of the map."""
    east_mm, south_mm = at[0] - frame.width_mm / 2, at[1] - frame.height_mm / 2
    room_x_mm, room_y_mm = frame.width_mm / 2 - 4, frame.height_mm / 2 - 4
    inset = 1 / max(abs(east_mm) / room_x_mm, abs(south_mm) / room_y_mm)
    x, y = frame.width_mm / 2 + east_mm * inset, frame.height_mm / 2 + south_mm * inset
    tenths = round(math.hypot(east_mm, south_mm) * frame.m_per_mm / 100)
    far = say("decimal", whole=str(tenths // 10), rest=str(tenths % 10))
    turned = math.degrees(math.atan2(east_mm, -south_mm))
    arrow = (
        f'<path transform="translate({x:.2f} {y:.2f}) rotate({turned:.1f})" '
        'd="M0 -3.4L2.4 2.4L0 1.2L-2.4 2.4Z" stroke="#fff" stroke-width="0.6"/>'
    )
    return arrow + labels.beside(say("paper-beyond", name=say(key), kilometres=far), x, y)


def _names(ground: list[GroundRow], frame: MapFrame, labels: _Labels) -> Iterator[str]:
    """Write names where there is room: places first, then waters and ways, each name once."""
    done: set[str] = set()
    order = {"place": 0, "peak": 1, "spring": 2, "water": 3, "river": 4, "stream": 5, "road": 6}
    named = [row for row in ground if row["name"] and row["kind"] in order]
    for row in sorted(named, key=lambda row: order[row["kind"]]):
        shape = frame.on_paper(shapely.from_wkb(row["wkb"]))
        at = (
            shape.representative_point()
            if not isinstance(shape, LineString)
            else shape.interpolate(0.5, normalized=True)
        )
        if row["name"] in done:
            continue
        written = labels.place(row["name"], at.x, at.y)
        if written:
            done.add(row["name"])
            yield written
            if row["kind"] in {"peak", "spring"}:
                yield f'<circle cx="{at.x:.2f}" cy="{at.y - 5:.2f}" r="0.5"/>'


def _foot(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> str:
    top = EDGE_MM + frame.height_mm + EDGE_MM + 2
    bar_m = SCALE_BAR_MM * frame.m_per_mm
    quarter = SCALE_BAR_MM / 4
    blocks = "".join(
        f'<rect x="{EDGE_MM + number * quarter}" y="{top}" width="{quarter}" height="2" '
        f'fill="{"#000" if number % 2 == 0 else "#fff"}" stroke="#000" stroke-width="0.2"/>'
        for number in range(4)
    )
    told = [f"{bar_m * number / 4:.0f}" for number in range(4)] + [say("paper-metres", metres=f"{bar_m:.0f}")]
    ticks = "".join(
        words(tick, EDGE_MM + number * quarter, top + 6, halo=False) for number, tick in enumerate(told)
    )
    scale = f"{frame.scale:,}".replace(",", " ")
    step = say("paper-grid", zone=f"{frame.zone}{frame.band}", step=frame.grid_step_m)
    lines = (
        words(f"1 : {scale}", EDGE_MM + SCALE_BAR_MM + 9, top + 2.6, bold=True, anchor="start", halo=False)
        + words(step, EDGE_MM, top + 12, anchor="start", halo=False)
        + words(say("paper-bar"), EDGE_MM + SCALE_BAR_MM + 9, top + 7.2, anchor="start", halo=False)
    )
    return f'<g id="scale-bar">{blocks}</g>{ticks}{lines}{_needle(facts, frame, top)}'


def _needle(facts: SheetFacts, frame: MapFrame, top: float) -> str:
    """Draw true, grid and magnetic north from one foot; angles under 9 degrees are drawn as 9 to be seen."""
    lon, lat = from_utm(frame.zone, frame.east_m, frame.north_m, south=frame.south)
    grid_deg = convergence_deg(lon, lat, frame.zone)
    x, y, length = EDGE_MM + frame.width_mm - 9, top + 12.5, 12.0

    def ray(angle_deg: float, head: str) -> str:
        drawn = math.copysign(max(abs(angle_deg), 9.0), angle_deg) if angle_deg else 0.0
        turned = f'transform="rotate({drawn:.1f} {x} {y})"'
        return f'<g {turned}><path d="M{x} {y}V{y - length}" stroke="#000" stroke-width="0.35"/>{head}</g>'

    tip = y - length
    # The page is drawn along the grid, so everything else leans away from it.
    arrow = f'<path d="M{x - 1.1} {tip + 3}L{x} {tip}L{x + 1.1} {tip + 3}Z"/>'
    star = f'<circle cx="{x}" cy="{tip}" r="0.8" fill="#fff" stroke="#000" stroke-width="0.35"/>'
    box = f'<rect x="{x - 0.6}" y="{tip - 0.6}" width="1.2" height="1.2"/>'
    return ray(-grid_deg, star) + ray(0.0, box) + ray(facts["needle"]["degrees"] - grid_deg, arrow)
