"""Edits of single sectors: split, merge, move corners, and take an edit back under new labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo import editing
from geo.areas import read_area
from geo.errors import GeometryError
from search_ops.errors import BadInput, Conflict, NotKnown
from search_ops.services.sector_writing import Board, Edit, NewSector, carry_out_edit, compute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry

    from search_ops.domain.principals import Principal
    from search_ops.domain.sector_wishes import MergeWish, ReshapeWish, RestoreWish, SplitWish
    from search_ops.persistence.unit_of_work import Office

MAX_LINE_POSITIONS: Final = 10_000


async def split_sector(
    office: Office, principal: Principal, operation_id: UUID, sector_id: UUID, wish: SplitWish
) -> dict[str, Any]:
    """Split a sector by a line; its pieces get suffixes.

    Returns
    -------
    dict
        ``{"sector_ids", "labels", "seq"}``.
    """
    line = read_line(wish.line, "line")

    async def decide(board: Board) -> Edit:
        held = board.sector(str(sector_id))
        ground = await board.ground_of(str(sector_id))
        pieces = await compute(editing.split_by_line, ground, line, board.frame)
        new = [NewSector(piece, parent=held["label"], replaces=[str(sector_id)]) for piece in pieces]
        return Edit("split", [str(sector_id)], new)

    about = {"sector_id": str(sector_id)}
    return await carry_out_edit(office, principal, operation_id, wish, "sector.split", decide, about)


async def merge_sectors(
    office: Office, principal: Principal, operation_id: UUID, wish: MergeWish
) -> dict[str, Any]:
    """Make one sector of several that share borders."""
    ids = _distinct(wish.sector_ids)

    async def decide(board: Board) -> Edit:
        labels = [board.sector(identity)["label"] for identity in ids]
        grounds = [await board.ground_of(identity) for identity in ids]
        joined = await compute(editing.merge, grounds, board.frame)
        return Edit("merge", ids, [NewSector(joined, parent=labels[0], replaces=ids)])

    return await carry_out_edit(office, principal, operation_id, wish, "sector.merge", decide)


async def reshape_sectors(
    office: Office, principal: Principal, operation_id: UUID, wish: ReshapeWish
) -> dict[str, Any]:
    """Move corners; every sector that has them follows, so that no gap and no overlap opens."""
    moves = [editing.Move(move.at, move.to, move.between) for move in wish.moves]

    async def decide(board: Board) -> Edit:
        standing = await board.standing()
        changed = await compute(editing.reshape, standing, moves, board.frame)
        new = [
            NewSector(geometry, parent=board.sector(identity)["label"], replaces=[identity])
            for identity, geometry in changed.items()
        ]
        return Edit("reshape", list(changed), new, frozenset(standing))

    return await carry_out_edit(office, principal, operation_id, wish, "sector.reshape", decide)


async def restore_sectors(
    office: Office, principal: Principal, operation_id: UUID, wish: RestoreWish
) -> dict[str, Any]:
    """Cut ground again as retired sectors had it: what stands there now gives way, all of it or nothing.

    Raises
    ------
    Conflict
        ``sector_not_retired``; ``ground_changed``: what stands there reaches beyond their ground.
    """
    ids = _distinct(wish.sector_ids)

    async def decide(board: Board) -> Edit:
        for identity in ids:
            held = board.view.get("sectors", identity)
            if held is None:
                raise NotKnown
            if not held["retired"]:
                raise Conflict("sector_not_retired", sector_id=identity)
        grounds = {identity: await board.ground_of(identity) for identity in ids}
        standing = await board.standing()
        gone = await compute(editing.stands_on, list(grounds.values()), standing, board.frame)
        new = [
            NewSector(
                ground,
                parent=str((board.view.get("sectors", identity) or {})["label"]),
                replaces=[*gone, identity],
            )
            for identity, ground in grounds.items()
        ]
        return Edit("restored", gone, new, frozenset(standing))

    return await carry_out_edit(office, principal, operation_id, wish, "sector.restore", decide)


def read_line(given: dict[str, Any], where: str) -> Any:
    """Return a GeoJSON LineString or MultiLineString as shapely has it.

    Raises
    ------
    BadInput
        ``geometry_type`` or ``geometry_number``.
    """
    if given.get("type") not in {"LineString", "MultiLineString"}:
        raise BadInput("geometry_type", where=where)
    try:
        line = shape(given)
    except (ShapelyError, TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
        raise BadInput("geometry_number", where=where) from error
    positions = shapely.get_coordinates(line)
    fine = len(positions) <= MAX_LINE_POSITIONS and bool((abs(positions) <= (180.0, 90.0)).all())
    if line.is_empty or line.has_z or not fine or line.length == 0:
        raise BadInput("geometry_number", where=where)
    return line


def read_ground(given: Mapping[str, Any]) -> BaseGeometry:
    """Return a drawn polygon, judged as strictly as an area.

    Raises
    ------
    BadInput
        With the code of the core.
    """
    try:
        return read_area(given)
    except GeometryError as error:
        raise BadInput(error.code, where="geometry", **error.data()) from error


def _distinct(sector_ids: Sequence[UUID]) -> list[str]:
    ids = [str(identity) for identity in sector_ids]
    if len(set(ids)) != len(ids):
        raise BadInput("sector_twice", where="sector_ids")
    return ids
