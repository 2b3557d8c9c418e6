"""Plans of a shift: made, explained, given out as tasks, made again after a change; and every bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.assignment_wishes import (
    AcceptanceWish,
    AssignmentWish,
    PairLockWish,
    SectorRankWish,
)
from search_ops.domain.events import wire_time
from search_ops.domain.probability_wishes import ProbabilityWish
from search_ops.domain.sector_wishes import MarkWish
from search_ops.domain.wishes import Change, LonLat, ParticipantStateWish, TeamChange
from search_ops.errors import ChangedMeanwhile, Conflict
from search_ops.persistence.event_log import read_events
from search_ops.services.assigning import (
    ask_assignment,
    issue_task,
    lock_pair,
    rank_sector,
    read_assignment,
)
from search_ops.services.assigning_acceptance import accept_assignment
from search_ops.services.people import change_team, move_participant
from search_ops.services.sector_drawing import mark_sector
from tests.services.rostering import describe
from tests.services.test_probability import scenario
from tests.services.walks import at_once

if TYPE_CHECKING:
    from tests.services.conftest import Desk

BASE = LonLat(lon=104.001, lat=52.001)


async def plan(desk: Desk, **more: Any) -> dict[str, Any]:
    """Make a plan as the worker would, and return it as a desk reads it."""
    said = {"command_id": uuid7(), "base": BASE, "ride": "none", **more}
    wish = AssignmentWish.model_validate(said)
    result = await at_once(desk, "assignment", wish)
    async with desk.office.engine.connect() as connection:
        return await read_assignment(connection, desk.operation_id, UUID(result["assignment_id"]))


async def accept(desk: Desk, told: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give a plan out."""
    wish = AcceptanceWish(command_id=uuid7(), base_version=told["version"], **more)
    return await accept_assignment(desk.office, desk.me, desk.operation_id, UUID(told["assignment_id"]), wish)


