"""The catalogue follows movements: promised when chosen, moving when reported, working when it has come.

Only what was free follows, and only as long as no person has said otherwise: whoever sets a state by hand
takes the resource out of its movement's hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select

from search_ops.persistence.transport_tables import transport_resource
from search_ops.services.transport_edits import held_row, locked, note_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from search_ops.services.scribe import Scribe

_AFTER_WORD: Final[Mapping[str, str]] = {
    "left": "moving",
    "at_airport": "moving",
    "landed": "moving",
    "arrived": "working",
}


async def follow_choice(
    scribe: Scribe, operation_id: UUID, movement: tuple[UUID, str], legs: Iterable[Mapping[str, Any]]
) -> None:
    """Promise what a chosen itinerary needs, and free what an earlier choice had promised.

    Parameters
    ----------
    movement
        Its id and name.
    """
    movement_id, name = movement
    legs = list(legs)
    # What has flown them this far, or flies them now, is where it is; nobody frees or promises it again.
    busy = crafts_of(leg for leg in legs if leg.get("done_at") or leg.get("left_at"))
    wanted = crafts_of(leg for leg in legs if not leg.get("done_at") and not leg.get("left_at"))
    for resource_id in sorted((wanted | await _following(scribe, movement_id)) - busy):
        if resource_id in wanted:
            await _set(scribe, resource_id, "promised", (operation_id, movement_id, name))
        else:
            await _set(scribe, resource_id, "available", (operation_id, movement_id, name))


async def follow_report(
    scribe: Scribe, operation_id: UUID, movement_id: UUID, movement: Mapping[str, Any], said: tuple[int, str]
) -> None:
    """Let what carries the reported leg move; what carried earlier ones has done its work."""
    leg, word = said
    now = crafts_of(movement["legs"][leg : leg + 1])
    about = (operation_id, movement_id, str(movement["name"]))
    for resource_id in sorted(crafts_of(movement["legs"][: leg + 1])):
        state = _AFTER_WORD[word] if resource_id in now else "working"
        await _set(scribe, resource_id, state, about)


async def follow_end(scribe: Scribe, operation_id: UUID, movement_id: UUID, name: str) -> None:
    """Free what follows a movement that is called off."""
    for resource_id in sorted(await _following(scribe, movement_id)):
        await _set(scribe, resource_id, "available", (operation_id, movement_id, name))


def crafts_of(legs: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """Return what of the catalogue carries these legs."""
    return {UUID(leg["craft_id"]) for leg in legs if leg.get("craft_id")}


async def _following(scribe: Scribe, movement_id: UUID) -> set[UUID]:
    query = select(transport_resource.c.resource_id).where(
        transport_resource.c.follows_movement == movement_id
    )
    return set((await scribe.work.connection.execute(query)).scalars())


async def _set(scribe: Scribe, resource_id: UUID, state: str, about: tuple[UUID, UUID, str]) -> None:
    operation_id, movement_id, name = about
    work = scribe.work
    await locked(work.connection, f"resource/{resource_id}")
    held = await held_row(work.connection, transport_resource, resource_id)
    if held is None or held["state"] == state:
        return
    follows = held["follows_movement"] == movement_id
    if not follows and not (state == "promised" and held["state"] == "available"):
        return
    free = state == "available"
    values = {
        "state": state,
        "operation_id": None if free else operation_id,
        "follows_movement": None if free else movement_id,
        "state_at": work.now,
        "version": held["version"] + 1,
    }
    await work.connection.execute(
        transport_resource.update().where(transport_resource.c.resource_id == resource_id).values(values)
    )
    said = ("resource", str(resource_id), "state", name)
    await note_change(work, scribe.principal, said, held, {**held, **values})
