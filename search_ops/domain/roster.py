"""The roster as typed facts: what each person, thing and team can do now, read from an operation's state.

Desks that form teams, give tasks and plan cars read this and nothing else; sealed fields are opened before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from search_ops.domain.shift import worked_s

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Entities = Iterable[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is picked up or set down; without coordinates no car can be planned for him."""

    text: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody of the operation.

    Attributes
    ----------
    certificates
        Competence -> last day on which it holds, None without end; expired ones included.
    adult
        None when nobody has asked.
    leaves_at
        When he has to be back to leave; None when free.
    worked_s
        On shift since his last full rest, seconds.
    off_since
        Since when he is off duty; None on duty.
    pickup, home
        Where a car finds him, and where it takes him; None when nobody has asked.
    ready_at
        When a car may find him; None when nobody has asked.
    gear_l
        Room that his gear takes, litres.
    """

    participant_id: str
    name: str
    callsign: str | None
    state: str
    team_id: str | None
    certificates: Mapping[str, date | None]
    adult: bool | None
    leaves_at: datetime | None
    worked_s: float
    off_since: datetime | None
    limits: frozenset[str]
    needs: frozenset[str]
    pickup: Spot | None = None
    home: Spot | None = None
    ready_at: datetime | None = None
    gear_l: int = 0

    def holds(self, competence: str, day: date) -> bool:
        """Tell whether a certificate holds on a day, the last one included."""
        if competence not in self.certificates:
            return False
        until = self.certificates[competence]
        return until is None or day <= until


@dataclass(frozen=True, slots=True)
class ThingFacts:
    """A thing with a number, a dog, or a vehicle.

    Attributes
    ----------
    ground_class
        Of vehicles: `car`, `4x4`, `swamp_vehicle`, `snowmobile`, `boat`, `quad`; else None.
    seats, gear_space_l
        Of vehicles: free beside the driver; gear space in litres, None when nobody has said.
    goes_with
        People of whom it needs one beside it; the first driver of a vehicle drives it.
    usable
        Not broken, lost or taken home.
    """

    resource_id: str
    kind: str
    number: str
    name: str | None
    ground_class: str | None
    seats: int
    gear_space_l: int | None
    goes_with: tuple[str, ...]
    ready_until: datetime | None
    usable: bool
    team_id: str | None
    participant_id: str | None

    @property
    def item_kind(self) -> str:
        """Return what the rules of teams call it: a boat is a boat, any other vehicle its ground class."""
        return self.ground_class or self.kind


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team that is not disbanded, with what its people and things make it able to do.

    Attributes
    ----------
    skills
        Competence -> how many members hold it on the day asked about.
    things
        Issued to the team or to one of its members, and usable.
    ground_classes
        Of the vehicles among them that one of the members may drive.
    seats
        People whom these vehicles carry, drivers included.
    limits
        What some member cannot do.
    leaves_at
        When the first of them has to leave; None when all are free.
    worked_s
        Of the member who is on shift longest, seconds.
    """

    team_id: str
    callsign: str
    kind: str
    leader_id: str
    member_ids: tuple[str, ...]
    skills: Mapping[str, int]
    things: tuple[ThingFacts, ...]
    ground_classes: frozenset[str]
    seats: int
    limits: frozenset[str]
    leaves_at: datetime | None
    worked_s: float


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody and everything of an operation; ids of people, things and teams to their facts.

    `callsigns` are those of all teams that ever were: none is given twice.
    """

    people: Mapping[str, PersonFacts]
    things: Mapping[str, ThingFacts]
    teams: Mapping[str, TeamFacts]
    callsigns: tuple[str, ...]


def roster_of(
    participants: Entities, resources: Entities, teams: Entities, *, now: datetime, day: date
) -> Roster:
    """Return the roster of a state.

    Parameters
    ----------
    participants, resources, teams : iterables of (id, entity)
        Sealed fields opened.
    now : datetime
        Aware; shifts are measured up to it.
    day : date
        On which certificates have to hold, in the operation's time zone.
    """
    every_team = list(teams)
    live = [(team_id, team) for team_id, team in every_team if not team["disbanded"]]
    team_of = {str(member): team_id for team_id, team in live for member in team["member_ids"]}
    people = {key: _person(key, body, team_of.get(key), now) for key, body in participants}
    things = {key: _thing(key, body) for key, body in resources}
    return Roster(
        people,
        things,
        {team_id: _team(team_id, team, people, things, day) for team_id, team in live},
        tuple(str(team["callsign"]) for _, team in every_team),
    )


def _moment(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text))


def _spot(place: Mapping[str, Any] | None) -> Spot | None:
    if place is None:
        return None
    at = place.get("at") or {}
    return Spot(str(place.get("text") or ""), at.get("lon"), at.get("lat"))


def _person(key: str, body: Mapping[str, Any], team_id: str | None, now: datetime) -> PersonFacts:
    return PersonFacts(
        participant_id=key,
        name=str(body.get("name") or body.get("callsign") or ""),
        callsign=body.get("callsign"),
        state=str(body["state"]),
        team_id=team_id,
        certificates={
            str(each["competence"]): None if each["until"] is None else date.fromisoformat(each["until"])
            for each in body.get("certificates") or ()
        },
        adult=body.get("adult"),
        leaves_at=_moment(body.get("leaves_at")),
        worked_s=worked_s(body, now),
        off_since=_moment(body.get("off_since")),
        limits=frozenset(body.get("limits") or ()),
        needs=frozenset(body.get("needs") or ()),
        pickup=_spot(body.get("pickup_place")),
        home=_spot(body.get("home_place")),
        ready_at=_moment(body.get("ready_at")),
        gear_l=int(body.get("gear_l") or 0),
    )


def _thing(key: str, body: Mapping[str, Any]) -> ThingFacts:
    return ThingFacts(
        resource_id=key,
        kind=str(body["kind"]),
        number=str(body["number"]),
        name=body.get("name"),
        ground_class=body.get("ground_class"),
        seats=int(body.get("seats") or 0),
        gear_space_l=body.get("gear_space_l"),
        goes_with=tuple(str(each) for each in body.get("goes_with") or ()),
        ready_until=_moment(body.get("ready_until")),
        usable=body.get("condition", "ok") == "ok",
        team_id=body.get("team_id"),
        participant_id=body.get("participant_id"),
    )


def _team(
    team_id: str,
    team: Mapping[str, Any],
    people: Mapping[str, PersonFacts],
    things: Mapping[str, ThingFacts],
    day: date,
) -> TeamFacts:
    member_ids = tuple(str(each) for each in team["member_ids"])
    members = [people[each] for each in member_ids if each in people]
    skills = sorted({skill for member in members for skill in member.certificates})
    held = tuple(
        thing
        for thing in things.values()
        if thing.usable and (thing.team_id == team_id or thing.participant_id in member_ids)
    )
    cars = [
        thing
        for thing in held
        if thing.ground_class and (not thing.goes_with or set(thing.goes_with) & set(member_ids))
    ]
    counts = {skill: sum(member.holds(skill, day) for member in members) for skill in skills}
    return TeamFacts(
        team_id=team_id,
        callsign=str(team["callsign"]),
        kind=str(team["kind"]),
        leader_id=str(team["leader_id"]),
        member_ids=member_ids,
        skills={skill: count for skill, count in counts.items() if count},
        things=held,
        ground_classes=frozenset(str(car.ground_class) for car in cars),
        seats=sum(car.seats + 1 for car in cars),
        limits=frozenset(limit for member in members for limit in member.limits),
        leaves_at=min((member.leaves_at for member in members if member.leaves_at), default=None),
        worked_s=max((member.worked_s for member in members), default=0.0),
    )
