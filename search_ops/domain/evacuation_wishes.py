"""What desks ask of an evacuation: the way out from where the person was found, and that it begins."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from search_ops.domain.payloads import Identity, Latitude, Longitude  # noqa: TC001 - pydantic reads them
from search_ops.domain.wishes import Change, LonLat, NamedLine, Wish

_Minutes = Annotated[float, Field(ge=0, le=48 * 60)]


class EvacuationWish(Wish):
    """Plan the way out from a place.

    `ambulance_min`: in how many minutes an ambulance can be at headquarters' end of the road; None: nobody
    has said. `landing` with `aircraft_min`: where an aircraft could land, and in how many minutes it can be
    there; it lands by daylight only.
    """

    lon: Longitude
    lat: Latitude
    find_id: Identity | None = None
    walking: Literal["carried", "escorted"] = "carried"
    weight_kg: Annotated[float, Field(gt=0, le=400)] | None = None
    medic_wanted: bool = True
    ambulance_min: _Minutes | None = None
    landing: LonLat | None = None
    aircraft_min: _Minutes | None = None


class EvacuationOrder(Change):
    """Begin: the teams called go to the person, all others are recalled."""

    exit_id: NamedLine
