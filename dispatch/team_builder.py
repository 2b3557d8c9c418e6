"""Teams proposed from the people on site, special requests first; for everybody left the rule that stops it.

Nothing here is decided: a person changes the proposal and :func:`dispatch.team_rules.check_team` looks again.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dispatch.callsigns import free_callsigns
from dispatch.team_cast import Casting, Part
from dispatch.team_rules import holds, outing_faults, skills_wanted, wanted
from dispatch.team_values import (
    KINDS,
    LEADER,
    RULES,
    Broken,
    Item,
    LeftPerson,
    NoTeams,
    Outing,
    Person,
    RefusedTeam,
    Rule,
    Shortage,
    Team,
    TeamKind,
    TeamRequest,
    TeamRules,
    TeamsProposal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(slots=True)
class _Draft:
    part: Part
    kind: TeamKind
    people: int
    members: list[Person]
    request: TeamRequest | None = None
    item_ids: tuple[str, ...] = field(default=())


def propose_teams(
    people: Sequence[Person],
    items: Sequence[Item],
    outing: Outing,
    requests: Sequence[TeamRequest] = (),
    *,
    fill_kind: str | None = "foot",
    fill_people: int = 4,
    used_callsigns: Iterable[str] = (),
    kinds: Sequence[TeamKind] = KINDS,
    rules: TeamRules = RULES,
    seed: int = 0,
) -> TeamsProposal | NoTeams:
    """Propose teams from a roster.

    Parameters
    ----------
    people, items
        On site; the order in which they are listed changes nothing.
    outing
        When teams go and are due back.
    requests
        Teams that are asked for, the most urgent first: no later one takes what an earlier one needs.
    fill_kind, fill_people
        Kind of team for everybody else and how many people it should have, >= the fewest that the rules
        allow. None: only what is requested.
    used_callsigns
        Every callsign of the operation, disbanded teams included.
    seed
        Who of equals goes with whom; the same seed gives the same proposal.

    Returns
    -------
    TeamsProposal or NoTeams
        Records that are wrong are left over with the field named; only what makes every answer meaningless
        refuses the whole.

    Notes
    -----
    Requests are met in order of urgency, exactly, as long as the search is not cut (`proven`). Teams for
    everybody else are formed one by one while leaders and things last; people then join the smallest team.
    """
    fill = next((kind for kind in kinds if kind.kind == fill_kind), None)
    if fill_kind is not None and fill is None:
        return NoTeams("unknown_kind", (fill_kind,))
    if fill is not None and not (
        max(fill.least_people, rules.least_people) <= fill_people <= fill.most_people
    ):
        return NoTeams("size_invalid")
    refusal = _refusal(people, items, outing, rules)
    if refusal is not None:
        return refusal
    board = _Board(people, items, rules, random.Random(seed))  # noqa: S311 - which of equals, no secret
    refused = board.meet(requests, outing, {kind.kind: kind for kind in kinds})
    next_team: tuple[Shortage, ...] = ()
    board.join(specialists_last=True)
    if fill is not None:
        next_team = board.fill(fill, outing, fill_people)
    else:
        board.join(specialists_last=False)
    left = tuple(_left(person, board, outing, asked=fill is not None) for person in board.unplaced())
    return TeamsProposal(
        _named(board.drafts, used_callsigns),
        refused,
        tuple(sorted(left, key=lambda each: each.person_id)),
        next_team,
        not board.cut,
    )


def _refusal(
    people: Sequence[Person], items: Sequence[Item], outing: Outing, rules: TeamRules
) -> NoTeams | None:
    if not people:
        return NoTeams("no_people")
    both = Counter(person.person_id for person in people), Counter(item.item_id for item in items)
    twice = sorted(each for counts in both for each, number in counts.items() if number > 1)
    if twice:
        return NoTeams("listed_twice", tuple(twice))
    if outing_faults(outing):
        return NoTeams("time_invalid")
    limits = (rules.least_people - 2, rules.most_shift_s, rules.least_rest_s)
    if not all(math.isfinite(each) and each >= 0 for each in limits):
        return NoTeams("rules_invalid")
    return None


class _Board:
    """Teams being put together."""

    def __init__(
        self, people: Sequence[Person], items: Sequence[Item], rules: TeamRules, turn: random.Random
    ) -> None:
        self.people = sorted(people, key=lambda person: person.person_id)
        turn.shuffle(self.people)
        self.items, self.rules = items, rules
        self.casting = Casting(self.people, items, rules)
        self.drafts: list[_Draft] = []
        self.cut = False

    def unplaced(self) -> list[Person]:
        """Return who is in no team, in the order in which people are taken."""
        placed = {person.person_id for draft in self.drafts for person in draft.members}
        return [person for person in self.people if person.person_id not in placed]

    def given(self) -> list[str]:
        """Return the numbers of all things given out."""
        return [number for draft in self.drafts for number in draft.item_ids]

    def part(self, kind: TeamKind, outing: Outing, request: TeamRequest | None = None) -> Part:
        """Return what a team of a kind needs."""
        skills = {LEADER: 1, **skills_wanted(kind, request.competences if request else {})}
        things = wanted(kind, request.items if request else {}, self.rules)
        return Part(outing, skills, things, max(kind.least_people, self.rules.least_people))

    def meet(
        self, requests: Sequence[TeamRequest], outing: Outing, kinds: Mapping[str, TeamKind]
    ) -> tuple[RefusedTeam, ...]:
        """Cast the requests that can be met together; earlier ones come first."""
        refused = []
        seen: set[str] = set()
        for request in requests:
            faults = _request_faults(request, kinds, seen, self.rules)
            seen.add(request.request_id)
            if faults:
                refused.append(RefusedTeam(request.request_id, faults))
                continue
            kind = kinds[request.kind]
            part = self.part(kind, request.outing or outing, request)
            drafts = [*self.drafts, _Draft(part, kind, max(request.people, part.least), [], request)]
            found = self.casting.cast([draft.part for draft in drafts], self.people)
            self.cut |= found.cut
            if found.members is None:
                refused.append(RefusedTeam(request.request_id, (), self.shortages(part)))
                continue
            for draft, members, numbers in zip(drafts, found.members, found.item_ids, strict=True):
                draft.members, draft.item_ids = list(members), numbers
            self.drafts = drafts
        return tuple(refused)

    def join(self, *, specialists_last: bool) -> None:
        """Let people join teams: up to the number wanted, or up to the most when nothing else is left.

        Parameters
        ----------
        specialists_last
            True: only people without certificates, only up to the number wanted.
        """
        waiting = sorted(
            self.unplaced(),
            key=lambda person: (bool(person.needs), len(person.certificates)),
        )
        for person in waiting:
            if specialists_last and person.certificates:
                continue
            open_ = [
                (self._crowding(draft, person), number)
                for number, draft in enumerate(self.drafts)
                if len(draft.members) < (draft.people if specialists_last else draft.kind.most_people)
                and self._may_join(person, draft)
            ]
            if open_:
                self.drafts[min(open_)[1]].members.append(person)

    def _may_join(self, person: Person, draft: _Draft) -> bool:
        day = draft.part.outing.day
        return not self.casting.faults(person, draft.part.outing) and all(
            any(holds(other, need, day) for other in draft.members) for need in person.needs
        )

    def could_meet(self, person: Person, need: str, outing: Outing) -> bool:
        """Tell whether somebody with a competence is free, or in a team with room."""
        others = [other for other in self.unplaced() if not self.casting.faults(other, outing)]
        for draft in self.drafts:
            if len(draft.members) < draft.kind.most_people:
                others += draft.members
        return any(holds(other, need, outing.day) for other in others if other is not person)

    @staticmethod
    def _crowding(draft: _Draft, person: Person) -> tuple[bool, bool, int]:
        day = draft.part.outing.day
        skills = [name for name in person.certificates if name != LEADER and holds(person, name, day)]
        there = any(holds(other, name, day) for name in skills for other in draft.members)
        return len(draft.members) >= draft.people, there, len(draft.members)

    def fill(self, kind: TeamKind, outing: Outing, people: int) -> tuple[Shortage, ...]:
        """Form teams for everybody else; return what stopped one more."""
        part = self.part(kind, outing)
        able = [person for person in self.unplaced() if not self.casting.faults(person, outing)]
        number = max(len(able) // people, -(-len(able) // kind.most_people))
        for _ in range(number):
            if not self._another(part, kind, people):
                break
        self.join(specialists_last=False)
        self.reissue()
        while any(not self.casting.faults(person, outing) for person in self.unplaced()):
            if not self._another(part, kind, people):
                return self.shortages(part)
            self.join(specialists_last=False)
            self.reissue()
        return ()

    def reissue(self) -> None:
        """Give out things anew: who has joined may have brought what headquarters can give to others."""
        parts = [draft.part for draft in self.drafts]
        numbers, missing = self.casting.issue(parts, [draft.members for draft in self.drafts])
        if not missing:
            for draft, each in zip(self.drafts, numbers, strict=True):
                draft.item_ids = each

    def _another(self, part: Part, kind: TeamKind, people: int) -> bool:
        found = self.casting.cast([part], self.unplaced(), self.given())
        self.cut |= found.cut
        if found.members is None:
            return False
        self.drafts.append(_Draft(part, kind, people, list(found.members[0]), None, found.item_ids[0]))
        return True

    def shortages(self, part: Part) -> tuple[Shortage, ...]:
        """Return what is not enough for one more team beside those that stand."""
        outing = part.outing
        free = [each for each in self.unplaced() if not self.casting.faults(each, outing)]
        able = [each for each in self.people if not self.casting.faults(each, outing)]
        given = set(self.given())
        found = []
        for name, need in part.skills.items():
            left = sum(holds(each, name, outing.day) for each in free)
            if left < need:
                rule: Rule = "no_leader" if name == LEADER else "competence_missing"
                known = sum(name in each.certificates for each in self.people)
                fit = sum(holds(each, name, outing.day) for each in able)
                found.append(Shortage(rule, name, need, known, fit, left))
        if len(free) < part.least:
            found.append(Shortage("too_few_people", None, part.least, len(self.people), len(able), len(free)))
        for name, need in part.things.items():
            stock = self.casting.items.get(name, [])
            ready = [item for item in stock if self.casting.ready(item, outing)]
            left = sum(
                item.item_id not in given
                and (not item.goes_with or any(each.person_id in item.goes_with for each in free))
                for item in ready
            )
            if left < need:
                found.append(Shortage("item_missing", name, need, len(stock), len(ready), left))
        return tuple(found) or (
            Shortage("cannot_be_combined", None, part.least, len(self.people), len(able), len(free)),
        )


def _request_faults(
    request: TeamRequest, kinds: Mapping[str, TeamKind], seen: set[str], rules: TeamRules
) -> tuple[Broken, ...]:
    if request.request_id in seen:
        return (Broken("listed_twice", what=request.request_id),)
    if request.kind not in kinds:
        return (Broken("unknown_kind", what=request.kind),)
    for name in ("competences", "items"):
        if not all(isinstance(need, int) and need >= 0 for need in getattr(request, name).values()):
            return (Broken("record_invalid", what=name),)
    kind = kinds[request.kind]
    if not max(rules.least_people, kind.least_people) <= request.people <= kind.most_people:
        return (Broken("size_invalid", need=kind.most_people, have=request.people),)
    return outing_faults(request.outing) if request.outing is not None else ()


def _left(person: Person, board: _Board, outing: Outing, *, asked: bool) -> LeftPerson:
    faults = board.casting.faults(person, outing)
    if not faults:
        faults = tuple(
            Broken("need_unmet", person.person_id, what=need)
            for need in sorted(person.needs)
            if not board.could_meet(person, need, outing)
        )
    if not faults:
        faults = (Broken("no_team_left" if asked else "not_asked", person.person_id),)
    return LeftPerson(person.person_id, faults)


def _named(drafts: Sequence[_Draft], used: Iterable[str]) -> tuple[Team, ...]:
    taken = list(used)
    teams = []
    for draft in drafts:
        day = draft.part.outing.day
        callsign = free_callsigns(draft.kind.family, taken, 1)[0]
        taken.append(callsign)
        # Of several leaders the one who is needed least for something else.
        leader = min(
            (person for person in draft.members if holds(person, LEADER, day)),
            key=lambda person: (
                sum(holds(person, name, day) for name in draft.part.skills),
                len(person.certificates),
                person.person_id,
            ),
        )
        request = draft.request
        teams.append(
            Team(
                callsign,
                draft.kind.kind,
                leader.person_id,
                (leader.person_id, *sorted(each.person_id for each in draft.members if each is not leader)),
                tuple(sorted(draft.item_ids)),
                draft.part.outing,
                request.competences if request else {},
                request.items if request else {},
                request.request_id if request else None,
            )
        )
    return tuple(teams)
