"""Long work: deferred in the transaction that asks for it, done by the worker, told as progress.

The result of a job is a command of the asker with the version he saw, so that a job that comes too late is
refused like any desk. Whoever watches reads `job_progress`: the stream process does so every second.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import DeleteJobCondition, Status
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.domain.events import further_id, wire_time
from search_ops.domain.principals import Grant, OrganisationKind, Principal, Role
from search_ops.domain.wishes import PartitionWish
from search_ops.errors import NotKnown, SearchOpsError
from search_ops.persistence.tables import job_progress
from search_ops.persistence.unit_of_work import transaction
from search_ops.services import cutting
from search_ops.services.office import open_office
from search_ops.services.scribe import Scribe, intend_in_operation
from search_ops.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.persistence.unit_of_work import Office, UnitOfWork

QUEUE: Final = "long"
PARTITION: Final = "partition"
HEARTBEAT_S: Final = 5.0
RESCUE_EVERY_S: Final = 5.0
STOP_WITHIN_S: Final = 5.0
STALLED_AFTER_S: Final = 20.0
ATTEMPTS: Final = 2  # a job whose worker died is tried once more; twice means the job kills workers


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a worker needs to act for the asker."""

    job_id: UUID
    operation_id: UUID
    principal: Principal
    wish: PartitionWish

    def as_json(self) -> dict[str, Any]:
        return {
            "job_id": str(self.job_id),
            "operation_id": str(self.operation_id),
            "principal": _principal_json(self.principal),
            "wish": self.wish.model_dump(mode="json"),
        }

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> _Asked:
        return _Asked(
            UUID(told["job_id"]),
            UUID(told["operation_id"]),
            _principal(told["principal"]),
            PartitionWish.model_validate(told["wish"]),
        )


def _principal_json(principal: Principal) -> dict[str, Any]:
    return {
        "kind": principal.kind,
        "id": str(principal.id),
        "session_id": str(principal.session_id),
        "name": principal.name,
        "organisation_id": None if principal.organisation_id is None else str(principal.organisation_id),
        "organisation_kind": principal.organisation_kind,
        "grants": [
            {
                "role": grant.role,
                "region": grant.region,
                "operation_id": None if grant.operation_id is None else str(grant.operation_id),
            }
            for grant in principal.grants
        ],
    }


def _principal(told: Mapping[str, Any]) -> Principal:
    def identity(value: str | None) -> UUID | None:
        return None if value is None else UUID(value)

    kind = told["organisation_kind"]
    return Principal(
        kind=told["kind"],
        id=UUID(told["id"]),
        session_id=UUID(told["session_id"]),
        name=told["name"],
        organisation_id=identity(told["organisation_id"]),
        organisation_kind=None if kind is None else OrganisationKind(kind),
        grants=tuple(
            Grant(Role(grant["role"]), grant["region"], identity(grant["operation_id"]))
            for grant in told["grants"]
        ),
    )


# ---- asking ------------------------------------------------------------------------------------

_ASKING = App(connector=PsycopgConnector())
"""Never opened: jobs are inserted on the connection of the transaction that asks for them."""


async def defer_partition(scribe: Scribe, operation_id: UUID, wish: PartitionWish) -> UUID:
    """Ask for a partition as a job, in the same transaction; return the id under which it is watched."""
    job_id = uuid7()
    asked = _Asked(job_id, operation_id, scribe.principal, wish)
    work = scribe.work
    await _tell(work, asked, state="waiting", done=0.0)
    raw = await work.connection.get_raw_connection()
    deferrer = _ASKING.configure_task(PARTITION, queue=QUEUE, connection=raw.driver_connection)
    await deferrer.defer_async(asked=asked.as_json())
    return job_id


async def read_job(office: Office, operation_id: UUID, job_id: UUID) -> dict[str, Any]:
    """Return how a job stands.

    Raises
    ------
    NotKnown
        This operation has no such job.
    """
    query = select(job_progress).where(
        job_progress.c.job_id == job_id, job_progress.c.operation_id == operation_id
    )
    async with office.engine.connect() as connection:
        row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotKnown
    return {
        "job_id": str(row["job_id"]),
        "kind": row["kind"],
        "state": row["state"],
        "done": row["done"],
        "result": row["result"],
        "updated_at": wire_time(row["updated_at"]),
    }


async def _tell(
    work: UnitOfWork, asked: _Asked, *, state: str, done: float, result: Mapping[str, Any] | None = None
) -> None:
    values = {
        "job_id": asked.job_id,
        "operation_id": asked.operation_id,
        "kind": PARTITION,
        "state": state,
        "done": done,
        "result": result,
        "updated_at": work.now,
    }
    statement = insert(job_progress).values(values)
    changed = {name: statement.excluded[name] for name in ("state", "done", "result", "updated_at")}
    await work.connection.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=changed))


# ---- doing -------------------------------------------------------------------------------------


async def do_partition(office: Office, told: Mapping[str, Any]) -> None:
    """Cut and write a partition for the asker; a refusal is told as the result, not raised."""
    asked = _Asked.from_json(told)
    try:
        answer = await _partition(office, asked)
    except SearchOpsError as refusal:
        await _report(office, asked, state="failed", done=1.0, result=_fault(refusal))
    except Exception:
        await _report(office, asked, state="failed", done=1.0, result={"code": "job_failed"})
        raise
    else:
        await _report(office, asked, state="done", done=1.0, result=answer)


async def _partition(office: Office, asked: _Asked) -> dict[str, Any]:
    wish, operation_id = asked.wish, asked.operation_id
    await _report(office, asked, state="running", done=0.05)
    async with office.engine.connect() as connection:
        ground = await cutting.read_ground(connection, operation_id, wish)
        lines = await cutting.lines_for(connection, ground, wish)
    await _report(office, asked, state="running", done=0.2)
    partition = await asyncio.to_thread(cutting.cut, ground, lines, wish)
    await _report(office, asked, state="running", done=0.9)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        return await cutting.write_partition(scribe, operation_id, wish, ground, partition)

    # A job tried again after its worker died writes under the same id, hence at most once.
    result = wish.model_copy(update={"command_id": further_id(wish.command_id, 1)})
    return await intend_in_operation(
        office, asked.principal, operation_id, result, name="partition.result", decide=decide
    )


def _fault(refusal: SearchOpsError) -> dict[str, Any]:
    return {"code": refusal.code, **refusal.data}


async def _report(
    office: Office, asked: _Asked, *, state: str, done: float, result: Mapping[str, Any] | None = None
) -> None:
    async with transaction(office) as work:
        await _tell(work, asked, state=state, done=done, result=result)


def worker_app(office: Office, conninfo: str) -> App:
    """Return the app of a worker process, with its tasks."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))

    @app.task(name=PARTITION, queue=QUEUE)
    async def partition(asked: dict[str, Any]) -> None:
        await do_partition(office, asked)

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
        asked = _Asked.from_json(cast("Mapping[str, Any]", job.task_kwargs["asked"]))
        await _report(office, asked, state="failed", done=1.0, result={"code": "job_killed_workers"})
    return len(stalled)


def run_worker() -> None:
    """Run the worker process until it is told to stop."""
    asyncio.run(_run())


async def _run() -> None:
    configured = settings()
    async with open_office(configured) as office:
        url = office.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        app = worker_app(office, url)
        async with app.open_async():
            await work_on(app, office)
