"""The plan of a shift as a job of the worker: a first good answer at once, then the best or a proven gap."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from dispatch.assignment_change import Change, plan_again
from dispatch.assignment_check import faults_of
from dispatch.assignment_shifts import Effort, plan_shifts
from dispatch.assignment_values import NoAssignment
from search_ops.domain.assignment_wishes import AssignmentWish
from search_ops.domain.events import further_id
from search_ops.domain.visibility import HQ
from search_ops.errors import Unavailable
from search_ops.services.assigning_inputs import Inputs, Place, read_inputs
from search_ops.services.assigning_situation import Problem, problem_of
from search_ops.services.assigning_teams import crews_of
from search_ops.services.assigning_told import head_of, told_plan, told_refusal
from search_ops.services.jobs import JobCancelled
from search_ops.services.planned_files import keep_answer
from search_ops.services.scribe import Scribe, intend_in_operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from dispatch.assignment_plan import Plan
    from dispatch.assignment_search import Progress
    from dispatch.assignment_values import Situation
    from search_ops.services.jobs import JobWork

PURPOSE: Final = "assignment"
STAMP: Final = text(
    "SELECT coalesce((SELECT string_agg(dataset_id::text, ',' ORDER BY dataset_id) FROM ground_dataset), '')"
    " || '/' ||"
    " coalesce((SELECT string_agg(dataset_id::text, ',' ORDER BY dataset_id) FROM relief_dataset), '')"
)
FIRST: Final = Effort(rounds=0)
SMALL: Final = 200
"""Pairs of team and sector up to which the whole effort takes seconds."""
_TEAM_ROUNDS: Final = 300
_TOLD_EVERY_S: Final = 0.25
_STEPS: Final[Mapping[str, float]] = {"first": 0.5, "prices": 0.6, "choice": 0.75, "proof": 0.9}


@dataclass(slots=True)
class Heard:
    """How far a computation in another thread is, and whether it shall go on."""

    done: float = 0.0
    step: str = "measuring_ways"
    go_on: bool = True

    def ways(self, share: float) -> None:
        """Hear that a share of the ways is measured."""
        if not self.go_on:
            raise JobCancelled
        self.done = 0.1 + 0.35 * share

    def plan(self, progress: Progress) -> bool:
        """Hear how far the plan is; answer whether to go on."""
        self.step, self.done = "improving_plan", max(self.done, _STEPS[progress.stage])
        return self.go_on


async def make_assignment(work: JobWork) -> dict[str, Any]:
    """Make the plan and propose it: first as it is at once, then as good as it gets."""
    wish = AssignmentWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.02, "reading_ground")
    inputs = await _read(work, wish)
    assignment_id = further_id(wish.command_id, 3)
    problem = await _beside(work, lambda heard: problem_of(inputs, wish, crews_of(inputs, wish), heard.ways))
    first = await asyncio.to_thread(planned, problem, FIRST, None)
    told = _answer(problem, first, assignment_id, "first")
    answer = await _propose(work, wish, told, 1)
    if isinstance(first, NoAssignment):
        return answer
    best = await _beside(work, lambda heard: planned(problem, effort_of(problem.situation), heard.plan))
    return await _propose(work, wish, _answer(problem, best, assignment_id, "best"), 2)


async def _read(work: JobWork, wish: AssignmentWish) -> Inputs:
    base = None if wish.base is None else Place(wish.base.lon, wish.base.lat, "wish")
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        stamp = str(await connection.scalar(STAMP))
        return await read_inputs(work.office, connection, work.operation_id, stamp=stamp, base=base)


async def _beside(work: JobWork, compute: Callable[[Heard], Any]) -> Any:
    """Compute in a thread; beside it tell how far it is, and stop it when somebody asks for that."""
    heard = Heard()
    running = asyncio.create_task(asyncio.to_thread(compute, heard))
    try:
        while not running.done():
            await asyncio.wait({running}, timeout=_TOLD_EVERY_S)
            await work.progress(heard.done, heard.step)
    except JobCancelled:
        heard.go_on = False
        await asyncio.wait({running})
        raise
    return await running


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it changes."""

    plan: Plan
    changes: tuple[Change, ...]
    stayed: int


def effort_of(situation: Situation) -> Effort:
    """Return what may be spent on a plan: counted, so that it repeats, and less for each of many teams.

    One round of prices asks every team; where several sectors fit into a shift that takes it up to a tenth of
    a second. The worker has other work waiting.
    """
    if situation.n_teams * situation.n_sectors <= SMALL:
        return Effort()
    rounds = max(4, min(Effort().rounds, _TEAM_ROUNDS // situation.n_teams))
    return Effort(rounds=rounds, nodes=30, listed=4_000, pool=20_000)


def planned(
    problem: Problem, effort: Effort, heard: Callable[[Progress], bool] | None
) -> Planned | NoAssignment:
    """Return the plan, checked by rules that know nothing of how it was made.

    Raises
    ------
    Unavailable
        ``plan_faulty``: the plan breaks a rule; it is not shown.
    """
    wish, situation = problem.wish, problem.situation
    options: Any = {"seed": wish.seed, "most_stops": wish.most_stops, "effort": effort, "heard": heard}
    if problem.before:
        again = plan_again(situation, problem.before, steady=problem.steady, **options)
        if isinstance(again, NoAssignment):
            return again
        made = Planned(again.plan, again.changes, again.stayed)
    else:
        plan = plan_shifts(situation, **options)
        if isinstance(plan, NoAssignment):
            return plan
        made = Planned(plan, (), 0)
    faults = faults_of(situation, made.plan)
    if faults:
        raise Unavailable("plan_faulty", rule=faults[0].rule, count=len(faults))
    return made


def _answer(
    problem: Problem, made: Planned | NoAssignment, assignment_id: UUID, stage: str
) -> dict[str, Any]:
    head = head_of(problem, assignment_id=str(assignment_id), stage=stage)
    if isinstance(made, NoAssignment):
        return head | told_refusal(problem, made)
    return head | told_plan(problem, made.plan, made.changes, made.stayed)


async def _propose(work: JobWork, wish: AssignmentWish, told: dict[str, Any], number: int) -> dict[str, Any]:
    """Write what is proposed, for the asker; done twice, it counts once."""
    command_id = further_id(wish.command_id, number)
    file_id = further_id(wish.command_id, 3 + number)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        kept = await keep_answer(scribe, work.operation_id, file_id, PURPOSE, told)
        payload = {
            "assignment_id": told["assignment_id"],
            "file_id": kept,
            **{name: told[name] for name in ("stage", "seed", "by", "value", "gap", "ended", "refused")},
            "teams": len(told["tours"]),
            "sectors": sum(len(tour["lines"]) for tour in told["tours"]),
            "changes": len(told["changes"]),
        }
        stored = scribe.write("assignment_proposed", HQ, payload)
        return {"assignment_id": told["assignment_id"], "seq": stored.seq}

    result = wish.model_copy(update={"command_id": command_id})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="assignment.proposed", decide=decide
    )
