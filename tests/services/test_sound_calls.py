"""Recorded calls of a sound search: ground counts where one was heard, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from search_ops.domain.call_wishes import CallsWish, CallsWithdrawal
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict
from search_ops.services.sound_calls import withdraw_calls
from tests.services.calling import called, taken_back
from tests.services.test_evidence import only_evidence
from tests.services.walks import OUT_BEFORE, finished, gpx, imported, lanes, work

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk


async def sound_task(desk: Desk, database: DatabaseUrls, callsign: str, label: str) -> tuple[UUID, UUID]:
    """Let a team search a sector by sound and bring its track; return task and sector."""
    sector_id = (await desk.sectors())[label]
    team_id = await desk.team(callsign, f"Старший {callsign}")
    task_id = await finished(desk, team_id, sector_id, method="Работа на отклик")
    track = await lanes(desk, sector_id, spacing_m=200.0)
    await imported(desk, database, {f"{callsign}.gpx": gpx(track)})
    return task_id, sector_id


def every(desk: Desk, step: timedelta, count: int, after: timedelta = timedelta(0)) -> list[datetime]:
    first = desk.office.clock() - OUT_BEFORE + timedelta(minutes=1) + after
    return [first + step * number for number in range(count)]


async def figures(desk: Desk, database: DatabaseUrls, sector_id: UUID) -> dict[str, Any]:
    await work(desk, database)
    return await only_evidence(desk, sector_id)


async def test_ground_counts_where_a_recorded_call_was_heard(gridded: Desk, database: DatabaseUrls) -> None:
    """Calls all the way prove the sector; three at its beginning a corner; taken back: by plan again."""
    task_id, sector_id = await sound_task(gridded, database, "Лиса-12", "B2")
    by_plan = await only_evidence(gridded, sector_id)
    assert "calls" not in by_plan["widths"]
    few = await called(gridded, [task_id], every(gridded, timedelta(minutes=2), 3))
    corner = await figures(gridded, database, sector_id)
    assert corner["widths"]["calls"] | {"hears_m": 0, "answered_m": 0} == {
        "recorded": 3,
        "counted": 3,
        "spoiled": 0,
        "unplaced": 0,
        "hears_m": 0,
        "answered_m": 0,
    }
    assert corner["heard"]["geometry"]["type"] == "MultiPoint"
    assert corner["pod_responsive"] < 0.6 * by_plan["pod_responsive"]
    assert corner["swept_share"] < 0.6 * by_plan["swept_share"]
    assert corner["pod_unresponsive"] == by_plan["pod_unresponsive"]
    with pytest.raises(ChangedMeanwhile):
        await called_back_late(gridded, few)
    await called(gridded, [task_id], every(gridded, timedelta(minutes=3), 38, timedelta(minutes=1)))
    all_the_way = await figures(gridded, database, sector_id)
    assert all_the_way["pod_responsive"] == pytest.approx(by_plan["pod_responsive"], abs=0.1)
    for calls_id in list((await gridded.state())["sound_calls"]):
        await taken_back(gridded, calls_id)
    again = await figures(gridded, database, sector_id)
    assert again["pod_responsive"] == by_plan["pod_responsive"]
    assert again["heard"] is None


async def called_back_late(desk: Desk, calls_id: UUID) -> None:
    """Take calls back on a version that never stood."""
    wish = CallsWithdrawal(command_id=uuid7(), base_version=1, reason="Поздно")
    await withdraw_calls(desk.office, desk.me, desk.operation_id, calls_id, wish)


async def test_a_neighbours_call_spoils_the_silence(gridded: Desk, database: DatabaseUrls) -> None:
    """Called together all count; a neighbour who calls into the silence spoils it; one far off does not."""
    first, sector_id = await sound_task(gridded, database, "Лиса-12", "B2")
    second, _ = await sound_task(gridded, database, "Лиса-13", "B1")
    times = every(gridded, timedelta(minutes=10), 10)
    await called(gridded, [first, second], times)
    together = (await figures(gridded, database, sector_id))["widths"]["calls"]
    assert (together["counted"], together["spoiled"]) == (10, 0)
    into = [at + timedelta(seconds=30) for at in times[:4]]
    near = await lanes(gridded, sector_id, spacing_m=200.0)
    middle = near[len(near) // 2]
    place = {"lon": float(middle["lon"]), "lat": float(middle["lat"])}
    siren = await called(gridded, [second], into, signal="siren", caller="place", place=place)
    spoiled = (await figures(gridded, database, sector_id))["widths"]["calls"]
    assert (spoiled["counted"], spoiled["spoiled"]) == (6, 4)
    await taken_back(gridded, siren)
    far = {"lon": 104.9, "lat": 52.9}
    await called(gridded, [second], into, signal="siren", caller="place", place=far)
    calm = (await figures(gridded, database, sector_id))["widths"]["calls"]
    assert (calm["counted"], calm["spoiled"]) == (10, 0)


async def test_calls_that_cannot_be_are_refused(gridded: Desk, database: DatabaseUrls) -> None:
    """Of tasks by sight, of the future, of unknown tasks and teams, without or with too many callers."""
    by_sight = await finished(
        gridded, await gridded.team("Лиса-1", "Анна"), (await gridded.sectors())["A1"], method="осмотр"
    )
    by_sound, _ = await sound_task(gridded, database, "Лиса-2", "B2")
    now = gridded.office.clock()
    with pytest.raises(Conflict) as refused:
        await called(gridded, [by_sight], [now])
    assert (refused.value.code, refused.value.data) == ("task_not_by_sound", {"sector": "A1"})
    with pytest.raises(BadInput) as late:
        await called(gridded, [by_sound], [now, now + timedelta(hours=1)])
    assert (late.value.code, late.value.data["number"]) == ("calls_in_future", 2)
    with pytest.raises(BadInput, match="unknown_task"):
        await called(gridded, [uuid7()], [now])
    with pytest.raises(BadInput, match="unknown_team"):
        await called(gridded, [by_sound], [now], caller="team", team_id=uuid7())
    for odd in ({"caller": "team"}, {"caller": "place"}, {"team_id": uuid7()}, {"silence_s": 0.0}):
        with pytest.raises(ValidationError):
            CallsWish.model_validate(
                {"command_id": uuid7(), "task_ids": [by_sound], "times": [now], "signal": "voice", **odd}
            )
    unheard = await called(gridded, [by_sound], [now - timedelta(days=2)])
    await work(gridded, database)
    assert str(unheard) in (await gridded.state())["sound_calls"]
    row = await only_evidence(gridded, (await gridded.sectors())["B2"])
    assert (row["widths"]["calls"]["unplaced"], row["pod_responsive"]) == (1, 0.0)
