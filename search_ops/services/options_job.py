"""Local or fly in, compared by the worker: who of the catalogue could be there when, by road and by air."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dispatch.transport_choice import Option, Wanted, compare
from search_ops.domain.events import further_id, wire_time
from search_ops.domain.transport_wishes import ComparisonWish
from search_ops.domain.visibility import HQ
from search_ops.persistence.tables import operation_record
from search_ops.services.movement_ground import last_legs, read_last_ground
from search_ops.services.options_coming import (
    coming_by_air,
    coming_by_road,
    named_group,
    told_gathering,
    told_option,
)
from search_ops.services.planned_files import keep_answer
from search_ops.services.scribe import intend_in_operation, wire_or_none
from search_ops.services.transport_calendar import read_rows
from search_ops.services.transport_claims import read_claims, without_claimed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.services.jobs import JobWork
    from search_ops.services.movement_ground import LastGround
    from search_ops.services.scribe import Scribe
    from search_ops.services.transport_calendar import Rows

PURPOSE: Final = "options"


async def compare_options(work: JobWork) -> dict[str, Any]:
    """Compare, and write what was compared with its default."""
    wish = ComparisonWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.05, "reading_network")
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        rows = without_claimed(await read_rows(connection), await read_claims(connection))
        region = await connection.scalar(
            operation_record.select()
            .with_only_columns(operation_record.c.region)
            .where(operation_record.c.operation_id == work.operation_id)
        )
        await work.progress(0.1, "reading_ground")
        ground = await read_last_ground(connection, rows, wish.to.model_dump(mode="json"))
    await work.progress(0.2, "comparing_options")
    now = work.office.clock()
    told = await asyncio.to_thread(comparison_of, rows, wish, now, (work.operation_id, str(region)), ground)
    await work.progress(0.95, "writing")
    return await _write(work, wish, told)


def comparison_of(
    rows: Rows,
    wish: ComparisonWish,
    now: datetime,
    where: tuple[UUID, str],
    ground: LastGround | None = None,
) -> dict[str, Any]:
    """Return the five options side by side, and the default with its reason.

    Each group is weighed by itself, with its own people and hour: of ten who come in two hours and one who
    comes in forty, ten are there in two hours.
    """
    operation_id, region = where
    groups = _free_groups(rows)
    near = [row for row in groups if rows.places[row["base_place"]]["region"] == region]
    far = [
        row
        for row in groups
        if rows.places[row["base_place"]]["region"] != region and row["base_place"] != wish.experts_place
    ]
    experts = [row for row in groups if row["base_place"] == wish.experts_place]
    when = (now, operation_id, last_legs(ground))
    gathered = [
        coming_by_road("neighbours_by_road", rows, wish, near, when),
        coming_by_road("neighbouring_regions", rows, wish, far, when),
        coming_by_air("scheduled_flight", rows, wish, experts, when),
        coming_by_air("state_aircraft", rows, wish, experts, when),
    ]
    options = [*(told_gathering(each, wish.people) for each in gathered), _consultant(rows, now)]
    wanted = Wanted(now, wish.people, frozenset(), wish.window_ends_at, wish.life_at_stake)
    weighed = [_as_option(each) for each in options]
    against = {each.option.option_id: each for each in compare(weighed, wanted).options}
    for option in options:
        one = against[option["kind"]]
        left_s = one.window_left_s
        option |= {
            "window_left_s": None if left_s is None else round(left_s),
            "people_short": one.people_short,
            "covers": one.covers,
        }
    singly = [option for each in gathered for option in each.as_options()]
    default = compare([*singly, weighed[-1]], wanted).default
    kind_of = {each.option_id: each.kind for each in (*singly, weighed[-1])}
    kinds = list(dict.fromkeys(kind_of[each] for each in default.option_ids))
    return {
        "made_at": wire_time(now),
        "options": options,
        "default_option": next(iter((*kinds, *default.at_once)), None),
        "default_options": kinds,
        "default_why": default.because[0],
        "covered_at": wire_or_none(default.covered_at),
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


def _consultant(rows: Rows, now: datetime) -> dict[str, Any]:
    """Return who could advise from afar, and from when: nobody has to travel for that."""
    free = [row for row in rows.resources if row["kind"] == "consultant" and row["state"] == "available"]
    known = [row for row in free if row["ready_min"] is not None]
    if not known:
        return told_option(
            "remote_consultant",
            whys=[] if free else [{"reason": "nobody_near"}],
            asks=[{"what": "ready_at", "subject": "craft", **named_group(row)} for row in free],
        )
    soonest = min(known, key=lambda row: (row["ready_min"], row["name"]))
    ready_at = now + timedelta(minutes=soonest["ready_min"])
    return told_option(
        "remote_consultant",
        possible=True,
        ready_at=wire_time(ready_at),
        arrive_at=wire_time(ready_at),
        people=soonest["people"] or 1,
        equipment=[soonest["equipment"]] if soonest["equipment"] else [],
        cost_owner=soonest["cost_owner"],
        cost_rub=soonest["cost_rub"],
        confidence=soonest["confidence"],
        who=[named_group(soonest)],
    )


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
