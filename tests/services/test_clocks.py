"""Clocks of teams with a simulated clock: an alarm is raised in time, once, climbs, is taken, and ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from search_ops.domain.payloads import FieldEvent
from search_ops.domain.principals import Principal
from search_ops.errors import Conflict, MoveRefused, Unavailable
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.tables import entity, event
from search_ops.persistence.unit_of_work import Office
from search_ops.services.clocks import ClockRounds, check_clocks, round_of_clocks
from search_ops.services.positions import Fix, take_positions
from search_ops.services.reports import EnteredReport, enter_report, file_events
from tests.services.clock_story import agree, say, take
from tests.services.conftest import AFTERNOON, Desk, open_desk

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.services.conftest import Organisations

pytestmark = pytest.mark.postgres

MIN = timedelta(minutes=1)


@dataclass
class Outing:
    """A team in the ground, and a clock that a test moves."""

    desk: Desk
    team_id: UUID
    task_id: UUID
    leader_id: UUID
    start: datetime

    def at(self, minutes: float) -> datetime:
        """Let it be so many minutes after the team left."""
        moment = self.start + minutes * MIN
        self.desk.office.clock = lambda: moment
        return moment

    async def look(self, minutes: float) -> int:
        self.at(minutes)
        return await round_of_clocks(self.desk.office)

    async def alarms(self) -> list[dict[str, Any]]:
        held = (await self.desk.state()).get("clock_alarms", {})
        return [{"id": key, **body} for key, body in held.items()]

    async def kinds(self) -> list[str]:
        """Return what clocks wrote, in order."""
        query = (
            select(event.c.kind)
            .where(event.c.stream_id == self.desk.stream_id, event.c.kind.like("clock_alarm_%"))
            .order_by(event.c.seq)
        )
        async with self.desk.office.engine.connect() as connection:
            return [kind.removeprefix("clock_alarm_") for kind in (await connection.execute(query)).scalars()]


@pytest.fixture
async def field(gridded: Desk) -> Outing:
    """Return a team that left at the start."""
    desk = gridded
    desk.office.clock = lambda: AFTERNOON
    team_id = await desk.team("Лиса-1", "Анна", "Борис")
    task_id = await desk.give(team_id, next(iter((await desk.sectors()).values())))
    await desk.move(task_id, "briefed", "out")
    return Outing(desk, team_id, task_id, desk.people["Анна"], AFTERNOON)


def phone_of(field: Outing, person: str = "Анна") -> tuple[Principal, UUID]:
    device_id = uuid7()
    who = field.desk.people[person]
    principal = Principal(
        "participant", who, uuid7(), person, operation_id=field.desk.operation_id, device_id=device_id
    )
    return principal, device_id


async def test_overdue_climbs_from_leader_to_coordinator_and_ends(field: Outing) -> None:
    """The leader at once, radio after 5 min, the coordinator after 15 and again every 30; then back."""
    await agree(field.desk, field.task_id, field.start + 60 * MIN, None)
    assert await field.look(59.9) == 0
    steps = []
    for minutes in (60, 60.2, 64.9, 65, 74, 75, 90, 105):
        await field.look(minutes)
        steps.append((await field.alarms())[0]["step"])
    assert steps == [0, 0, 0, 1, 1, 2, 2, 3]
    [alarm] = await field.alarms()
    assert (alarm["what"], alarm["state"], alarm["team_id"]) == ("overdue", "open", str(field.team_id))
    assert alarm["since"] == "2026-08-23T07:00:00.000Z"
    await field.desk.move(field.task_id, "back")
    await field.look(110)
    [alarm] = await field.alarms()
    assert (alarm["state"], alarm["cause"]) == ("over", "back")
    assert await field.kinds() == ["raised", "stepped", "stepped", "stepped", "over"]


async def test_an_alarm_is_raised_once_by_rounds_at_once_and_after_a_restart(field: Outing) -> None:
    """Two processes look at the same moment, a third starts an hour later with nothing in its memory."""
    await agree(field.desk, field.task_id, field.start + 10 * MIN, None)
    moment = field.at(11)
    office = field.desk.office
    others = [Office(office.engine, office.keyring, clock=lambda: moment) for _ in range(3)]
    await asyncio.gather(*(round_of_clocks(one) for one in [office, *others]))
    assert await field.kinds() == ["raised"]
    later = Office(office.engine, office.keyring, clock=lambda: moment)
    assert await round_of_clocks(later) == 0
    # Down for an hour: the first round tells at once how late it is, and does not begin with the leader.
    await agree(field.desk, field.task_id, field.start + 20 * MIN, None)
    await field.look(85)
    assert await field.kinds() == ["raised", "over", "raised"]
    assert sorted(alarm["step"] for alarm in await field.alarms()) == [0, 3]


async def test_taken_is_quiet_until_the_next_step(field: Outing) -> None:
    """Who takes it and when stands in the state; a second taker is told; the next step rings again."""
    await agree(field.desk, field.task_id, field.start + 10 * MIN, None)
    await field.look(16)
    [alarm] = await field.alarms()
    await take(field.desk, alarm["id"])
    [taken] = await field.alarms()
    assert (taken["state"], taken["by_name"]) == ("taken", field.desk.me.name)
    assert taken["taken_at"] == "2026-08-23T06:16:00.000Z"
    with pytest.raises(MoveRefused):
        await take(field.desk, alarm["id"])
    assert await field.look(20) == 0
    await field.look(25)
    assert [(one["state"], one["step"]) for one in await field.alarms()] == [("open", 2)]


async def test_any_word_by_any_channel_winds_the_contact_clock_up(field: Outing) -> None:
    """Radio entry, a clue told on the phone and the phone of a member each reset the interval."""
    await agree(field.desk, field.task_id, None, 30)
    field.at(25)
    await say(field.desk, field.team_id)
    assert await field.look(54) == 0
    clue = {"participant_id": str(field.desk.people["Борис"]), "text": "Перчатка", "source": "call"}
    report = EnteredReport(uuid7(), "clue_found", field.desk.office.clock(), clue)
    await enter_report(field.desk.office, field.desk.me, field.desk.operation_id, report)
    assert await field.look(83) == 0
    await field.look(85)
    [alarm] = await field.alarms()
    assert (alarm["what"], alarm["heard_at"]) == ("no_contact", "2026-08-23T06:54:00.000Z")
    await say(field.desk, field.team_id)
    await field.look(86)
    assert [(one["state"], one["cause"]) for one in await field.alarms()] == [("over", "heard")]


async def test_a_clock_years_off_neither_silences_nor_raises_an_alarm(field: Outing) -> None:
    """«Всё в порядке» with a clock ten years ahead or behind counts as said when it came."""
    await agree(field.desk, field.task_id, None, 30)
    phone, device_id = phone_of(field)
    for number, years in ((1, 10), (2, -10)):
        now = field.at(20 * number)
        body = {"word": "all_well", "participant_id": str(phone.id)}
        sent = {
            "id": uuid7(),
            "v": 1,
            "device_id": device_id,
            "dseq": number,
            "kind": "check_in",
            "payload": body,
        }
        told = FieldEvent.model_validate({**sent, "at": now + years * 365 * timedelta(days=1)})
        filed = await file_events(field.desk.office, phone, field.desk.operation_id, [told])
        assert filed.results[0].status == "stored"
    assert await field.look(69) == 0
    await field.look(71)
    assert [one["what"] for one in await field.alarms()] == ["no_contact"]


async def test_a_late_word_from_paper_counts_for_its_own_time(field: Outing) -> None:
    """What was heard forty minutes ago and is written down now does not say that all is well now."""
    await agree(field.desk, field.task_id, None, 30)
    now = field.at(60)
    await say(field.desk, field.team_id, at=now - 40 * MIN, source="paper")
    await field.look(60)
    [alarm] = await field.alarms()
    assert alarm["heard_at"] == "2026-08-23T06:20:00.000Z"


async def test_a_silent_phone_is_no_alarm_while_the_team_is_heard(field: Outing) -> None:
    """With an interval only words count; without one, an hour of nothing from phone and people alarms."""
    phone, device_id = phone_of(field)
    fix = Fix(1, field.at(5), 104.0, 52.0)
    await take_positions(field.desk.office, phone, field.desk.operation_id, device_id, [fix])
    field.at(40)
    await say(field.desk, field.team_id)
    assert await field.look(99) == 0
    await field.look(101)
    assert [(one["what"], one["step"]) for one in await field.alarms()] == [("silent_device", 1)]
    await agree(field.desk, field.task_id, None, 120)
    await field.look(102)
    assert [one["state"] for one in await field.alarms()] == ["over"]


async def test_low_battery_is_told_once_with_the_person(field: Outing) -> None:
    """At 8 % an alarm, at 5 % and 15 % none more, at 60 % it is over, at 9 % a new one."""
    phone, device_id = phone_of(field)
    for number, battery in enumerate((50.0, 8.0, 5.0, 15.0, 60.0, 9.0), start=1):
        fix = Fix(number, field.at(number), 104.0, 52.0, battery=battery)
        await take_positions(field.desk.office, phone, field.desk.operation_id, device_id, [fix])
        await field.look(number)
    assert await field.kinds() == ["raised", "over", "raised"]
    alarms = await field.alarms()
    assert {one["participant_id"] for one in alarms} == {str(field.leader_id)}
    assert sorted(one["battery_pct"] for one in alarms) == [8.0, 9.0]


async def test_clocks_of_a_team_that_is_back_are_not_agreed_again(field: Outing) -> None:
    """The task is over: its times stay what they were."""
    await field.desk.move(field.task_id, "back")
    with pytest.raises(Conflict, match="task_over"):
        await agree(field.desk, field.task_id, None, 60)


async def test_rounds_go_on_beside_the_server(field: Outing) -> None:
    """The rounds of a process write what is due and say when they were last done."""
    await agree(field.desk, field.task_id, field.start + 10 * MIN, None)
    field.at(11)
    async with ClockRounds(field.desk.office, every_s=0.01) as rounds:
        await rounds.looked.wait()
    assert rounds.finished_at == field.start + 11 * MIN
    assert await field.kinds() == ["raised"]
    assert await check_clocks(field.desk.office, field.desk.operation_id) == 0


async def test_the_same_moment_run_out_again_is_another_alarm(field: Outing) -> None:
    """A due time agreed back to what it was, and a search opened again: nothing of it stops the clocks."""
    due_at, later = field.start + 10 * MIN, field.start + 40 * MIN
    await agree(field.desk, field.task_id, due_at, None)
    await field.look(11)
    await agree(field.desk, field.task_id, later, None)
    await field.look(12)
    await agree(field.desk, field.task_id, due_at, None)
    await field.look(13)
    assert await field.kinds() == ["raised", "over", "raised"]
    states = sorted((alarm["state"], alarm["since"]) for alarm in await field.alarms())
    assert states == [("open", "2026-08-23T06:10:00.000Z"), ("over", "2026-08-23T06:10:00.000Z")]


async def test_a_recall_is_no_word_of_the_team(field: Outing) -> None:
    """Headquarters calls everybody back: a silent team stays alarmed, its interval does not begin anew."""
    await agree(field.desk, field.task_id, None, 30)
    await field.look(31)
    field.at(32)
    await field.desk.move(field.task_id, "recalled")
    await field.look(33)
    [alarm] = await field.alarms()
    assert (alarm["what"], alarm["state"], alarm["heard_at"]) == (
        "no_contact",
        "open",
        "2026-08-23T06:00:00.000Z",
    )


async def test_a_move_told_by_a_clock_ahead_counts_when_it_came(field: Outing) -> None:
    """A phone two hours ahead says «начали»: the interval runs from now, not from two hours later."""
    await agree(field.desk, field.task_id, None, 30)
    phone, device_id = phone_of(field)
    field.at(10)
    sent = {"id": uuid7(), "v": 1, "device_id": device_id, "dseq": 1, "kind": "check_in"}
    body = {"word": "started", "participant_id": str(phone.id)}
    told = FieldEvent.model_validate({**sent, "payload": body, "at": field.start + 130 * MIN})
    filed = await file_events(field.desk.office, phone, field.desk.operation_id, [told])
    assert filed.results[0].status == "stored"
    assert await field.look(39) == 0
    await field.look(41)
    [alarm] = await field.alarms()
    assert (alarm["what"], alarm["since"]) == ("no_contact", "2026-08-23T06:40:00.000Z")
    await field.look(121)
    assert [one["state"] for one in await field.alarms()] == ["open"]


async def test_a_search_that_cannot_be_looked_at_does_not_stop_the_clocks_of_others(
    field: Outing, organisations: Organisations
) -> None:
    """Its state is damaged: the other's alarm is raised, and the age of the last whole round tells of it."""
    other = await open_desk(field.desk.office, organisations.squad)
    await other.area()
    await other.grid()
    damaged = await other.give(
        await other.team("Барс-1", "Вера"), next(iter((await other.sectors()).values()))
    )
    await other.move(damaged, "briefed", "out")
    body = func.jsonb_build_object("state", "out")
    async with field.desk.office.engine.begin() as connection:
        await connection.execute(update(entity).where(entity.c.entity_id == str(damaged)).values(body=body))
    await agree(field.desk, field.task_id, field.start + 10 * MIN, None)
    field.at(11)
    async with ClockRounds(field.desk.office, every_s=0.01) as rounds:
        await asyncio.wait_for(rounds.looked.wait(), 10)
        assert rounds.finished_at is None
        assert rounds.stand_since == field.start + 11 * MIN
    assert await field.kinds() == ["raised"]


