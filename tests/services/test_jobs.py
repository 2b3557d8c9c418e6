"""Long cuts: deferred with the intent, done by the worker, told as progress, rescued once after a death."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select, table, text
from uuid_utils.compat import uuid7

from geo.grid import MIN_CELL_M
from search_ops.errors import BadInput, ChangedMeanwhile, NotKnown
from search_ops.services import cutting, cutting_methods
from search_ops.services.jobs import cancel_job, read_job
from search_ops.services.working import do_job, rescue_stalled, work_on, worker_app
from tests.services.conftest import square

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk


async def _work(desk: Desk, database: DatabaseUrls) -> None:
    """Run a worker until its queue is empty."""
    app = worker_app(desk.office, database.app_url)
    async with app.open_async():
        await work_on(app, desk.office, wait=False)


async def _job(desk: Desk, job_id: str) -> dict[str, Any]:
    return await read_job(desk.office, desk.operation_id, UUID(job_id))


async def test_a_natural_cut_is_a_job_of_the_worker(desk: Desk, database: DatabaseUrls) -> None:
    """Along a road two sectors; the result is in the log and told as done."""
    await desk.area()
    async with await psycopg.AsyncConnection.connect(database.owner_url, autocommit=True) as connection:
        await connection.execute(_ROAD)
    asked = await desk.grid(method="natural", lines=["road"])
    assert set(asked) == {"job_id"}
    assert (await _job(desk, asked["job_id"]))["state"] == "waiting"
    await _work(desk, database)
    job = await _job(desk, asked["job_id"])
    assert (job["state"], job["done"], job["result"]["sector_count"]) == ("done", 1.0, 2)
    area = await desk.get("area", desk.operation_id)
    assert job["result"]["area_m2"] == pytest.approx(area["area_m2"], rel=1e-6)
    assert len(await desk.sectors()) == 2


_ROAD = """
    INSERT INTO ground_dataset VALUES ('00000000-0000-7000-8000-000000000001', 'test', 'test.osm', '\\x00',
        'osm', now(), now(), ST_MakeEnvelope(103, 51, 105, 53, 4326),
        ST_Multi(ST_MakeEnvelope(103, 51, 105, 53, 4326)), '{}', '{}');
    INSERT INTO ground_line VALUES ('00000000-0000-7000-8000-000000000001', 'w', 1, 'road', 'track', '{}',
        NULL, 10, ST_GeomFromText('LINESTRING(103.9 52.01, 104.1 52.0112)', 4326), NULL);
"""


async def test_a_large_grid_is_a_job_too(desk: Desk, database: DatabaseUrls) -> None:
    """More cells than fit into a second go to the worker; asking again gives the first answer."""
    await desk.area(square(side_deg=0.06))
    asked = await desk.grid(cell_m=MIN_CELL_M)
    await _work(desk, database)
    job = await _job(desk, asked["job_id"])
    area = await desk.get("area", desk.operation_id)
    assert job["result"]["sector_count"] > cutting.AT_ONCE_CELLS
    assert job["result"]["area_m2"] == pytest.approx(area["area_m2"], rel=1e-6)


async def test_a_refused_wish_leaves_no_job(desk: Desk) -> None:
    """What is deferred with a transaction that fails was never asked for."""
    await desk.area()
    with pytest.raises(BadInput, match="unknown_line_class"):
        await desk.grid(method="natural", lines=["fence"])
    with pytest.raises(ChangedMeanwhile):
        await desk.grid(method="natural", base_version=12345)
    async with desk.office.engine.connect() as connection:
        for name in ("procrastinate_jobs", "job_progress"):
            count = select(func.count()).select_from(table(name))
            assert (await connection.execute(count)).scalar_one() == 0
    with pytest.raises(NotKnown):
        await read_job(desk.office, desk.operation_id, uuid7())


async def test_a_job_that_comes_too_late_is_refused_and_says_so(desk: Desk, database: DatabaseUrls) -> None:
    """Somebody cut the area meanwhile: the job's result is an older command, told with its code."""
    await desk.area()
    asked = await desk.grid(method="natural")
    await desk.grid()
    sectors = await desk.sectors()
    await _work(desk, database)
    job = await _job(desk, asked["job_id"])
    assert (job["state"], job["result"]["code"]) == ("failed", "changed_meanwhile")
    assert await desk.sectors() == sectors


