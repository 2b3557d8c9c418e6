"""What desks ask for: the bodies of intents, strict and closed (RELIABILITY 30).

A wish is only form: types, lengths, ranges. Whether it may be granted is decided under the lock. Each carries
the sender's `command_id`; `base_version` is the version of the thing that he saw, None: nothing there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from geo.grid import MAX_CELL_M, MAX_STEP_DEG, MIN_CELL_M, MIN_STEP_DEG
from search_ops.domain.payloads import LAST_YEAR, Identity, Latitude, Longitude, Moment

# Controls, half surrogates and marks that turn the direction of writing have no place in names and messages.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def _readable(value: str) -> str:
    if _HIDDEN.search(value) is not None:
        raise ValueError("control character")
    return unicodedata.normalize("NFC", value).strip()


def _filled(value: str) -> str:
    if not value:
        raise ValueError("must not be empty")
    return value


Line = Annotated[str, Field(max_length=200), AfterValidator(_readable)]
NamedLine = Annotated[Line, AfterValidator(_filled)]
Words = Annotated[str, Field(max_length=4000), AfterValidator(_readable)]
NamedWords = Annotated[Words, AfterValidator(_filled)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+() .,;#*-]*$"), AfterValidator(_readable)]
Callsign = Annotated[str, Field(max_length=40), AfterValidator(_readable), AfterValidator(_filled)]
Region = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
Version = Annotated[int, Field(ge=0, le=2**53 - 1)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000)]
TeamKind = Literal["foot", "dog", "vehicle", "boat", "air", "other"]
Source = Literal["radio", "in_person", "call", "paper"]


class Wish(BaseModel):
    """Base of all wishes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    command_id: Identity


class Change(Wish):
    """A wish about something that is there: it says which version of it the sender saw."""

    base_version: Version | None = None


# ---- cases and operations ----------------------------------------------------------------------


class CaseWish(Wish):
    """Open a case; who, where and when may each be unknown."""

    region: Region
    who: Line | None = None
    last_seen_place: Words | None = None
    last_seen_at: Moment | None = None
    exercise: bool = False
    applicant_name: Line | None = None
    applicant_phone: Phone | None = None


class _Subject(BaseModel):
    name: Line | None = None
    birth_year: Annotated[int, Field(ge=1880, le=LAST_YEAR)] | None = None
    sex: Literal["male", "female"] | None = None
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    description: Words | None = None
    clothes: Words | None = None
    health: Words | None = None
    phone: Phone | None = None
    home: Words | None = None


class SubjectWish(_Subject, Wish):
    """Add one more missing person to a case."""


class SubjectChange(_Subject, Change):
    """Complete what is known of a person; only the named fields change."""


class CircumstancesChange(Change):
    """Complete the circumstances; only the named fields change."""

    last_seen_place: Words | None = None
    last_seen_at: Moment | None = None
    applicant_name: Line | None = None
    applicant_phone: Phone | None = None
    circumstances: Words | None = None


class ConfirmationWish(Wish):
    """The police confirm the case with its number in their register (КУСП)."""

    kusp_number: NamedLine
    officer_name: NamedLine
    officer_phone: Phone


class OperationWish(Wish):
    """Open a search for a case; an exercise stays one, a real case may also be trained on."""

    time_zone: Annotated[str, Field(max_length=64)]
    exercise: bool | None = None


class StateWish(Change):
    """СТОП, resume or suspend."""

    state: Literal["active", "hold_verify", "hold_evacuate", "suspended"]
    reason: Line | None = None


class ClosingWish(Change):
    """Close the search; `reason` closes it although not everybody is home."""

    outcome: Literal[
        "found_alive", "found_undisclosed", "not_found", "identified", "unconfirmed", "handed_over"
    ]
    reason: Line | None = None


class BriefingPhone(BaseModel):
    """A number that everybody on the search may dial."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: NamedLine
    phone: Phone


class LonLat(BaseModel):
    """A place, EPSG:4326."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    lon: Longitude
    lat: Latitude


class BriefingWish(Change):
    """Release the briefing: every participant reads it."""

    text: NamedWords
    radio_channel: Line | None = None
    muster_text: Words | None = None
    headquarters: LonLat | None = None
    phones: Annotated[list[BriefingPhone], Field(max_length=20)] = []


# ---- planning ----------------------------------------------------------------------------------


class PointWish(Change):
    """Set the last known position or the entry point, per subject and scenario."""

    lon: Longitude
    lat: Latitude
    subject_id: Identity | None = None
    scenario_id: Identity | None = None
    text: Words | None = None
    seen_at: Moment | None = None


class AreaWish(Change):
    """Draw the area: a GeoJSON Polygon or MultiPolygon."""

    geometry: dict[str, Any]