async def test_another_key_file_stops_neither_clocks_nor_stop_but_nothing_is_sealed(field: Outing) -> None:
    """Restored without its key: alarms are raised, a name is refused by a code of its own."""
    await agree(field.desk, field.task_id, field.start + 10 * MIN, None)
    moment = field.at(11)
    foreign = Office(field.desk.office.engine, Keyring(bytes(32)), clock=lambda: moment)
    assert await round_of_clocks(foreign) == 1
    with pytest.raises(Unavailable, match="case_key_foreign"):
        await Desk(**{**_fields(field.desk), "office": foreign}).add("Глеб")
    assert await field.kinds() == ["raised"]


def _fields(desk: Desk) -> dict[str, Any]:
    return {name: getattr(desk, name) for name in ("me", "case_id", "subject_id", "operation_id", "number")}


async def test_a_team_that_left_before_it_was_written_down_is_late_at_once(gridded: Desk) -> None:
    """Given and sent out on paper two hours ago, entered now: its interval has run out."""
    desk = gridded
    start = AFTERNOON + 120 * MIN
    desk.office.clock = lambda: start
    team_id = await desk.team("Лиса-2", "Анна", "Борис")
    task_id = await desk.give(team_id, next(iter((await desk.sectors()).values())))
    await desk.move(task_id, "briefed")
    await desk.move(task_id, "out", at=AFTERNOON)
    await agree(desk, task_id, None, 30)
    assert await round_of_clocks(desk.office) == 1
