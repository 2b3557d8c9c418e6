"""Sectors that somebody draws: ground taken from others, lines with a corridor, addresses; and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from geo import editing
from geo.line_sectors import line_within, nearest_line
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, Conflict
from search_ops.persistence.ground import NATURAL_LINE_CLASSES, natural_lines
from search_ops.services.organisations import known_organisations
from search_ops.services.scribe import check_version, intend_in_operation, known, require_open
from search_ops.services.sector_edits import read_ground, read_line
from search_ops.services.sector_writing import (
    Board,
    Edit,
    NewSector,
    carry_out_edit,
    compute,
    require_unworked,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.sector_wishes import MarkWish, SectorWish
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

# Two letters, for one letter and a number is a cell of a grid: район, линия, список.
LABEL_STEMS: Final = {"area": "РН", "line": "ЛН", "list": "СП"}


async def draw_sector(
    office: Office, principal: Principal, operation_id: UUID, wish: SectorWish
) -> dict[str, Any]:
    """Add a sector of ground, a line, or addresses.

    Ground is taken from the sectors that stand there: they retire, and what is left of them becomes pieces.

    Returns
    -------
    dict
        ``{"sector_ids", "labels", "seq"}``, the drawn sector first.
    """
    if wish.kind == "area":
        drawn = read_ground(wish.geometry or {})

        async def decide(board: Board) -> Edit:
            return await _take_ground(board, wish, drawn)

    elif wish.kind == "line":
        line = None if wish.geometry is None else read_line(wish.geometry, "geometry")
        if wish.ground_line is not None and wish.ground_line.line_class not in NATURAL_LINE_CLASSES:
            raise BadInput("unknown_line_class", where="ground_line", known=sorted(NATURAL_LINE_CLASSES))

        async def decide(board: Board) -> Edit:
            return await _line(board, wish, line)

    else:

        async def decide(board: Board) -> Edit:
            return _addresses(board, wish)

    return await carry_out_edit(office, principal, operation_id, wish, "sector.draw", decide)


async def _take_ground(board: Board, wish: SectorWish, drawn: Any) -> Edit:
    standing = await board.standing()
    new, left = await compute(editing.take_ground, drawn, board.area, standing, board.frame)
    own = NewSector(new, label=_label(board, wish), replaces=list(left), more=_named(wish))
    rest = [
        NewSector(piece, parent=board.sector(identity)["label"], replaces=[identity])
        for identity, pieces in left.items()
        for piece in pieces
    ]
    return Edit("drawn", list(left), [own, *rest], frozenset(standing))


async def _line(board: Board, wish: SectorWish, line: Any) -> Edit:
    if wish.ground_line is not None:
        found = await natural_lines(board.connection, board.area, [wish.ground_line.line_class])
        place = wish.ground_line
        line = await compute(nearest_line, found, place.lon, place.lat, board.frame)
    within = await compute(line_within, line, board.area, board.frame)
    more = {"length_m": board.frame.length_m(within), "corridor_m": wish.corridor_m}
    return Edit("drawn", [], [NewSector(within, label=_label(board, wish), more=_named(wish) | more)])


def _addresses(board: Board, wish: SectorWish) -> Edit:
    placed = [
        (each.lon, each.lat) for each in wish.addresses if each.lon is not None and each.lat is not None
    ]
    if any((each.lon is None) != (each.lat is None) for each in wish.addresses):
        raise BadInput("position_incomplete", where="addresses")
    geometry = shapely.MultiPoint(placed) if placed else None
    more = {"addresses": [each.model_dump(mode="json") for each in wish.addresses]}
    return Edit("drawn", [], [NewSector(geometry, label=_label(board, wish), more=_named(wish) | more)])


def _named(wish: SectorWish) -> dict[str, Any]:
    return {"kind": wish.kind, **({} if wish.name is None else {"name": wish.name})}


def _label(board: Board, wish: SectorWish) -> str:
    """Return the first label of the kind that was never given."""
    used = {str(sector["label"]) for _, sector in board.view.all("sectors")}
    stem, number = LABEL_STEMS[wish.kind], 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"


async def mark_sector(
    office: Office, principal: Principal, operation_id: UUID, sector_id: UUID, wish: MarkWish
) -> dict[str, Any]:
    """Mark a sector as dangerous or as another organisation's, or take the mark off.

    Raises
    ------
    Conflict
        ``sector_retired``; ``sectors_in_work``: people work there, and the sender did not say that he knows.
    ChangedMeanwhile
        The sector changed since the sender saw it.
    """
    asked = [] if wish.organisation_id is None else [wish.organisation_id]
    if asked and not await known_organisations(office, asked):
        raise BadInput("unknown_organisation", where="organisation_id")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        held = known(scribe.stream, "sectors", sector_id)
        check_version(held, wish.base_version)
        if held["retired"]:
            raise Conflict("sector_retired", sector_id=str(sector_id))
        if wish.mark is not None:
            require_unworked(scribe.stream, [str(sector_id)], although=wish.although_worked)
        payload = {
            "sector_id": str(sector_id),
            "sector_label": held["label"],
            "mark": wish.mark,
            "reason": wish.reason,
            "organisation_id": None if wish.organisation_id is None else str(wish.organisation_id),
        }
        stored = scribe.write("sector_marked", HQ, payload)
        return {"sector_id": str(sector_id), "mark": wish.mark, "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="sector.mark",
        decide=decide,
        about={"sector_id": str(sector_id)},
    )
