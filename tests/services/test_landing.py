"""Landing places: candidates from heights and ground, a person's word, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest
import shapely
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from geo.heights import HeightGrid
from geo.lattice_raster import Lattice
from search_ops.domain.landing_wishes import LandingVerdict, LandingWish
from search_ops.errors import ChangedMeanwhile, NotKnown
from search_ops.services.landing import judge_landing
from search_ops.services.landing_job import candidates_of
from search_ops.services.probability_ground import GroundRead
from tests.services.walks import at_once

if TYPE_CHECKING:
    from tests.services.conftest import Desk

FRAME = LocalFrame.at(104.01, 52.01)
LATTICE = Lattice.around((0.0, 0.0, 0.0, 0.0), cell_m=10.0, margin_m=600.0)
NOTHING = np.array([], dtype=object)
LEVEL = HeightGrid(103.9, 52.1, 0.01, 0.01, np.full((20, 30), 450.0, dtype=np.float32))
WISH = LandingWish(command_id=uuid7(), lon=104.01, lat=52.01, within_m=500.0)


def box(west_m: float, south_m: float, east_m: float, north_m: float) -> shapely.Polygon:
    return shapely.box(west_m, south_m, east_m, north_m)


def test_candidates_lie_on_the_open_ground_away_from_trees_water_and_wires() -> None:
    """A meadow in the forest with a brook and a power line: only its clear part is proposed."""
    forest, meadow = box(-800, -800, 800, 800), box(-300, -300, 300, 300)
    brook = np.array([shapely.LineString([(-300, -250), (300, -250)])], dtype=object)
    power = np.array([shapely.LineString([(250, -300), (250, 300)])], dtype=object)
    ground = GroundRead(
        {"stream": brook, "power": power}, (("forest", forest), ("grass", meadow)), NOTHING, LEVEL
    )
    told = candidates_of(FRAME, LATTICE, ground, WISH)
    assert told["refused"] is None
    assert told["candidates"]
    assert {name for name, _ in told["excluded"]} >= {"obstacles", "near_water", "near_wires"}
    for each in told["candidates"]:
        east_m, north_m = FRAME.project(np.array([[each["lon"], each["lat"]]]))[0]
        assert east_m < 250 - 90
        assert north_m > -250 + 20
        assert (
            max(abs(east_m), abs(north_m)) < 300 - 65
        )  # trees are taken as 25 m, twice that away and the pad
        assert "obstacles_unknown" not in each["to_confirm"]


def test_ground_that_the_map_does_not_know_is_said_to_be_unknown() -> None:
    """No cover there: a candidate, but somebody has to see whether anything stands on it."""
    path = np.array([shapely.LineString([(-500, -500), (-500, 500)])], dtype=object)
    told = candidates_of(FRAME, LATTICE, GroundRead({"path": path}, (), NOTHING, LEVEL), WISH)
    assert told["candidates"]
    assert all("obstacles_unknown" in each["to_confirm"] for each in told["candidates"])


@pytest.mark.parametrize(
    ("ground", "refused"),
    [
        (GroundRead({}, (("grass", box(-800, -800, 800, 800)),), NOTHING, None), "no_heights"),
        (GroundRead({}, (), NOTHING, LEVEL), "no_ground"),
        (GroundRead({}, (("forest", box(-800, -800, 800, 800)),), NOTHING, LEVEL), "nothing_fits"),
    ],
)
def test_without_heights_or_ground_there_are_no_candidates(ground: GroundRead, refused: str) -> None:
    """Refused with the reason, never guessed."""
    told = candidates_of(FRAME, LATTICE, ground, WISH)
    assert (told["refused"], told["candidates"]) == (refused, [])


async def test_a_person_judges_a_place_and_another_one_may_say_otherwise(desk: Desk) -> None:
    """Named on the spot, confirmed, rejected; a stale word and an unknown candidate are refused."""
    await at_once(desk, "landing", LandingWish(command_id=uuid7(), lon=104.01, lat=52.01))
    ((search_id, search),) = (await desk.state())["landing_searches"].items()
    assert search["refused"] == "no_heights"
    place_id = uuid7()
    said = {"lon": 104.012, "lat": 52.011, "reason": "осмотрено"}
    first = LandingVerdict.model_validate({"command_id": uuid7(), "verdict": "confirmed", **said})
    await judge_landing(desk.office, desk.me, desk.operation_id, place_id, first)
    stale = LandingVerdict.model_validate({"command_id": uuid7(), "verdict": "rejected", **said})
    with pytest.raises(ChangedMeanwhile):
        await judge_landing(desk.office, desk.me, desk.operation_id, place_id, stale)
    version = await desk.version("landing_places", place_id)
    later = stale.model_copy(update={"command_id": uuid7(), "base_version": version})
    await judge_landing(desk.office, desk.me, desk.operation_id, place_id, later)
    assert (await desk.get("landing_places", place_id))["verdict"] == "rejected"
    of_search = {"command_id": uuid7(), "verdict": "confirmed", "reason": "луг", "search_id": UUID(search_id)}
    with pytest.raises(NotKnown):
        await judge_landing(
            desk.office, desk.me, desk.operation_id, uuid7(), LandingVerdict.model_validate(of_search)
        )
    with pytest.raises(ValidationError):
        LandingVerdict.model_validate(of_search | said)