async def test_a_broken_job_is_told_as_failed(
    desk: Desk, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours ends the job with a code instead of an endless wait."""
    await desk.area()
    asked = await desk.grid(method="natural")

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(cutting_methods, "cut", broken)
    await _work(desk, database)
    assert (await _job(desk, asked["job_id"]))["result"] == {"code": "job_failed"}


async def test_a_job_whose_worker_died_is_tried_once_more(desk: Desk, database: DatabaseUrls) -> None:
    """After a kill the job is done by the next worker; if that dies too it is told as failed."""
    await desk.area()
    asked = await desk.grid(method="natural")
    app = worker_app(desk.office, database.app_url)
    async with app.open_async():
        await _die(desk)
        assert await rescue_stalled(app, desk.office) == 1
        await work_on(app, desk.office, wait=False)
        assert (await _job(desk, asked["job_id"]))["state"] == "done"
        newest = max(one["version"] for one in (await desk.state())["partitions"].values())
        second = await desk.grid(method="natural", base_version=newest)
        for _ in range(2):
            await _die(desk)
            assert await rescue_stalled(app, desk.office) == 1
    job = await _job(desk, second["job_id"])
    assert (job["state"], job["result"]) == ("failed", {"code": "job_killed_workers"})


async def _die(desk: Desk) -> None:
    """Leave the database as a killed worker does: its job is being done, its heartbeat is old."""
    async with desk.office.engine.begin() as connection:
        worker = await connection.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - interval '1 hour') RETURNING id"
            )
        )
        await connection.execute(
            text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE status = 'todo'"),
            {"worker": worker.scalar_one()},
        )


async def test_the_same_result_is_written_once(desk: Desk, database: DatabaseUrls) -> None:
    """A job done twice (its worker died after the commit) leaves one partition."""
    await desk.area()
    await desk.grid(method="natural")
    query = text("SELECT args FROM procrastinate_jobs")
    async with desk.office.engine.connect() as connection:
        args = (await connection.execute(query)).scalar_one()
    await do_job(desk.office, args["asked"])
    await asyncio.gather(*(do_job(desk.office, args["asked"]) for _ in range(2)))
    await _work(desk, database)
    assert len((await desk.state())["partitions"]) == 1


async def test_a_cancelled_job_writes_nothing(desk: Desk, database: DatabaseUrls) -> None:
    """Stopped before the worker takes it up: told as cancelled, then and after the worker looked at it."""
    await desk.area()
    asked = await desk.grid(method="natural")
    stopped = await cancel_job(desk.office, desk.operation_id, UUID(asked["job_id"]))
    assert stopped["state"] == "cancelled"
    await _work(desk, database)
    job = await _job(desk, asked["job_id"])
    assert (job["state"], job["result"]) == ("cancelled", None)
    assert await desk.sectors() == {}


async def test_a_running_job_stops_at_its_next_step(
    desk: Desk, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped while it cuts: what was cut is not written."""
    await desk.area()
    asked = await desk.grid(method="natural")
    read_lines = cutting_methods.material_for

    async def lines_and_stop(*given: Any) -> Any:
        await cancel_job(desk.office, desk.operation_id, UUID(asked["job_id"]))
        return await read_lines(*given)

    monkeypatch.setattr(cutting_methods, "material_for", lines_and_stop)
    await _work(desk, database)
    assert (await _job(desk, asked["job_id"]))["state"] == "cancelled"
    assert await desk.sectors() == {}


async def test_a_finished_job_cannot_be_cancelled(desk: Desk, database: DatabaseUrls) -> None:
    """What stands stands; the answer says so."""
    await desk.area()
    asked = await desk.grid(method="natural")
    await _work(desk, database)
    assert (await cancel_job(desk.office, desk.operation_id, UUID(asked["job_id"])))["state"] == "done"
