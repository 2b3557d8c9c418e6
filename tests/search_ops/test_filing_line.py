"""Batches that phones of one search send at the same time share a transaction; each keeps its own answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import select

from search_ops.errors import NotKnown
from search_ops.persistence.tables import event as event_table
from search_ops.persistence.unit_of_work import transaction
from search_ops.services.filing_line import FilingLines
from search_ops.services.reports import Batch
from tests.search_ops.test_reports import check_in, field_event

if TYPE_CHECKING:
    from search_ops.domain.payloads import FieldEvent
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.reports import FiledBatch
    from tests.search_ops.conftest import Scene

pytestmark = pytest.mark.postgres


async def filed_behind_a_lock(
    office: Office, scene: Scene, batches: list[tuple[Principal, list[FieldEvent]]]
) -> list[asyncio.Task[FiledBatch]]:
    """Offer batches one after another while somebody else holds the search; return when all are answered."""
    lines = FilingLines(office)
    tasks = []
    async with transaction(office, [scene.stream_id]):
        for sender, events in batches:
            tasks.append(asyncio.create_task(lines.file(scene.operation_id, Batch(sender, events))))
            await asyncio.sleep(0)  # it is in line now
    await asyncio.wait(tasks)
    return tasks


async def moments(office: Office, scene: Scene, ids: list[Any]) -> set[Any]:
    async with office.engine.connect() as connection:
        query = select(event_table.c.recorded_at).where(
            event_table.c.stream_id == scene.stream_id, event_table.c.event_id.in_(ids)
        )
        return set((await connection.execute(query)).scalars())


async def test_those_who_come_meanwhile_share_one_transaction(office: Office, scene: Scene) -> None:
    """While one batch is on its way twenty come: they are filed at one moment, each with its own number."""
    events = [check_in(scene.member, "all_well") for _ in range(21)]
    tasks = await filed_behind_a_lock(office, scene, [(scene.member, [event]) for event in events])
    answers = [task.result().results[0] for task in tasks]
    assert {answer.status for answer in answers} == {"stored"}
    assert [answer.id for answer in answers] == [str(event.id) for event in events]
    assert len({answer.seq for answer in answers}) == len(events)
    told_at = {task.result().at for task in tasks}
    assert told_at == await moments(office, scene, [event.id for event in events])
    assert len(told_at) <= 2


async def test_a_call_for_help_goes_before_what_waits(office: Office, scene: Scene) -> None:
    """An SOS that comes last is filed before the check-ins that stood in line before it."""
    first = [(scene.member, [check_in(scene.member, "all_well")]) for _ in range(6)]
    help_ = field_event(scene.member, "sos_raised", {"text": "нога"})
    tasks = await filed_behind_a_lock(office, scene, [*first, (scene.member, [help_])])
    *others, sos = [cast("int", task.result().results[0].seq) for task in tasks]
    assert sos < min(others[1:])  # the first was on its way already


async def test_what_spoils_a_transaction_spoils_it_for_its_sender_only(office: Office, scene: Scene) -> None:
    """A batch at which filing fails is told so; those beside it are stored."""
    broken = cast("list[FieldEvent]", [object()])
    good = [check_in(scene.member, "all_well") for _ in range(3)]
    tasks = await filed_behind_a_lock(
        office,
        scene,
        [
            (scene.member, [good[0]]),
            (scene.member, [good[1]]),
            (scene.leader, broken),
            (scene.member, [good[2]]),
        ],
    )
    assert isinstance(tasks[2].exception(), AttributeError)
    stored = [task.result().results[0].status for task in (tasks[0], tasks[1], tasks[3])]
    assert stored == ["stored"] * 3


async def test_one_id_from_two_senders_in_one_transaction(office: Office, scene: Scene) -> None:
    """The second sender of an id is put apart, also when both come in the same moment; a repeat is none."""
    own = check_in(scene.member, "all_well")
    tasks = await filed_behind_a_lock(
        office,
        scene,
        [
            (scene.leader, [check_in(scene.leader, "all_well")]),
            (scene.member, [own]),
            (scene.member, [own]),
            (scene.leader, [own]),
        ],
    )
    assert [task.result().results[0].status for task in tasks[1:]] == ["stored", "duplicate", "quarantined"]


async def test_who_hangs_up_leaves_his_report_and_the_line(office: Office, scene: Scene) -> None:
    """A sender that is gone before the answer has filed nevertheless, and those behind him are answered."""
    lines = FilingLines(office)
    gone, other = check_in(scene.member, "all_well"), check_in(scene.leader, "all_well")
    async with transaction(office, [scene.stream_id]):
        leaving = asyncio.create_task(lines.file(scene.operation_id, Batch(scene.member, [gone])))
        await asyncio.sleep(0)
        staying = asyncio.create_task(lines.file(scene.operation_id, Batch(scene.leader, [other])))
        await asyncio.sleep(0)
        leaving.cancel()
    assert (await staying).results[0].status == "stored"
    assert len(await moments(office, scene, [gone.id, other.id])) >= 1
    again = await lines.file(scene.operation_id, Batch(scene.member, [gone]))
    assert again.results[0].status == "duplicate"


async def test_nobody_is_served_where_there_is_no_search(office: Office, scene: Scene) -> None:
    """Batches for a search that does not exist are all told so."""
    lines = FilingLines(office)
    nowhere = scene.team_id
    told = await asyncio.gather(
        *(lines.file(nowhere, Batch(scene.member, [check_in(scene.member, "out")])) for _ in range(3)),
        return_exceptions=True,
    )
    assert [type(each) for each in told] == [NotKnown] * 3
