"""What desks ask of sorties: one helicopter, from a place of the network to a landing place."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_ops.domain.payloads import Identity, Latitude, Longitude, Moment  # noqa: TC001 - pydantic reads them
from search_ops.domain.transport_wishes import Kilograms, PlaceId  # noqa: TC001
from search_ops.domain.wishes import Wish


class SortiesWish(Wish):
    """Who flies with which sortie; nothing is ordered or taken by asking."""

    resource_id: Identity
    from_place: PlaceId
    lon: Longitude
    lat: Latitude
    ready_at: Moment
    people: Annotated[int, Field(ge=0, le=200)]
    cargo_kg: Kilograms = 0.0
