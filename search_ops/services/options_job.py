"""Local or fly in, compared by the worker: who of the catalogue could be there when, by road and by air."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dispatch.transport_answers import Itinerary
from dispatch.transport_choice import Option, Wanted, compare
from dispatch.transport_compile import without
from dispatch.transport_scan import earliest_arrival
from search_ops.domain.events import further_id, wire_time
from search_ops.domain.transport_wishes import ComparisonWish
from search_ops.domain.visibility import HQ
from search_ops.persistence.tables import operation_record
from search_ops.services.movement_problem import problem_of
from search_ops.services.movement_told import told_choice, told_whys
from search_ops.services.planned_files import keep_answer
from search_ops.services.scribe import intend_in_operation
from search_ops.services.transport_calendar import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from dispatch.transport_compile import Compiled
    from search_ops.services.jobs import JobWork
    from search_ops.services.movement_problem import MovementProblem
    from search_ops.services.scribe import Scribe
    from search_ops.services.transport_calendar import Rows

PURPOSE: Final = "options"
_ROAD_MODES: Final = frozenset({"road", "winter_road", "river", "sea", "foot"})


async def compare_options(work: JobWork) -> dict[str, Any]:
    """Compare, and write what was compared with its default."""
    wish = ComparisonWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.05, "reading_network")
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        rows = await read_rows(connection)
        region = await connection.scalar(
            operation_record.select()
            .with_only_columns(operation_record.c.region)
            .where(operation_record.c.operation_id == work.operation_id)
        )
    await work.progress(0.2, "comparing_options")
    now = work.office.clock()
    told = await asyncio.to_thread(comparison_of, rows, wish, now, (work.operation_id, str(region)))
    await work.progress(0.95, "writing")
    return await _write(work, wish, told)


def comparison_of(rows: Rows, wish: ComparisonWish, now: datetime, where: tuple[UUID, str]) -> dict[str, Any]:
    """Return the five options side by side, and the default with its reason."""
    operation_id, region = where
    near = [row for row in _free_groups(rows) if rows.places[row["base_place"]]["region"] == region]
    far = [
        row
        for row in _free_groups(rows)
        if rows.places[row["base_place"]]["region"] != region and row["base_place"] != wish.experts_place
    ]
    options = [
        _by_road("neighbours_by_road", rows, wish, near, (now, operation_id)),
        _by_road("neighbouring_regions", rows, wish, far, (now, operation_id)),
        _by_air("scheduled_flight", rows, wish, (now, operation_id)),
        _by_air("state_aircraft", rows, wish, (now, operation_id)),
        _consultant(rows, now),
    ]
    wanted = Wanted(now, wish.people, frozenset(), wish.window_ends_at, wish.life_at_stake)
    compared = compare([_as_option(each) for each in options], wanted)
    against = {each.option.option_id: each for each in compared.options}
    for option in options:
        one = against[option["kind"]]
        left_s = one.window_left_s
        option |= {
            "window_left_s": None if left_s is None else round(left_s),
            "people_short": one.people_short,
            "covers": one.covers,
        }
    default = compared.default
    return {
        "made_at": wire_time(now),
        "options": options,
        "default_option": next(iter((*default.option_ids, *default.at_once)), None),
        "default_options": [*default.option_ids],
        "default_why": default.because[0],
        "window_ends_at": wire_time(wish.window_ends_at),
    }


def _as_option(told: Mapping[str, Any]) -> Option:
    """Return an option as the founding rule weighs it."""

    def instant(name: str) -> datetime | None:
        return None if told[name] is None else datetime.fromisoformat(told[name])

    return Option(
        told["kind"],
        told["kind"],
        instant("ready_at"),
        instant("arrive_at"),
        told["people"],
        cost_rub=told["cost_rub"],
        cost_owner=told["cost_owner"] or "",
        confidence=told["confidence"],
    )


def _free_groups(rows: Rows) -> list[dict[str, Any]]:
    return [
        row
        for row in rows.resources
        if row["kind"] == "group" and row["state"] == "available" and row["base_place"] is not None
    ]


def _option(kind: str, **said: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "possible": False,
        "ready_at": None,
        "arrive_at": None,
        "people": 0,
        "equipment": [],
        "cost_owner": None,
        "cost_rub": None,
        "confidence": None,
        "who": [],
        "whys": [],
        "asks": [],
        "legs": [],
    }
    return {"kind": kind, **nothing, **said}


def _by_road(
    kind: str,
    rows: Rows,
    wish: ComparisonWish,
    groups: Sequence[Mapping[str, Any]],
    when: tuple[datetime, UUID],
) -> dict[str, Any]:
    """Return when groups that come over the ground have brought as many people as are wanted, or all."""
    now, _ = when
    coming = []
    asks = []
    for row in groups:
        if row["ready_min"] is None:
            asks.append({"what": "ready_at", "subject": "craft", **_named(row)})
            continue
        ready_at = now + timedelta(minutes=row["ready_min"])
        found = _journey(rows, wish, (row["base_place"], ready_at, row["people"] or 0), when, _ROAD_MODES)
        if found is not None:
            coming.append((datetime.fromisoformat(found["arrives_at"]), ready_at, row, found))
    if not coming:
        whys = [] if asks else [{"reason": "nobody_near" if not groups else "no_connection"}]
        return _option(kind, whys=whys, asks=asks)
    coming.sort(key=lambda each: each[0])
    taken, people = [], 0
    for each in coming:
        taken.append(each)
        people += each[2]["people"] or 0
        if people >= wish.people:
            break
    owners = sorted({each[2]["cost_owner"] for each in taken if each[2]["cost_owner"]})
    costs = [each[2]["cost_rub"] for each in taken]
    return _option(
        kind,
        possible=True,
        ready_at=wire_time(min(each[1] for each in taken)),
        arrive_at=wire_time(taken[-1][0]),
        people=people,
        equipment=sorted({each[2]["equipment"] for each in taken if each[2]["equipment"]}),
        cost_owner=", ".join(owners) or None,
        cost_rub=None if None in costs else sum(costs),
        confidence=min(each[3]["confidence"] * (each[2]["confidence"] or 1.0) for each in taken),
        who=[_named(each[2]) for each in taken],
        asks=asks + [ask for each in taken for ask in each[3]["asks"] if ask["what"] != "cost"],
        legs=taken[0][3]["legs"],
    )


def _by_air(kind: str, rows: Rows, wish: ComparisonWish, when: tuple[datetime, UUID]) -> dict[str, Any]:
    """Return how people fly in: by timetable alone, or with aircraft of the catalogue."""
    now, operation_id = when
    experts = [row for row in _free_groups(rows) if row["base_place"] == wish.experts_place]
    known = [row["ready_min"] for row in experts if row["ready_min"] is not None]
    ready_at = now + timedelta(minutes=min(known, default=0))
    asked = _asked(wish, (wish.experts_place, ready_at, wish.people))
    problem = problem_of(rows, asked, now, operation_id=operation_id, with_aircraft=kind == "state_aircraft")
    place = rows.places[wish.experts_place]
    named = {"id": wish.experts_place, "name": place["name"], "name_ru": place["name_ru"]}
    asks = [] if known else [{"what": "ready_at", "subject": "place", **named}]
    if problem.compiled is None:
        return _option(kind, whys=told_whys(problem, rows, problem.refused))
    compiled = problem.compiled
    if kind == "state_aircraft":
        compiled = _without_timetable(problem)
    found = earliest_arrival(compiled, problem.movement)
    if not isinstance(found, Itinerary):
        whys = problem.aircraft_out if kind == "state_aircraft" and problem.aircraft_out else found.whys
        return _option(kind, whys=told_whys(problem, rows, whys), asks=asks)
    told = told_choice(problem, rows, asked, [found])
    flown = [leg for leg in told["legs"] if leg["mode"] in {"flight", "helicopter"}]
    if not flown:
        return _option(kind, whys=[{"reason": "nothing_flies"}], asks=asks)
    owners = {
        row["cost_owner"]
        for row in rows.resources
        if row["cost_owner"] and str(row["resource_id"]) in {leg["craft_id"] for leg in flown}
    }
    return _option(
        kind,
        possible=True,
        ready_at=wire_time(ready_at),
        arrive_at=told["arrives_at"],
        people=wish.people,
        equipment=sorted({row["equipment"] for row in experts if row["equipment"]}),
        cost_owner=", ".join(sorted(owners)) or None,
        cost_rub=told["cost_rub"] if told["cost_known"] else None,
        confidence=told["confidence"],
        who=[_named(row) for row in experts],
        asks=asks + told["asks"],
        legs=told["legs"],
    )


def _without_timetable(problem: MovementProblem) -> Compiled:
    """Return the network in which nobody flies by timetable."""
    assert problem.compiled is not None
    slots = [
        problem.compiled.slot_of[each.departure_id]
        for each in problem.network.departures
        if each.use is None and each.mode in {"flight", "helicopter"}
    ]
    return without(problem.compiled, slots)


def _consultant(rows: Rows, now: datetime) -> dict[str, Any]:
    """Return who could advise from afar, and from when: nobody has to travel for that."""
    free = [row for row in rows.resources if row["kind"] == "consultant" and row["state"] == "available"]
    known = [row for row in free if row["ready_min"] is not None]
    if not known:
        return _option(
            "remote_consultant",
            whys=[] if free else [{"reason": "nobody_near"}],
            asks=[{"what": "ready_at", "subject": "craft", **_named(row)} for row in free],
        )
    soonest = min(known, key=lambda row: (row["ready_min"], row["name"]))
    ready_at = now + timedelta(minutes=soonest["ready_min"])
    return _option(
        "remote_consultant",
        possible=True,
        ready_at=wire_time(ready_at),
        arrive_at=wire_time(ready_at),
        people=soonest["people"] or 1,
        equipment=[soonest["equipment"]] if soonest["equipment"] else [],
        cost_owner=soonest["cost_owner"],
        cost_rub=soonest["cost_rub"],
        confidence=soonest["confidence"],
        who=[_named(soonest)],
    )


def _journey(
    rows: Rows,
    wish: ComparisonWish,
    group: tuple[str, datetime, int],
    when: tuple[datetime, UUID],
    modes: frozenset[str],
) -> dict[str, Any] | None:
    """Return how one group comes by ways alone, or None."""
    now, operation_id = when
    asked = _asked(wish, group)
    problem = problem_of(rows, asked, now, operation_id=operation_id, with_aircraft=False)
    if problem.compiled is None:
        return None
    found = earliest_arrival(_ways_only(problem), problem.movement)
    if not isinstance(found, Itinerary) or any(leg.mode not in modes for leg in found.legs):
        return None
    return told_choice(problem, rows, asked, [found])


def _ways_only(problem: MovementProblem) -> Compiled:
    assert problem.compiled is not None
    return without(problem.compiled, problem.compiled.slot_of.values())


def _asked(wish: ComparisonWish, group: tuple[str, datetime, int]) -> dict[str, Any]:
    place_id, ready_at, people = group
    party = {
        "place_id": place_id,
        "ready_at": ready_at.astimezone(UTC).isoformat(),
        "people": people,
        "cargo_kg": wish.cargo_kg,
        "pieces": [],
    }
    return {"parties": [party], "to": wish.to.model_dump(mode="json"), "by_at": None, "unknown": "ask"}


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": str(row["resource_id"]), "name": row["name"], "name_ru": row["name"]}


async def _write(work: JobWork, wish: ComparisonWish, told: dict[str, Any]) -> dict[str, Any]:
    comparison_id = further_id(wish.command_id, 1_000)
    file_id = further_id(wish.command_id, 1_001)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        payload = {
            "comparison_id": str(comparison_id),
            "file_id": await keep_answer(scribe, work.operation_id, file_id, PURPOSE, told),
            "people": wish.people,
            "window_ends_at": told["window_ends_at"],
            "life_at_stake": wish.life_at_stake,
            "life_reason": wish.life_reason,
            "default_option": told["default_option"],
            "default_options": told["default_options"],
            "default_why": told["default_why"],
            "to": wish.to.model_dump(mode="json"),
        }
        stored = scribe.write("options_compared", HQ, payload)
        return {"comparison_id": str(comparison_id), "seq": stored.seq}

    result = wish.model_copy(update={"command_id": further_id(wish.command_id, 1_002)})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="options.compared", decide=decide
    )
