"""Who fills which place: leaders, specialists and things for several teams at once, by search in full.

People who can do the same are tried once only, so the search stays small. It stops at a number of steps and
says so; up to there «no» means that the competences cannot be had together. Those who only bring a team to
its fewest people are matched afterwards, with things of their own first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatch.team_rules import holds, item_faults, may_hold, person_faults
from dispatch.team_values import LEADER, Broken, Item, Outing, Person, TeamRules

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

MOST_STEPS: Final = 5_000
"""Of one search."""
MOST_STEPS_IN_ALL: Final = 20_000
LEAST_STEPS: Final = 500
_STEPS_OF_AN_END: Final = 50  # matching people and things costs that much more than a step


@dataclass(frozen=True, slots=True)
class Part:
    """What one team needs: its outing, people of each competence, things of each kind, fewest people."""

    outing: Outing
    skills: Mapping[str, int]
    things: Mapping[str, int]
    least: int


@dataclass(frozen=True, slots=True)
class CastFound:
    """Members and numbers of things for each part; `cut` when the search stopped before its end."""

    members: tuple[tuple[Person, ...], ...] | None
    item_ids: tuple[tuple[str, ...], ...]
    cut: bool


class Casting:
    """People and things that may be given places, with what is known about each remembered.

    Parameters
    ----------
    people
        In the order in which equals are taken.
    items
        All; those that are with a team already are not given.
    """

    def __init__(self, people: Sequence[Person], items: Sequence[Item], rules: TeamRules) -> None:
        self.people = people
        self.rules = rules
        self.steps_left = MOST_STEPS_IN_ALL
        self.items: dict[str, list[Item]] = {}
        for item in sorted(items, key=lambda each: each.item_id):
            self.items.setdefault(item.kind, []).append(item)
        self._place = {person.person_id: number for number, person in enumerate(people)}
        self._faults: dict[tuple[str, Outing], tuple[Broken, ...]] = {}
        self._owned: dict[str, list[Item]] = {}
        for item in items:
            for who in item.goes_with:
                self._owned.setdefault(who, []).append(item)

    def faults(self, person: Person, outing: Outing) -> tuple[Broken, ...]:
        """Return why somebody cannot go, being in another team included."""
        key = person.person_id, outing
        if key not in self._faults:
            busy = (Broken("in_other_team", person.person_id, team_id=person.team_id),)
            found = person_faults(person, outing, self.rules)
            self._faults[key] = found + (busy if person.team_id is not None else ())
        return self._faults[key]

    def ready(self, item: Item, outing: Outing) -> bool:
        """Tell whether a thing is free and lasts."""
        return item.team_id is None and not item_faults(item, outing)

    def brings(self, person: Person, kind: str, outing: Outing) -> bool:
        """Tell whether somebody comes with a thing of his own of a kind."""
        return any(
            item.kind == kind
            and self.ready(item, outing)
            and may_hold(item, (person,), outing.day, self.rules)
            for item in self._owned.get(person.person_id, ())
        )

    def issue(
        self, parts: Sequence[Part], members: Sequence[Iterable[Person]], without: Iterable[str] = ()
    ) -> tuple[tuple[tuple[str, ...], ...], dict[str, int]]:
        """Give out things; own ones first, then headquarters'. Return their numbers, and what is missing.

        Who is back last chooses first: what lasts for him lasts for everybody, so nothing is missed.
        """
        given = set(without)
        numbers: list[list[str]] = [[] for _ in parts]
        missing: Counter[str] = Counter()
        order = sorted(range(len(parts)), key=lambda team: (-parts[team].outing.back_s, team))
        lacking = {team: dict(parts[team].things) for team in order}
        for own in (True, False):
            for team in order:
                people, outing = tuple(members[team]), parts[team].outing
                for kind in lacking[team]:
                    for item in self.items.get(kind, ()):
                        if not lacking[team][kind]:
                            break
                        if bool(item.goes_with) is not own or item.item_id in given:
                            continue
                        if self.ready(item, outing) and may_hold(item, people, outing.day, self.rules):
                            given.add(item.item_id)
                            numbers[team].append(item.item_id)
                            lacking[team][kind] -= 1
        for each in lacking.values():
            missing.update({kind: need for kind, need in each.items() if need})
        return tuple(tuple(each) for each in numbers), dict(missing)

    def cast(self, parts: Sequence[Part], free: Iterable[Person], without: Iterable[str] = ()) -> CastFound:
        """Find people and things for all parts together, with as few leaders as possible.

        Parameters
        ----------
        free
            Who may be given a place.
        without
            Numbers of things that are given already.
        """
        search = _Search(self, parts, list(free), frozenset(without))
        if search.things_suffice():
            search.descend(0, 0)
            self.steps_left -= search.steps
        if search.best is None:
            return CastFound(None, (), search.cut)
        return CastFound(search.best, search.best_items, search.cut)

    def taken_by_turn(self, person: Person) -> tuple[int, int]:
        """Return the order in which people are taken: who can do least, then as they come."""
        return len(person.certificates), self._place[person.person_id]


class _Search:
    """Depth first over the places, each tried with one of every sort of people."""

    def __init__(
        self, casting: Casting, parts: Sequence[Part], free: Sequence[Person], without: frozenset[str]
    ) -> None:
        self.casting, self.parts, self.without = casting, parts, without
        self.able = [[person for person in free if not casting.faults(person, part.outing)] for part in parts]
        self.days = {part.outing.day for part in parts}
        self.chosen: list[list[Person]] = [[] for _ in parts]
        self.used: set[str] = set()
        self.best: tuple[tuple[Person, ...], ...] | None = None
        self.best_items: tuple[tuple[str, ...], ...] = ()
        self.best_cost = len(free) + 1
        self.steps, self.cut = 0, False
        self.most_steps = max(LEAST_STEPS, min(MOST_STEPS, casting.steps_left))
        self.sorts = self._sorts(free)
        places = []
        scarce = self._scarce()
        for team, part in enumerate(parts):
            needs = [("skill", name, need) for name, need in part.skills.items()]
            needs += [("own", kind, need) for kind, need in part.things.items() if not self._pool(kind, part)]
            for what, name, need in needs:
                good = [each for each in self.able[team] if self._has(each, what, name, part)]
                good.sort(key=lambda each: (-self._brings_scarce(each, scarce), casting.taken_by_turn(each)))
                places += [(team, what, name, need, good)] * need
        self.places = sorted(places, key=lambda place: (len(place[4]), place[0]))

    def _pool(self, kind: str, part: Part) -> bool:
        return any(
            not item.goes_with and item.item_id not in self.without and self.casting.ready(item, part.outing)
            for item in self.casting.items.get(kind, ())
        )

    def _scarce(self) -> tuple[str, ...]:
        """Return kinds of things of which headquarters has not enough for all parts."""
        needs: Counter[str] = Counter()
        for part in self.parts:
            needs.update(part.things)
        return tuple(
            kind
            for kind, need in needs.items()
            if need
            > sum(
                not item.goes_with
                and item.item_id not in self.without
                and any(self.casting.ready(item, part.outing) for part in self.parts)
                for item in self.casting.items.get(kind, ())
            )
        )

    def _brings_scarce(self, person: Person, scarce: Sequence[str]) -> int:
        outing = self.parts[0].outing
        return sum(self.casting.brings(person, kind, outing) for kind in scarce)

    def _has(self, person: Person, what: str, name: str, part: Part) -> bool:
        if what == "skill":
            return holds(person, name, part.outing.day)
        return self.casting.brings(person, name, part.outing)

    def _sorts(self, free: Sequence[Person]) -> dict[str, Hashable]:
        """Return what a person can do in these parts; who can do the same is of one sort."""
        able = [{person.person_id for person in each} for each in self.able]
        needs = sorted({need for person in free for need in person.needs})
        return {
            person.person_id: tuple(
                (
                    person.person_id in able[team],
                    person.needs,
                    tuple(holds(person, need, part.outing.day) for need in needs),
                    tuple(holds(person, name, part.outing.day) for name in part.skills),
                    tuple(self.casting.brings(person, kind, part.outing) for kind in part.things),
                )
                for team, part in enumerate(self.parts)
            )
            for person in free
        }

    def things_suffice(self) -> bool:
        """Tell whether there are enough things at all, whoever brings them."""
        needs: Counter[str] = Counter()
        for part in self.parts:
            needs.update(part.things)
        return all(
            sum(
                item.item_id not in self.without
                and any(self.casting.ready(item, part.outing) for part in self.parts)
                for item in self.casting.items.get(kind, ())
            )
            >= need
            for kind, need in needs.items()
        )

    def _leads(self, person: Person) -> bool:
        return any(holds(person, LEADER, day) for day in self.days)

    def descend(self, at: int, cost: int) -> None:
        """Fill the places from `at` on; `cost` is the number of leaders in use."""
        self.steps += 1
        if self.steps > self.most_steps:
            self.cut = True
            return
        leaderless = sum(
            LEADER in part.skills and not any(self._leads(each) for each in self.chosen[team])
            for team, part in enumerate(self.parts)
        )
        if cost + leaderless >= self.best_cost:
            return
        if at < len(self.places):
            team, what, name, need, good = self.places[at]
            part = self.parts[team]
            if sum(self._has(each, what, name, part) for each in self.chosen[team]) >= need:
                self.descend(at + 1, cost)
                return
            self._try(at + 1, cost, team, good)
            return
        lonely = next((team for team in range(len(self.parts)) if self._unmet(team)), None)
        if lonely is None:
            self._finish(cost)
            return
        day, need_of = self.parts[lonely].outing.day, self._unmet(lonely)
        self._try(at, cost, lonely, [each for each in self.able[lonely] if holds(each, need_of, day)])

    def _unmet(self, team: int) -> str:
        """Return a competence that some member needs beside him and nobody has; empty when there is none."""
        members, day = self.chosen[team], self.parts[team].outing.day
        for person in members:
            for need in sorted(person.needs):
                if not any(holds(other, need, day) for other in members if other is not person):
                    return need
        return ""

    def _try(self, at: int, cost: int, team: int, good: Sequence[Person]) -> None:
        """Go on with one of every sort of people in a team."""
        tried: set[Hashable] = set()
        for person in good:
            sort = self.sorts[person.person_id]
            if person.person_id in self.used or sort in tried or self.cut:
                continue
            tried.add(sort)
            self._put(team, person)
            self.descend(at, cost + self._leads(person))
            self._take(team, person)

    def _put(self, team: int, person: Person) -> None:
        self.chosen[team].append(person)
        self.used.add(person.person_id)

    def _take(self, team: int, person: Person) -> None:
        self.chosen[team].remove(person)
        self.used.discard(person.person_id)

    def _finish(self, cost: int) -> None:
        """Bring every team to its fewest people, leaders last, and give out the things."""
        self.steps += _STEPS_OF_AN_END
        seats = [
            team for team, part in enumerate(self.parts) for _ in range(part.least - len(self.chosen[team]))
        ]
        for leaders_too in (False, True):
            seated = self._seated(seats, leaders_too=leaders_too)
            if seated is None:
                continue
            members = [list(each) for each in self.chosen]
            for person, team in seated:
                members[team].append(person)
            more = sum(self._leads(person) for person, _ in seated)
            numbers, missing = self.casting.issue(self.parts, members, self.without)
            if not missing and cost + more < self.best_cost:
                self.best = tuple(tuple(each) for each in members)
                self.best_items = numbers
                self.best_cost = cost + more
                return

    def _seated(self, seats: Sequence[int], *, leaders_too: bool) -> list[tuple[Person, int]] | None:
        """Match people to empty seats (augmenting paths); None when some seat stays empty."""
        options: dict[int, list[Person]] = {}
        for team in set(seats):
            kinds = self.parts[team].things
            outing = self.parts[team].outing
            able = [
                person
                for person in self.able[team]
                if person.person_id not in self.used
                and (leaders_too or not self._leads(person))
                and all(
                    any(holds(other, need, outing.day) for other in self.chosen[team])
                    for need in person.needs
                )
            ]
            options[team] = sorted(
                able,
                key=lambda person: (
                    self._leads(person),
                    -sum(self.casting.brings(person, kind, outing) for kind in kinds),
                    self.casting.taken_by_turn(person),
                ),
            )
        holder: dict[str, tuple[Person, int]] = {}

        def seat(number: int, seen: set[str]) -> bool:
            for person in options[seats[number]]:
                who = person.person_id
                if who in seen:
                    continue
                seen.add(who)
                if who not in holder or seat(holder[who][1], seen):
                    holder[who] = person, number
                    return True
            return False

        if not all(seat(number, set()) for number in range(len(seats))):
            return None
        return [(person, seats[number]) for person, number in holder.values()]
