"""Fixes of tracks, packed: what the log names by id, and the line that maps draw."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from geo.tracks import FIX
from search_ops.persistence.plain_tables import metadata, moment
from search_ops.persistence.tables import position

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.tracks import Fixes

track = Table(
    "track",
    metadata,
    Column("operation_id", Uuid, nullable=False),
    Column("track_id", Uuid, nullable=False),
    Column("sha256", LargeBinary, nullable=False),  # of the packed fixes: two files may hold one track
    Column("n", Integer, nullable=False),
    Column("fixes", LargeBinary, nullable=False),
    Column("shown", LargeBinary, nullable=False),  # GeoJSON of the line, simplified
    Column("kept_at", moment, nullable=False),
    PrimaryKeyConstraint("operation_id", "track_id"),
    UniqueConstraint("operation_id", "sha256"),
)

_PER_DEG: Final = 1e7
_NO_TIME: Final = np.iinfo(np.int64).min // 2
_NO_HEIGHT: Final = np.iinfo(np.int32).min // 2


@dataclass(frozen=True, slots=True)
class PackedTrack:
    """A track as it is kept."""

    track_id: UUID
    sha256: bytes
    n: int
    fixes: bytes
    shown: bytes


def pack(fixes: Fixes) -> tuple[bytes, bytes]:
    """Return fixes packed (ms, 1e-7 degrees, cm; differences, deflated) and their SHA-256."""
    columns = (
        _whole(fixes["t_s"], 1_000.0, _NO_TIME),
        _whole(fixes["lon"], _PER_DEG, 0),
        _whole(fixes["lat"], _PER_DEG, 0),
        _whole(fixes["ele_m"], 100.0, _NO_HEIGHT),
    )
    body = b"".join(np.diff(column, prepend=np.int64(0)).astype("<i8").tobytes() for column in columns)
    return zlib.compress(body, 6), hashlib.sha256(body).digest()


def unpack(packed: bytes, n: int) -> Fixes:
    """Return the fixes, of dtype `geo.tracks.FIX`, shape ``(n,)``."""
    columns = np.cumsum(np.frombuffer(zlib.decompress(packed), dtype="<i8").reshape(4, n), axis=1)
    fixes = np.zeros(n, dtype=FIX)
    fixes["t_s"] = np.where(columns[0] == _NO_TIME, np.nan, columns[0] / 1_000.0)
    fixes["lon"], fixes["lat"] = columns[1] / _PER_DEG, columns[2] / _PER_DEG
    fixes["ele_m"] = np.where(columns[3] == _NO_HEIGHT, np.nan, columns[3] / 100.0)
    return fixes


def _whole(values: Any, scale: float, missing: int) -> Any:
    known = np.isfinite(values) & (np.abs(values) < 1e13)  # noqa: PLR2004 - beyond it nothing is a time or place
    return np.where(known, np.rint(np.where(known, values, 0.0) * scale), missing).astype(np.int64)


async def keep_tracks(
    connection: AsyncConnection, operation_id: UUID, tracks: Sequence[PackedTrack], kept_at: datetime
) -> set[UUID]:
    """Keep tracks; return the ids of the new ones. Of two with the same fixes the first stays."""
    if not tracks:
        return set()
    rows = [
        {
            "operation_id": operation_id,
            "track_id": one.track_id,
            "sha256": one.sha256,
            "n": one.n,
            "fixes": one.fixes,
            "shown": one.shown,
            "kept_at": kept_at,
        }
        for one in tracks
    ]
    statement = insert(track).values(rows).on_conflict_do_nothing().returning(track.c.track_id)
    return set((await connection.execute(statement)).scalars())


async def known_fixes(
    connection: AsyncConnection, operation_id: UUID, hashes: Collection[bytes]
) -> dict[bytes, UUID]:
    """Return which of these fixes the operation keeps already, and under which id."""
    query = select(track.c.sha256, track.c.track_id).where(
        track.c.operation_id == operation_id, track.c.sha256.in_(hashes)
    )
    return {bytes(row.sha256): row.track_id for row in await connection.execute(query)}


async def read_fixes(
    connection: AsyncConnection, operation_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, Fixes]:
    """Return the fixes of tracks by id; for the worker."""
    query = select(track.c.track_id, track.c.n, track.c.fixes).where(
        track.c.operation_id == operation_id, track.c.track_id.in_(track_ids)
    )
    return {row.track_id: unpack(row.fixes, row.n) for row in await connection.execute(query)}


async def read_shown(connection: AsyncConnection, operation_id: UUID) -> Mapping[str, bytes]:
    """Return the drawn line of every track by id, GeoJSON."""
    query = select(track.c.track_id, track.c.shown).where(track.c.operation_id == operation_id)
    return {str(row.track_id): row.shown for row in await connection.execute(query)}


async def positions_of(
    connection: AsyncConnection,
    operation_id: UUID,
    participant_ids: Collection[UUID],
    since: datetime,
    until: datetime,
) -> dict[tuple[UUID, UUID], Fixes]:
    """Return the believed positions of people in a time, by participant and device, in order of time."""
    query = (
        select(
            position.c.participant_id,
            position.c.device_id,
            func.extract("epoch", position.c.at).label("t_s"),
            func.ST_X(position.c.geom).label("lon"),
            func.ST_Y(position.c.geom).label("lat"),
        )
        .where(
            position.c.operation_id == operation_id,
            position.c.participant_id.in_(participant_ids),
            position.c.at.between(since, until),
            position.c.flagged.is_(None),
        )
        .order_by(position.c.at, position.c.dseq)
    )
    found: dict[tuple[UUID, UUID], list[tuple[float, float, float, float]]] = {}
    for row in await connection.execute(query):
        fix = (float(row.t_s), float(row.lon), float(row.lat), float("nan"))
        found.setdefault((row.participant_id, row.device_id), []).append(fix)
    return {key: np.array(fixes, dtype=FIX) for key, fixes in found.items()}