class PartitionWish(Change):
    """Cut the area; `base_version` is that of the newest partition, None when there is none.

    Grids: cells of `cell_m` (by `cell_height_m`), or of `step_lon_deg` by `step_lat_deg` when aligned to
    degrees; `grow` goes on with the names of the newest grid. Groups: cells or faces gathered into `groups`
    sectors of equal effort for a kind of team, or into as many as take `hours` each. Layer: an uploaded file.
    """

    method: Literal["grid", "natural", "groups", "layer"] = "grid"
    keep_worked: bool = False
    min_area_m2: Annotated[float, Field(ge=0, le=1e9)] | None = None
    cell_m: Annotated[float, Field(ge=MIN_CELL_M, le=MAX_CELL_M)] = 500.0
    cell_height_m: Annotated[float, Field(ge=MIN_CELL_M, le=MAX_CELL_M)] | None = None
    align: Literal["local", "utm", "geographic"] = "local"
    step_lon_deg: Annotated[float, Field(ge=MIN_STEP_DEG, le=MAX_STEP_DEG)] | None = None
    step_lat_deg: Annotated[float, Field(ge=MIN_STEP_DEG, le=MAX_STEP_DEG)] | None = None
    origin: LonLat | None = None
    letters: Literal["latin", "cyrillic"] = "latin"
    skipped: Annotated[str, Field(max_length=33)] | None = None
    letters_down: bool = False
    from_east: bool = False
    from_south: bool = False
    scheme: Literal["letter_number", "number_letter", "numbers"] = "letter_number"
    sub_cells: Annotated[int, Field(ge=1, le=3)] = 1
    grow: bool = False
    lines: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] | None = None
    snap_m: Annotated[float, Field(ge=0, le=100)] = 15.0
    max_area_m2: Annotated[float, Field(gt=0, le=1e10)] | None = None
    units: Literal["cells", "faces"] = "cells"
    groups: Annotated[int, Field(ge=1, le=500)] | None = None
    hours: Annotated[float, Field(gt=0, le=100)] | None = None
    team_kind: TeamKind = "foot"
    file_id: Identity | None = None
    layer: Annotated[str, Field(max_length=200)] | None = None
    first_wins: bool = False


# ---- people and tasks --------------------------------------------------------------------------


class ParticipantWish(Wish):
    """Add somebody without a phone, by name or callsign."""

    name: Line | None = None
    callsign: Callsign | None = None
    phone: Phone | None = None
    state: Literal["invited", "going", "on_site", "available"] = "on_site"


class ParticipantStateWish(Change):
    """Move a participant; at closing a word says how it is known that he is home."""

    state: Literal["invited", "going", "on_site", "available", "on_task", "resting", "left", "home"]
    at: Moment | None = None
    source: Source = "in_person"
    word: Literal["called_at_home", "seen_leaving", "handed_over"] | None = None


Members = Annotated[list[Identity], Field(min_length=1, max_length=60)]


class TeamWish(Wish):
    """Form a team from people on site."""

    callsign: Callsign
    kind: TeamKind = "foot"
    leader_id: Identity
    member_ids: Members


class TeamChange(Change):
    """Change leader or members, or disband the team."""

    leader_id: Identity | None = None
    member_ids: Members | None = None
    disbanded: bool = False


class TaskWish(Change):
    """Give a sector to a team; `alongside` says that another team works there and that this is known."""

    team_id: Identity
    sector_id: Identity
    method: Line | None = None
    due_at: Moment | None = None
    contact_every_min: Annotated[int, Field(ge=5, le=24 * 60)] | None = None
    text: Words | None = None
    emergency_bearing_deg: Annotated[float, Field(ge=0, le=360)] | None = None
    alongside: bool = False


class TaskStateWish(Change):
    """Move a task; `at` is when it happened, `source` by which channel headquarters knows."""

    state: Literal[
        "briefed", "out", "on_task", "returning", "back", "debriefed", "closed", "recalled", "cancelled"
    ]
    at: Moment | None = None
    source: Source = "radio"
    reason: Line | None = None


class AlarmTaken(Wish):
    """Somebody has taken the alarm."""


class AlarmClosed(Wish):
    """The alarm is over, for a reason."""

    reason: NamedLine


# ---- joint requests ----------------------------------------------------------------------------


class AskedItem(BaseModel):
    """One kind of people or means, and how many."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    what: NamedLine
    quantity: Quantity
    unit: Line | None = None


class RequestWish(Wish):
    """Ask other organisations for people or means."""

    to: Annotated[list[Identity], Field(min_length=1, max_length=20)]
    items: Annotated[list[AskedItem], Field(min_length=1, max_length=20)]
    place_text: Words | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    needed_at: Moment | None = None
    basis: NamedWords
    note: Words | None = None
    contact: Line | None = None


class ReceivedWish(Change):
    """A named duty officer has opened the request, or was told by phone."""

    organisation_id: Identity
    officer_name: NamedLine
    officer_post: Line | None = None
    officer_phone: Phone | None = None
    via: Literal["opened", "phone"] = "opened"


class AnswerWish(Change):
    """An organisation accepts an item with quantity and arrival, or declines it with a reason."""

    organisation_id: Identity
    item_id: Identity
    decision: Literal["accept", "decline"]
    quantity: Quantity | None = None
    arrive_at: Moment | None = None
    leader: Line | None = None
    phone: Phone | None = None
    reason: Words | None = None


class CancelWish(Change):
    """The requesting side no longer needs it."""

    reason: NamedLine


class ToldWish(Wish):
    """What an agency said by phone: as told, unconfirmed."""

    organisation_id: Identity
    name: NamedLine
    post: Line | None = None
    phone: Phone | None = None
    said_at: Moment | None = None
    text: NamedWords
    item_id: Identity | None = None
    decision: Literal["accept", "decline"] | None = None
    quantity: Quantity | None = None
    arrive_at: Moment | None = None


class ToldConfirmation(Wish):
    """An officer of that organisation confirms what was told."""

    officer_name: Line | None = None
