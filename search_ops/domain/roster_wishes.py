"""What registrars ask for: what a person can do and needs, things with numbers, who has them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from search_ops.domain.payloads import FIRST_YEAR, LAST_YEAR, Identity, Moment
from search_ops.domain.wishes import (
    Callsign,
    Change,
    Line,
    LonLat,
    NamedLine,
    Phone,
    Words,
)

Competence = Literal[
    "leader",
    "medic",
    "dog_handler",
    "drone_pilot",
    "offroad_driver",
    "snowmobile_driver",
    "boat_driver",
    "diver",
    "tracker",
    "radio_operator",
    "cartographer",
    "registrar",
    "rope_rescuer",
    "helicopter_receiver",
]
"""`leader` is a certified СПГ."""
Limit = Literal["night", "water", "long_walk", "heights", "carrying"]
ResourceKind = Literal[
    "radio",
    "navigator",
    "torch",
    "megaphone",
    "siren",
    "stretcher",
    "first_aid",
    "power_bank",
    "generator",
    "tent",
    "drone",
    "dog",
    "vehicle",
    "other",
]
GroundClass = Literal["car", "4x4", "swamp_vehicle", "snowmobile", "boat", "quad"]
Condition = Literal["ok", "broken", "lost", "taken_home"]
"""`taken_home`: its owner has left with it."""


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == len("2026-01-31") else None
        except ValueError:
            value = None
    if not isinstance(value, date) or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("day expected")
    return value


Day = Annotated[date, BeforeValidator(_day), Field(strict=False)]


class Certificate(BaseModel):
    """A competence and the last day on which it holds; None: without end."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    competence: Competence
    until: Day | None = None


class RidePlace(BaseModel):
    """Where somebody is picked up or set down; without coordinates no crew can be planned for him."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    text: Line = ""
    at: LonLat | None = None


class PersonChange(Change):
    """Complete what is known of somebody; only the named fields change."""

    name: Line | None = None
    phone: Phone | None = None
    callsign: Callsign | None = None
    certificates: Annotated[list[Certificate], Field(max_length=30)] | None = None
    adult: bool | None = None
    leaves_at: Moment | None = None
    shift_from: Moment | None = None
    limits: Annotated[list[Limit], Field(max_length=10)] | None = None
    needs: Annotated[list[Competence], Field(max_length=5)] | None = None
    pickup_place: RidePlace | None = None
    home_place: RidePlace | None = None
    ready_at: Moment | None = None
    gear_l: Annotated[int, Field(ge=0, le=2_000)] | None = None


class ResourceWish(Change):
    """List a thing, or change what is known of it.

    `goes_with` are the people of whom it needs one beside it: a car's drivers, a dog's handlers, the owner
    of a radio of his own; empty: headquarters gives it. The first driver of a vehicle drives it.
    """

    kind: ResourceKind
    number: NamedLine
    name: Line | None = None
    ground_class: GroundClass | None = None
    seats: Annotated[int, Field(ge=0, le=60)] | None = None
    gear_space_l: Annotated[int, Field(ge=0, le=50_000)] | None = None
    plate: Line | None = None
    goes_with: list[Identity] = Field(default_factory=list, max_length=10)
    ready_until: Moment | None = None
    condition: Condition = "ok"
    note: Words | None = None


class IssueWish(Change):
    """Give a thing to a team or to a person, one of the two."""

    team_id: Identity | None = None
    participant_id: Identity | None = None


class ReturnWish(Change):
    """A thing is back, or it is known what became of it."""

    condition: Condition = "ok"
    note: Words | None = None
