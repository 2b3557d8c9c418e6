"""Positions and progress: state, not events; the latest of each, to whom it concerns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ
from search_ops.persistence.plain_tables import job_progress
from search_ops.persistence.positions import keep_last_position
from tests.stream.conftest import Search, StreamMaker, draft, on_every_transport, team_formed

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.postgres


async def fix(search: Search, participant_id: UUID, lon: float) -> None:
    now = datetime.now(UTC)
    async with search.office.engine.begin() as connection:
        await keep_last_position(
            connection,
            operation_id=search.operation_id,
            participant_id=participant_id,
            fix={"lon": lon, "lat": 56.0, "accuracy_m": 8.0, "battery": 0.5},
            reported_at=now - timedelta(seconds=2),
            received_at=now,
        )


@on_every_transport
async def test_positions_reach_headquarters_only(search: Search, make_stream: StreamMaker) -> None:
    """A team's members come in one frame with what changed in it; police and phones get none."""
    stream = await make_stream(board_s=0.02)
    (anna, phone), (boris, _) = await search.join(), await search.join()
    team = uuid7()
    await search.happen(team_formed(team, anna, boris))
    desk, police = await search.sign_in(Role.RADIO), await search.sign_in(Role.POLICE)
    async with (
        stream.client(desk) as client,
        stream.client(police) as officer,
        stream.client(phone) as volunteer,
    ):
        for one in (client, officer, volunteer):
            await one.until("live")
        await fix(search, anna, 40.25)
        frame = await client.hear()
        assert (frame["type"], frame["team_id"]) == ("position", str(team))
        (position,) = frame["positions"]
        assert {key: position[key] for key in ("participant_id", "lon", "lat", "accuracy_m", "battery")} == {
            "participant_id": str(anna),
            "lon": 40.25,
            "lat": 56.0,
            "accuracy_m": 8.0,
            "battery": 0.5,
        }
        await fix(search, boris, 40.5)
        both = (await client.hear())["positions"]
        assert {one["participant_id"]: one["lon"] for one in both} == {str(anna): 40.25, str(boris): 40.5}
        await search.happen(draft("hold_set", state="active"))
        for one in (officer, volunteer):
            assert (await one.hear())["type"] == "event"


@on_every_transport
async def test_progress_is_a_frame(search: Search, make_stream: StreamMaker) -> None:
    """A job of the operation tells headquarters how far it is, then its result; phones hear nothing."""
    stream = await make_stream(board_s=0.02)
    desk = await search.sign_in(Role.COORDINATOR)
    _, phone = await search.join()
    job_id = uuid7()
    async with stream.client(desk) as client, stream.client(phone) as volunteer:
        await client.until("live")
        await volunteer.until("live")
        await job(search, insert(job_progress), job_id, state="running", done=0.25)
        frame = await client.hear()
        assert (frame["type"], frame["job_id"], frame["done"]) == ("progress", str(job_id), 0.25)
        await job(search, update(job_progress), job_id, state="done", done=1.0, result={"sectors": 12})
        assert (await client.hear())["result"] == {"sectors": 12}
        await search.happen(draft("note_added", HQ, text="x"))
        assert (await volunteer.hear())["event"] == {"seq": 2}


async def job(search: Search, statement: Any, job_id: UUID, **values: Any) -> None:
    values |= {"updated_at": datetime.now(UTC), "operation_id": search.operation_id}
    async with search.office.engine.begin() as connection:
        await connection.execute(statement.values(job_id=job_id, kind="partition", **values))
