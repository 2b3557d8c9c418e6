"""What desks ask of landing places: candidates near a place, and a person's word on each."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from search_ops.domain.payloads import Identity, Latitude, Longitude  # noqa: TC001 - pydantic reads them
from search_ops.domain.wishes import NamedLine, Wish


class LandingWish(Wish):
    """Look for places near this one where a helicopter could land."""

    lon: Longitude
    lat: Latitude
    within_m: Annotated[float, Field(ge=200, le=2_000)] = 1_000.0


class LandingVerdict(Wish):
    """A person has looked at a place: one may land there, or not, and why.

    Either a candidate of a search, or a place that somebody on the spot names by `lon` and `lat`.
    `base_version`: of the word that stands; null: nobody has judged it yet.
    """

    search_id: Identity | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    verdict: Literal["confirmed", "rejected"]
    reason: NamedLine
    base_version: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        named = (self.lon is not None, self.lat is not None)
        if named != (self.search_id is None,) * 2:
            raise ValueError("either a search with the candidate, or lon and lat")
        return self
