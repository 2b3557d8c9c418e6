"""What stands on a sheet, in words: the rows of its tables, the bearing with its declination, the hazards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import segno
import shapely

from geo.coordinates import format_coordinates
from geo.grids import convergence_deg, from_utm, to_utm
from search_ops.paper.map_page import numbered_corners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from search_ops.paper.facts import SheetFacts
    from search_ops.paper.frame import MapFrame

_NEAR_M: Final = 100.0
_HAZARDS: Final = ("cliff", "water", "wetland", "railway")
# A stream is no hazard by itself; a river is.
_AS_WATER: Final = frozenset({"river", "coastline"})


def sheet_words(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> dict[str, Any]:
    """Return all texts of a sheet for the template, in the language of ``say(key, **variables)``."""
    return {
        "title": say("paper-title"),
        "map_title": say("paper-map"),
        "exercise": say("paper-exercise") if facts["exercise"] else None,
        "search": say("paper-search", number=facts["number"]),
        "callsign": facts["callsign"],
        "label": facts["label"],
        "label_kind": say(f"paper-{_kind(facts)}"),
        "facts": [[name, value] for name, value in _rows(facts, say)],
        "task": {"title": say("paper-task"), "text": facts["text"], "addresses": facts["addresses"]},
        "bearing": _bearing(facts, say),
        "bearing_notes": list(_bearing_notes(facts, frame, say)),
        "norths": say("paper-norths"),
        "hazards": {"title": say("paper-hazards"), "lines": list(_hazards(facts, frame, say))},
        "live": {"title": say("paper-live"), "url": facts["url"], "qr": qr_svg(facts["url"])},
        "report": _report(say),
        "corners": _corners(facts, frame, say),
        "smaller": _smaller(facts, frame, say),
        "printed": say("paper-printed", at=facts["printed"], zone=facts["zone_name"]),
        "page": say("paper-page", page="§1", pages="§2"),
        "attribution": say("paper-attribution", sources=facts["attribution"]),
    }


def qr_svg(url: str) -> str:
    """Return a QR code as SVG; quarter of it may be torn or wet and it still reads."""
    return str(segno.make(url, error="q", micro=False).svg_inline(border=2, unit="mm"))


def _kind(facts: SheetFacts) -> str:
    return {"line": "line", "list": "list"}.get(facts["sector_kind"], "sector")


def _rows(facts: SheetFacts, say: Callable[..., str]) -> Iterator[tuple[str, str]]:
    none = say("paper-none")
    yield say("paper-method"), facts["method"] or none
    yield say("paper-due"), facts["due"] or none
    every = facts["contact_every_min"]
    yield say("paper-contact"), none if every is None else say("paper-contact-every", minutes=every)
    yield say("paper-radio"), facts["radio_channel"] or none
    phones = "; ".join(f"{title} {number}" for title, number in facts["phones"])
    yield say("paper-phones"), phones or none
    entry = facts["entry"]
    if entry is not None:
        where = format_coordinates(entry["lon"], entry["lat"], "dd")
        yield say("paper-entry"), f"{where}  {entry['text']}".strip()
    if facts["muster"]:
        yield say("paper-muster"), facts["muster"]
    if facts["members"]:
        yield say("paper-members"), ", ".join(facts["members"])


def _bearing(facts: SheetFacts, say: Callable[..., str]) -> str:
    degrees = facts["emergency_bearing_deg"]
    if degrees is None:
        return say("paper-bearing-none")
    return say("emergency-bearing", degrees=round(degrees) % 360)


def _tenths(degrees: float, say: Callable[..., str]) -> str:
    """Write tenths of a degree with the decimal sign of the language."""
    return say("decimal", whole=f"{abs(degrees):.1f}".split(".")[0], rest=f"{abs(degrees):.1f}".split(".")[1])


def _bearing_notes(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> Iterator[str]:
    needle = facts["needle"]
    side = "west" if needle["degrees"] < 0 else "east"
    yield say(
        "paper-declination",
        degrees=_tenths(needle["degrees"], say),
        side=side,
        year=str(needle["year"]),
        model=needle["model"],
    )
    lon, lat = from_utm(frame.zone, frame.east_m, frame.north_m, south=frame.south)
    # Angle on the map + convergence = true bearing; minus declination = what the compass shows.
    correction = convergence_deg(lon, lat, frame.zone) - needle["degrees"]
    sign = "−" if correction < 0 else "+"
    yield say("paper-bearing-from-map", sign=sign, degrees=_tenths(correction, say))
    if needle["outdated"]:
        yield say("paper-declination-outdated")
    if needle["unreliable"]:
        yield say("paper-declination-unreliable")


def _hazards(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> Iterator[str]:
    blocked = sorted(n["label"] for n in facts["neighbours"] if n["mark"] == "blocked")
    if blocked:
        yield say("paper-hazard-blocked", labels=", ".join(blocked))
    near = frame.on_paper(shapely.from_wkb(facts["wkb"])).buffer(_NEAR_M / frame.m_per_mm)
    shapely.prepare(near)
    found: set[str] = set()
    for row in facts["ground"]:
        kind = "water" if row["kind"] in _AS_WATER else row["kind"]
        if kind in _HAZARDS and kind not in found:
            shape = frame.on_paper(shapely.from_wkb(row["wkb"]))
            if near.intersects(shape):
                found.add(kind)
    for kind in _HAZARDS:
        if kind in found:
            yield say(f"paper-hazard-{kind}")
    if not found and not blocked:
        yield say("paper-hazard-none")


def _smaller(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> str | None:
    """Return what tells that the map could not have the scale that was asked for."""
    wanted = facts["scale"]
    if wanted is None or wanted == frame.scale:
        return None
    return say("paper-scale-smaller", wanted=_thousands(wanted), scale=_thousands(frame.scale))


def _thousands(denominator: int) -> str:
    return f"{denominator:,}".replace(",", "\u00a0")


def _report(say: Callable[..., str]) -> dict[str, Any]:
    times = [say(f"paper-report-{name}") for name in ("out", "start", "end", "back")]
    blanks = [say(f"paper-report-{name}") for name in ("left", "finds", "track")]
    return {
        "title": say("paper-report"),
        "times": times,
        "blanks": blanks,
        "signature": say("paper-signature"),
    }


def _corners(facts: SheetFacts, frame: MapFrame, say: Callable[..., str]) -> dict[str, Any]:
    corners = numbered_corners(facts, frame)
    rows = []
    for number, (lon, lat) in enumerate(corners, start=1):
        at = to_utm(lon, lat)
        rows.append(
            [
                str(number),
                format_coordinates(lon, lat, "dd"),
                f"{at.zone}{at.band} {at.east_m:.0f} {at.north_m:.0f}",
            ]
        )
    whole = int(shapely.get_num_coordinates(shapely.from_wkb(facts["wkb"])))
    return {
        "title": say("paper-coordinates" if _kind(facts) == "sector" else "paper-coordinates-points"),
        "head": [
            say("paper-corner"),
            say("paper-degrees"),
            say("paper-utm", zone=f"{frame.zone}{frame.band}"),
        ],
        "rows": rows,
        "note": say("paper-corners-coarse") if len(corners) < whole - whole // 4 - 1 else None,
    }
