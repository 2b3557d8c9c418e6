"""What a sheet and its map are drawn from: plain JSON values, so that a child process can draw them."""

from __future__ import annotations

from typing import Any, TypedDict


class Place(TypedDict):
    """A point for people: degrees, EPSG:4326, and words."""

    lon: float
    lat: float
    text: str


class Neighbour(TypedDict):
    """A sector beside the team's own: who works there, or why nobody may."""

    label: str
    callsign: str
    mark: str
    wkb: str


class GroundRow(TypedDict):
    """A feature of the ground: geometry in hexadecimal WKB, lon/lat."""

    kind: str
    subkind: str
    name: str
    wkb: str


class Contour(TypedDict):
    """One height's lines."""

    elevation_m: float
    index: bool
    wkb: str


class Needle(TypedDict):
    """Magnetic declination, east positive, with the model, the year and its doubts."""

    degrees: float
    model: str
    year: int
    outdated: bool
    unreliable: bool


class SheetFacts(TypedDict):
    """All that one team's paper shows; every moment already in the operation's local time."""

    number: str
    exercise: bool
    printed: str
    zone_name: str
    url: str
    callsign: str
    team_kind: str
    members: list[str]
    label: str
    sector_kind: str
    addresses: list[str]
    method: str
    text: str
    due: str
    contact_every_min: int | None
    emergency_bearing_deg: float | None
    radio_channel: str
    phones: list[tuple[str, str]]
    muster: str
    headquarters: Place | None
    entry: Place | None
    last_known: Place | None
    wkb: str
    neighbours: list[Neighbour]
    needle: Needle
    ground: list[GroundRow]
    contours: list[Contour]
    pictures: list[dict[str, Any]]
    attribution: str
    scale: int | None
