"""Participants and teams: each refusal names its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.wishes import ParticipantStateWish, ParticipantWish, TeamChange, TeamWish
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict, MoveRefused
from search_ops.services.people import add_participant, change_team, form_team, move_participant

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk


async def _move(desk: Desk, participant_id: UUID, state: str, **more: Any) -> dict[str, Any]:
    said = {
        "command_id": uuid7(),
        "base_version": await desk.version("participants", participant_id),
        "state": state,
        **more,
    }
    wish = ParticipantStateWish.model_validate(said)
    return await move_participant(desk.office, desk.me, desk.operation_id, participant_id, wish)


async def _change(desk: Desk, team_id: UUID, **more: Any) -> dict[str, Any]:
    said = {"command_id": uuid7(), "base_version": await desk.version("teams", team_id), **more}
    return await change_team(
        desk.office, desk.me, desk.operation_id, team_id, TeamChange.model_validate(said)
    )


async def test_people_are_added_by_name_or_callsign(desk: Desk) -> None:
    """A phone is not needed, a name or a callsign is."""
    sokol = await desk.add("", callsign="Сокол", state="available")
    person = await desk.get("participants", sokol)
    assert (person["name"], person["callsign"], person["channel"]) == (None, "Сокол", "headquarters")
    assert person["state"] == "available"
    with pytest.raises(BadInput, match="name_or_callsign_required"):
        await add_participant(
            desk.office, desk.me, desk.operation_id, ParticipantWish(command_id=uuid7(), phone="112")
        )


async def test_people_move_by_the_table(desk: Desk) -> None:
    """The registrar puts people on site; moves that the table lacks and stale ones are refused."""
    anna = await desk.add("Анна", "going")
    seen = await desk.version("participants", anna)
    await _move(desk, anna, "on_site")
    with pytest.raises(MoveRefused) as refused:
        await _move(desk, anna, "going")
    assert refused.value.data == {"what": "participant", "state": "on_site", "wanted": "going"}
    stale = ParticipantStateWish(command_id=uuid7(), base_version=seen, state="left")
    with pytest.raises(ChangedMeanwhile):
        await move_participant(desk.office, desk.me, desk.operation_id, anna, stale)


async def test_a_word_of_counting_out_means_home(desk: Desk) -> None:
    """«Handed over» and its like are said of somebody who is safe, of nobody else."""
    anna = await desk.add("Анна")
    with pytest.raises(BadInput, match="word_needs_home"):
        await _move(desk, anna, "left", word="seen_leaving")
    await _move(desk, anna, "home", word="called_at_home", source="call")
    person = await desk.get("participants", anna)
    assert (person["state"], person["word"], person["source"]) == ("home", "called_at_home", "call")


async def test_a_team_has_leader_members_and_names(desk: Desk) -> None:
    """The team's own record says how its members are called, so that they know each other."""
    team_id = await desk.team("Лиса-12", "Анна", "Борис")
    team = await desk.get("teams", team_id)
    assert team["roster"] == ["Анна", "Борис"]
    assert (team["callsign"], team["disbanded"], team["kind"]) == ("Лиса-12", False, "foot")
    assert team["leader_id"] == str(desk.people["Анна"])


async def test_a_callsign_is_heard_once(desk: Desk) -> None:
    """Capitals and blanks do not make another callsign; a disbanded team keeps its own: its story has it."""
    first = await desk.team("Лиса-12", "Анна")
    with pytest.raises(Conflict, match="callsign_taken") as refused:
        await desk.team("ЛИСА - 12", "Борис")
    assert refused.value.data["team_id"] == str(first)
    await _change(desk, first, disbanded=True)
    with pytest.raises(Conflict, match="callsign_taken"):
        await desk.team("ЛИСА - 12", "Борис")
    await desk.team("Лиса-1", "Борис")


async def test_members_are_here_and_in_one_team(desk: Desk) -> None:
    """Who is on the way, or in another live team, is in no new one; the leader is one of its members."""
    anna, on_way = await desk.add("Анна"), await desk.add("Вера", "going")
    wish = TeamWish(command_id=uuid7(), callsign="Лиса-1", leader_id=anna, member_ids=[anna])
    absent = wish.model_copy(update={"command_id": uuid7(), "member_ids": [anna, on_way]})
    with pytest.raises(Conflict, match="member_not_on_site"):
        await form_team(desk.office, desk.me, desk.operation_id, absent)
    twice = wish.model_copy(update={"command_id": uuid7(), "member_ids": [anna, anna]})
    with pytest.raises(BadInput, match="member_twice"):
        await form_team(desk.office, desk.me, desk.operation_id, twice)
    led = wish.model_copy(update={"command_id": uuid7(), "leader_id": on_way})
    with pytest.raises(BadInput, match="leader_not_member"):
        await form_team(desk.office, desk.me, desk.operation_id, led)
    stranger = uuid7()
    unknown = wish.model_copy(update={"command_id": uuid7(), "leader_id": stranger, "member_ids": [stranger]})
    with pytest.raises(BadInput, match="unknown_participant"):
        await form_team(desk.office, desk.me, desk.operation_id, unknown)
    await form_team(desk.office, desk.me, desk.operation_id, wish)
    again = wish.model_copy(update={"command_id": uuid7(), "callsign": "Лиса-2"})
    with pytest.raises(Conflict, match="member_in_other_team"):
        await form_team(desk.office, desk.me, desk.operation_id, again)


async def test_a_team_on_a_task_changes_but_is_not_disbanded(gridded: Desk) -> None:
    """Who joins a team on the way is on task with it, who leaves is available; disbanding waits."""
    desk = gridded
    team_id = await desk.team("Лиса-12", "Анна", "Борис")
    vera = await desk.add("Вера")
    task_id = await desk.give(team_id, (await desk.sectors())["A1"])
    with pytest.raises(Conflict, match="team_has_task"):
        await _change(desk, team_id, disbanded=True)
    await desk.move(task_id, "briefed", "out")
    assert (await desk.get("participants", desk.people["Борис"]))["state"] == "on_task"
    await _change(desk, team_id, member_ids=[desk.people["Анна"], vera])
    assert (await desk.get("participants", vera))["state"] == "on_task"
    assert (await desk.get("participants", desk.people["Борис"]))["state"] == "available"
    assert (await desk.get("teams", team_id))["roster"] == ["Анна", "Вера"]
    await desk.move(task_id, "back")
    await _change(desk, team_id, disbanded=True)
    with pytest.raises(Conflict, match="team_disbanded"):
        await _change(desk, team_id, disbanded=True)
