"""A search of the tests plans its shift: ranks, locks, a plan given out and taken back, an evacuation."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.assignment_wishes import (
    AcceptanceWish,
    AssignmentWish,
    PairLockWish,
    SectorRankWish,
)
from search_ops.domain.board_wishes import BoardScheduleWish
from search_ops.domain.evacuation_wishes import EvacuationOrder, EvacuationWish
from search_ops.domain.hand_over_wishes import HandOverWish
from search_ops.domain.tracker_wishes import TrackerEnd, TrackerWish
from search_ops.domain.wishes import LonLat, PointWish
from search_ops.services.assigning import lock_pair, rank_sector
from search_ops.services.assigning_acceptance import accept_assignment
from search_ops.services.board_schedule import round_of_sheets, set_schedule
from search_ops.services.evacuating import order_evacuation
from search_ops.services.handing_over import hand_over
from search_ops.services.planning import set_point
from search_ops.services.trackers import bind_tracker, unbind_tracker
from search_ops.settings import Settings
from tests.services.walks import at_once

if TYPE_CHECKING:
    from tests.services.conftest import Desk


async def set_entry(desk: Desk) -> None:
    """Say where teams leave from: the south-west corner of the area."""
    point = PointWish(command_id=uuid7(), lon=104.001, lat=52.001)
    await set_point(desk.office, desk.me, desk.operation_id, "entry", point)


async def evacuate(desk: Desk) -> None:
    """Plan a way out and begin; the others are recalled."""
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    wish = EvacuationWish(
        command_id=uuid7(),
        lon=104.01,
        lat=52.01,
        walking="escorted",
        landing=LonLat(lon=104.012, lat=52.011),
        aircraft_min=40.0,
    )
    await set_entry(desk)
    evacuation_id = UUID((await at_once(desk, "evacuation", wish))["evacuation_id"])
    order = EvacuationOrder(
        command_id=uuid7(),
        base_version=await desk.version("evacuations", evacuation_id),
        exit_id="landing",
    )
    await order_evacuation(office, me, operation_id, evacuation_id, order)
    await hand_over(office, me, operation_id, HandOverWish(command_id=uuid7(), to_name="Ольга"))
    await leave_a_sheet(desk)
    await carry_a_tracker(desk)


async def plan_a_shift(desk: Desk, team_id: UUID) -> None:
    """Rank, lock, plan, give out; then cancel every task, so that the story goes on as if nothing was."""
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    sector_id = next(iter((await desk.sectors()).values()))
    await rank_sector(office, me, operation_id, sector_id, SectorRankWish(command_id=uuid7(), priority=1))
    lock = PairLockWish(command_id=uuid7(), team_id=team_id, sector_id=sector_id, lock="must")
    await lock_pair(office, me, operation_id, lock)
    wish = AssignmentWish(command_id=uuid7(), ride="none", base=LonLat(lon=104.001, lat=52.001))
    assignment_id = UUID((await at_once(desk, "assignment", wish))["assignment_id"])
    accepted = AcceptanceWish(
        command_id=uuid7(), base_version=await desk.version("assignments", assignment_id)
    )
    done = await accept_assignment(office, me, operation_id, assignment_id, accepted)
    assert done["planned"]
    for task_id in done["given"] + done["planned"]:
        await desk.move(UUID(task_id), "cancelled")


async def leave_a_sheet(desk: Desk) -> None:
    """Have the sheet of all teams written by itself once; the printer is out of order."""
    wish = BoardScheduleWish(command_id=uuid7(), every_min=30, language="ru")
    await set_schedule(desk.office, desk.me, desk.operation_id, wish)
    with TemporaryDirectory() as folder:
        made = Settings(data_dir=Path(folder), print_command="/bin/false")
        assert await round_of_sheets(desk.office, made) == 1


async def carry_a_tracker(desk: Desk) -> None:
    """Somebody takes a tracker and gives it back."""
    person = UUID(next(iter((await desk.state())["participants"])))
    wish = TrackerWish(command_id=uuid7(), name="Трекер 7")
    bound = await bind_tracker(desk.office, desk.me, desk.operation_id, person, wish)
    end = TrackerEnd(command_id=uuid7())
    await unbind_tracker(desk.office, desk.me, desk.operation_id, UUID(bound["tracker_id"]), end)
