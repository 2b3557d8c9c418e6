"""People, things and teams as values, with the rules and kinds of teams as tables that a squad may replace.

The rules are those of the squads: adults only, never alone, a certified leader (СПГ), a navigator and a radio
in each team. How long a shift and a rest are no source confirms: :class:`TeamRules` holds assumptions.
All times are seconds from one origin that the caller chooses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Rule = Literal[
    "record_invalid",
    "time_invalid",
    "unknown_kind",
    "unknown_person",
    "unknown_item",
    "listed_twice",
    "in_other_team",
    "under_age",
    "age_unknown",
    "leaves_too_early",
    "rest_too_short",
    "shift_too_long",
    "limited",
    "need_unmet",
    "no_leader",
    "leader_not_member",
    "certificate_expired",
    "certificate_missing",
    "too_few_people",
    "too_many_people",
    "competence_missing",
    "item_missing",
    "item_unusable",
    "item_ends_too_early",
    "item_without_its_person",
    "callsign_used",
    "size_invalid",
    "cannot_be_combined",
    "no_team_left",
    "not_asked",
    "not_on_site",
]
LEADER: Final = "leader"


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is not kept, with what it concerns.

    Attributes
    ----------
    rule
        Which.
    person_id, item_id, team_id
        Whom or what it concerns; `team_id` is the other team where something is taken already.
    what
        The competence, kind of thing, limit, need or field.
    need, have
        The limit of the rule and what there is: people, things, or seconds.
    until
        The last day of a certificate that has expired.
    """

    rule: Rule
    person_id: str | None = None
    item_id: str | None = None
    team_id: str | None = None
    what: str | None = None
    need: float | None = None
    have: float | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on site.

    Attributes
    ----------
    person_id
        Id of the participant.
    adult
        Whether 18 or older; None when nobody has asked.
    certificates
        Competence -> last day on which it holds; None without end. `LEADER` is that of a СПГ.
    until_s
        When he has to be back to leave, in seconds from the common origin of all times; None when free.
    resting_since_s
        Since when he rests; None when he does not.
    worked_s
        On shift since his last full rest, seconds, >= 0.
    limits
        What he cannot do (`night`, `water`, `long_walk` ...): outings that demand it are not for him.
    needs
        Competences that somebody else in his team must have, as `medic` for an illness.
    team_id
        The team he is in already.
    """

    person_id: str
    adult: bool | None = True
    certificates: Mapping[str, date | None] = field(default_factory=dict)
    until_s: float | None = None
    resting_since_s: float | None = None
    worked_s: float = 0.0
    limits: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A thing with a number, or a dog.

    Attributes
    ----------
    item_id
        Its number, unique over all kinds.
    kind
        As `radio`, `navigator`, `torch`, `stretcher`, `drone`, `dog`.
    goes_with
        People of whom it needs one beside it: its owner, a dog's handlers. Empty: headquarters gives it.
    usable
        Not broken, not lost.
    ready_until_s
        When it ends: a battery, a dog's strength. None when that sets no limit.
    team_id
        The team it is with already.
    """

    item_id: str
    kind: str
    goes_with: tuple[str, ...] = ()
    usable: bool = True
    ready_until_s: float | None = None
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outing:
    """When a team goes, until when, and what that demands.

    Attributes
    ----------
    day
        Of leaving, in the operation's time zone: certificates must hold on it.
    start_s, back_s
        Leaving and due back, seconds from the common origin.
    demands
        As `night`, `water`, `long_walk`: compared with the limits of people.
    """

    day: date
    start_s: float
    back_s: float
    demands: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TeamKind:
    """A kind of team as a table has it: how many people, which competences and things, which callsigns."""

    kind: str
    family: str
    least_people: int = 2
    most_people: int = 30
    competences: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TeamRules:
    """What every team has to keep.

    Attributes
    ----------
    least_people
        Nobody goes alone: >= 2.
    most_shift_s, least_rest_s
        Longest shift, and the rest after which a new one begins. Assumptions, to be confirmed by a squad.
    items
        Things that every team has: a navigator and a radio (DOMAIN 1.4).
    handled_by
        Kind of thing -> competence that the person beside it must hold: a dog works for its handler.
    """

    least_people: int = 2
    most_shift_s: float = 12 * 3600.0
    least_rest_s: float = 8 * 3600.0
    items: Mapping[str, int] = field(default_factory=lambda: {"navigator": 1, "radio": 1})
    handled_by: Mapping[str, str] = field(default_factory=lambda: {"dog": "dog_handler"})


