"""Itineraries of a movement as a job of the worker; what was chosen stands until a person changes it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispatch.transport_alternatives import alternatives
from dispatch.transport_answers import Itinerary, MovementPlan, Refused, Why
from dispatch.transport_check import faults_of
from dispatch.transport_exact import plan_movement
from dispatch.transport_scan import latest_departure
from search_ops.domain.events import further_id, wire_time
from search_ops.domain.transport_wishes import MovementSearch
from search_ops.domain.visibility import HQ
from search_ops.errors import NotKnown, Unavailable
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.movement_ground import last_legs, read_last_ground
from search_ops.services.movement_onward import newest_seen, onward_of, plan_reports, told_onward
from search_ops.services.movement_problem import problem_of
from search_ops.services.movement_told import told_choice, told_whys
from search_ops.services.planned_files import keep_answer
from search_ops.services.scribe import intend_in_operation, known
from search_ops.services.transport_basis import basis_of
from search_ops.services.transport_calendar import read_rows
from search_ops.services.transport_claims import read_claims, without_claimed
from search_ops.services.transport_graph import cut_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from dispatch.transport_answers import LeftBehind
    from dispatch.transport_compile import Compiled
    from search_ops.services.jobs import JobWork
    from search_ops.services.movement_ground import LastGround
    from search_ops.services.movement_onward import Onward
    from search_ops.services.movement_problem import MovementProblem
    from search_ops.services.scribe import Scribe
    from search_ops.services.transport_calendar import Rows, WrittenOut
    from search_ops.services.transport_claims import Claims

PURPOSE: Final = "movement"
_MOST_CHOICES: Final = 6


async def make_itineraries(work: JobWork) -> dict[str, Any]:
    """Look for itineraries and propose them."""
    wish = MovementSearch.model_validate({**work.wish}, strict=False)
    await work.progress(0.05, "reading_network")
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        state = await load_state(connection, operation_stream(work.operation_id))
        rows = await read_rows(connection)
        asked = state.get("movements", {}).get(str(wish.movement_id))
        if asked is None:
            raise NotKnown
        claims = await read_claims(connection, besides=wish.movement_id)
        await work.progress(0.1, "reading_ground")
        ground = await read_last_ground(connection, rows, asked["to"])
    await work.progress(0.2, "looking_for_itineraries")
    now = work.office.clock()
    reports = plan_reports(state, str(wish.movement_id))
    where = (work.operation_id, ground, claims)
    told = await asyncio.to_thread(proposal_of, rows, (asked, reports), now, where)
    await work.progress(0.95, "writing")
    return await _propose(work, wish, told)


def proposal_of(
    rows: Rows,
    told: tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]],
    now: datetime,
    where: tuple[UUID, LastGround | None, Claims],
) -> dict[str, Any]:
    """Return the itineraries of a movement, from where its people are now, or why there is none.

    Parameters
    ----------
    where
        The search, the ground of the last leg, what other movements count on.
    told
        The movement, and what is reported of the plan that stands.
    """
    movement, reports = told
    onward = onward_of(movement, reports)
    seen = {"reports_seen": newest_seen(reports), "under_way": onward is not None}
    if onward is not None and onward.refused is not None:
        return _nothing(movement, now) | seen | {"refused": [{"reason": onward.refused}]}
    asked = movement if onward is None else onward.from_here()
    return _proposed(rows, asked, now, where, onward) | seen


def _nothing(asked: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "made_at": wire_time(now),
        "by_at": asked["by_at"],
        "assumed": [],
        "left_out": [],
        "aircraft_out": [],
        "apart": [],
        "itineraries": [],
        "refused": [],
        "cut_off": None,
    }


def _proposed(
    rows: Rows,
    asked: Mapping[str, Any],
    now: datetime,
    where: tuple[UUID, LastGround | None, Claims],
    onward: Onward | None,
) -> dict[str, Any]:
    operation_id, ground, claims = where
    left = without_claimed(rows, claims)
    problem = problem_of(left, asked, now, operation_id=operation_id, last_legs=last_legs(ground))
    taken = [Why("taken_elsewhere", craft_id=each) for each in sorted(claims.crafts)]
    head = _nothing(asked, now) | {
        "assumed": list(problem.assumed),
        "left_out": _left_out(rows, problem.written),
        "aircraft_out": told_whys(problem, rows, (*problem.aircraft_out, *taken)),
    }
    if problem.compiled is None:
        return head | {"refused": told_whys(problem, rows, problem.refused)}
    choices, apart = _choices(problem, problem.compiled)
    head |= {"apart": told_whys(problem, rows, apart)}
    if isinstance(choices, Refused):
        starts = [party.place_id for party in problem.movement.parties]
        cut = cut_off(problem.network, starts, problem.movement.to_id)
        if cut is not None:
            place = rows.places.get(cut["nearest"], {})
            cut |= {"name": place.get("name"), "name_ru": place.get("name_ru")}
        return head | {"refused": told_whys(problem, rows, choices.whys), "cut_off": cut}
    itineraries = []
    for choice in choices:
        told = told_choice(problem, rows, asked, choice.itineraries, choice.left_behind)
        basis = basis_of(rows, told["legs"], operation_id)
        if onward is not None:
            told = told_onward(told, onward, choice.itineraries, choice.left_behind)
        itineraries.append(told | {"basis": basis})
    return head | {"itineraries": itineraries}


def _left_out(rows: Rows, written: WrittenOut) -> list[dict[str, Any]]:
    """Return what of the network could not be used, and why: somebody has to mend it there."""
    places = [("without_position", each) for each in written.without_position]
    places += [("without_zone", each) for each in written.without_zone]
    told = [
        {"reason": "timetable_backward", "concerns": [{"id": each, "name": number, "name_ru": number}]}
        for each, number in sorted(written.backward.items())
    ]
    for reason, each in places:
        row = rows.places[each]
        named = {"id": each, "name": row["name"], "name_ru": row["name_ru"]}
        told.append({"reason": reason, "concerns": [named]})
    return told


@dataclass(frozen=True, slots=True)
class _Choice:
    itineraries: tuple[Itinerary, ...]
    left_behind: tuple[LeftBehind, ...] = ()


def _choices(problem: MovementProblem, compiled: Compiled) -> tuple[list[_Choice] | Refused, tuple[Why, ...]]:
    """Return the choices there are; with why one party cannot go together, where it is divided."""
    movement = problem.movement
    if len(movement.parties) > 1:
        return _together(problem, compiled), ()
    found = alternatives(compiled, movement)
    if isinstance(found, Refused):
        divided = _together(problem, compiled)
        return (found, ()) if isinstance(divided, Refused) else (divided, found.whys)
    itineraries = list(found.itineraries)
    if movement.by_at is not None:
        latest = latest_departure(compiled, movement)
        if isinstance(latest, Itinerary) and _key(latest) not in map(_key, itineraries):
            itineraries.append(latest)
    kept = _most_useful(itineraries)
    for itinerary in kept:
        _check(problem, itinerary)
    return [_Choice((itinerary,)) for itinerary in kept], ()


def _most_useful(itineraries: list[Itinerary]) -> list[Itinerary]:
    """Return those that are best in something, then the soonest of the others, in order of arrival."""
    ranked = sorted(itineraries, key=lambda each: (not each.names, each.arrives_at))[:_MOST_CHOICES]
    return sorted(ranked, key=lambda each: each.arrives_at)


def _together(problem: MovementProblem, compiled: Compiled) -> list[_Choice] | Refused:
    """Return how all go within shared seats and payload; refused only where nobody and nothing goes.

    A plan that brings forty of sixty is one, and says who stays behind and why.
    """
    plan = plan_movement(compiled, problem.movement)
    if isinstance(plan, Refused):
        return plan
    if not plan.itineraries:
        return Refused(tuple(why for each in plan.left_behind for why in each.whys))
    _check(problem, plan)
    return [_Choice(plan.itineraries, plan.left_behind)]


def _key(itinerary: Itinerary) -> tuple[Any, ...]:
    return tuple((leg.ref_id, leg.leaves_at) for leg in itinerary.legs)


def _check(problem: MovementProblem, answer: Itinerary | MovementPlan) -> None:
    """Let code that knows no solver check what is going to be shown.

    Raises
    ------
    Unavailable
        ``plan_faulty``: it breaks a rule; it is not shown.
    """
    faults = faults_of(problem.network, problem.movement, answer, changes=problem.written.changes)
    if faults:
        raise Unavailable("plan_faulty", rule=faults[0].rule, count=len(faults))


async def _propose(work: JobWork, wish: MovementSearch, told: dict[str, Any]) -> dict[str, Any]:
    """Write what is proposed, for the asker; done twice, it counts once."""
    proposal_id = further_id(wish.command_id, 1_000)
    file_id = further_id(wish.command_id, 1_001)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        known(scribe.stream, "movements", wish.movement_id)
        kept = await keep_answer(scribe, work.operation_id, file_id, PURPOSE, told)
        first = told["itineraries"][0] if told["itineraries"] else None
        payload = {
            "movement_id": str(wish.movement_id),
            "proposal": {
                "proposal_id": str(proposal_id),
                "file_id": kept,
                "itineraries": len(told["itineraries"]),
                "arrives_at": None if first is None else first["arrives_at"],
                "refused": None
                if first is not None
                else (told["refused"] or [{"reason": "no_connection"}])[0]["reason"],
            },
        }
        stored = scribe.write("movement_proposed", HQ, payload)
        return {"movement_id": str(wish.movement_id), "proposal_id": str(proposal_id), "seq": stored.seq}

    result = wish.model_copy(update={"command_id": further_id(wish.command_id, 1_002)})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="movement.proposed", decide=decide
    )
