"""Landing places: asked of the worker, judged by people; no map shows all that kills a helicopter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.visibility import HQ
from search_ops.errors import ChangedMeanwhile, NotKnown
from search_ops.services.jobs import defer_job
from search_ops.services.scribe import intend_in_operation, known, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.landing_wishes import LandingVerdict, LandingWish
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

JOB: Final = "landing"


async def ask_landing(
    office: Office, principal: Principal, operation_id: UUID, wish: LandingWish
) -> dict[str, Any]:
    """Ask the worker for candidates near a place.

    Returns
    -------
    dict
        ``{"job_id"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, JOB, wish))}

    return await intend_in_operation(office, principal, operation_id, wish, name="landing.ask", decide=decide)


async def judge_landing(
    office: Office, principal: Principal, operation_id: UUID, place_id: UUID, wish: LandingVerdict
) -> dict[str, Any]:
    """Write down what a person has seen of a candidate; another one may say otherwise later.

    Returns
    -------
    dict
        ``{"place_id", "verdict", "seq"}``.

    Raises
    ------
    NotKnown
        There is no such search, or it has no such candidate.
    ChangedMeanwhile
        Somebody has judged it since.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        lon, lat = _spot(scribe, place_id, wish)
        held = dict(scribe.stream.all("landing_places")).get(str(place_id))
        current = None if held is None else int(held["version"])
        if current != wish.base_version:
            raise ChangedMeanwhile(current_version=current)
        payload = {
            "place_id": str(place_id),
            "search_id": None if wish.search_id is None else str(wish.search_id),
            "lon": lon,
            "lat": lat,
            "verdict": wish.verdict,
            "reason": wish.reason,
        }
        stored = scribe.write("landing_judged", HQ, payload)
        return {"place_id": str(place_id), "verdict": wish.verdict, "seq": stored.seq}

    about = {"place_id": str(place_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="landing.judge", decide=decide, about=about
    )


def _spot(scribe: Scribe, place_id: UUID, wish: LandingVerdict) -> tuple[float, float]:
    """Return where the judged place lies: as the search has found it, or as a person names it."""
    if wish.search_id is None:
        assert wish.lon is not None  # the wish is either or
        assert wish.lat is not None
        return wish.lon, wish.lat
    search = known(scribe.stream, "landing_searches", wish.search_id)
    candidate = next((each for each in search["candidates"] if each["place_id"] == str(place_id)), None)
    if candidate is None:
        raise NotKnown
    return candidate["lon"], candidate["lat"]
