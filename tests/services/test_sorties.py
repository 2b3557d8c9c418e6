"""Sorties of a helicopter to a landing place: everybody is counted, and what is not known is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.landing_wishes import LandingVerdict
from search_ops.domain.sortie_wishes import SortiesWish
from search_ops.errors import BadInput
from search_ops.services.landing import judge_landing
from search_ops.services.sorties import ask_sorties
from search_ops.services.transport_reading import read_transport
from tests.services.moving import add_resource, build_network
from tests.services.walks import at_once

if TYPE_CHECKING:
    from uuid import UUID

    from tests.services.conftest import Desk

MEADOW = {"lon": 105.0, "lat": 52.5}
MI8 = {"kind": "aircraft", "craft_type": "Mi-8", "base_place": "IKT", "ready_min": 30, "duty_min": 720}


def wish(desk: Desk, craft: UUID, **more: Any) -> SortiesWish:
    said = {
        "resource_id": craft,
        "from_place": "IKT",
        **MEADOW,
        "ready_at": desk.office.clock(),
        "people": 30,
    }
    return SortiesWish.model_validate({"command_id": uuid7(), **said, **more})


async def planned(desk: Desk, asked: SortiesWish) -> dict[str, Any]:
    await ask_sorties(desk.office, desk.me, desk.operation_id, asked)
    told = await at_once(desk, "sorties", asked)
    async with desk.office.engine.connect() as connection:
        read = await read_transport(connection, desk.operation_id, desk.office.clock())
    found: dict[str, Any] = next(each for each in read["sortie_plans"] if each["id"] == told["plan_id"])
    return found


async def test_thirty_people_fly_in_two_sorties(desk: Desk) -> None:
    """Twenty-four seats: the others fly when it is back; range left and hours are said with each."""
    await build_network(desk.office)
    craft = await add_resource(desk.office, desk.me, name="Ми-8 МЧС", night=True, **MI8)
    plan = await planned(desk, wish(desk, craft, cargo_kg=500.0))
    assert sum(each["people"] for each in plan["sorties"]) + plan["stay"] == 30
    assert sum(each["cargo_kg"] for each in plan["sorties"]) + plan["stay_kg"] == pytest.approx(500.0)
    assert [each["people"] for each in plan["sorties"]] == [24, 6]
    one, other = plan["sorties"]
    assert datetime.fromisoformat(one["back_at"]) <= datetime.fromisoformat(other["leaves_at"])
    assert one["range_left_m"] > 0
    assert one["light_left_s"] > 0
    assert (plan["craft"], plan["whys"], plan["place_confirmed"]) == ("Ми-8 МЧС", [], False)


async def test_a_confirmed_place_is_called_so_until_somebody_rejects_it(desk: Desk) -> None:
    """The word of a person stands beside the hours."""
    await build_network(desk.office)
    craft = await add_resource(desk.office, desk.me, name="Ми-8 МЧС", night=True, **MI8)
    said = {"verdict": "confirmed", "reason": "осмотрено", **MEADOW}
    for verdict, confirmed in (("confirmed", True), ("rejected", False)):
        judged = LandingVerdict.model_validate({"command_id": uuid7(), **said, "verdict": verdict})
        await judge_landing(desk.office, desk.me, desk.operation_id, uuid7(), judged)
        assert (await planned(desk, wish(desk, craft)))["place_confirmed"] is confirmed


async def test_what_cannot_fly_says_why(desk: Desk) -> None:
    """Without its readiness nothing can be said; an aeroplane does not land on a meadow."""
    await build_network(desk.office)
    unready = await add_resource(desk.office, desk.me, name="Ми-8", **{**MI8, "ready_min": None})
    plan = await planned(desk, wish(desk, unready))
    assert plan["sorties"] == []
    assert (plan["stay"], plan["whys"][0]["reason"], plan["whys"][0]["what"]) == (
        30,
        "figure_unknown",
        "ready_at",
    )
    plane = await add_resource(
        desk.office, desk.me, kind="aircraft", name="Ил-76", craft_type="Il-76TD", base_place="ZIA"
    )
    with pytest.raises(BadInput, match="not_a_helicopter"):
        await ask_sorties(desk.office, desk.me, desk.operation_id, wish(desk, plane))
    with pytest.raises(BadInput, match="nothing_to_move"):
        await ask_sorties(desk.office, desk.me, desk.operation_id, wish(desk, unready, people=0))
