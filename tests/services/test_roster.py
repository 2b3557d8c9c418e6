"""The roster: what people can do, things by number, shifts, and the facts that other desks read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.roster_wishes import IssueWish
from search_ops.domain.shift import shift_fields, worked_s
from search_ops.domain.wishes import TeamChange
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict
from search_ops.persistence.tables import event
from search_ops.services.people import change_team
from search_ops.services.resources import issue_resource
from search_ops.services.roster import read_roster
from tests.services.rostering import describe, issued, listed, returned

if TYPE_CHECKING:
    from search_ops.services.roster import Roster
    from tests.services.conftest import Desk

NOON = datetime(2026, 8, 23, 12, tzinfo=UTC)


async def _roster(desk: Desk) -> Roster:
    async with desk.office.engine.connect() as connection:
        return await read_roster(desk.office, connection, desk.operation_id, desk.office.clock())


async def test_only_named_fields_of_a_person_change(desk: Desk) -> None:
    """What is not said stays; what is said as unknown becomes unknown."""
    anna = await desk.add("Анна", phone="+7 000 000-00-01")
    await describe(desk, anna, callsign="Рысь", certificates=[{"competence": "medic", "until": None}])
    await describe(desk, anna, phone=None, limits=["water"])
    person = await desk.get("participants", anna)
    assert (person["name"], person["callsign"], person["phone"]) == ("Анна", "Рысь", None)
    assert person["certificates"] == [{"competence": "medic", "until": None}]
    assert person["limits"] == ["water"]
    with pytest.raises(BadInput, match="name_or_callsign_required"):
        await describe(desk, anna, callsign=None, name=None)
    with pytest.raises(BadInput, match="competence_twice"):
        await describe(desk, anna, certificates=[{"competence": "medic"}, {"competence": "medic"}])


async def test_what_tells_of_health_and_home_is_sealed(desk: Desk) -> None:
    """Limits, needs and places of people are in the log as ciphertext only: erasing the key erases them."""
    anna = await desk.add("Анна")
    await describe(
        desk, anna, limits=["night"], needs=["medic"], home_place={"text": "Лесная, 1"}, adult=True
    )
    async with desk.office.engine.connect() as connection:
        query = select(event.c.payload, event.c.visibility).where(event.c.kind == "participant_described")
        payload, visibility = (await connection.execute(query)).one()
    assert payload == {"participant_id": str(anna), "adult": True}
    assert visibility == f"person:{anna}"


async def test_a_thing_is_with_one_at_a_time(desk: Desk) -> None:
    """Issued by number, refused while somebody has it, taken back broken, then refused for that."""
    team_id = await desk.team("Лиса-1", "Анна")
    radio = await listed(desk, "radio", "14")
    with pytest.raises(Conflict, match="number_taken"):
        await listed(desk, "radio", " 14 ")
    await listed(desk, "navigator", "14")
    await issued(desk, radio, team_id=team_id)
    with pytest.raises(Conflict, match="resource_issued") as refused:
        await issued(desk, radio, participant_id=desk.people["Анна"])
    assert refused.value.data["team_id"] == str(team_id)
    await returned(desk, radio, condition="broken")
    with pytest.raises(Conflict, match="resource_unusable"):
        await issued(desk, radio, team_id=team_id)
    with pytest.raises(BadInput, match="issue_to_one"):
        await issued(desk, radio)


async def test_things_say_what_they_need(desk: Desk) -> None:
    """A vehicle has a ground class and nothing else has; a dog has a handler; strangers hold nothing."""
    with pytest.raises(BadInput, match="vehicle_needs_class"):
        await listed(desk, "vehicle", "1")
    with pytest.raises(BadInput, match="ground_class_of_vehicle"):
        await listed(desk, "radio", "1", ground_class="quad")
    with pytest.raises(BadInput, match="dog_needs_handler"):
        await listed(desk, "dog", "Гром")
    with pytest.raises(BadInput, match="unknown_participant"):
        await listed(desk, "dog", "Гром", goes_with=[uuid7()])


async def test_a_stale_desk_issues_nothing(desk: Desk) -> None:
    """Who sees an older thing is told so."""
    radio = await listed(desk, "radio", "14")
    team_id = await desk.team("Лиса-1", "Анна")
    await issued(desk, radio, team_id=team_id)
    await returned(desk, radio)
    stale = IssueWish(command_id=uuid7(), base_version=1, team_id=team_id)
    with pytest.raises(ChangedMeanwhile):
        await issue_resource(desk.office, desk.me, desk.operation_id, radio, stale)


async def test_facts_of_a_team(desk: Desk) -> None:
    """Skills that hold today, things of the team and of its members, vehicles that somebody of it drives."""
    team_id = await desk.team("Лиса-1", "Анна", "Борис")
    anna, boris = desk.people["Анна"], desk.people["Борис"]
    leaves = desk.office.clock() + timedelta(hours=3)
    await describe(
        desk, anna, certificates=[{"competence": "leader"}, {"competence": "medic", "until": "2026-08-22"}]
    )
    await describe(desk, boris, limits=["night"], leaves_at=leaves)
    vera = await desk.add("Вера")
    quad = await listed(desk, "vehicle", "1", ground_class="quad", seats=1, goes_with=[boris])
    car = await listed(desk, "vehicle", "2", ground_class="car", seats=4, goes_with=[vera])
    radio = await listed(desk, "radio", "14")
    await issued(desk, quad, team_id=team_id)
    await issued(desk, car, team_id=team_id)
    await issued(desk, radio, participant_id=anna)
    roster = await _roster(desk)
    facts = roster.teams[str(team_id)]
    assert dict(facts.skills) == {"leader": 1}
    assert roster.people[str(anna)].certificates == {"leader": None, "medic": date(2026, 8, 22)}
    assert {thing.resource_id for thing in facts.things} == {str(quad), str(car), str(radio)}
    assert (facts.ground_classes, facts.seats, facts.limits) == (
        frozenset({"quad"}),
        2,
        frozenset({"night"}),
    )
    assert facts.leaves_at is not None
    assert abs((facts.leaves_at - leaves).total_seconds()) < 1
    assert 0 <= facts.worked_s < 60


async def test_callsigns_of_disbanded_teams_stay(desk: Desk) -> None:
    """A disbanded team is no longer in the roster of teams; its callsign still is."""
    team_id = await desk.team("Лиса-1", "Анна")
    version = await desk.version("teams", team_id)
    change = TeamChange(command_id=uuid7(), base_version=version, disbanded=True)
    await change_team(desk.office, desk.me, desk.operation_id, team_id, change)
    roster = await _roster(desk)
    assert (roster.teams, roster.callsigns) == ({}, ("Лиса-1",))


def test_a_shift_ends_with_a_full_rest_only() -> None:
    """Two hours at home are no rest; eight are: the next shift begins then."""
    person: dict[str, object] = {}

    def move(state: str, hours: float) -> None:
        at = NOON + timedelta(hours=hours)
        person.update(shift_fields(person, state, at))
        person["state"] = state

    move("going", -1)
    assert "shift_from" not in person
    move("on_site", 0)
    move("on_task", 1)
    move("resting", 6)
    assert worked_s(person, NOON + timedelta(hours=9)) == 6 * 3600
    move("available", 8)
    assert worked_s(person, NOON + timedelta(hours=9)) == 9 * 3600
    move("left", 10)
    move("home", 11)
    move("on_site", 18)
    assert worked_s(person, NOON + timedelta(hours=19)) == 3600
