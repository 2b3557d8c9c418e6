"""Facts of an invented sheet, for drawing without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import LineString, Point, box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from search_ops.paper.facts import SheetFacts

LON, LAT = 104.30, 52.29
SECTOR = box(LON, LAT, LON + 0.0066, LAT + 0.0045)


def wkb(geometry: BaseGeometry) -> str:
    return shapely.to_wkb(geometry, hex=True)


def sheet(**changes: Any) -> SheetFacts:
    """Return the facts of a team in a forest by a lake, with some of them changed."""
    east = box(LON + 0.0066, LAT, LON + 0.0132, LAT + 0.0045)
    west = box(LON - 0.0066, LAT, LON, LAT + 0.0045)
    facts: dict[str, Any] = {
        "number": "2026-38-0147",
        "exercise": False,
        "printed": "22.11.2026, 18:05",
        "zone_name": "Asia/Irkutsk",
        "url": "http://192.168.1.10:8080/field/?operation=1&task=2",
        "callsign": "Лиса-12",
        "team_kind": "foot",
        "members": ["Арвен", "Гном"],
        "label": "G5-1",
        "sector_kind": "area",
        "addresses": [],
        "method": "Прочёс",
        "text": "С юга на север, 8 м между людьми.",
        "due": "22.11.2026, 21:30",
        "contact_every_min": 60,
        "emergency_bearing_deg": 240.0,
        "radio_channel": "8",
        "phones": [("Штаб", "+7 900 000-00-00")],
        "muster": "Стоянка у дороги",
        "headquarters": {"lon": LON - 0.003, "lat": LAT - 0.002, "text": ""},
        "entry": {"lon": LON + 0.001, "lat": LAT, "text": "у моста"},
        "last_known": None,
        "wkb": wkb(SECTOR),
        "neighbours": [
            {"label": "G6", "callsign": "Лиса-3", "mark": "", "wkb": wkb(east)},
            {"label": "G4", "callsign": "", "mark": "blocked", "wkb": wkb(west)},
        ],
        "needle": {
            "degrees": -4.6,
            "model": "WMM-2025",
            "year": 2026,
            "outdated": False,
            "unreliable": False,
        },
        "ground": [
            _row("forest", box(LON - 0.01, LAT + 0.001, LON + 0.004, LAT + 0.01)),
            _row("water", Point(LON + 0.005, LAT + 0.003).buffer(0.001), "Чёрное озеро"),
            _row("road", LineString([(LON - 0.02, LAT - 0.003), (LON + 0.02, LAT + 0.001)]), "", "primary"),
            _row("track", LineString([(LON, LAT - 0.005), (LON + 0.003, LAT + 0.02)])),
            _row("cliff", LineString([(LON + 0.004, LAT), (LON + 0.006, LAT + 0.002)])),
            _row("place", Point(LON + 0.004, LAT - 0.0018), "Нижние Ёлки", "village"),
        ],
        "contours": [],
        "pictures": [],
        "attribution": "© участники OpenStreetMap, лицензия ODbL 1.0",
        "scale": None,
        **changes,
    }
    return facts  # type: ignore[return-value]  # the keys are those of SheetFacts


def _row(kind: str, geometry: BaseGeometry, name: str = "", subkind: str = "") -> dict[str, str]:
    return {"kind": kind, "subkind": subkind, "name": name, "wkb": wkb(geometry)}
