"""Local or fly in: a comparison asked of the worker, and the choice with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput
from search_ops.services.jobs import defer_job
from search_ops.services.movements import check_destination, require_places
from search_ops.services.planned_files import read_answer
from search_ops.services.scribe import check_version, intend_in_operation, known, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import ComparisonWish, OptionChoice
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

JOB: Final = "options"


async def ask_comparison(
    office: Office, principal: Principal, operation_id: UUID, wish: ComparisonWish
) -> dict[str, Any]:
    """Let the worker compare who could be at the search, when, with what.

    Returns
    -------
    dict
        ``{"job_id"}``.

    Raises
    ------
    BadInput
        ``destination_incomplete``, ``place_unknown``.
    Conflict
        ``operation_closed``.
    """
    check_destination(wish.to)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        await require_places(scribe.work.connection, [wish.experts_place], wish.to)
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, JOB, wish))}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="options.compare", decide=decide
    )


async def choose_option(
    office: Office, principal: Principal, operation_id: UUID, comparison_id: UUID, wish: OptionChoice
) -> dict[str, Any]:
    """Record which option is taken, and why; a later choice stands beside the earlier one in the log.

    Returns
    -------
    dict
        ``{"comparison_id", "chosen", "seq"}``.

    Raises
    ------
    BadInput
        ``option_impossible``: nobody comes by it.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        comparison = known(scribe.stream, "comparisons", comparison_id)
        check_version(comparison, wish.base_version)
        told = await read_answer(scribe.work.connection, comparison["file_id"])
        if not any(each["kind"] == wish.option and each["possible"] for each in told["options"]):
            raise BadInput("option_impossible", where="option")
        payload = {
            "comparison_id": str(comparison_id),
            "chosen": wish.option,
            "default_option": comparison["default_option"],
            "reason": wish.reason,
        }
        stored = scribe.write("option_chosen", HQ, payload)
        return {"comparison_id": str(comparison_id), "chosen": wish.option, "seq": stored.seq}

    about = {"comparison_id": str(comparison_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="option.choose", decide=decide, about=about
    )
