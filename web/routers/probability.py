"""Where the person may be: scenarios, clues, the map, and what effort would gain."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from search_ops.domain.probability_wishes import (
    ClueDropWish,
    ClueWeightWish,
    EffortWish,
    ScenarioDropWish,
    ScenarioWeightsWish,
    ScenarioWish,
    SubjectStateWish,
)
from search_ops.domain.rights import Right
from search_ops.services import probability, probability_reading
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, SignedIn, in_operation
from web.schemas.base import Id
from web.schemas.probability import (
    Categories,
    ClueWeighed,
    Effort,
    ProbabilityChanged,
    ProbabilityMap,
    ScenarioSet,
)

router = APIRouter(route_class=GuardedRoute, tags=["probability"])

_O = "/api/operations/{operation_id}"
Changing = Annotated[Caller, in_operation(Right.PROBABILITY_SET)]
Reading = Annotated[Caller, in_operation(Right.SECTOR_READ)]
MapId = Annotated[Id | None, Query()]


@router.get("/api/lost-person-categories", response_model=Categories)
async def get_categories(_: SignedIn, office: OfficeDep) -> dict[str, Any]:
    """Return the categories of lost people with figures, their sources and how far to believe them."""
    return await probability_reading.categories(office)


@router.put(_O + "/scenarios/{scenario_id}", response_model=ScenarioSet)
async def put_scenario(
    body: ScenarioWish, scenario_id: Id, caller: Changing, office: OfficeDep
) -> dict[str, Any]:
    """Add a scenario or change it."""
    return await probability.set_scenario(office, caller.principal, caller.place_id, scenario_id, body)


@router.post(_O + "/scenarios/{scenario_id}/drop", response_model=ScenarioSet)
async def post_scenario_drop(
    body: ScenarioDropWish, scenario_id: Id, caller: Changing, office: OfficeDep
) -> dict[str, Any]:
    """Take a scenario out of the map; it stays in the history."""
    return await probability.drop_scenario(office, caller.principal, caller.place_id, scenario_id, body)


@router.put(_O + "/scenario-weights", response_model=ProbabilityChanged)
async def put_weights(body: ScenarioWeightsWish, caller: Changing, office: OfficeDep) -> dict[str, Any]:
    """Set the weights of scenarios."""
    return await probability.weigh_scenarios(office, caller.principal, caller.place_id, body)


@router.put(_O + "/subject-state", response_model=ProbabilityChanged)
async def put_subject_state(body: SubjectStateWish, caller: Changing, office: OfficeDep) -> dict[str, Any]:
    """Say whether the person can answer, and whether they still walk."""
    return await probability.set_subject_state(office, caller.principal, caller.place_id, body)


@router.post(_O + "/clue-weights", response_model=ClueWeighed)
async def post_clue(body: ClueWeightWish, caller: Changing, office: OfficeDep) -> dict[str, Any]:
    """Let a clue change the map, with the weight that somebody gives it."""
    return await probability.weigh_clue(office, caller.principal, caller.place_id, body)


@router.post(_O + "/clue-weights/{clue_weight_id}/drop", response_model=ClueWeighed)
async def post_clue_drop(
    body: ClueDropWish, clue_weight_id: Id, caller: Changing, office: OfficeDep
) -> dict[str, Any]:
    """Let a clue count no more."""
    return await probability.drop_clue(office, caller.principal, caller.place_id, clue_weight_id, body)


@router.get(_O + "/probability", response_model=ProbabilityMap)
async def get_probability(caller: Reading, office: OfficeDep, map_id: MapId = None) -> dict[str, Any]:
    """Return a map of probability by sector, with its explanation and what changed; the newest by default."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await probability_reading.read_map(connection, caller.place_id, classes, map_id)

    return await protected_read(office, caller.principal, caller.place, "probability", read)


@router.get(
    _O + "/probability/raster",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def get_raster(caller: Reading, office: OfficeDep, map_id: MapId = None) -> Response:
    """Return the rasters of a map: one for each scenario, float32 little endian, northern row first."""

    async def read(connection: Any, classes: Any) -> bytes:
        return await probability_reading.read_raster(connection, caller.place_id, classes, map_id)

    content = await protected_read(office, caller.principal, caller.place, "probability", read)
    return Response(content, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


@router.post(_O + "/effort", response_model=Effort)
async def post_effort(body: EffortWish, caller: Reading, office: OfficeDep) -> dict[str, Any]:
    """Return where the hours of these teams would find most; nothing is written."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await probability_reading.effort(connection, caller.place_id, classes, body)

    return await protected_read(office, caller.principal, caller.place, "effort", read)
