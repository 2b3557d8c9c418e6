"""Long work: deferred in the transaction that asks for it, told as progress, cancelled when asked.

The result of a job is a command of the asker with the version he saw, so that a job that comes too late is
refused like any desk. Whoever watches reads `job_progress`: the stream process does so every second. The
doing is in ``working``; which module does which kind of job is in ``job_kinds``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from procrastinate import App, PsycopgConnector
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.domain.events import further_id, wire_time
from search_ops.domain.principals import Grant, OrganisationKind, Principal, Role
from search_ops.errors import NotKnown
from search_ops.persistence.tables import job_progress
from search_ops.persistence.unit_of_work import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from search_ops.persistence.unit_of_work import Office, UnitOfWork

QUEUE: Final = "long"
TASK: Final = "job"
UNFINISHED: Final = ("waiting", "running")
TOLD_EVERY_S: Final = 0.3  # a fine-grained doer must not turn into a stream of updates


class JobCancelled(Exception):  # noqa: N818 - a wish of the asker, not an error
    """Somebody asked to stop this job; nothing of it is written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker needs to act for the asker.

    Attributes
    ----------
    kind : str
        Key of ``job_kinds.DOERS``.
    wish : mapping
        The asker's wish as JSON; its doer knows the model.
    """

    job_id: UUID
    operation_id: UUID
    kind: str
    principal: Principal
    wish: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the form that lies in the queue."""
        return {
            "job_id": str(self.job_id),
            "operation_id": str(self.operation_id),
            "kind": self.kind,
            "principal": _principal_json(self.principal),
            "wish": dict(self.wish),
        }

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> Asked:
        """Read the form that lies in the queue."""
        return Asked(
            UUID(told["job_id"]),
            UUID(told["operation_id"]),
            told["kind"],
            _principal(told["principal"]),
            told["wish"],
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


async def defer_job(
    work: UnitOfWork, principal: Principal, operation_id: UUID, kind: str, wish: BaseModel
) -> UUID:
    """Ask for long work in the name of a principal, in the same transaction.

    Returns
    -------
    UUID
        The id under which the job is watched.
    """
    asked = Asked(uuid7(), operation_id, kind, principal, wish.model_dump(mode="json"))
    await tell(work, asked, state="waiting", done=0.0)
    raw = await work.connection.get_raw_connection()
    deferrer = _ASKING.configure_task(TASK, queue=QUEUE, connection=raw.driver_connection)
    await deferrer.defer_async(asked=asked.as_json())
    return asked.job_id


async def read_job(office: Office, operation_id: UUID, job_id: UUID) -> dict[str, Any]:
    """Return how a job stands.

    Raises
    ------
    NotKnown
        This operation has no such job.
    """
    async with office.engine.connect() as connection:
        row = (await connection.execute(select(job_progress).where(*_this(operation_id, job_id)))).mappings()
        found = row.one_or_none()
    if found is None:
        raise NotKnown
    return {
        "job_id": str(found["job_id"]),
        "kind": found["kind"],
        "state": found["state"],
        "done": found["done"],
        "step": found["step"],
        "result": found["result"],
        "updated_at": wire_time(found["updated_at"]),
    }


async def cancel_job(office: Office, operation_id: UUID, job_id: UUID) -> dict[str, Any]:
    """Ask a job to stop; one that is finished stays as it is.

    Raises
    ------
    NotKnown
        This operation has no such job.
    """
    async with transaction(office) as work:
        await work.connection.execute(
            update(job_progress)
            .where(*_this(operation_id, job_id), job_progress.c.state.in_(UNFINISHED))
            .values(cancel_asked=True, updated_at=work.now)
        )
        await work.connection.execute(
            update(job_progress)
            .where(*_this(operation_id, job_id), job_progress.c.state == "waiting")
            .values(state="cancelled", done=1.0, updated_at=work.now)
        )
    return await read_job(office, operation_id, job_id)


def _this(operation_id: UUID, job_id: UUID) -> tuple[Any, ...]:
    return job_progress.c.job_id == job_id, job_progress.c.operation_id == operation_id


async def tell(
    work: UnitOfWork,
    asked: Asked,
    *,
    state: str,
    done: float,
    step: str | None = None,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Write how a job stands, in the transaction of its doer or asker."""
    values = {
        "job_id": asked.job_id,
        "operation_id": asked.operation_id,
        "kind": asked.kind,
        "state": state,
        "done": done,
        "step": step,
        "result": result,
        "updated_at": work.now,
    }
    statement = insert(job_progress).values(values)
    names = ("state", "done", "step", "result", "updated_at")
    changed = {name: statement.excluded[name] for name in names}
    await work.connection.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=changed))


async def report(
    office: Office,
    asked: Asked,
    *,
    state: str,
    done: float,
    step: str | None = None,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Write how a job stands, at once."""
    async with transaction(office) as work:
        await tell(work, asked, state=state, done=done, step=step, result=result)


# ---- for doers ---------------------------------------------------------------------------------


@dataclass(slots=True)
class JobWork:
    """One job in a doer's hands.

    Attributes
    ----------
    office : Office
        Where the doer reads and writes; his writes are intents of ``principal``.
    """

    office: Office
    asked: Asked
    _told_at: float = field(default=0.0, init=False)
    _step: str | None = field(default=None, init=False)

    @property
    def principal(self) -> Principal:
        """Return who asked."""
        return self.asked.principal

    @property
    def operation_id(self) -> UUID:
        """Return the operation that the job belongs to."""
        return self.asked.operation_id

    @property
    def wish(self) -> Mapping[str, Any]:
        """Return the asker's wish as JSON."""
        return self.asked.wish

    def result_command(self, command_id: UUID) -> UUID:
        """Return the id under which the result is written: a job done twice writes once."""
        return further_id(command_id, 1)

    async def progress(self, done: float, step: str | None = None) -> None:
        """Tell how far the work is.

        Parameters
        ----------
        done
            Share of the work done, 0..1.
        step
            Code of what is being done, for the texts ``job-step-...``; None keeps the last one.

        Raises
        ------
        JobCancelled
            Somebody asked to stop.
        """
        now = time.monotonic()
        if step in {None, self._step} and now - self._told_at < TOLD_EVERY_S:
            return
        self._told_at, self._step = now, step or self._step
        query = select(job_progress.c.cancel_asked).where(job_progress.c.job_id == self.asked.job_id)
        async with transaction(self.office) as work:
            if (await work.connection.execute(query)).scalar_one_or_none():
                raise JobCancelled
            await tell(work, self.asked, state="running", done=done, step=self._step)
