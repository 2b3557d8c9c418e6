"""Evacuations: teams by their way, carriers, the way out, all others recalled; and every bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.evacuation_wishes import EvacuationOrder, EvacuationWish
from search_ops.errors import Conflict, NotKnown
from search_ops.services.evacuating import order_evacuation, read_evacuation
from search_ops.services.reports import EnteredReport, enter_report
from tests.services.rostering import describe
from tests.services.shift_story import set_entry
from tests.services.test_assigning import manned
from tests.services.walks import at_once

if TYPE_CHECKING:
    from tests.services.conftest import Desk

__all__ = ["manned"]


async def evacuation(desk: Desk, **more: Any) -> dict[str, Any]:
    """Plan the way out as the worker would, and return it as a desk reads it."""
    wish = EvacuationWish.model_validate({"command_id": uuid7(), "lon": 104.01, "lat": 52.01, **more})
    result = await at_once(desk, "evacuation", wish)
    async with desk.office.engine.connect() as connection:
        return await read_evacuation(connection, desk.operation_id, UUID(result["evacuation_id"]))


async def order(desk: Desk, told: dict[str, Any], exit_id: str) -> dict[str, Any]:
    wish = EvacuationOrder(command_id=uuid7(), base_version=told["version"], exit_id=exit_id)
    return await order_evacuation(desk.office, desk.me, desk.operation_id, UUID(told["evacuation_id"]), wish)


LANDING = {"landing": {"lon": 104.012, "lat": 52.011}, "aircraft_min": 40.0}


async def test_the_nearest_teams_are_called_and_the_others_recalled(manned: Desk) -> None:
    """Two walk beside the person to the aircraft; who is not needed is recalled and has to confirm."""
    await set_entry(manned)
    sectors, teams = await manned.sectors(), (await manned.state())["teams"]
    by_callsign = {team["callsign"]: UUID(each) for each, team in teams.items()}
    near = await manned.give(by_callsign["Лиса-2"], sectors["B2"])
    far = await manned.give(by_callsign["Лиса-1"], sectors["A4"])
    await manned.move(near, "briefed", "out", "on_task")
    await manned.move(far, "briefed", "out", "on_task")
    told = await evacuation(manned, walking="escorted", medic_wanted=False, **LANDING)
    assert told["refused"] is None
    assert [each["walk_s"] for each in told["ranking"]] == sorted(each["walk_s"] for each in told["ranking"])
    (way,) = told["ways"]
    assert (way["kind"], way["carriers_needed"]) == ("landing", 2)
    assert way["line"][-1] == pytest.approx([104.012, 52.011], abs=5e-4)
    assert sum(way["way_m"].values()) == pytest.approx(way["carry_m"], abs=2)
    done = await order(manned, told, "landing")
    state = await manned.state()
    assert state["operation"][str(manned.operation_id)]["state"] == "hold_evacuate"
    assert set(done["called_team_ids"]) == set(way["called"])
    for task_id, team_id in ((near, by_callsign["Лиса-2"]), (far, by_callsign["Лиса-1"])):
        wanted = "on_task" if str(team_id) in way["called"] else "recalled"
        assert state["tasks"][str(task_id)]["state"] == wanted
    with pytest.raises(Conflict) as twice:
        await order(
            manned, told | {"version": await manned.version("evacuations", told["evacuation_id"])}, "landing"
        )
    assert twice.value.code == "evacuation_ordered"


async def test_those_who_found_are_there(manned: Desk) -> None:
    """Whatever their last fix says: the team that reported the find is first, with no way to go."""
    await set_entry(manned)
    teams = (await manned.state())["teams"]
    fox = next(each for each in teams if teams[each]["callsign"] == "Лиса-3")
    payload = {"team_id": fox, "condition": "carried", "source": "radio"}
    report = EnteredReport(uuid7(), "found_reported", manned.office.clock(), payload)
    await enter_report(manned.office, manned.me, manned.operation_id, report)
    told = await evacuation(manned, find_id=report.command_id, **LANDING)
    first = told["ranking"][0]
    assert (first["callsign"], first["walk_s"], first["known_by"]) == ("Лиса-3", 0.0, "found")


async def test_carriers_are_counted_without_those_who_cannot_carry(manned: Desk) -> None:
    """Somebody who may not carry is not counted; too few carriers is said with both numbers."""
    await set_entry(manned)
    await describe(manned, manned.people["Анна"], limits=["carrying"])
    told = await evacuation(manned, weight_kg=80.0, **LANDING)
    carriers = {each["callsign"]: each["carriers"] for each in told["ranking"]}
    assert carriers == {"Лиса-1": 1, "Лиса-2": 2, "Лиса-3": 2}
    (way,) = told["ways"]
    assert way["carriers"] == 5 < way["carriers_needed"]
    assert "fewer_carriers_than_needed" in way["notices"]


async def test_no_teams_no_exits_no_base(desk: Desk) -> None:
    """Each is an answer with the reason, never an exception."""
    await desk.area()
    assert (await evacuation(desk))["refused"] == "no_teams"
    await desk.team("Лиса-1", "Анна", "Борис")
    told = await evacuation(desk)
    assert told["refused"] == "no_exits"
    assert [each["callsign"] for each in told["ranking"]] == ["Лиса-1"]
    assert (await evacuation(desk, **LANDING))["refused"] == "no_way_to_the_person"
    assert (await evacuation(desk, lon=10.0, lat=10.0))["refused"] == "no_exits"


async def test_an_aircraft_that_nobody_sends_is_no_way_out(manned: Desk) -> None:
    """The landing place is named with the reason."""
    await set_entry(manned)
    told = await evacuation(manned, landing=LANDING["landing"])
    assert told["refused"] == "no_way_out"
    assert [(each["exit_id"], each["fault"]) for each in told["exits_out"]] == [("landing", "nobody_meets")]
    with pytest.raises(NotKnown):
        await order(manned, told, "landing")
