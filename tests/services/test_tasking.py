"""Tasks: one sector, one team, unless a second joins knowingly; under СТОП nobody new leaves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from search_ops.domain.events import Draft, further_id
from search_ops.domain.principals import OrganisationKind, Role
from search_ops.domain.visibility import HQ, ClassSet
from search_ops.domain.wishes import (
    AlarmClosed,
    AlarmTaken,
    ParticipantStateWish,
    StateWish,
    TaskStateWish,
    TeamChange,
)
from search_ops.errors import (
    ChangedMeanwhile,
    CommandReused,
    Conflict,
    MoveRefused,
    NotKnown,
    SectorTaken,
)
from search_ops.persistence.unit_of_work import Office, transaction
from search_ops.services.closing import set_state
from search_ops.services.people import change_team, move_participant
from search_ops.services.planning import sector_collection
from search_ops.services.reports import EnteredReport, enter_report
from search_ops.services.tasking import close_alarm, give_task, move_task, take_alarm
from tests.services.conftest import officer

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk, Organisations


async def _set(desk: Desk, state: str) -> None:
    version = await desk.version("operation", desk.operation_id)
    wish = StateWish.model_validate({"command_id": uuid7(), "base_version": version, "state": state})
    await set_state(desk.office, desk.me, desk.operation_id, wish)


async def test_a_task_carries_its_ground_and_moves_to_the_end(gridded: Desk) -> None:
    """From assigned to closed; members are on task from leaving to coming back; the sector then waits."""
    desk = gridded
    team_id = await desk.team("Лиса-12", "Анна")
    sector_id = (await desk.sectors())["A1"]
    task_id = await desk.give(team_id, sector_id, contact_every_min=60, emergency_bearing_deg=240.0)
    task = await desk.get("tasks", task_id)
    assert (task["state"], task["sector_label"], task["alongside"]) == ("assigned", "A1", False)
    assert task["geometry"] == (await desk.get("sectors", sector_id))["geometry"]
    # Beside a bearing stands where the needle points: about 4.7 degrees west at Irkutsk.
    assert task["declination"]["model"] == "WMM-2025"
    assert task["declination"]["degrees"] == pytest.approx(-4.7, abs=0.7)
    assert await _sector_state(desk, "A1") == "assigned"
    anna = desk.people["Анна"]
    for state, person, ground in (
        ("briefed", "on_site", "assigned"),
        ("out", "on_task", "assigned"),
        ("on_task", "on_task", "on_task"),
        ("returning", "on_task", "awaiting_track"),
        ("back", "available", "awaiting_track"),
        ("debriefed", "available", "awaiting_track"),
        ("closed", "available", "awaiting_track"),
    ):
        await desk.move(task_id, state)
        assert (await desk.get("participants", anna))["state"] == person
        assert await _sector_state(desk, "A1") == ground
    with pytest.raises(MoveRefused):
        await desk.move(task_id, "out")


async def _sector_state(desk: Desk, label: str) -> str:
    async with desk.office.engine.connect() as connection:
        everything = ClassSet(frozenset({HQ}), frozenset({"team"}))
        collection = await sector_collection(connection, desk.operation_id, everything)
    found = [one for one in collection["features"] if one["properties"]["label"] == label]
    return str(found[0]["properties"]["state"])


async def test_a_taken_sector_names_its_holder(gridded: Desk) -> None:
    """The refused claim stands in the log, the refusal names team, callsign, task and who gave it."""
    desk = gridded
    first, second = await desk.team("Лиса-1", "Анна"), await desk.team("Лиса-2", "Борис")
    sector_id = (await desk.sectors())["A1"]
    task_id = await desk.give(first, sector_id)
    wish = await desk.task_wish(second, sector_id)
    with pytest.raises(SectorTaken) as refused:
        await give_task(desk.office, desk.me, desk.operation_id, wish)
    held_by = {"team_id": str(first), "callsign": "Лиса-1", "task_id": str(task_id), "by": desk.me.name}
    assert refused.value.data == {"held_by": held_by}
    refusal = await desk.get("refusals", wish.command_id)
    assert (refusal["team_id"], refusal["held_by_task_id"]) == (str(second), str(task_id))
    with pytest.raises(SectorTaken) as again:
        await give_task(desk.office, desk.me, desk.operation_id, wish)
    assert again.value.data == refused.value.data
    assert len((await desk.state())["refusals"]) == 1


async def test_a_second_team_joins_knowingly(gridded: Desk) -> None:
    """A dog goes with walkers when the desk says that it knows; both tasks show it."""
    desk = gridded
    sector_id = (await desk.sectors())["A1"]
    first = await desk.give(await desk.team("Лиса-1", "Анна"), sector_id)
    second = await desk.give(await desk.team("Лиса-2", "Борис", kind="dog"), sector_id, alongside=True)
    assert (await desk.get("tasks", first))["alongside"] is False
    assert (await desk.get("tasks", second))["alongside"] is True


async def test_of_two_coordinators_at_once_exactly_one_wins(
    database: DatabaseUrls, gridded: Desk, organisations: Organisations
) -> None:
    """Two processes give one sector at the same moment: one task, one refusal that names the winner."""
    desk = gridded
    squad = organisations.squad.organisation_id
    assert squad is not None
    other = await officer(desk.office, squad, OrganisationKind.SQUAD, Role.COORDINATOR, "Второй")
    engines = [create_async_engine(database.sqlalchemy.app_url) for _ in range(2)]
    offices = [Office(engine, desk.office.keyring) for engine in engines]
    labels = sorted(await desk.sectors())[:5]
    teams = {name: await desk.team(f"Лиса-{name}", f"Первый {name}") for name in ("1", "2")}
    for label in labels:
        sector_id = (await desk.sectors())[label]
        wishes = [await desk.task_wish(teams[name], sector_id) for name in ("1", "2")]
        answers = await asyncio.gather(
            give_task(offices[0], desk.me, desk.operation_id, wishes[0]),
            give_task(offices[1], other, desk.operation_id, wishes[1]),
            return_exceptions=True,
        )
        won = [index for index, answer in enumerate(answers) if isinstance(answer, dict)]
        lost = [answer for answer in answers if isinstance(answer, SectorTaken)]
        assert len(won) == len(lost) == 1
        winner = (desk.me, other)[won[0]]
        held_by = lost[0].data["held_by"]
        assert held_by["by"] == winner.name
        assert held_by["team_id"] == str(teams[str(won[0] + 1)])
        tasks = (await desk.state())["tasks"]
        given = [one for one in tasks.items() if one[1]["sector_id"] == str(sector_id)]
        assert len(given) == 1
        wish = TaskStateWish(command_id=uuid7(), base_version=given[0][1]["version"], state="cancelled")
        await move_task(desk.office, desk.me, desk.operation_id, held_by["task_id"], wish)
    for engine in engines:
        await engine.dispose()


async def test_a_team_that_cannot_go_gets_no_task(gridded: Desk) -> None:
    """Busy, recalled but still out, disbanded, or with somebody gone home: each has its word."""
    desk = gridded
    sectors = await desk.sectors()
    team_id = await desk.team("Лиса-1", "Анна", "Борис")
    task_id = await desk.give(team_id, sectors["A1"])
    with pytest.raises(Conflict, match="team_has_task"):
        await desk.give(team_id, sectors["A2"])
    await desk.move(task_id, "out", "recalled")
    with pytest.raises(Conflict, match="team_has_task"):
        await desk.give(team_id, sectors["A2"])
    await desk.give(await desk.team("Лиса-2", "Вера"), sectors["A1"])  # its ground is free again
    await desk.move(task_id, "back")
    boris = desk.people["Борис"]
    gone = ParticipantStateWish(
        command_id=uuid7(), base_version=await desk.version("participants", boris), state="left"
    )
    await move_participant(desk.office, desk.me, desk.operation_id, boris, gone)
    with pytest.raises(Conflict, match="member_absent"):
        await desk.give(team_id, sectors["A2"])
    apart = TeamChange(command_id=uuid7(), base_version=await desk.version("teams", team_id), disbanded=True)
    await change_team(desk.office, desk.me, desk.operation_id, team_id, apart)
    with pytest.raises(Conflict, match="team_disbanded"):
        await desk.give(team_id, sectors["A2"])


async def test_a_stale_or_unknown_sector_is_refused(gridded: Desk) -> None:
    """A version that does not stand, and «I saw nothing there», are stale; a foreign id is unknown."""
    desk = gridded
    team_id = await desk.team("Лиса-1", "Анна")
    sector_id = (await desk.sectors())["A1"]
    current = await desk.version("sectors", sector_id)
    for stale in (current - 1, None):
        wish = (await desk.task_wish(team_id, sector_id)).model_copy(update={"base_version": stale})
        with pytest.raises(ChangedMeanwhile) as refused:
            await give_task(desk.office, desk.me, desk.operation_id, wish)
        assert refused.value.data == {"current_version": current}
    wish = await desk.task_wish(team_id, sector_id)
    for unknown in ({"sector_id": uuid7()}, {"team_id": uuid7()}):
        with pytest.raises(NotKnown):
            await give_task(desk.office, desk.me, desk.operation_id, wish.model_copy(update=unknown))


async def test_under_stop_nobody_new_leaves(gridded: Desk) -> None:
    """No new task and no leaving while checking; who left before is entered with that time, and recalled."""
    desk = gridded
    sectors = await desk.sectors()
    waiting = await desk.give(await desk.team("Лиса-1", "Анна"), sectors["A1"])
    gone = await desk.give(await desk.team("Лиса-2", "Борис"), sectors["A2"])
    idle = await desk.team("Лиса-3", "Вера")
    before = desk.office.clock() - timedelta(minutes=5)
    await _set(desk, "hold_verify")
    with pytest.raises(Conflict, match="operation_on_hold"):
        await desk.give(idle, sectors["A3"])
    with pytest.raises(Conflict, match="operation_on_hold"):
        await desk.move(waiting, "out")
    await desk.move(gone, "out", at=before)
    await desk.move(gone, "recalled", "back")
    await desk.move(waiting, "cancelled")
    await _set(desk, "suspended")
    with pytest.raises(Conflict, match="operation_suspended"):
        await desk.give(idle, sectors["A3"])
    await _set(desk, "active")
    await desk.give(idle, sectors["A3"])


async def test_marked_and_retired_ground_is_not_given(gridded: Desk) -> None:
    """A sector that a new cut has replaced gets no task."""
    desk = gridded
    old = (await desk.sectors())["A1"]
    team_id = await desk.team("Лиса-1", "Анна")
    newest = max(one["version"] for one in (await desk.state())["partitions"].values())
    await desk.grid(base_version=newest, cell_m=700.0)
    with pytest.raises(Conflict, match="sector_retired"):
        await desk.give(team_id, old)


async def test_a_repeated_command_gets_its_first_answer(gridded: Desk) -> None:
    """Sent twice it counts once; the same id with other content is refused and does nothing."""
    desk = gridded
    team_id = await desk.team("Лиса-1", "Анна")
    wish = await desk.task_wish(team_id, (await desk.sectors())["A1"])
    first = await give_task(desk.office, desk.me, desk.operation_id, wish)
    assert await give_task(desk.office, desk.me, desk.operation_id, wish) == first
    with pytest.raises(CommandReused):
        await give_task(desk.office, desk.me, desk.operation_id, wish.model_copy(update={"text": "другое"}))
    assert len((await desk.state())["tasks"]) == 1


async def test_an_alarm_is_taken_once_and_closed(desk: Desk) -> None:
    """The band names who has taken it; the second taker and the second closing are told."""
    anna = await desk.add("Анна")
    report = EnteredReport(
        uuid7(), "sos_raised", desk.office.clock(), {"participant_id": str(anna), "source": "radio"}
    )
    await enter_report(desk.office, desk.me, desk.operation_id, report)
    alarm_id = report.command_id
    taken = AlarmTaken(command_id=uuid7())
    await take_alarm(desk.office, desk.me, desk.operation_id, alarm_id, taken)
    assert (await desk.get("alarms", alarm_id))["by_name"] == desk.me.name
    with pytest.raises(MoveRefused):
        await take_alarm(desk.office, desk.me, desk.operation_id, alarm_id, AlarmTaken(command_id=uuid7()))
    closed = AlarmClosed(command_id=uuid7(), reason="Ложная: нажали в кармане")
    await close_alarm(desk.office, desk.me, desk.operation_id, alarm_id, closed)
    assert (await desk.get("alarms", alarm_id))["state"] == "closed"
    again = closed.model_copy(update={"command_id": uuid7()})
    with pytest.raises(MoveRefused):
        await close_alarm(desk.office, desk.me, desk.operation_id, alarm_id, again)


async def test_a_hazard_keeps_out(gridded: Desk) -> None:
    """A sector that is marked by hazard or held by another service is not given."""
    desk = gridded
    team_id = await desk.team("Лиса-1", "Анна")
    sector_id = (await desk.sectors())["A1"]
    async with transaction(desk.office, [desk.stream_id]) as work:
        stream = work.streams[desk.stream_id]
        held = dict(stream.get("sectors", sector_id) or {})
        stream._changed.setdefault("sectors", {})[str(sector_id)] = {**held, "mark": "blocked"}
        note = {"text": "обрыв", "source": "radio", "about": None}
        stream.append(Draft(further_id(uuid7(), 1), "note_added", HQ, note, desk.me.actor(), work.now))
    with pytest.raises(Conflict, match="sector_marked"):
        await desk.give(team_id, sector_id)
