"""The transport network as values: places, departures by timetable, ways at any time, vehicles and aircraft.

Times are aware; inside only their instants count, so midnight, time zones and longitude 180 mean nothing. A
figure that nobody knows is ``None``: it is never guessed, and whoever uses it gets an ``Ask`` in the answer.
Questions and answers are in ``dispatch.transport_answers``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

PlaceKind = Literal["settlement", "airport", "heliport", "station", "port", "site"]
Mode = Literal["flight", "helicopter", "rail", "bus", "road", "winter_road", "river", "sea", "foot"]
Surface = Literal["paved", "gravel", "ground", "snow", "ice", "water"]


@dataclass(frozen=True, slots=True)
class Window:
    """From one instant to a later one; a thing may happen from the first to the last, both included."""

    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Runway:
    """A runway.

    Attributes
    ----------
    length_m
        None where unknown.
    surface
        None where unknown.
    closed
        Whether it is known not to be in use.
    """

    length_m: float | None = None
    surface: Surface | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a movement begins, changes or ends.

    Attributes
    ----------
    zone
        IANA name of its time zone, for whoever shows times; nothing here counts with it.
    runways
        None where nobody has said; empty where there are none.
    open_windows
        When departures may leave and arrive here, each instant of the time asked about; None: always. Hours
        of opening are written out by whoever knows the zone.
    closed
        Whether no departure leaves or arrives here at all. Ways pass it all the same.
    transfer_s
        Least time from being here to leaving by a departure (tickets, loading), >= 0, however one came.
        Whoever stays aboard needs none, nor does leaving by a way.
    """

    place_id: str
    kind: PlaceKind
    lon_deg: float
    lat_deg: float
    zone: str = "UTC"
    runways: tuple[Runway, ...] | None = None
    open_windows: tuple[Window, ...] | None = None
    closed: bool = False
    transfer_s: int = 0


@dataclass(frozen=True, slots=True)
class Door:
    """The least opening that cargo must pass, and the length that fits behind it."""

    width_m: float
    height_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What going costs, in roubles, and who pays: for the whole departure, each person, each kilogram."""

    whole_rub: float = 0.0
    person_rub: float = 0.0
    kg_rub: float = 0.0
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """That a departure takes one vehicle or aircraft, and for how long: it cannot be on two at a time.

    Attributes
    ----------
    busy_from, busy_to
        From when it is taken (it may have to come first) until it can begin something else.
    """

    craft_id: str
    busy_from: datetime
    busy_to: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure from one place to the next one, at a fixed time.

    Attributes
    ----------
    service_id
        What people know it by: a flight's number, a train's.
    run_id
        The run of a vehicle of which this is one part: from one part to the next one may stay aboard, without
        ``transfer_s``. None: nobody stays aboard.
    departs_at, arrives_at
        The second later than the first.
    seats, payload_kg, door
        None where unknown. No door restricts nothing when the departure takes only people.
    people_weigh
        Whether people count against ``payload_kg`` (aircraft of our own) or it is for cargo alone (services).
    cost
        None where unknown.
    confidence
        Probability that it goes as it says, 0..1; None where unknown.
    use
        The vehicle or aircraft for which it was worked out; None for a timetable.
    asks
        Figures of that vehicle, aircraft or runway that somebody has to ask for first: see ``Ask``.
    """

    departure_id: str
    service_id: str
    mode: Mode
    from_id: str
    to_id: str
    departs_at: datetime
    arrives_at: datetime
    seats: int | None = None
    payload_kg: float | None = None
    door: Door | None = None
    people_weigh: bool = False
    cost: Cost | None = None
    confidence: float | None = None
    run_id: str | None = None
    use: Use | None = None
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A way that can be begun at any time by as many as come; one direction.

    What carries few at a time is a :class:`Vehicle`: its runs along ways of its class are departures.

    Attributes
    ----------
    vehicle_class
        What goes on it. ``None``: whoever travels has what it takes (on foot, taxis, own cars).
    duration_s, distance_m
        Over the ground, > 0; distance None where unknown.
    open_windows
        When one may be on it, from beginning to end: a winter road, a river without ice, a ferry's months;
        one window for each year's season. None: always.
    """

    way_id: str
    mode: Mode
    from_id: str
    to_id: str
    duration_s: int
    distance_m: float | None = None
    vehicle_class: str | None = None
    open_windows: tuple[Window, ...] | None = None
    cost: Cost | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A car, bus, boat or tracked vehicle that runs along ways of its class, there and back.

    Attributes
    ----------
    place_id
        Where it stands.
    ready_at
        From when it and its driver can go; None where unknown, and then it makes no departures.
    duty_s
        How long its driver may be under way from the first departure to the return; None where unknown.
    loading_s
        Between two runs, and before the way back.
    pace
        How much longer its ways take than they say, > 0.
    """

    craft_id: str
    vehicle_class: str
    place_id: str
    ready_at: datetime | None
    seats: int | None = None
    payload_kg: float | None = None
    door: Door | None = None
    duty_s: int | None = None
    loading_s: int = 600
    pace: float = 1.0
    cost: Cost | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PayloadRange:
    """One corner of the line of payload against range: so many kilograms fly so far without landing."""

    range_m: float
    payload_kg: float


