"""Grid defaults of a region: read for desks and cuts, set by its lead, its cartographer or the operator."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from search_ops.domain.grid_defaults import checked_settings
from search_ops.domain.principals import Place
from search_ops.domain.rights import Right, rights_in
from search_ops.errors import BadInput, ChangedMeanwhile, Denied
from search_ops.persistence.plain_tables import operation_record, region_grid
from search_ops.services.office import open_office

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.grid_wishes import GridWish
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.settings import Settings

_REGION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_MOST_BYTES: Final = 64 * 1024


async def grid_defaults_of(connection: AsyncConnection, operation_id: UUID) -> dict[str, Any]:
    """Return ``{"region", "settings"}`` of an operation's region; settings are empty where none were set."""
    query = (
        select(operation_record.c.region, region_grid.c.settings)
        .outerjoin(region_grid, region_grid.c.region == operation_record.c.region)
        .where(operation_record.c.operation_id == operation_id)
    )
    region, settings = (await connection.execute(query)).one()
    return {"region": region, "settings": settings or {}}


async def region_settings(office: Office, region: str) -> dict[str, Any]:
    """Return the grid defaults of a region; empty where none were set."""
    query = select(region_grid.c.settings).where(region_grid.c.region == _checked(region))
    async with office.engine.connect() as connection:
        return (await connection.execute(query)).scalar_one_or_none() or {}


async def set_region_settings(office: Office, region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the grid defaults of a region, as its operator says, and return them; empty ones lift them.

    Raises
    ------
    BadInput
        ``unknown_region``; ``grid_settings`` with the names at fault.
    """
    settings = _checked_settings(given)
    async with office.engine.begin() as connection:
        held = await _held(connection, _checked(region), for_update=True)
        await _keep(connection, region, settings, _Setting(held.version + 1, None, office.clock()))
    return settings


async def read_region(office: Office, principal: Principal, region: str) -> dict[str, Any]:
    """Return ``{"region", "version", "settings", "set_at"}`` for whoever may set them there.

    Raises
    ------
    BadInput
        ``unknown_region``.
    Denied
        The caller has no right in that region.
    """
    _demand(principal, _checked(region))
    async with office.engine.connect() as connection:
        return _told(region, await _held(connection, region))


async def set_region(office: Office, principal: Principal, region: str, wish: GridWish) -> dict[str, Any]:
    """Keep the grid defaults of a region for somebody at his desk; sent twice, they count once.

    Raises
    ------
    BadInput
        ``unknown_region``; ``grid_settings`` with the names at fault.
    Denied
        The caller has no right in that region.
    ChangedMeanwhile
        Somebody else has set them since.
    """
    _demand(principal, _checked(region))
    settings = _checked_settings(wish.settings)
    async with office.engine.begin() as connection:
        held = await _held(connection, region, for_update=True)
        again = held.set_by == principal.id and held.settings == settings
        if not (again and held.version == wish.base_version + 1):
            if held.version != wish.base_version:
                raise ChangedMeanwhile(current_version=held.version)
            made = _Setting(held.version + 1, principal.id, office.clock())
            await _keep(connection, region, settings, made)
            held = await _held(connection, region)
    return _told(region, held)


@dataclass(frozen=True, slots=True)
class _Setting:
    """Who has set a region's grid, when, as which version."""

    version: int
    set_by: UUID | None
    set_at: datetime | None
    settings: Mapping[str, Any] = field(default_factory=dict)


def _demand(principal: Principal, region: str) -> None:
    if Right.GRID_SET not in rights_in(principal, Place("case", region=region)):
        raise Denied(Right.GRID_SET)


async def _held(connection: AsyncConnection, region: str, *, for_update: bool = False) -> _Setting:
    """Return what stands; `for_update` lets nobody else decide until the transaction ends."""
    if for_update:
        # Also where nothing stands yet, and no row could be locked.
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"region_grid/{region}"))))
    columns = (region_grid.c.version, region_grid.c.set_by, region_grid.c.set_at, region_grid.c.settings)
    row = (await connection.execute(select(*columns).where(region_grid.c.region == region))).one_or_none()
    return _Setting(0, None, None) if row is None else _Setting(*row)


async def _keep(
    connection: AsyncConnection, region: str, settings: Mapping[str, Any], made: _Setting
) -> None:
    said = {"settings": settings, "set_at": made.set_at, "version": made.version, "set_by": made.set_by}
    statement = insert(region_grid).values(region=region, **said)
    await connection.execute(statement.on_conflict_do_update(index_elements=["region"], set_=said))


def _told(region: str, held: _Setting) -> dict[str, Any]:
    return {
        "region": region,
        "version": held.version,
        "settings": dict(held.settings),
        "set_at": held.set_at,
    }


def _checked_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return checked_settings(given)
    except ValidationError as fault:
        names = sorted({str(error["loc"][0]) for error in fault.errors() if error["loc"]})
        raise BadInput("grid_settings", names=", ".join(names)) from None
    except ValueError as fault:
        raise BadInput("grid_settings", names=str(fault)) from None


def _checked(region: str) -> str:
    if _REGION.fullmatch(region) is None:
        raise BadInput("unknown_region", where="region")
    return region


def command(configured: Settings, region: str, content: bytes | None) -> str:
    """Show the grid defaults of a region, or set them from JSON; return them as JSON text.

    Raises
    ------
    BadInput
        ``unknown_region``; ``grid_settings``: not JSON, or names at fault.
    """

    async def work() -> dict[str, Any]:
        async with open_office(configured) as office:
            if content is None:
                return await region_settings(office, region)
            return await set_region_settings(office, region, _read(content))

    return json.dumps(asyncio.run(work()), ensure_ascii=False, indent=1)


def _read(content: bytes) -> dict[str, Any]:
    try:
        given = json.loads(content[:_MOST_BYTES])
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise BadInput("grid_settings", names="JSON")
    return given
