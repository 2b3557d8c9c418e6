"""Scenarios, clues and the state of the missing person: what the map of probability follows from.

Each intent writes what somebody thinks and asks the worker for the map; the map itself is written by
``probability_job``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from uuid_utils.compat import uuid7

from geo.areas import read_area
from geo.errors import GeometryError
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, Conflict
from search_ops.lost_person import known_categories
from search_ops.services.geometries import geometry_field
from search_ops.services.probability_jobs import map_what_follows
from search_ops.services.scribe import check_version, intend_in_operation, known, require_open, wire_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.events import Stored
    from search_ops.domain.principals import Principal
    from search_ops.domain.probability_wishes import (
        ClueDropWish,
        ClueWeightWish,
        ScenarioDropWish,
        ScenarioWeightsWish,
        ScenarioWish,
        SubjectStateWish,
    )
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

MOST_SCENARIOS: Final = 20
MOST_CLUES: Final = 100


async def set_scenario(
    office: Office, principal: Principal, operation_id: UUID, scenario_id: UUID, wish: ScenarioWish
) -> dict[str, Any]:
    """Add a scenario (версия) or change it.

    Returns
    -------
    dict
        ``{"scenario_id", "version", "seq", "job_id"}``; no job before there is an area.

    Raises
    ------
    BadInput
        ``scenario_needs_point``, ``scenario_needs_category`` (also one that no table knows).
    Conflict
        ``too_many_scenarios``.
    """
    if not wish.elsewhere:
        if wish.lon is None or wish.lat is None:
            raise BadInput("scenario_needs_point", where="lon")
        if wish.category not in known_categories():
            raise BadInput("scenario_needs_category", where="category")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        held = scribe.stream.get("scenarios", scenario_id)
        check_version(held, wish.base_version)
        if held is None and len(list(scribe.stream.all("scenarios"))) >= MOST_SCENARIOS:
            raise Conflict("too_many_scenarios", limit=MOST_SCENARIOS)
        said = wish.model_dump(mode="json", exclude={"command_id", "base_version"})
        stored = scribe.write("scenario_set", HQ, {"scenario_id": str(scenario_id), **said})
        return {"scenario_id": str(scenario_id), **await _done(scribe, stored)}

    about = {"scenario_id": str(scenario_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="scenario.set", decide=decide, about=about
    )


async def drop_scenario(
    office: Office, principal: Principal, operation_id: UUID, scenario_id: UUID, wish: ScenarioDropWish
) -> dict[str, Any]:
    """Take a scenario out of the map; it stays in the history with the reason."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        check_version(known(scribe.stream, "scenarios", scenario_id), wish.base_version)
        payload = {"scenario_id": str(scenario_id), "reason": wish.reason}
        stored = scribe.write("scenario_dropped", HQ, payload)
        return {"scenario_id": str(scenario_id), **await _done(scribe, stored)}

    about = {"scenario_id": str(scenario_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="scenario.drop", decide=decide, about=about
    )


async def weigh_scenarios(
    office: Office, principal: Principal, operation_id: UUID, wish: ScenarioWeightsWish
) -> dict[str, Any]:
    """Set the weights of scenarios as the sliders stand; the last word counts."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        for each in wish.weights:
            known(scribe.stream, "scenarios", each.scenario_id)
        weights = [each.model_dump(mode="json") for each in wish.weights]
        stored = scribe.write("scenarios_weighed", HQ, {"weights": weights})
        return await _done(scribe, stored)

    return await intend_in_operation(
        office, principal, operation_id, wish, name="scenario.weigh", decide=decide
    )


async def set_subject_state(
    office: Office, principal: Principal, operation_id: UUID, wish: SubjectStateWish
) -> dict[str, Any]:
    """Say how likely the person can answer, and whether they still walk."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        check_version(scribe.stream.get("subject_state", operation_id), wish.base_version)
        said = {"responsive_share": wish.responsive_share, "moves": wish.moves}
        stored = scribe.write("subject_state_set", HQ, {"operation_id": str(operation_id), **said})
        return await _done(scribe, stored)

    return await intend_in_operation(
        office, principal, operation_id, wish, name="subject_state.set", decide=decide
    )


async def weigh_clue(
    office: Office, principal: Principal, operation_id: UUID, wish: ClueWeightWish
) -> dict[str, Any]:
    """Let a clue change the map: a point with a spread, or a polygon, and how far it is believed.

    Returns
    -------
    dict
        ``{"clue_weight_id", "version", "seq", "job_id"}``.

    Raises
    ------
    BadInput
        ``clue_needs_place``: neither a point with its spread nor a polygon, or both; codes of geometry.
    Conflict
        ``too_many_clues``.
    """
    is_point = wish.lon is not None and wish.lat is not None and wish.spread_m is not None
    if is_point == (wish.geometry is not None):
        raise BadInput("clue_needs_place", where="lon")
    geometry = None
    if wish.geometry is not None:
        try:
            geometry = await asyncio.to_thread(read_area, wish.geometry)
        except GeometryError as error:
            raise BadInput(error.code, where="geometry", **error.data()) from error

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        if len(list(scribe.stream.all("clue_weights"))) >= MOST_CLUES:
            raise Conflict("too_many_clues", limit=MOST_CLUES)
        if wish.clue_id is not None:
            known(scribe.stream, "clues", wish.clue_id)
        place: dict[str, Any] = {"geometry": None, "geometry_ref": None}
        if geometry is not None:
            place = await geometry_field(scribe.work.connection, scribe.stream_id, HQ, geometry)
        clue_weight_id = uuid7()
        payload = {
            "clue_weight_id": str(clue_weight_id),
            "text": wish.text,
            "clue_id": None if wish.clue_id is None else str(wish.clue_id),
            "lon": wish.lon,
            "lat": wish.lat,
            "spread_m": wish.spread_m,
            "weight": wish.weight,
            "seen_at": wire_or_none(wish.seen_at),
            **place,
        }
        stored = scribe.write("clue_weighed", HQ, payload)
        return {"clue_weight_id": str(clue_weight_id), **await _done(scribe, stored)}

    return await intend_in_operation(office, principal, operation_id, wish, name="clue.weigh", decide=decide)


async def drop_clue(
    office: Office, principal: Principal, operation_id: UUID, clue_weight_id: UUID, wish: ClueDropWish
) -> dict[str, Any]:
    """Let a clue count no more: the map is what it was without it."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        check_version(known(scribe.stream, "clue_weights", clue_weight_id), wish.base_version)
        payload = {"clue_weight_id": str(clue_weight_id), "reason": wish.reason}
        stored = scribe.write("clue_weight_dropped", HQ, payload)
        return {"clue_weight_id": str(clue_weight_id), **await _done(scribe, stored)}

    about = {"clue_weight_id": str(clue_weight_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="clue.drop", decide=decide, about=about
    )


async def _done(scribe: Scribe, stored: Stored) -> dict[str, Any]:
    job_id = await map_what_follows(scribe.work, scribe.principal)
    return {
        "version": stored.seq,
        "seq": stored.seq,
        "job_id": None if job_id is None else str(job_id),
    }
