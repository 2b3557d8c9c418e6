"""How an edit of sectors is carried out: computed on what was read, written if that still stands.

Geometry of a sector never changes: an edit retires sectors and adds new ones that say whose ground they took,
so that what was searched stays searched.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from geo.errors import EditError
from geo.labels import piece_labels
from search_ops.domain.transitions import UNFINISHED_TASKS
from search_ops.domain.visibility import HQ
from search_ops.errors import ChangedMeanwhile, Conflict, NotKnown, SearchOpsError
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.cutting import StateView, area_and_frame, chunks
from search_ops.services.geometries import geometry_field, geometry_of
from search_ops.services.scribe import intend_in_operation, require_open

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.view import View
    from search_ops.domain.wishes import Wish
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

EDITED: Final = frozenset({"split", "merge", "reshape", "drawn", "restored"})
_PIECE: Final = re.compile(r"(-[0-9]+)+$")


@dataclass(frozen=True, slots=True)
class NewSector:
    """A sector to be written.

    Attributes
    ----------
    parent : str
        Label of the sector whose piece it is; empty: ``label`` is wanted as it is.
    replaces : sequence of str
        Sectors whose ground it takes over.
    more : mapping
        Further fields of the event: kind, name, length_m, corridor_m, addresses.
    """

    geometry: BaseGeometry | None
    parent: str = ""
    label: str = ""
    replaces: Sequence[str] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit retires and adds; ``standing`` are the area sectors it was decided on, if that matters."""

    source: str
    gone: Sequence[str]
    new: Sequence[NewSector]
    standing: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The sectors of an operation as they were read, and where to measure."""

    connection: AsyncConnection
    view: View
    area: Polygon | MultiPolygon
    frame: LocalFrame

    def sector(self, sector_id: str) -> Mapping[str, Any]:
        """Return a sector that stands.

        Raises
        ------
        NotKnown
            There is none of this id.
        Conflict
            ``sector_retired``.
        """
        found = self.view.get("sectors", sector_id)
        if found is None:
            raise NotKnown
        if found["retired"]:
            raise Conflict("sector_retired", sector_id=sector_id)
        return found

    async def ground_of(self, sector_id: str) -> BaseGeometry:
        """Return the geometry of a sector that is ground.

        Raises
        ------
        Conflict
            ``sector_is_no_area``.
        """
        found = self.view.get("sectors", sector_id)
        geometry = None if found is None else await geometry_of(self.connection, found)
        if found is None or found["kind"] != "area" or geometry is None:
            raise Conflict("sector_is_no_area", sector_id=sector_id)
        return geometry

    async def standing(self) -> dict[str, BaseGeometry]:
        """Return the ground of every area sector that stands, by id."""
        return {identity: await self.ground_of(identity) for identity in standing_areas(self.view)}


def standing_areas(view: View) -> list[str]:
    """Return the ids of the area sectors that stand."""
    return [
        identity
        for identity, sector in view.all("sectors")
        if not sector["retired"] and sector["kind"] == "area"
    ]


async def compute(work: Callable[..., Any], *given: Any) -> Any:
    """Compute in a thread; refusals of the core become refusals of the intent."""
    try:
        return await asyncio.to_thread(work, *given)
    except EditError as error:
        raise Conflict(error.reason) from error


async def carry_out_edit(  # noqa: PLR0917 - as every intent, and what it is about
    office: Office,
    principal: Principal,
    operation_id: UUID,
    wish: Wish,
    name: str,
    decide: Callable[[Board], Awaitable[Edit]],
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Read, compute, and write under the lock what still stands.

    Raises
    ------
    Conflict
        ``sectors_in_work`` with labels, unless the wish says that the sender knows.
    ChangedMeanwhile
        A sector that the edit rests on is gone, or another one stands there now.
    """
    prepared: Edit | SearchOpsError
    try:
        async with office.engine.connect() as connection:
            view = StateView(await load_state(connection, operation_stream(operation_id)))
            area, frame = await area_and_frame(connection, view, operation_id)
            prepared = await decide(Board(connection, view, area, frame))
    except SearchOpsError as refusal:
        prepared = refusal  # raised below: a repeated command gets its first answer whatever stands now

    async def write(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        if isinstance(prepared, SearchOpsError):
            raise prepared
        _check_standing(scribe.stream, prepared)
        require_unworked(scribe.stream, prepared.gone, although=bool(getattr(wish, "although_worked", False)))
        return await _write(scribe, operation_id, prepared)

    return await intend_in_operation(
        office, principal, operation_id, wish, name=name, decide=write, about=about
    )


def _check_standing(view: View, edit: Edit) -> None:
    for identity in edit.gone:
        held = view.get("sectors", identity)
        if held is None or held["retired"]:
            raise ChangedMeanwhile(current_version=None if held is None else int(held["version"]))
    if edit.standing is not None and edit.standing != set(standing_areas(view)):
        raise ChangedMeanwhile(current_version=None)


def require_unworked(view: View, sector_ids: Iterable[str], *, although: bool) -> None:
    """Refuse to take sectors away under people who work in them.

    Raises
    ------
    Conflict
        ``sectors_in_work`` with the labels.
    """
    wanted = set(sector_ids)
    worked = {
        str(task["sector_id"])
        for _, task in view.all("tasks")
        if task.get("sector_id") in wanted and task.get("state") in UNFINISHED_TASKS
    }
    if worked and not although:
        labels = sorted(str((view.get("sectors", identity) or {})["label"]) for identity in worked)
        raise Conflict("sectors_in_work", labels=labels)


async def _write(scribe: Scribe, operation_id: UUID, edit: Edit) -> dict[str, Any]:
    stream = scribe.stream
    area = stream.get("area", operation_id) or {}
    frame = LocalFrame.at(*area["origin"])
    used = {str(sector["label"]) for _, sector in stream.all("sectors")}
    partition = next(
        (held["partition_id"] for identity in edit.gone if (held := stream.get("sectors", identity))), None
    )
    rows: list[dict[str, Any]] = []
    for sector in edit.new:
        label = _label_of(stream, sector, used)
        used.add(label)
        rows.append(await _row(scribe, edit, sector, label, frame))
    first = None
    for ids in chunks(edit.gone) if edit.gone else []:
        stored = scribe.write("sectors_retired", HQ, {"sector_ids": ids})
        first = first or stored
    for chunk in chunks(rows):
        stored = scribe.write("sectors_added", HQ, {"partition_id": partition, "sectors": chunk})
        first = first or stored
    assert first is not None
    return {
        "sector_ids": [row["sector_id"] for row in rows],
        "labels": [row["label"] for row in rows],
        "seq": first.seq,
    }


async def _row(
    scribe: Scribe, edit: Edit, sector: NewSector, label: str, frame: LocalFrame
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sector_id": str(uuid7()),
        "label": label,
        "kind": "area",
        "source": edit.source,
        "area_m2": None,
        "replaces": list(sector.replaces),
        **sector.more,
    }
    if sector.geometry is not None:
        kept = await geometry_field(scribe.work.connection, scribe.stream_id, HQ, sector.geometry)
        row |= {name: value for name, value in kept.items() if value is not None}
        if row["kind"] == "area":
            row["area_m2"] = frame.area_m2(sector.geometry)
    return row


def _label_of(view: View, sector: NewSector, used: set[str]) -> str:
    if sector.label:
        return next(iter(piece_labels(sector.label, 1, used))) if sector.label in used else sector.label
    parents = [held for identity in sector.replaces if (held := view.get("sectors", identity))]
    edited = any(held["label"] == sector.parent and held.get("source") in EDITED for held in parents)
    # A piece of a piece is a piece of the same sector: G5-1 gives G5-3, not G5-1-1.
    root = _PIECE.sub("", sector.parent) if edited else sector.parent
    return piece_labels(root, 1, used)[0]
