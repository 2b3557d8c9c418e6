"""Grid defaults of a region: read for desks and cuts, written by the operator."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from search_ops.domain.grid_defaults import checked_settings
from search_ops.errors import BadInput
from search_ops.persistence.plain_tables import operation_record, region_grid
from search_ops.services.office import open_office

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

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
    """Keep the grid defaults of a region and return them; empty ones are taken away.

    Raises
    ------
    BadInput
        ``unknown_region``; ``grid_settings`` with the names at fault.
    """
    try:
        settings = checked_settings(given)
    except ValidationError as fault:
        names = sorted({str(error["loc"][0]) for error in fault.errors() if error["loc"]})
        raise BadInput("grid_settings", names=", ".join(names)) from None
    except ValueError as fault:
        raise BadInput("grid_settings", names=str(fault)) from None
    values = {"region": _checked(region), "settings": settings, "set_at": office.clock()}
    async with office.engine.begin() as connection:
        if not settings:
            await connection.execute(delete(region_grid).where(region_grid.c.region == region))
            return settings
        statement = insert(region_grid).values(values)
        newer = {name: statement.excluded[name] for name in ("settings", "set_at")}
        await connection.execute(statement.on_conflict_do_update(index_elements=["region"], set_=newer))
    return settings


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
