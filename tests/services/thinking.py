"""A search of the tests thinks: scenarios, clues and a map, set and dropped again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.probability_wishes import (
    ClueDropWish,
    ClueWeightWish,
    ProbabilityWish,
    ScenarioDropWish,
    ScenarioWeight,
    ScenarioWeightsWish,
    ScenarioWish,
    SubjectStateWish,
)
from search_ops.services.probability import (
    drop_clue,
    drop_scenario,
    set_scenario,
    set_subject_state,
    weigh_clue,
    weigh_scenarios,
)
from tests.services.walks import at_once

if TYPE_CHECKING:
    from tests.services.conftest import Desk


async def think(desk: Desk) -> None:
    """Set and drop what the map of probability follows from, and make it."""
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    scenario_id = uuid7()
    scenario = ScenarioWish(
        command_id=uuid7(), name="Заблудилась", weight=50.0, lon=9.54, lat=47.145, category="gatherer"
    )
    await set_scenario(office, me, operation_id, scenario_id, scenario)
    weights = [ScenarioWeight(scenario_id=scenario_id, weight=70.0)]
    await weigh_scenarios(office, me, operation_id, ScenarioWeightsWish(command_id=uuid7(), weights=weights))
    state = SubjectStateWish(command_id=uuid7(), responsive_share=0.4, moves="little")
    await set_subject_state(office, me, operation_id, state)
    clue = ClueWeightWish(
        command_id=uuid7(), text="Видели у моста", lon=9.541, lat=47.146, spread_m=200.0, weight=0.6
    )
    clue_weight_id = UUID((await weigh_clue(office, me, operation_id, clue))["clue_weight_id"])
    await at_once(desk, "probability", ProbabilityWish(command_id=uuid7()))
    dropped = ClueDropWish(
        command_id=uuid7(),
        base_version=await desk.version("clue_weights", clue_weight_id),
        reason="Не она",
    )
    await drop_clue(office, me, operation_id, clue_weight_id, dropped)
    gone = ScenarioDropWish(
        command_id=uuid7(), base_version=await desk.version("scenarios", scenario_id), reason="Отпала"
    )
    await drop_scenario(office, me, operation_id, scenario_id, gone)