@dataclass(frozen=True, slots=True)
class Aircraft:
    """An aircraft that flies when asked to: state, charter or of volunteers.

    Attributes
    ----------
    place_id
        Its base; it flies empty from there to where it loads.
    vertical
        Whether it needs no runway: a helicopter.
    ready_at
        From when it can leave its base, notice included; None where unknown, and then it makes no departures.
    cruise_mps
        None where unknown, and then it makes no departures.
    payload_range
        Corners of the line, by rising range; between two the line is straight, before the first it is level,
        beyond the last nothing flies. None where unknown.
    runway_m
        Length it needs with the load; 0 for none; None where unknown.
    surfaces
        On which it may land; None where unknown.
    duty_s
        The crew's longest duty, from leaving the base for the first departure until it is back there; None
        where unknown.
    daylight_only
        None where unknown.
    ground_s
        On the ground between landing and the next take-off.
    taxi_s
        What take-off, climb and approach add to the distance at cruise, each flight.
    """

    craft_id: str
    type_name: str
    place_id: str
    ready_at: datetime | None
    vertical: bool = False
    cruise_mps: float | None = None
    payload_range: tuple[PayloadRange, ...] | None = None
    runway_m: float | None = None
    surfaces: frozenset[Surface] | None = None
    seats: int | None = None
    door: Door | None = None
    duty_s: int | None = None
    daylight_only: bool | None = None
    ground_s: int = 2700
    taxi_s: int = 1200
    cost: Cost | None = None
    confidence: float | None = None


AskWhat = Literal[
    "seats",
    "payload_kg",
    "door",
    "cost",
    "confidence",
    "ready_at",
    "cruise_mps",
    "payload_range",
    "runway_m",
    "runway_length_m",
    "surfaces",
    "surface",
    "duty_s",
    "daylight_only",
    "daylight",
]
Subject = Literal["place", "departure", "way", "craft"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A figure that nobody knows and on which an answer rests: somebody has to ask for it.

    Attributes
    ----------
    what
        The field of that name; ``runway_length_m`` and ``surface`` are of a place, ``daylight`` says that no
        hours of light were given for it.
    """

    what: AskWhat
    subject: Subject
    subject_id: str


@dataclass(frozen=True, slots=True)
class Network:
    """All that is known, as it is seen and edited; compiled before it answers.

    Departures may come from a timetable or be worked out for vehicles and aircraft; both are the same here.
    """

    places: tuple[Place, ...]
    departures: tuple[Departure, ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a departure: cancelled, or other times; applied without compiling anew.

    Of several about one departure the last says whether it goes. An aircraft is taken as much later.

    Attributes
    ----------
    departs_at, arrives_at
        None: as before. Both are given for a delay.
    """

    departure_id: str
    cancelled: bool = False
    departs_at: datetime | None = None
    arrives_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Cargo that cannot be taken apart, with its sides; `count` of the same kind.

    It may be turned on its side and about: it fits where its three sides, in some order, fit.
    """

    piece_id: str
    kg: float
    length_m: float
    width_m: float
    height_m: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class Party:
    """People and cargo that start from one place.

    Attributes
    ----------
    ready_at
        From when they can set out.
    cargo_kg
        Cargo that can be divided at will, kilograms >= 0.
    pieces
        Cargo that cannot; their kilograms are not in ``cargo_kg``.
    """

    party_id: str
    place_id: str
    ready_at: datetime
    people: int
    cargo_kg: float = 0.0
    pieces: tuple[Piece, ...] = field(default_factory=tuple)
