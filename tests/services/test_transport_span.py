"""How far back and ahead the timetable is written out: late departures are still to come, a year is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.transport_wishes import DepartureWish
from search_ops.errors import BadInput
from search_ops.services.transport_departures import change_departure
from search_ops.services.transport_reading import read_network
from tests.services.moving import ask, build_network, movement_wish
from tests.services.test_movement_under_way import read

if TYPE_CHECKING:
    from tests.services.conftest import Desk


async def test_a_flight_of_four_days_ago_is_flown_when_it_leaves_tonight(desk: Desk) -> None:
    """Late by days it is no less a flight: it is planned with and stands among the changes."""
    await build_network(desk.office)
    now = desk.office.clock()
    leaves_on = now.astimezone(ZoneInfo("Europe/Moscow")).date()
    was_on = leaves_on - timedelta(days=4)
    for day in (leaves_on, leaves_on + timedelta(days=1)):
        for service in ("night", "late", "small"):
            none = DepartureWish(command_id=uuid7(), state="cancelled", reason="туман")
            await change_departure(desk.office, desk.me, service, day.isoformat(), none)
    late = DepartureWish(command_id=uuid7(), state="delayed", delay_min=4 * 1_440, reason="борт")
    await change_departure(desk.office, desk.me, "night", was_on.isoformat(), late)
    found = (await read(desk, await ask(desk, movement_wish(desk))))["proposed"]["itineraries"][0]
    (flight,) = (leg for leg in found["legs"] if leg["service_id"])
    assert (flight["number"], flight["on_date"]) == ("НОЧЬ-1", was_on.isoformat())
    async with desk.office.engine.connect() as connection:
        shown = (await read_network(connection, now))["departures"]
    assert was_on.isoformat() in {row["on_date"] for row in shown}


async def test_a_year_ahead_nobody_plans(desk: Desk) -> None:
    """A slip in the date would write out every departure of a year: refused with the limit."""
    await build_network(desk.office)
    far = desk.office.clock() + timedelta(days=400)
    with pytest.raises(BadInput, match="moment_too_far") as refused:
        await ask(desk, movement_wish(desk, by_at=far))
    assert refused.value.data["limit"] == 31
    party = {"place_id": "geonames:1", "ready_at": far, "people": 1}
    with pytest.raises(BadInput, match="moment_too_far"):
        await ask(desk, movement_wish(desk, parties=[party]))
