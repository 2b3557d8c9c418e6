"""The hand-over of a shift: what changed since, and nothing that is not to be seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.hand_over_wishes import HandOverWish
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.errors import NotKnown
from search_ops.services.handing_over import hand_over, read_changes
from search_ops.services.reports import EnteredReport, enter_report

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tests.services.conftest import Desk

HEADQUARTERS = ClassSet(frozenset({ALL, HQ}), frozenset({"team", "person"}))


async def changes(desk: Desk, since: datetime, classes: ClassSet = HEADQUARTERS) -> dict[str, Any]:
    async with desk.office.engine.connect() as connection:
        return await read_changes(desk.office, connection, desk.operation_id, classes, since)


async def test_the_new_shift_reads_what_happened_since(gridded: Desk) -> None:
    """What was before is left out; a report that came late is in: the shift before did not have it."""
    first = await gridded.team("Лиса-1", "Анна", "Борис")
    since = gridded.office.clock()
    sector_id = (await gridded.sectors())["B2"]
    task_id = await gridded.give(first, sector_id)
    await gridded.move(task_id, "briefed", "out")
    late = gridded.office.clock() - timedelta(hours=6)
    payload = {"team_id": str(first), "text": "Корзина у ручья", "source": "radio"}
    report = EnteredReport(uuid7(), "clue_found", late, payload)
    await enter_report(gridded.office, gridded.me, gridded.operation_id, report)
    told = await changes(gridded, since)
    assert [each["kind"] for each in told["events"]] == [
        "task_given",
        "task_moved",
        "task_moved",
        "clue_found",
    ]
    assert told["more"] is False
    wish = HandOverWish(command_id=uuid7(), to_name="Ольга", note="Лиса-1 ещё в поле")
    answer = await hand_over(gridded.office, gridded.me, gridded.operation_id, wish)
    assert await hand_over(gridded.office, gridded.me, gridded.operation_id, wish) == answer
    (kept,) = (await gridded.state())["hand_overs"].values()
    assert (kept["to_name"], kept["note"], kept["by_name"]) == ("Ольга", wish.note, gridded.me.name)
    assert (await changes(gridded, gridded.office.clock()))["events"] == []


async def test_nobody_outside_headquarters_reads_it(gridded: Desk) -> None:
    """For a volunteer there is no such page."""
    with pytest.raises(NotKnown):
        await changes(gridded, gridded.office.clock(), ClassSet(frozenset({ALL})))
