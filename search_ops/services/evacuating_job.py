"""The way out from where a person was found, as a job of the worker."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from dispatch.evacuation import plan_evacuation
from dispatch.evacuation_values import Exit, FieldTeam, Found, NoEvacuation
from geo.sweep import light_at
from search_ops.domain.evacuation_wishes import EvacuationWish
from search_ops.domain.events import further_id, wire_time
from search_ops.domain.tasking import ABSENT
from search_ops.domain.visibility import HQ
from search_ops.persistence.tables import last_position
from search_ops.services.assigning_inputs import Inputs, read_inputs
from search_ops.services.assigning_job import STAMP
from search_ops.services.evacuating_ways import Way, place_cell, standing, walk_to, ways_out
from search_ops.services.planned_files import keep_answer
from search_ops.services.scribe import Scribe, intend_in_operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from dispatch.evacuation_values import EvacuationPlan, ExitOut, RankedTeam, WayOut
    from search_ops.services.jobs import JobWork

PURPOSE: Final = "evacuation"
_FRESH: Final = timedelta(minutes=90)
_LIGHT_STEP_S: Final = 300.0
_LIGHT_AHEAD_S: Final = 24 * 3600.0
_KIND: Final = {"ambulance": "ambulance", "track": "road", "landing": "landing"}


async def make_evacuation(work: JobWork) -> dict[str, Any]:
    """Plan the way out and propose it; what cannot be is told in the answer, with the reason."""
    wish = EvacuationWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.1, "reading_ground")
    places = [(wish.lon, wish.lat)]
    if wish.landing is not None:
        places.append((wish.landing.lon, wish.landing.lat))
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        stamp = str(await connection.scalar(STAMP))
        inputs = await read_inputs(
            work.office, connection, work.operation_id, stamp=stamp, further=tuple(places)
        )
        fixes = await _fixes(connection, work.operation_id, inputs)
    await work.progress(0.5, "measuring_ways")
    evacuation_id = further_id(wish.command_id, 3)
    told = await asyncio.to_thread(_planned, inputs, fixes, wish, evacuation_id)
    return await _propose(work, wish, told)


async def _fixes(connection: AsyncConnection, operation_id: UUID, inputs: Inputs) -> dict[str, Any]:
    """Return the last fixes that still say where somebody is."""
    query = select(
        last_position.c.participant_id,
        func.ST_X(last_position.c.geom).label("lon"),
        func.ST_Y(last_position.c.geom).label("lat"),
        last_position.c.at,
    ).where(last_position.c.operation_id == operation_id, last_position.c.at > inputs.searched.now - _FRESH)
    rows = (await connection.execute(query)).mappings()
    return {str(row["participant_id"]): dict(row) for row in rows}


def _planned(
    inputs: Inputs, fixes: Mapping[str, Any], wish: EvacuationWish, evacuation_id: UUID
) -> dict[str, Any]:
    found = place_cell(inputs, wish.lon, wish.lat)
    head = {
        "evacuation_id": str(evacuation_id),
        "made_at": wire_time(inputs.searched.now),
        "find_id": None if wish.find_id is None else str(wish.find_id),
        "place": {"lon": wish.lon, "lat": wish.lat},
        "walking": wish.walking,
        "notices": ["no_ground"] if inputs.terrain.ground.is_empty else [],
    }
    teams, known_by = _teams(inputs, fixes, found, _finder(inputs, wish))
    ways = [] if found is None else ways_out(inputs, found, _landing(inputs, wish))
    exits = [_exit(inputs, wish, way) for way in ways]
    person = Found(wish.walking, wish.weight_kg, wish.medic_wanted)
    plan = plan_evacuation(person, teams, exits)
    return head | _told(inputs, plan, ways, known_by)


def _landing(inputs: Inputs, wish: EvacuationWish) -> tuple[int, int] | None:
    return None if wish.landing is None else place_cell(inputs, wish.landing.lon, wish.landing.lat)


def _finder(inputs: Inputs, wish: EvacuationWish) -> str | None:
    """Return the team that has found the person: it is with them."""
    find = inputs.searched.of("finds").get(str(wish.find_id), {})
    if find.get("team_id") is not None:
        return str(find["team_id"])
    finder = inputs.roster.people.get(str(find.get("participant_id")))
    return None if finder is None else finder.team_id


def _teams(
    inputs: Inputs, fixes: Mapping[str, Any], found: tuple[int, int] | None, finder: str | None
) -> tuple[list[FieldTeam], dict[str, str]]:
    walk_s = None if found is None else walk_to(inputs, found)
    people = inputs.searched.of("participants")
    teams, known_by = [], {}
    for team_id, facts in sorted(inputs.roster.teams.items()):
        cell, source = standing(inputs, fixes, team_id)
        here = [
            each for each in facts.member_ids if str(people.get(each, {}).get("state", "left")) not in ABSENT
        ]
        able = [
            each
            for each in here
            if each in inputs.roster.people and "carrying" not in inputs.roster.people[each].limits
        ]
        reach_s = math.inf if walk_s is None or cell is None or not here else float(walk_s[cell])
        if team_id == finder:
            reach_s, source = 0.0, "found"
        stretcher = any(thing.kind == "stretcher" for thing in facts.things)
        teams.append(FieldTeam(team_id, reach_s, len(able), stretcher, "medic" in facts.skills))
        known_by[team_id] = source
    return teams, known_by


def _exit(inputs: Inputs, wish: EvacuationWish, way: Way) -> Exit:
    called_s = 60.0 * (wish.ambulance_min or 0.0)
    closes_s = math.inf
    met_s = called_s + (way.drive_s if math.isfinite(way.drive_s) else 0.0)
    if way.exit_id == "landing":
        met_s = math.inf if wish.aircraft_min is None else 60.0 * wish.aircraft_min
        closes_s = _dark_after_s(inputs, way)
    return Exit(way.exit_id, _KIND[way.exit_id], way.way_m, met_s, closes_s)  # type: ignore[arg-type] # the table's


def _dark_after_s(inputs: Inputs, way: Way) -> float:
    """Return until when it is light at the end of a way, seconds from now."""
    now_s, step_s = inputs.searched.now.timestamp(), 0.0
    while step_s < _LIGHT_AHEAD_S:
        if light_at(way.end[0], way.end[1], now_s + step_s) == "night":
            return step_s
        step_s += _LIGHT_STEP_S
    return math.inf


# ---- in words for desks ------------------------------------------------------------------------


def _told(
    inputs: Inputs, plan: EvacuationPlan | NoEvacuation, ways: list[Way], known_by: Mapping[str, str]
) -> dict[str, Any]:
    by_id = {way.exit_id: way for way in ways}
    told: dict[str, Any] = {
        "refused": None,
        "refused_what": None,
        "reasons": [],
        "ways": [],
        "exits_out": [_exit_out(each) for each in plan.refused],
        "ranking": [_ranked(inputs, each, known_by) for each in plan.ranking],
    }
    if isinstance(plan, NoEvacuation):
        return told | {"refused": plan.reason, "refused_what": plan.what}
    told["reasons"] = list(plan.reasons)
    told["ways"] = [_way_out(inputs, each, by_id[each.exit_id]) for each in (plan.best, *plan.alternatives)]
    return told


def _exit_out(each: ExitOut) -> dict[str, Any]:
    return {
        "exit_id": each.exit_id,
        "fault": each.fault,
        "need": _finite(each.need),
        "have": _finite(each.have),
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _ranked(inputs: Inputs, each: RankedTeam, known_by: Mapping[str, str]) -> dict[str, Any]:
    facts = inputs.roster.teams[each.team_id]
    return {
        "team_id": each.team_id,
        "callsign": facts.callsign,
        "walk_s": _finite(each.walk_s),
        "carriers": each.carriers,
        "stretcher": any(thing.kind == "stretcher" for thing in facts.things),
        "medic": "medic" in facts.skills,
        "known_by": known_by[each.team_id],
        "fault": each.fault,
    }


def _way_out(inputs: Inputs, out: WayOut, way: Way) -> dict[str, Any]:
    def at(seconds: float) -> str:
        return wire_time(inputs.searched.now + timedelta(seconds=seconds))

    return {
        "exit_id": out.exit_id,
        "kind": out.kind,
        "meeting": {"lon": way.end[0], "lat": way.end[1]},
        "line": [list(corner) for corner in way.line],
        "way_m": {name: round(metres) for name, metres in way.way_m.items()},
        "carriers_needed": out.carriers_needed,
        "carriers": out.carriers,
        "called": list(out.called),
        "carry_m": round(out.carry_m),
        "carry_s": round(out.carry_s),
        "first_crew_at": at(out.first_crew_after_s),
        "gathered_at": at(out.gathered_after_s),
        "there_at": at(out.there_after_s),
        "handed_over_at": at(out.handed_over_after_s),
        "later_by_s": round(out.later_by_s),
        "notices": list(out.notices),
    }


async def _propose(work: JobWork, wish: EvacuationWish, told: dict[str, Any]) -> dict[str, Any]:
    command_id = work.result_command(wish.command_id)
    file_id = further_id(wish.command_id, 4)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        payload = {
            "evacuation_id": told["evacuation_id"],
            "file_id": await keep_answer(scribe, work.operation_id, file_id, PURPOSE, told),
            "find_id": told["find_id"],
            **told["place"],
            "refused": told["refused"],
        }
        stored = scribe.write("evacuation_proposed", HQ, payload)
        return {"evacuation_id": told["evacuation_id"], "seq": stored.seq}

    result = wish.model_copy(update={"command_id": command_id})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="evacuation.proposed", decide=decide
    )
