"""Geometry in events: whole when small, by reference when it is over 8 KiB (CONTRACT 2)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson
import shapely
from geoalchemy2.shape import from_shape
from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from search_ops.persistence.tables import geometry_reader, stored_geometry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

INLINE_BYTES: Final = 8 * 1024


async def geometry_field(
    connection: AsyncConnection, stream_id: str, visibility: str, geometry: BaseGeometry
) -> dict[str, Any]:
    """Return ``{"geometry"}`` or, for a large one, ``{"geometry_ref"}`` after storing it for its readers.

    Parameters
    ----------
    geometry : BaseGeometry
        Lon/lat, canonical: what is stored is what was decided.
    """
    body = shapely.to_geojson(geometry).encode()
    if len(body) <= INLINE_BYTES:
        return {"geometry": orjson.loads(body), "geometry_ref": None}
    sha256 = hashlib.sha256(body).digest()
    await connection.execute(
        insert(stored_geometry)
        .values(sha256=sha256, geom=from_shape(geometry, srid=4326), body=body)
        .on_conflict_do_nothing()
    )
    await _admit(connection, sha256, stream_id, visibility)
    reference = {"sha256": sha256.hex(), "bbox": list(geometry.bounds)}
    return {"geometry": None, "geometry_ref": reference}


async def admit_readers(
    connection: AsyncConnection, stream_id: str, entity: Mapping[str, Any], visibility: str
) -> None:
    """Let a class read the geometry that an event of it names by reference."""
    reference = entity.get("geometry_ref")
    if reference is not None:
        await _admit(connection, bytes.fromhex(reference["sha256"]), stream_id, visibility)


async def _admit(connection: AsyncConnection, sha256: bytes, stream_id: str, visibility: str) -> None:
    values = {"sha256": sha256, "stream_id": stream_id, "visibility": visibility}
    await connection.execute(insert(geometry_reader).values(values).on_conflict_do_nothing())


async def geojson_of(connection: AsyncConnection, entity: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the GeoJSON geometry of an entity, wherever it is kept."""
    reference = entity.get("geometry_ref")
    if reference is None:
        whole: dict[str, Any] | None = entity.get("geometry")
        return whole
    query = select(stored_geometry.c.body).where(
        stored_geometry.c.sha256 == bytes.fromhex(reference["sha256"])
    )
    body = (await connection.execute(query)).scalar_one_or_none()
    return None if body is None else orjson.loads(body)


async def geometry_of(connection: AsyncConnection, entity: Mapping[str, Any]) -> BaseGeometry | None:
    """Return the geometry of an entity, lon/lat."""
    mapping = await geojson_of(connection, entity)
    return None if mapping is None else shape(mapping)
