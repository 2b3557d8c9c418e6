"""What the cartographer asks of single sectors: draw, split, merge, move corners, mark, restore."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from search_ops.domain.payloads import Identity, Latitude, Longitude
from search_ops.domain.wishes import Change, NamedLine, Wish

MAX_ADDRESSES = 500
Position = Annotated[tuple[Longitude, Latitude], Field(strict=False)]
SectorIds = Annotated[list[Identity], Field(min_length=2, max_length=200)]


class _Edit(Wish):
    """Base of edits: sectors with unfinished tasks are refused unless the sender says that he knows."""

    although_worked: bool = False


class Address(BaseModel):
    """A place of an address list; without a position it is only text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    text: NamedLine
    lon: Longitude | None = None
    lat: Latitude | None = None


class GroundLine(BaseModel):
    """A line of the imported ground: the one of a class that lies nearest to a place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    line_class: Annotated[str, Field(max_length=40)]
    lon: Longitude
    lat: Latitude


class SectorWish(_Edit):
    """Draw a sector: ground (Polygon, MultiPolygon), a line (drawn or of the ground), or addresses."""

    kind: Literal["area", "line", "list"]
    geometry: dict[str, Any] | None = None
    ground_line: GroundLine | None = None
    corridor_m: Annotated[float, Field(gt=0, le=1_000)] = 50.0
    addresses: list[Address] = Field(default_factory=list, max_length=MAX_ADDRESSES)
    name: NamedLine | None = None

    @model_validator(mode="after")
    def _whole(self) -> SectorWish:
        drawn, found, listed = self.geometry is not None, self.ground_line is not None, bool(self.addresses)
        wanted = {"area": (True, False, False), "list": (False, False, True)}
        if self.kind == "line":
            if drawn == found or listed:
                raise ValueError("a line is drawn or taken from the ground")
        elif (drawn, found, listed) != wanted[self.kind]:
            raise ValueError("the kind of sector and what it is made of do not go together")
        return self


class SplitWish(_Edit):
    """Split a sector along a line: GeoJSON LineString from border to border."""

    line: dict[str, Any]


class MergeWish(_Edit):
    """Make one sector of several that hang together."""

    sector_ids: SectorIds


class CornerMove(BaseModel):
    """Move a corner, or put a new one on the border between two: all sectors there follow."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    at: Position
    to: Position
    between: tuple[Position, Position] | None = Field(default=None, strict=False)


class ReshapeWish(_Edit):
    """Move corners of sectors."""

    moves: Annotated[list[CornerMove], Field(min_length=1, max_length=200)]


class RestoreWish(_Edit):
    """Take an edit back: the ground is cut again as these retired sectors had it, under new labels."""

    sector_ids: Annotated[list[Identity], Field(min_length=1, max_length=200)]


class MarkWish(Change):
    """Mark a sector: hazard, keep out; or another organisation searches there; or take the mark off."""

    mark: Literal["blocked", "held_by_other"] | None
    reason: NamedLine | None = None
    organisation_id: Identity | None = None
    although_worked: bool = False

    @model_validator(mode="after")
    def _told_why(self) -> MarkWish:
        if self.mark == "blocked" and self.reason is None:
            raise ValueError("a hazard has a reason")
        if (self.mark == "held_by_other") != (self.organisation_id is not None):
            raise ValueError("the organisation that holds it is named, and only then")
        return self
