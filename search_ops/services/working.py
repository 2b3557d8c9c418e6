"""The worker process: takes jobs from the queue, has them done, and gives back those of workers that died."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import DeleteJobCondition, Status

from search_ops.errors import SearchOpsError
from search_ops.services.board_schedule import BoardRounds
from search_ops.services.job_kinds import DOERS
from search_ops.services.jobs import QUEUE, TASK, Asked, JobCancelled, JobWork, report
from search_ops.services.office import open_office
from search_ops.settings import settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from search_ops.persistence.unit_of_work import Office

HEARTBEAT_S: Final = 5.0
RESCUE_EVERY_S: Final = 5.0
STOP_WITHIN_S: Final = 5.0
STALLED_AFTER_S: Final = 20.0
ATTEMPTS: Final = 2  # a job whose worker died is tried once more; twice means the job kills workers


async def do_job(office: Office, told: Mapping[str, Any]) -> None:
    """Do one job for its asker; a refusal is told as the result, not raised."""
    asked = Asked.from_json(told)
    work = JobWork(office, asked)
    try:
        await work.progress(0.0, "started")
        answer = await _doer(asked.kind)(work)
    except JobCancelled:
        await report(office, asked, state="cancelled", done=1.0)
    except SearchOpsError as refusal:
        fault = {"code": refusal.code, **refusal.data}
        await report(office, asked, state="failed", done=1.0, result=fault)
    except Exception:
        await report(office, asked, state="failed", done=1.0, result={"code": "job_failed"})
        raise
    else:
        await report(office, asked, state="done", done=1.0, result=answer)


def _doer(kind: str) -> Callable[[JobWork], Awaitable[dict[str, Any]]]:
    """Return what does this kind of job; imported here, so that asking for work does not load its engines."""
    module, _, name = DOERS[kind].partition(":")
    return cast("Callable[[JobWork], Awaitable[dict[str, Any]]]", getattr(import_module(module), name))


def worker_app(office: Office, conninfo: str) -> App:
    """Return the app of a worker process."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))

    @app.task(name=TASK, queue=QUEUE)
    async def job(asked: dict[str, Any]) -> None:
        await do_job(office, asked)

    return app


async def work_on(app: App, office: Office, *, wait: bool = True) -> None:
    """Do jobs; beside them, give back the jobs of workers that died.

    Parameters
    ----------
    app : App
        Opened.
    wait : bool
        False: stop when the queue is empty.
    """

    async def rescue() -> None:
        while True:
            await rescue_stalled(app, office)
            await asyncio.sleep(RESCUE_EVERY_S)

    rescuing = asyncio.create_task(rescue())
    try:
        await app.run_worker_async(
            queues=[QUEUE],
            concurrency=1,
            wait=wait,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            install_signal_handlers=wait,
            shutdown_graceful_timeout=STOP_WITHIN_S,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
        )
    finally:
        rescuing.cancel()


async def rescue_stalled(app: App, office: Office) -> int:
    """Give jobs whose worker died back to the queue, once; then tell that they failed.

    Returns
    -------
    int
        How many were found.
    """
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S))
    for job in stalled:
        if job.attempts + 1 < ATTEMPTS:
            await app.job_manager.retry_job(job)
            continue
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        asked = Asked.from_json(cast("Mapping[str, Any]", job.task_kwargs["asked"]))
        await report(office, asked, state="failed", done=1.0, result={"code": "job_killed_workers"})
    return len(stalled)


def run_worker() -> None:
    """Run the worker process until it is told to stop."""
    asyncio.run(_run())


async def _run() -> None:
    configured = settings()
    async with open_office(configured) as office:
        url = office.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        app = worker_app(office, url)
        async with app.open_async(), BoardRounds(office, configured):
            await work_on(app, office)
