"""What desks ask of transport: changes of the network and the catalogue, movements, local or fly in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from search_ops.domain.payloads import Identity, Latitude, Longitude, Moment
from search_ops.domain.wishes import Change, Line, NamedLine, NamedWords, Region, Wish, Words

PlaceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,59}$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
ZoneName = Annotated[str, Field(pattern=r"^[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}$", max_length=60)]
Share = Annotated[float, Field(ge=0, le=1)]
Kilograms = Annotated[float, Field(ge=0, le=1e6)]
Metres = Annotated[float, Field(gt=0, le=1e8)]
Minutes = Annotated[int, Field(ge=0, le=20_160)]
People = Annotated[int, Field(ge=0, le=5_000)]
Roubles = Annotated[float, Field(ge=0, le=1e10)]

LONGEST_DELAY: Final = timedelta(days=7)
"""A departure is late by so much at most, and so far back it is looked for by whoever plans."""
FARTHEST: Final = timedelta(days=31)
"""Nobody plans a movement farther ahead: every departure until then is written out."""

ServiceMode = Literal["flight", "helicopter", "rail", "bus", "river", "sea"]
WayMode = Literal["road", "winter_road", "river", "sea", "foot"]
ResourceState = Literal["available", "promised", "moving", "working", "resting", "broken"]
ResourceKind = Literal["group", "aircraft", "vehicle", "boat", "consultant", "equipment"]
ReportWord = Literal["left", "at_airport", "landed", "arrived"]
OptionKind = Literal[
    "neighbours_by_road", "neighbouring_regions", "scheduled_flight", "state_aircraft", "remote_consultant"
]


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]

# ---- the network -------------------------------------------------------------------------------


class PlaceWish(Change):
    """A place as it should stand from now on; `closed_until` opens it again by itself."""

    kind: Literal["settlement", "airport", "heliport", "station", "port", "site"]
    name: NamedLine
    name_ru: Line | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    region: Region | None = None
    time_zone: ZoneName | None = None
    transfer_min: Annotated[int, Field(ge=0, le=1_440)] | None = None
    opens: Clock | None = None
    closes: Clock | None = None
    closed: bool = False
    closed_until: Moment | None = None
    reason: NamedLine


class ServiceWish(Change):
    """A line of the timetable as it should stand; hours are those of the places."""

    mode: ServiceMode
    number: NamedLine
    operator: Line | None = None
    from_place: PlaceId
    to_place: PlaceId
    departs: Clock
    arrives: Clock
    day_offset: Annotated[int, Field(ge=0, le=8)] = 0
    weekdays: Annotated[str, Field(pattern=r"^[1-7]{1,7}$")]
    valid_from: Day | None = None
    valid_to: Day | None = None
    seats: People | None = None
    payload_kg: Kilograms | None = None
    door_length_m: Annotated[float, Field(gt=0, le=100)] | None = None
    door_width_m: Annotated[float, Field(gt=0, le=100)] | None = None
    door_height_m: Annotated[float, Field(gt=0, le=100)] | None = None
    cost_rub: Roubles | None = None
    confidence: Share | None = None
    withdrawn: bool = False
    reason: NamedLine


class DepartureWish(Change):
    """What has become of one day's departure; `as_planned` takes a cancellation or a delay back."""

    state: Literal["as_planned", "delayed", "cancelled"]
    delay_min: Annotated[int, Field(ge=1, le=LONGEST_DELAY // timedelta(minutes=1))] | None = None
    seats: People | None = None
    reason: NamedLine


class WayWish(Change):
    """A road, winter road, river or sea leg as it should stand; it goes both ways."""

    mode: WayMode
    from_place: PlaceId
    to_place: PlaceId
    distance_m: Metres | None = None
    duration_min: Annotated[float, Field(gt=0, le=20_160)]
    season_from: MonthDay | None = None
    season_to: MonthDay | None = None
    vehicle_class: Line | None = None
    confidence: Share | None = None
    withdrawn: bool = False
    reason: NamedLine


# ---- the catalogue -----------------------------------------------------------------------------


class ResourceWish(Change):
    """A group, an aircraft, a vehicle or a consultant as it should stand in the catalogue."""

    kind: ResourceKind
    name: NamedLine
    craft_type: Line | None = None
    base_place: PlaceId | None = None
    organisation_id: Identity | None = None
    people: People | None = None
    seats: People | None = None
    payload_kg: Kilograms | None = None
    speed_mps: Annotated[float, Field(gt=0, le=400)] | None = None
    ready_min: Minutes | None = None
    duty_min: Minutes | None = None
    runway_m: Annotated[float, Field(ge=0, le=10_000)] | None = None
    vehicle_class: Line | None = None
    night: bool | None = None
    cost_owner: Line | None = None
    cost_rub: Roubles | None = None
    confidence: Share | None = None
    equipment: Words | None = None
    withdrawn: bool = False
    reason: NamedLine


class ResourceStateWish(Change):
    """What a resource does now; promised, moving and working are for one search."""

    state: ResourceState
    operation_id: Identity | None = None
    reason: NamedLine


# ---- movements ---------------------------------------------------------------------------------


class CargoPiece(BaseModel):
    """Cargo that cannot be taken apart, `count` of the same kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    name: NamedLine
    kg: Annotated[float, Field(gt=0, le=1e5)]
    length_m: Annotated[float, Field(gt=0, le=50)]
    width_m: Annotated[float, Field(gt=0, le=50)]
    height_m: Annotated[float, Field(gt=0, le=50)]
    count: Annotated[int, Field(ge=1, le=200)] = 1


class MovingParty(BaseModel):
    """People and cargo that set out from one place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    place_id: PlaceId
    ready_at: Moment
    people: People
    cargo_kg: Kilograms = 0.0
    pieces: Annotated[list[CargoPiece], Field(max_length=50)] = Field(default_factory=list)


class LastLeg(BaseModel):
    """How one gets from the network to the point, as somebody who knows the ground says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    from_place: PlaceId
    mode: Literal["road", "winter_road", "river", "sea", "foot"]
    minutes: Annotated[int, Field(ge=1, le=10_080)]


class Destination(BaseModel):
    """A place of the network, or a point off it with the last leg."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    place_id: PlaceId | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    text: Line | None = None
    last_leg: LastLeg | None = None


class MovementWish(Wish):
    """Bring people and cargo to one place."""

    name: NamedLine
    parties: Annotated[list[MovingParty], Field(min_length=1, max_length=12)]
    to: Destination
    by_at: Moment | None = None
    unknown: Literal["ask", "leave_out"] = "ask"


class ReplanWish(Change):
    """Look for itineraries again, with what is known now."""


class MovementSearch(Wish):
    """What the worker is asked: itineraries of a movement, as it stands in the log."""

    movement_id: Identity


class MovementChoice(Change):
    """Take one of the proposed itineraries."""

    proposal_id: Identity
    number: Annotated[int, Field(ge=0, le=50)]
    reason: Line | None = None


class MovementReport(Wish):
    """How far a movement is: a leg, numbered from 0, and a word."""

    leg: Annotated[int, Field(ge=0, le=50)]
    word: ReportWord
    at: Moment | None = None
    note: Line | None = None


class MovementEnd(Change):
    """The movement does not take place, or no longer."""

    reason: NamedLine


class CommitmentChoice(Change):
    """Let the agency carry the movement that has accepted, whatever was chosen before."""

    commitment_id: Identity


class MovementRequest(Change):
    """Ask organisations to carry the movement, in the asker's words; who commits carries it."""

    what: NamedLine
    to: Annotated[list[Identity], Field(min_length=1, max_length=20)]
    basis: NamedWords
    note: Words | None = None
    contact: Line | None = None


# ---- local or fly in ---------------------------------------------------------------------------


class ComparisonWish(Wish):
    """Compare who could be at the search, when, with what.

    `window_ends_at` is until when the missing person is expected to live, as the coordinator judges.
    """

    to: Destination
    people: Annotated[int, Field(ge=1, le=2_000)]
    cargo_kg: Kilograms = 0.0
    window_ends_at: Moment
    life_at_stake: bool = True
    life_reason: NamedLine
    experts_place: PlaceId


class OptionChoice(Change):
    """Which option is taken, and why; the default needs a reason too."""

    option: OptionKind
    reason: NamedLine
