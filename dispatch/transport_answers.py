"""Questions about movements and their answers: itineraries with what they carry, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.transport_values import Ask, Mode, Party

Reason = Literal[
    # what is wrong with network or question
    "listed_twice",
    "unknown_place",
    "unknown_departure",
    "figure_invalid",
    "time_without_zone",
    "timetable_backward",
    "timetable_cyclic",
    "window_backward",
    "no_parties",
    "nothing_to_move",
    "network_too_large",
    # why a movement cannot be
    "outside_network",
    "no_connection",
    "after_deadline",
    "no_seats",
    "too_heavy",
    "too_large",
    "closed_place",
    "closed_at_that_time",
    "cancelled",
    "out_of_season",
    "taken_elsewhere",
    # why a vehicle or aircraft cannot
    "figure_unknown",
    "no_runway",
    "runway_too_short",
    "wrong_surface",
    "too_far_for_payload",
    "no_crew_time",
    "no_daylight",
    "not_ready_in_time",
    "no_way_for_vehicle",
]
Name = Literal["soonest", "latest_leaving", "cheapest", "surest", "fewest_questions", "fewest_changes"]
LegKind = Literal["departure", "way"]
Method = Literal["scan", "preview", "exact"]
Ended = Literal["proven", "effort_spent"]


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, and whom it concerns.

    Attributes
    ----------
    reason
        ``listed_twice``: an id is used again. ``timetable_backward``: a departure arrives no later than it
        leaves. ``timetable_cyclic``: it ends where it begins, or the parts of a run do not follow each other.
        ``window_backward``: a window ends before it begins. ``outside_network``: nothing leaves from the
        place, or nothing arrives there. ``no_connection``: there are departures and ways, but none leads on.
        ``after_deadline``: only later. ``no_seats``, ``too_heavy``, ``too_large``: with room there would be a
        way. ``closed_place``, ``closed_at_that_time``, ``cancelled``, ``out_of_season``: without that there
        would be a way. ``taken_elsewhere``: seats or payload went to others, or the aircraft flies for
        others. ``figure_unknown``: without the figure no time can be worked out: ``what``
        names it.
    place_id, departure_id, way_id, craft_id, party_id
        Whom it concerns, as far as that can be said.
    what
        Name of the field or figure.
    need, have
        What it takes and what there is, in the unit of the figure (seats, kilograms, metres, seconds).
    at
        When it would be possible, or the instant that is wrong.
    """

    reason: Reason
    place_id: str | None = None
    departure_id: str | None = None
    way_id: str | None = None
    craft_id: str | None = None
    party_id: str | None = None
    what: str | None = None
    need: float | None = None
    have: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No answer, and why: the reasons that matter most first, never empty."""

    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """People and cargo that have to come to one place.

    Attributes
    ----------
    to_id
        Where to; a place off the network is one with a way to it.
    by_at
        Deadline; None for as soon as possible. Exact answers need one.
    person_kg
        A person with what is carried on the body, where people count against a payload. Assumption.
    unknown
        Whether departures may be used whose seats, payload or door nobody knows: ``ask`` uses them and says
        what to ask for, ``leave_out`` does not.
    """

    parties: tuple[Party, ...]
    to_id: str
    by_at: datetime | None = None
    person_kg: float = 100.0
    unknown: Literal["ask", "leave_out"] = "ask"


@dataclass(frozen=True, slots=True)
class Load:
    """What of a party goes together.

    Attributes
    ----------
    pieces
        Ids of pieces and how many of each, sorted.
    """

    party_id: str
    people: int
    cargo_kg: float = 0.0
    pieces: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """One part of an itinerary.

    Attributes
    ----------
    ref_id
        Of the departure or way.
    service_id
        Of the departure; empty for a way.
    leaves_at, arrives_at
        A way begins when the traveller is there, or when it opens.
    cost_rub
        For this load; None where unknown. What a departure costs as a whole counts in full.
    aboard
        Whether one stays in one's seat from the leg before.
    """

    kind: LegKind
    ref_id: str
    service_id: str
    mode: Mode
    from_id: str
    to_id: str
    leaves_at: datetime
    arrives_at: datetime
    cost_rub: float | None = None
    confidence: float | None = None
    aboard: bool = False


@dataclass(frozen=True, slots=True)
class Itinerary:
    """How one load comes from its place to the end.

    Attributes
    ----------
    ready_at
        When the load could set out; the first leg may leave later.
    arrives_at
        Of the last leg; ``ready_at`` where the load is there already.
    cost_rub
        Of the legs whose cost is known; the others are among ``asks``.
    confidence
        Product over the legs whose confidence is known; the others are among ``asks``.
    asks
        What somebody has to ask for before this can be relied on.
    names
        In what it is best among the alternatives.
    """

    load: Load
    legs: tuple[Leg, ...]
    ready_at: datetime
    arrives_at: datetime
    cost_rub: float = 0.0
    confidence: float = 1.0
    asks: tuple[Ask, ...] = ()
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Itineraries of which none is better than another in time, cost, confidence and open questions at once.

    Attributes
    ----------
    itineraries
        The soonest first.
    complete
        Whether all such were found; otherwise the search was bounded and some may be missing.
    """

    itineraries: tuple[Itinerary, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What does not arrive in time, and why."""

    load: Load
    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class MovementPlan:
    """Itineraries of all parties within shared seats and payload.

    Attributes
    ----------
    itineraries
        A party may be divided among several.
    left_behind
        Empty when all arrive.
    method
        ``scan``: one party, earliest arrival. ``preview``: one load after the other. ``exact``: all at once.
    ended, gap
        Whether it is proven that no plan is better, and by how much, relative, one could be; inf for a
        preview.
    """

    itineraries: tuple[Itinerary, ...]
    left_behind: tuple[LeftBehind, ...]
    method: Method
    ended: Ended = "effort_spent"
    gap: float = float("inf")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who and what is on one departure, or sets out on one way at one time.

    Attributes
    ----------
    people, kg
        Sums over the loads; kilograms of cargo and pieces, without people.
    seats, payload_kg
        What the departure has; None where unknown or for a way.
    """

    kind: LegKind
    ref_id: str
    service_id: str
    from_id: str
    to_id: str
    leaves_at: datetime
    arrives_at: datetime
    loads: tuple[Load, ...]
    people: int
    kg: float
    seats: int | None = None
    payload_kg: float | None = None