RULES: Final = TeamRules()
KINDS: Final = (
    TeamKind("foot", "Лиса"),
    TeamKind("dog", "Кинолог", 2, 6, {"dog_handler": 1}, {"dog": 1}),
    TeamKind("air", "Борт", 2, 4, {"drone_pilot": 1}, {"drone": 1}),
    TeamKind("vehicle", "Ветер", 2, 6, {"offroad_driver": 1}),
    TeamKind("boat", "Катер", 2, 6, {"boat_driver": 1}, {"boat": 1}),
)
"""Families besides «Лиса» are assumptions; a squad brings its own table."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it is proposed or was changed by hand.

    Attributes
    ----------
    callsign, kind, leader_id, member_ids, item_ids, outing
        The leader is one of the members.
    competences, items
        What it was asked to have beyond its kind and the rules, with numbers.
    request_id
        The request that it answers, if one.
    team_id
        Its id, if it has one: what it holds already is not held by another team then.
    """

    callsign: str
    kind: str
    leader_id: str | None
    member_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    outing: Outing
    competences: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)
    request_id: str | None = None
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class TeamRequest:
    """A team that is asked for by name of its kind: a dog team, a drone, a boat, a team with a medic.

    Attributes
    ----------
    request_id, kind
        Its id, and a kind of the table.
    people
        How many are wanted; with fewer it still goes, if the rules allow.
    competences, items
        Beyond its kind and the rules, with numbers.
    outing
        Its own times and demands; None for those of all teams.
    """

    request_id: str
    kind: str
    people: int = 2
    competences: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)
    outing: Outing | None = None


RefusalReason = Literal[
    "no_people", "listed_twice", "time_invalid", "unknown_kind", "size_invalid", "rules_invalid"
]


@dataclass(frozen=True, slots=True)
class NoTeams:
    """Why nothing can be proposed at all; `ids` of those who are listed twice."""

    reason: RefusalReason
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is not enough for one more team.

    Attributes
    ----------
    rule
        `no_leader`, `competence_missing`, `item_missing`, `too_few_people`; `cannot_be_combined` when there
        is enough of each but not together.
    what
        The competence or kind of thing.
    need
        How many the team needs.
    known, fit, left
        How many are in the roster, may go on this outing, and are not in a team proposed before.
    """

    rule: Rule
    what: str | None
    need: int
    known: int
    fit: int
    left: int


@dataclass(frozen=True, slots=True)
class RefusedTeam:
    """A request that is not met: faults of the request itself, or what is not enough."""

    request_id: str
    faults: tuple[Broken, ...] = ()
    shortages: tuple[Shortage, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftPerson:
    """Somebody without a team and the rules that stop it; never without a reason."""

    person_id: str
    faults: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class TeamsProposal:
    """Teams that keep the rules, and everything that was left out.

    Attributes
    ----------
    teams
        Those asked for first, in their order; then those for whoever is left.
    refused
        Requests not met.
    left
        People without a team.
    next_team
        What stopped one more team of the kind for everybody; empty when nobody is left for one, or none was
        to be formed.
    proven
        False when a search was cut short: a refused request might be met after all.
    """

    teams: tuple[Team, ...]
    refused: tuple[RefusedTeam, ...]
    left: tuple[LeftPerson, ...]
    next_team: tuple[Shortage, ...]
    proven: bool