def pairs(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Return callsign and label of every line."""
    return [(tour["callsign"], line["label"]) for tour in told["tours"] for line in tour["lines"]]


@pytest.fixture
async def manned(gridded: Desk) -> Desk:
    """Return a search with a grid and three teams of two."""
    for number, names in enumerate((("Анна", "Борис"), ("Вера", "Глеб"), ("Дина", "Егор")), 1):
        await gridded.team(f"Лиса-{number}", *names)
    return gridded


async def test_a_plan_without_a_map_goes_by_rank(manned: Desk) -> None:
    """Sectors that are first by hand are searched; each line says when and why; the rest why not."""
    sectors = await manned.sectors()
    for label in ("A1", "B2"):
        wish = SectorRankWish(command_id=uuid7(), priority=1)
        await rank_sector(manned.office, manned.me, manned.operation_id, sectors[label], wish)
    told = await plan(manned, hours=6.0)
    assert told["by"] == "priority"
    assert told["refused"] is None
    assert {"A1", "B2"} <= {label for _, label in pairs(told)}
    named = {line["sector_id"] for tour in told["tours"] for line in tour["lines"]}
    left = {each["sector_id"]: each["reason"] for each in told["left_sectors"]}
    assert named | left.keys() == {str(each) for each in sectors.values()}
    assert set(left.values()) <= {"better_elsewhere", "too_long"}
    for tour in told["tours"]:
        assert tour["back_at"] <= tour["due_at"]
        assert all(line["because"] == "gain" and line["gain"] > 0 for line in tour["lines"])


async def test_the_first_answer_comes_before_the_best_and_repeats_with_its_seed(manned: Desk) -> None:
    """Proposed twice, the second no worse; the same inputs and seed give the same plan."""
    await scenario(manned)
    await at_once_map(manned)
    begins_at = manned.office.clock() + timedelta(hours=1)
    one = await plan(manned, begins_at=begins_at, seed=7)
    two = await plan(manned, begins_at=begins_at, seed=7)
    assert one["by"] == "probability"
    assert one["fingerprint"] == two["fingerprint"]
    assert one["tours"] == two["tours"]
    assert one["gap"] is not None
    assert one["gap"] <= 1e-3
    async with manned.office.engine.connect() as connection:
        events = await read_events(connection, manned.stream_id, after=0, limit=None)
    stages = [each.payload["stage"] for each in events if each.kind == "assignment_proposed"]
    assert stages == ["first", "best"] * 2


async def at_once_map(desk: Desk) -> None:
    """Make the map of probability."""
    await at_once(desk, "probability", ProbabilityWish(command_id=uuid7()))


async def test_accepted_it_is_ordinary_tasks_once(manned: Desk) -> None:
    """First tasks are given, later ones prepared; repeated, the answer is the first; again, it is refused."""
    told = await plan(manned, hours=6.0)
    wish = AcceptanceWish(command_id=uuid7(), base_version=told["version"])
    office, me, operation_id = manned.office, manned.me, manned.operation_id
    assignment_id = UUID(told["assignment_id"])
    answer = await accept_assignment(office, me, operation_id, assignment_id, wish)
    assert await accept_assignment(office, me, operation_id, assignment_id, wish) == answer
    with pytest.raises(Conflict) as twice:
        await accept_assignment(
            office, me, operation_id, assignment_id, wish.model_copy(update={"command_id": uuid7()})
        )
    assert twice.value.code == "assignment_accepted"
    tasks = (await manned.state())["tasks"]
    assert len(answer["given"]) == len(told["tours"])
    assert {tasks[each]["state"] for each in answer["given"]} == {"assigned"}
    assert {tasks[each]["state"] for each in answer["planned"]} == {"planned"}
    assert len(tasks) == len(pairs(told))
    first = {tour["team_id"]: tour["lines"][0] for tour in told["tours"]}
    for task_id in answer["given"]:
        line = first[tasks[task_id]["team_id"]]
        assert (tasks[task_id]["sector_id"], tasks[task_id]["due_at"]) == (line["sector_id"], line["home_by"])


async def test_a_prepared_task_is_issued_when_its_team_is_back(manned: Desk) -> None:
    """Not before; then by the same rules as any task; a prepared one may be cancelled too."""
    answer = await accept(manned, await plan(manned, hours=8.0))
    tasks = (await manned.state())["tasks"]
    task_id = next(each for each in answer["planned"] if tasks[each]["place"] == 1)
    office, me, operation_id = manned.office, manned.me, manned.operation_id

    async def issue(identity: str) -> None:
        version = await manned.version("tasks", identity)
        wish = Change(command_id=uuid7(), base_version=version)
        await issue_task(office, me, operation_id, UUID(identity), wish)

    with pytest.raises(Conflict) as busy:
        await issue(task_id)
    assert busy.value.code == "team_has_task"
    under_way = next(each for each in answer["given"] if tasks[each]["team_id"] == tasks[task_id]["team_id"])
    await manned.move(UUID(under_way), "briefed", "out", "on_task", "returning", "back")
    await issue(task_id)
    assert (await manned.get("tasks", task_id))["state"] == "assigned"
    with pytest.raises(Conflict) as again:
        await issue(task_id)
    assert again.value.code == "move_refused"
    spare = next(each for each in answer["planned"] if each != task_id)
    await manned.move(UUID(spare), "cancelled")
    assert (await manned.get("tasks", spare))["state"] == "cancelled"


async def test_a_sector_taken_meanwhile_is_said_and_not_overwritten(manned: Desk) -> None:
    """By name, with who has it; the rest goes out when that is asked for."""
    told = await plan(manned, hours=6.0)
    callsign, label = pairs(told)[0]
    other = await manned.team("Лиса-9", "Жанна")
    await manned.give(other, (await manned.sectors())[label])
    with pytest.raises(Conflict) as stale:
        await accept(manned, told)
    assert stale.value.code == "assignment_stale"
    (line,) = stale.value.data["lines"]
    assert (line["callsign"], line["label"], line["reason"], line["held_by"]) == (
        callsign,
        label,
        "sector_taken",
        "Лиса-9",
    )
    assert len((await manned.state())["tasks"]) == 1
    answer = await accept(manned, told, rest=True)
    assert [each["label"] for each in answer["not_given"]] == [label]
    assert len((await manned.state())["tasks"]) == len(pairs(told))


async def test_after_a_change_little_changes_and_the_difference_is_shown(manned: Desk) -> None:
    """A sector found impassable: that is taken back, running tasks and nearly all others stay."""
    answer = await accept(manned, await plan(manned, hours=8.0))
    tasks = (await manned.state())["tasks"]
    for task_id in answer["given"]:
        await manned.move(UUID(task_id), "briefed", "out", "on_task")
    blocked_task = answer["planned"][0]
    sector_id = UUID(tasks[blocked_task]["sector_id"])
    mark = MarkWish(
        command_id=uuid7(),
        base_version=await manned.version("sectors", sector_id),
        mark="blocked",
        reason="Топь",
    )
    await mark_sector(manned.office, manned.me, manned.operation_id, sector_id, mark)
    again = await plan(manned, hours=8.0)
    (first,) = (each for each in again["changes"] if each["sector_id"] == str(sector_id))
    assert (first["kind"], first["running"], first["reason"]) == ("removed", False, "blocked")
    running = {
        line["sector_id"] for tour in again["tours"] for line in tour["lines"] if line["because"] == "running"
    }
    assert running == {tasks[each]["sector_id"] for each in answer["given"]}
    assert again["stayed"] >= len(tasks) - 2
    done = await accept(manned, again)
    tasks = (await manned.state())["tasks"]
    assert blocked_task in done["withdrawn"]
    assert tasks[blocked_task]["state"] == "cancelled"
    for task_id in answer["given"]:
        assert tasks[task_id]["state"] == "on_task"
    live = [each["sector_id"] for each in tasks.values() if each["state"] in {"planned", "on_task"}]
    assert len(live) == len(set(live)) == len(pairs(again))


async def test_locks_by_hand_are_kept(manned: Desk) -> None:
    """A must is in the plan with its reason, a must-not is not; taken away, the plan is free again."""
    sectors, teams = await manned.sectors(), (await manned.state())["teams"]
    fox = next(UUID(each) for each in teams if teams[each]["callsign"] == "Лиса-3")
    office, me, operation_id = manned.office, manned.me, manned.operation_id
    for label, lock in (("C4", "must"), ("A1", "must_not")):
        wish = PairLockWish.model_validate(
            {"command_id": uuid7(), "team_id": fox, "sector_id": sectors[label], "lock": lock}
        )
        await lock_pair(office, me, operation_id, wish)
    told = await plan(manned, hours=8.0)
    lines = {(tour["callsign"], line["label"]): line for tour in told["tours"] for line in tour["lines"]}
    assert lines["Лиса-3", "C4"]["because"] == "locked"
    assert ("Лиса-3", "A1") not in lines


# ---- bad input: an answer with the reason ------------------------------------------------------


async def test_a_team_without_a_leader_is_left_out_by_name(manned: Desk) -> None:
    """He went home: the team is named with the reason, the others are planned."""
    person_id = manned.people["Анна"]
    wish = ParticipantStateWish(
        command_id=uuid7(), base_version=await manned.version("participants", person_id), state="home"
    )
    await move_participant(manned.office, manned.me, manned.operation_id, person_id, wish)
    told = await plan(manned)
    assert [(each["callsign"], each["reason"]) for each in told["teams_out"]] == [("Лиса-1", "no_leader")]
    assert {callsign for callsign, _ in pairs(told)} == {"Лиса-2", "Лиса-3"}


async def test_no_road_says_so_and_they_walk(manned: Desk) -> None:
    """No road is known: the plan is on foot and tells that."""
    told = await plan(manned, ride="car")
    assert "no_road" in told["notices"]
    assert pairs(told)


async def test_nobody_has_said_where_teams_leave_from(manned: Desk) -> None:
    """No way to anywhere: every sector says so, and the notice says what is missing."""
    told = await plan(manned, base=None)
    assert "no_base" in told["notices"]
    assert not pairs(told)
    assert {each["reason"] for each in told["left_sectors"]} == {"no_way"}


async def test_all_sectors_locked_or_held(manned: Desk) -> None:
    """Nothing is left to give: every sector says who or what holds it, every team why it stays."""
    for label, sector_id in (await manned.sectors()).items():
        mark = MarkWish.model_validate(
            {
                "command_id": uuid7(),
                "base_version": await manned.version("sectors", sector_id),
                "mark": "blocked",
                "reason": f"Топь {label}",
            }
        )
        await mark_sector(manned.office, manned.me, manned.operation_id, sector_id, mark)
    told = await plan(manned)
    assert not pairs(told)
    assert {each["reason"] for each in told["left_sectors"]} == {"blocked"}
    assert len(told["idle_teams"]) == 3
    assert told["value"] == 0.0


async def test_more_sectors_than_hours_and_no_hours_at_all(manned: Desk) -> None:
    """Six minutes hold nothing, no time even less: the shortfall is a number."""
    told = await plan(manned, hours=0.1)
    assert not pairs(told)
    assert {each["reason"] for each in told["left_sectors"]} == {"too_long"}
    assert all(each["figure"] > 0 for each in told["left_sectors"])
    told = await plan(manned, hours=0.0)
    assert {each["reason"] for each in told["idle_teams"]} == {"shift_over"}


async def test_back_before_it_begins(manned: Desk) -> None:
    """A team that is due back before it leaves stays, with the reason."""
    teams = (await manned.state())["teams"]
    fox = next(each for each in teams if teams[each]["callsign"] == "Лиса-1")
    now = manned.office.clock()
    shift = {
        "team_id": UUID(fox),
        "begins_at": now + timedelta(hours=3),
        "back_at": now - timedelta(hours=2),
    }
    told = await plan(manned, teams=[shift])
    assert [(each["callsign"], each["reason"]) for each in told["idle_teams"]] == [("Лиса-1", "shift_over")]


async def test_a_team_that_does_not_exist_any_more(manned: Desk) -> None:
    """Disbanded after it got work, locked and named in the wish: said, and its sectors are free again."""
    told = await plan(manned, hours=8.0)
    await accept(manned, told)
    tour = told["tours"][0]
    team_id = UUID(tour["team_id"])
    tasks = (await manned.state())["tasks"]
    given = next(
        each
        for each, task in tasks.items()
        if task["team_id"] == str(team_id) and task["state"] == "assigned"
    )
    await manned.move(UUID(given), "cancelled")
    lock = PairLockWish(
        command_id=uuid7(),
        team_id=team_id,
        sector_id=UUID(tour["lines"][0]["sector_id"]),
        lock="must",
    )
    await lock_pair(manned.office, manned.me, manned.operation_id, lock)
    change = TeamChange(
        command_id=uuid7(), base_version=await manned.version("teams", team_id), disbanded=True
    )
    await change_team(manned.office, manned.me, manned.operation_id, team_id, change)
    again = await plan(manned, teams=[{"team_id": team_id}, {"team_id": uuid7()}])
    assert "lock_without_team" in again["notices"]
    assert {each["reason"] for each in again["teams_out"]} == {"team_gone"}
    assert str(team_id) not in {each["team_id"] for each in again["tours"]}
    assert pairs(again)


async def test_no_teams_and_no_sectors(desk: Desk) -> None:
    """An area without sectors, then without teams: refused with the reason, never an exception."""
    await desk.area()
    assert (await plan(desk))["refused"] == "no_teams"
    await desk.team("Лиса-1", "Анна")
    assert (await plan(desk))["refused"] == "no_sectors"


async def test_a_plan_that_became_better_is_not_given_out_unseen(manned: Desk) -> None:
    """Whoever saw the first answer only is told that there is another."""
    told = await plan(manned)
    with pytest.raises(ChangedMeanwhile):
        await accept(manned, {**told, "version": told["version"] - 1})


async def test_asking_defers_a_job_once(manned: Desk) -> None:
    """Sent twice it is one job; without an area it is refused."""
    wish = AssignmentWish(command_id=uuid7())
    asked = await ask_assignment(manned.office, manned.me, manned.operation_id, wish)
    assert await ask_assignment(manned.office, manned.me, manned.operation_id, wish) == asked


async def test_a_team_called_back_gets_other_work_from_when_it_is_home(manned: Desk) -> None:
    """Its sector cannot be entered: called back it is planned from its return, the others go on."""
    answer = await accept(manned, await plan(manned, hours=8.0))
    tasks = (await manned.state())["tasks"]
    for task_id in answer["given"]:
        await manned.move(UUID(task_id), "briefed", "out", "on_task")
    back = answer["given"][0]
    await manned.move(UUID(back), "recalled")
    again = await plan(manned, hours=8.0)
    tour = next(each for each in again["tours"] if each["team_id"] == tasks[back]["team_id"])
    assert tour["start_at"] >= again["begins_at"]
    assert all(line["because"] != "running" for line in tour["lines"])
    done = await accept(manned, again)
    mine = [
        each for each in done["planned"] if (await manned.get("tasks", each))["team_id"] == tour["team_id"]
    ]
    assert len(mine) == len(tour["lines"])


async def test_what_a_sector_needs_and_when_a_person_leaves_count(manned: Desk) -> None:
    """A sector that needs a diver goes to nobody, one that needs a medic to his team; who leaves is back."""
    sectors = await manned.sectors()
    office, me, operation_id = manned.office, manned.me, manned.operation_id
    for label, needs in (("A1", ["diver"]), ("B2", ["medic"])):
        wish = SectorRankWish.model_validate({"command_id": uuid7(), "priority": 1, "needs": needs})
        await rank_sector(office, me, operation_id, sectors[label], wish)
    leaves_at = office.clock() + timedelta(hours=4)
    certificates = [{"competence": "medic"}]
    await describe(manned, manned.people["Вера"], certificates=certificates, leaves_at=leaves_at)
    told = await plan(manned, hours=8.0)
    assert ("Лиса-2", "B2") in pairs(told)
    left = {each["label"]: each["reason"] for each in told["left_sectors"]}
    assert left["A1"] == "no_skill"
    (tour,) = (each for each in told["tours"] if each["callsign"] == "Лиса-2")
    assert tour["back_at"] <= wire_time(leaves_at) == tour["due_at"]
