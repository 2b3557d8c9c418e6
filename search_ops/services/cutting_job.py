"""A cut of the area as a job of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_ops.domain.wishes import PartitionWish
from search_ops.services import cutting, cutting_methods
from search_ops.services.scribe import Scribe, intend_in_operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.services.jobs import JobWork


async def partition(work: JobWork) -> dict[str, Any]:
    """Cut and write a partition for the asker; returns the answer of the intent."""
    wish, operation_id = PartitionWish.model_validate(work.wish), work.operation_id
    await work.progress(0.05, "reading_ground")
    async with work.office.engine.connect() as connection:
        ground = await cutting.read_ground(connection, operation_id, wish)
        material = await cutting_methods.material_for(connection, operation_id, ground, wish)
    await work.progress(0.2, "cutting")
    cut = await cutting_methods.cut(ground, material, wish)
    await work.progress(0.9, "writing")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        return await cutting.write_partition(scribe, operation_id, wish, ground, cut)

    result = wish.model_copy(update={"command_id": work.result_command(wish.command_id)})
    return await intend_in_operation(
        work.office, work.principal, operation_id, result, name="partition.result", decide=decide
    )
