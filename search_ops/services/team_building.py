"""The team builder: proposes teams from the roster, says which rule stops whom, forms what was accepted.

The rules are those of :mod:`dispatch.team_rules`; here the roster becomes its values and its answers words.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from dispatch.team_builder import propose_teams
from dispatch.team_rules import check_team
from dispatch.team_values import (
    KINDS,
    Broken,
    Item,
    NoTeams,
    Outing,
    Person,
    Shortage,
    Team,
    TeamKind,
    TeamRequest,
)
from search_ops.domain.events import wire_time
from search_ops.domain.tasking import HERE
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, Conflict
from search_ops.services.people import write_team
from search_ops.services.resources import issue
from search_ops.services.roster import locked_roster, read_roster, time_zone_of
from search_ops.services.scribe import Scribe, intend_in_operation, require_open

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.team_wishes import DraftTeam, OutingAsked, ProposalAsked, TeamsChecked, TeamsWish
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.roster import PersonFacts, Roster, ThingFacts

TEAM_KINDS: Final = (*KINDS, TeamKind("other", "Группа"))
MOST_CONSIDERED: Final = 300
"""People of one proposal: an answer within a second or two; the next proposal takes the others."""
# What nobody may waive: it is not a judgement but a fault, or a child.
_NEVER_WAIVED: Final = frozenset(
    {
        "time_invalid",
        "unknown_kind",
        "unknown_person",
        "unknown_item",
        "listed_twice",
        "in_other_team",
        "not_on_site",
        "under_age",
        "no_leader",
        "leader_not_member",
        "callsign_used",
        "item_unusable",
        "record_invalid",
    }
)
# Rules whose numbers are times of the clock, in seconds from now.
_CLOCK_RULES: Final = frozenset({"leaves_too_early", "item_ends_too_early", "time_invalid"})


async def propose(
    office: Office, connection: AsyncConnection, operation_id: UUID, asked: ProposalAsked
) -> dict[str, Any]:
    """Return teams that keep the rules, and for everybody and everything left out the rule that stops it.

    Raises
    ------
    Conflict
        ``nobody_for_teams``.
    BadInput
        ``outing_times``, ``team_size``.
    """
    now = office.clock()
    zone = await time_zone_of(connection, operation_id)
    roster = await read_roster(office, connection, operation_id, now)
    outing = _outing(asked.outing, now, zone)
    waiting = sorted((person for person in roster.people.values() if _waits(person)), key=_taken_first)
    considered = waiting[:MOST_CONSIDERED]
    requests = [
        TeamRequest(str(number), each.kind, each.people, dict.fromkeys(each.competences, 1))
        for number, each in enumerate(asked.requests)
    ]
    found = await asyncio.to_thread(
        propose_teams,
        [_person(person, now) for person in considered],
        [_item(thing, roster, now) for thing in roster.things.values()],
        outing,
        requests,
        fill_kind=asked.fill_kind,
        fill_people=asked.fill_people,
        used_callsigns=roster.callsigns,
        kinds=TEAM_KINDS,
        seed=asked.seed,
    )
    if isinstance(found, NoTeams):
        if found.reason == "no_people":
            raise Conflict("nobody_for_teams")
        raise BadInput(
            "outing_times" if found.reason == "time_invalid" else "team_size",
            where="outing.back_at" if found.reason == "time_invalid" else "fill_people",
        )
    return {
        "teams": [_told_team(team) for team in found.teams],
        "refused": [
            {
                "request": int(each.request_id),
                "faults": [_told(fault, now, roster) for fault in each.faults],
                "shortages": [_short(short) for short in each.shortages],
            }
            for each in found.refused
        ],
        "left": [
            {
                "participant_id": each.person_id,
                "faults": [_told(fault, now, roster) for fault in each.faults],
            }
            for each in found.left
        ],
        "next_team": [_short(short) for short in found.next_team],
        "proven": found.proven,
        "beyond": len(waiting) - len(considered),
    }


async def check(
    office: Office, connection: AsyncConnection, operation_id: UUID, asked: TeamsChecked
) -> dict[str, Any]:
    """Return the rules that each team of a screen breaks, and whether a person may waive them."""
    now = office.clock()
    zone = await time_zone_of(connection, operation_id)
    roster = await read_roster(office, connection, operation_id, now)
    found = _broken(asked.teams, roster, _outing(asked.outing, now, zone), now)
    return {
        "teams": [
            {"key": team.key, "faults": [_told(fault, now, roster) for fault in faults]}
            for team, faults in zip(asked.teams, found, strict=True)
        ]
    }


async def accept(office: Office, principal: Principal, operation_id: UUID, wish: TeamsWish) -> dict[str, Any]:
    """Form the teams of a proposal and issue their things, all or none.

    Returns
    -------
    dict
        ``{"team_ids", "seq"}``, in the order of the wish.

    Raises
    ------
    Conflict
        ``team_breaks_rules`` with the rules of every team: none was formed. Rules of judgement are waived by
        a wish that says why; the log keeps which, and who did it.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        now = scribe.work.now
        zone = await time_zone_of(scribe.work.connection, operation_id)
        roster = locked_roster(scribe.stream, now, zone)
        found = _broken(wish.teams, roster, _outing(wish.outing, now, zone), now)
        told = [[_told(fault, now, roster) for fault in faults] for faults in found]
        if any(not each["waivable"] or wish.waived is None for faults in told for each in faults):
            teams = zip(wish.teams, told, strict=True)
            listed = [{"key": team.key, "faults": faults} for team, faults in teams if faults]
            raise Conflict("team_breaks_rules", teams=listed)
        formed = [_form(scribe, team, roster) for team in wish.teams]
        for team_id, faults in zip(formed, told, strict=True):
            if faults:
                payload = {"team_id": team_id, "rules": faults, "reason": wish.waived}
                scribe.write("team_rules_waived", HQ, payload)
        return {"team_ids": formed, "seq": scribe.stream.head}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="teams.accept", decide=decide
    )


