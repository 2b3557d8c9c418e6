"""Cars from the roster: who rides with whom, out and home, and the list of who is not home yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from search_ops.domain.crew_wishes import CrewDraft, CrewsAsked, CrewStop
from search_ops.domain.wishes import LonLat
from search_ops.errors import Conflict, MoveRefused
from search_ops.services.closing import list_not_home
from search_ops.services.crews import propose_crews
from tests.services.rostering import accepted_crews, describe, listed, move_car

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk

MUSTER = LonLat(lon=104.0, lat=52.0)


def _place(lon: float, lat: float) -> dict[str, Any]:
    return {"text": "Дом", "at": {"lon": lon, "lat": lat}}


async def _proposal(desk: Desk, direction: str, **more: Any) -> dict[str, Any]:
    asked = CrewsAsked.model_validate(
        {"direction": direction, "ready_at": desk.office.clock(), "muster": MUSTER, **more}
    )
    async with desk.office.engine.connect() as connection:
        return await propose_crews(desk.office, connection, desk.operation_id, asked)


async def _person(desk: Desk, name: str, state: str, **said: Any) -> UUID:
    person = await desk.add(name, state)
    await describe(desk, person, **said)
    return person


async def _car(desk: Desk, number: str, driver: UUID, seats: int = 3) -> UUID:
    return await listed(desk, "vehicle", number, ground_class="car", seats=seats, goes_with=[driver])


def _drafts(found: dict[str, Any]) -> list[CrewDraft]:
    names = ("resource_id", "driver_id", "stops", "leave_at", "arrive_at")
    return [CrewDraft.model_validate({name: crew[name] for name in names}) for crew in found["crews"]]


async def test_a_car_finds_its_people_on_the_way(desk: Desk) -> None:
    """Who lives beside the driver's way is picked up; who has told no place is left with that reason."""
    driver = await _person(desk, "Анна", "going", pickup_place=_place(104.3, 52.0))
    near = await _person(desk, "Борис", "going", pickup_place=_place(104.2, 52.0), gear_l=40)
    far = await _person(desk, "Вера", "going", pickup_place=_place(106.0, 53.0))
    nowhere = await desk.add("Глеб", "going")
    await desk.add("Дина", "on_site")
    car = await _car(desk, "1", driver)
    found = await _proposal(desk, "out")
    (crew,) = found["crews"]
    assert (crew["resource_id"], crew["driver_id"]) == (str(car), str(driver))
    assert [stop["participant_id"] for stop in crew["stops"]] == [str(near)]
    assert crew["leave_at"] < crew["stops"][0]["at"] < crew["arrive_at"]
    assert {left["participant_id"]: left["reason"] for left in found["left"]} == {
        str(far): "too_far",
        str(nowhere): "unknown_place",
    }
    (crew_id,) = await accepted_crews(desk, "out", _drafts(found))
    with pytest.raises(Conflict, match="rides_already"):
        await accepted_crews(desk, "out", _drafts(found))
    await move_car(desk, crew_id, "departed")
    await move_car(desk, crew_id, "arrived")
    states = {name: (await desk.get("participants", desk.people[name]))["state"] for name in desk.people}
    assert states == {
        "Анна": "on_site",
        "Борис": "on_site",
        "Вера": "going",
        "Глеб": "going",
        "Дина": "on_site",
    }
    with pytest.raises(MoveRefused):
        await move_car(desk, crew_id, "cancelled")


async def test_gear_and_seats_are_kept(desk: Desk) -> None:
    """A stretcher does not go into a boot of that size, and two do not sit on one seat."""
    driver = await _person(desk, "Анна", "going", pickup_place=_place(104.3, 52.0), gear_l=100)
    big = await _person(desk, "Борис", "going", pickup_place=_place(104.2, 52.0), gear_l=150)
    car = await listed(
        desk, "vehicle", "1", ground_class="car", seats=1, gear_space_l=200, goes_with=[driver]
    )
    found = await _proposal(desk, "out")
    assert [(left["participant_id"], left["reason"]) for left in found["left"]] == [
        (str(big), "gear_too_big")
    ]
    vera = await desk.add("Вера", "going")
    stops = [CrewStop(participant_id=big), CrewStop(participant_id=vera)]
    with pytest.raises(Conflict, match="crew_overfull"):
        await accepted_crews(desk, "out", [CrewDraft(resource_id=car, driver_id=driver, stops=stops)])
    with pytest.raises(Conflict, match="driver_not_of_vehicle"):
        await accepted_crews(desk, "out", [CrewDraft(resource_id=car, driver_id=vera)])


async def test_everybody_goes_home_and_the_list_says_with_whom(desk: Desk) -> None:
    """The list of who is not home names the car; it empties when the driver says that all are home."""
    driver = await _person(desk, "Анна", "available", home_place=_place(104.3, 52.0))
    rider = await _person(desk, "Борис", "on_site", home_place=_place(104.25, 52.0))
    await _car(desk, "1", driver)
    found = await _proposal(desk, "home")
    assert found["left"] == []
    (crew_id,) = await accepted_crews(desk, "home", _drafts(found))

    async def rides() -> dict[str, tuple[str, str | None]]:
        async with desk.office.engine.connect() as connection:
            missing = await list_not_home(desk.office, connection, desk.operation_id)
        return {one["name"]: (one["state"], one["ride"] and one["ride"]["driver_id"]) for one in missing}

    assert await rides() == {"Анна": ("available", str(driver)), "Борис": ("on_site", str(driver))}
    await move_car(desk, crew_id, "departed")
    assert (await rides())["Борис"] == ("left", str(driver))
    assert (await desk.get("participants", rider))["off_since"] is not None
    await move_car(desk, crew_id, "arrived")
    assert await rides() == {}


async def test_who_has_worked_a_shift_drives_nobody_home(desk: Desk) -> None:
    """The tired driver's car stays; he looks for a seat like everybody."""
    tired = await _person(
        desk,
        "Анна",
        "available",
        home_place=_place(104.3, 52.0),
        shift_from=desk.office.clock() - timedelta(hours=13),
    )
    fresh = await _person(desk, "Борис", "available", home_place=_place(104.31, 52.0))
    await _car(desk, "1", tired)
    await _car(desk, "2", fresh)
    found = await _proposal(desk, "home")
    assert [out["reason"] for out in found["cars_out"]] == ["driver_unfit"]
    assert [stop["participant_id"] for stop in found["crews"][0]["stops"]] == [str(tired)]


async def test_no_muster_and_nobody_are_said(desk: Desk) -> None:
    """Without a place of headquarters or without anybody to take there is an answer, not a plan."""
    with pytest.raises(Conflict, match="no_muster"):
        await _proposal(desk, "out", muster=None)
    with pytest.raises(Conflict, match="nobody_rides"):
        await _proposal(desk, "out")
