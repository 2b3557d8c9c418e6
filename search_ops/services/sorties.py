"""Sorties of a helicopter: asked of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from search_ops.domain.transport_wishes import FARTHEST
from search_ops.errors import BadInput, NotKnown
from search_ops.persistence.transport_tables import transport_craft, transport_place, transport_resource
from search_ops.services.jobs import defer_job
from search_ops.services.scribe import intend_in_operation, require_open
from search_ops.services.transport_edits import held_row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.sortie_wishes import SortiesWish
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

JOB: Final = "sorties"


async def ask_sorties(
    office: Office, principal: Principal, operation_id: UUID, wish: SortiesWish
) -> dict[str, Any]:
    """Ask the worker which sorties of a helicopter bring people and cargo to a landing place.

    Returns
    -------
    dict
        ``{"job_id"}``.

    Raises
    ------
    BadInput
        ``nothing_to_move``, ``moment_too_far``, ``place_unknown``, ``not_a_helicopter``.
    NotKnown
        The catalogue has no such entry.
    """
    if not wish.people and not wish.cargo_kg:
        raise BadInput("nothing_to_move", where="people")
    if wish.ready_at > office.clock() + FARTHEST:
        raise BadInput("moment_too_far", where="ready_at", limit=FARTHEST.days)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        connection = scribe.work.connection
        row = await held_row(connection, transport_resource, wish.resource_id)
        if row is None:
            raise NotKnown
        query = select(transport_craft.c["class"]).where(transport_craft.c.craft_type == row["craft_type"])
        if (await connection.execute(query)).scalar_one_or_none() != "helicopter":
            raise BadInput("not_a_helicopter", where="resource_id")
        if await held_row(connection, transport_place, wish.from_place) is None:
            raise BadInput("place_unknown", where="from_place")
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, JOB, wish))}

    return await intend_in_operation(office, principal, operation_id, wish, name="sorties.ask", decide=decide)
