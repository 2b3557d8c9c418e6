"""Which teams a plan counts on, from when, and what they already have to do. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from search_ops.domain.tasking import ABSENT, BUSY_TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.domain.assignment_wishes import AssignmentWish, Ride, TeamShift
    from search_ops.services.assigning_inputs import Inputs
    from search_ops.services.roster import TeamFacts

Out = Literal["no_leader", "member_absent", "rests", "busy_elsewhere", "team_gone"]
_OUT_THERE: Final = frozenset({"out", "on_task"})
_COMING: Final = frozenset({"returning", "recalled"})
_OWN_RIDE: Final[Mapping[str, Ride]] = {"vehicle": "4x4", "boat": "boat"}
_WIDEST_FIRST: Final[tuple[Ride, ...]] = ("swamp_vehicle", "quad", "4x4", "snowmobile", "boat", "car")
"""Of several vehicles that a team has the one that gets farthest counts."""


@dataclass(frozen=True, slots=True)
class Crew:
    """A team that a plan counts on.

    Attributes
    ----------
    begins_at, back_at
        Its shift.
    task
        The task that keeps it busy, with its id; None when it is free.
    planned
        Ids of prepared tasks, in their order.
    facts
        What its people and things make it able to do.
    """

    team_id: str
    team: Mapping[str, Any]
    begins_at: datetime
    back_at: datetime
    ride: Ride
    task: tuple[str, Mapping[str, Any]] | None = None
    planned: tuple[str, ...] = ()
    facts: TeamFacts | None = None

    @property
    def kind(self) -> str:
        """Kind of the team."""
        return str(self.team["kind"])

    @property
    def skills(self) -> frozenset[str]:
        """What it can do: its kind, what its members are certified for, the dogs and boats it has."""
        if self.facts is None:
            return frozenset({self.kind})
        return frozenset({self.kind, *self.facts.skills, *(each.item_kind for each in self.facts.things)})

    @property
    def people(self) -> int:
        """How many go."""
        return max(1, len(self.team["member_ids"]))

    @property
    def task_state(self) -> str:
        """State of the task that keeps it busy; empty when it is free."""
        return "" if self.task is None else str(self.task[1]["state"])

    @property
    def out_there(self) -> bool:
        """Whether it is on the way to its sector or in it."""
        return self.task_state in _OUT_THERE

    @property
    def coming(self) -> bool:
        """Whether it is on its way home."""
        return self.task_state in _COMING


@dataclass(frozen=True, slots=True)
class TeamOut:
    """A team that no plan is made for, and why."""

    team_id: str
    callsign: str
    reason: Out


@dataclass(slots=True)
class Crews:
    """All teams, as far as a plan is concerned; in the order of callsigns."""

    zero: datetime
    counted: list[Crew] = field(default_factory=list)
    out: list[TeamOut] = field(default_factory=list)
    held_by_out: set[str] = field(default_factory=set)
    """Sectors that teams out of the plan are busy in."""


def crews_of(inputs: Inputs, wish: AssignmentWish) -> Crews:
    """Return the teams, those that cannot be sent apart."""
    now = inputs.searched.now
    zero = now if wish.begins_at is None else max(wish.begins_at, now)
    crews = Crews(zero)
    shifts = {str(each.team_id): each for each in wish.teams}
    teams = inputs.searched.of("teams")
    live = {key: each for key, each in teams.items() if not each["disbanded"]}
    for team_id in sorted(shifts.keys() - live.keys()):
        crews.out.append(TeamOut(team_id, str(teams.get(team_id, {}).get("callsign", "")), "team_gone"))
    for team_id, team in sorted(live.items(), key=lambda each: (str(each[1]["callsign"]), each[0])):
        crew = _crew(inputs, wish, zero, team_id=team_id, team=team, shift=shifts.get(team_id))
        reason = _why_out(inputs, crew, shifts.get(team_id))
        if reason is None:
            crews.counted.append(crew)
            continue
        crews.out.append(TeamOut(team_id, str(team["callsign"]), reason))
        if crew.task is not None and not crew.coming:
            crews.held_by_out.add(str(crew.task[1].get("sector_id")))
    return crews


def _crew(
    inputs: Inputs,
    wish: AssignmentWish,
    zero: datetime,
    *,
    team_id: str,
    team: Mapping[str, Any],
    shift: TeamShift | None,
) -> Crew:
    begins = zero if shift is None or shift.begins_at is None else max(shift.begins_at, zero)
    back = zero + timedelta(hours=wish.hours) if shift is None or shift.back_at is None else shift.back_at
    facts = inputs.roster.teams.get(team_id)
    if facts is not None and facts.leaves_at is not None:
        back = min(back, facts.leaves_at)
    wished = None if shift is None else shift.ride
    own = frozenset() if facts is None else facts.ground_classes
    has = next((each for each in _WIDEST_FIRST if each in own), None)
    ride: Ride = wished or has or _OWN_RIDE.get(str(team["kind"]), wish.ride)
    mine = {key: each for key, each in inputs.searched.of("tasks").items() if each.get("team_id") == team_id}
    busy = [(key, each) for key, each in sorted(mine.items()) if each["state"] in BUSY_TASKS]
    planned = sorted(
        (key for key, each in mine.items() if each["state"] == "planned"),
        key=lambda key: (int(mine[key].get("place") or 0), key),
    )
    return Crew(team_id, team, begins, back, ride, busy[0] if busy else None, tuple(planned), facts)


def _why_out(inputs: Inputs, crew: Crew, shift: TeamShift | None) -> Out | None:
    """Return why a team cannot be sent; one that is out there is planned on all the same."""
    if crew.out_there or crew.coming:
        placed = crew.coming or str((crew.task or ("", {}))[1].get("sector_id")) in inputs.sector_ids
        return None if placed else "busy_elsewhere"
    people = inputs.searched.of("participants")
    states = {
        str(member): str(people.get(str(member), {}).get("state")) for member in crew.team["member_ids"]
    }
    leader = crew.team.get("leader_id")
    if leader is None or states.get(str(leader), "left") in ABSENT:
        return "no_leader"
    if any(state in ABSENT for state in states.values()):
        return "member_absent"
    return "rests" if shift is not None and shift.rests else None