def _form(scribe: Scribe, team: DraftTeam, roster: Roster) -> str:
    members = [str(each) for each in team.member_ids]
    stored = write_team(scribe, team.callsign, team.kind, str(team.leader_id), members)
    team_id = str(stored.payload["team_id"])
    for resource_id in team.resource_ids:
        if roster.things[str(resource_id)].participant_id not in members:  # what he has he brings
            issue(scribe, str(resource_id), team_id=team_id, participant_id=None)
    return team_id


def _waits(person: PersonFacts) -> bool:
    """Tell whether somebody is here and in no team."""
    return person.team_id is None and person.state in HERE


def _taken_first(person: PersonFacts) -> tuple[int, float, str]:
    """Return the order in which people are considered: who can do most, then who is freshest."""
    return -len(person.certificates), person.worked_s, person.participant_id


def _outing(asked: OutingAsked, now: datetime, zone: ZoneInfo) -> Outing:
    """Return the outing in seconds from now; certificates have to hold on the day of leaving there."""
    return Outing(
        asked.start_at.astimezone(zone).date(),
        (asked.start_at - now).total_seconds(),
        (asked.back_at - now).total_seconds(),
        frozenset(asked.demands),
    )


def _person(person: PersonFacts, now: datetime) -> Person:
    return Person(
        person.participant_id,
        person.adult,
        person.certificates,
        None if person.leaves_at is None else (person.leaves_at - now).total_seconds(),
        None if person.off_since is None else (person.off_since - now).total_seconds(),
        person.worked_s,
        person.limits,
        person.needs,
        person.team_id,
    )


def _item(thing: ThingFacts, roster: Roster, now: datetime) -> Item:
    """Return a thing as the rules see it: what somebody has in his hands goes with him and with no other."""
    holder = thing.participant_id
    held_team = None if holder is None or holder not in roster.people else roster.people[holder].team_id
    return Item(
        thing.resource_id,
        thing.item_kind,
        thing.goes_with if holder is None else (holder,),
        thing.usable,
        None if thing.ready_until is None else (thing.ready_until - now).total_seconds(),
        thing.team_id or held_team,
    )


def _team(team: DraftTeam, outing: Outing) -> Team:
    return Team(
        team.callsign,
        team.kind,
        None if team.leader_id is None else str(team.leader_id),
        tuple(str(each) for each in team.member_ids),
        tuple(str(each) for each in team.resource_ids),
        outing,
        dict.fromkeys(team.competences, 1),
        team_id=None if team.team_id is None else str(team.team_id),
    )


def _broken(
    drafts: Sequence[DraftTeam], roster: Roster, outing: Outing, now: datetime
) -> list[tuple[Broken, ...]]:
    """Return for each team the rules it breaks, beside the others of the same screen."""
    people = [_person(person, now) for person in roster.people.values()]
    items = [_item(thing, roster, now) for thing in roster.things.values()]
    teams = [_team(draft, outing) for draft in drafts]
    own = {team.team_id for team in teams if team.team_id is not None}
    changed = {roster.teams[each].callsign for each in own if each in roster.teams}
    used = [callsign for callsign in roster.callsigns if callsign not in changed]
    found = []
    for team in teams:
        others = [other for other in teams if other is not team]
        faults = check_team(team, people, items, others=others, used_callsigns=used, kinds=TEAM_KINDS)
        found.append((*faults, *_not_here(team, roster)))
    return found


def _not_here(team: Team, roster: Roster) -> Iterable[Broken]:
    """Return a fault for everybody who is not on site: the rules know the roster, not where people are."""
    already: Collection[str] = ()
    if team.team_id is not None and team.team_id in roster.teams:
        already = roster.teams[team.team_id].member_ids
    for who in dict.fromkeys(team.member_ids):
        person = roster.people.get(who)
        away = person is not None and person.state not in HERE and person.team_id is None
        if away and who not in already:
            yield Broken("not_on_site", who)


def _told(fault: Broken, now: datetime, roster: Roster) -> dict[str, Any]:
    """Return a broken rule as an answer: times of the clock as times, teams by their callsigns."""
    on_clock = fault.rule in _CLOCK_RULES
    team = None if fault.team_id is None else roster.teams.get(fault.team_id)
    return {
        "rule": fault.rule,
        "participant_id": fault.person_id,
        "resource_id": fault.item_id,
        "team": fault.team_id if team is None else team.callsign,
        "what": fault.what,
        "need": None if on_clock else fault.need,
        "have": None if on_clock else fault.have,
        "need_at": _clock(fault.need, now) if on_clock else None,
        "have_at": _clock(fault.have, now) if on_clock else None,
        "until": None if fault.until is None else fault.until.isoformat(),
        "waivable": fault.rule not in _NEVER_WAIVED,
    }


def _clock(seconds: float | None, now: datetime) -> str | None:
    return None if seconds is None else wire_time(now + timedelta(seconds=seconds))


def _short(short: Shortage) -> dict[str, Any]:
    return {
        "rule": short.rule,
        "what": short.what,
        "need": short.need,
        "known": short.known,
        "fit": short.fit,
        "left": short.left,
    }


def _told_team(team: Team) -> dict[str, Any]:
    return {
        "callsign": team.callsign,
        "kind": team.kind,
        "leader_id": team.leader_id,
        "member_ids": list(team.member_ids),
        "resource_ids": list(team.item_ids),
        "competences": sorted(team.competences),
        "request": None if team.request_id is None else int(team.request_id),
    }
