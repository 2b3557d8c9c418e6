"""Accounts of staff: entering them, signing in and out, and what a session says about its holder."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.errors import TooMany
from search_ops.persistence.tables import account, account_grant, organisation, session
from search_ops.services.admission import STAFF_IDLE, token_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from search_ops.domain.principals import Grant, Principal
    from search_ops.persistence.unit_of_work import Office

_T = TypeVar("_T")

# Argon2id as RFC 9106 proposes for little memory: 64 MiB and about 0.1 s each. Two at once, because
# headquarters is a laptop; whoever comes when thirty wait is told to come back.
_PASSWORDS: Final = PasswordHash((Argon2Hasher(),))
_HASHERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_MOST_WAITING: Final = 30
_RETRY_AFTER_S: Final = 3
LONGEST_PASSWORD: Final = 256


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A member of staff as an administrator enters him."""

    account_id: UUID
    login: str
    password: str
    name: str
    organisation_id: UUID
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session."""

    token: str
    account_id: UUID


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password; takes about 0.1 s."""
    return _PASSWORDS.hash(password)


async def enter_account(office: Office, new: NewAccount, *, password_hash: str | None = None) -> None:
    """Enter an account with its grants; one with this login is left alone.

    Parameters
    ----------
    password_hash : str, optional
        Made before, when many accounts are entered.
    """
    hashed = password_hash or await _in_thread(lambda: hash_password(new.password))
    values = {
        "account_id": new.account_id,
        "login": new.login,
        "password_hash": hashed,
        "name": new.name,
        "organisation_id": new.organisation_id,
    }
    rows = [
        {
            "grant_id": uuid7(),
            "account_id": new.account_id,
            "role": grant.role.value,
            "region": grant.region,
            "operation_id": grant.operation_id,
        }
        for grant in new.grants
    ]
    async with office.engine.begin() as connection:
        made = await connection.execute(
            insert(account).values(values).on_conflict_do_nothing().returning(account.c.account_id)
        )
        if made.one_or_none() is not None and rows:
            await connection.execute(account_grant.insert(), rows)


async def sign_in(office: Office, login: str, password: str) -> SignedIn | None:
    """Open a session, or return None: an unknown login costs as much time as a wrong password."""
    query = select(account.c.account_id, account.c.password_hash, account.c.disabled).where(
        account.c.login == login
    )
    async with office.engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    hashed = row.password_hash if row is not None else _nobodys_hash()
    matches = await _in_thread(lambda: _PASSWORDS.verify(password, hashed))
    if row is None or row.disabled or not matches:
        return None
    token = secrets.token_urlsafe(32)
    now = office.clock()
    values = {
        "session_id": uuid7(),
        "token_hash": token_hash(token),
        "account_id": row.account_id,
        "created_at": now,
        "expires_at": now + STAFF_IDLE,
    }
    async with office.engine.begin() as connection:
        await connection.execute(session.insert().values(values))
    return SignedIn(token, row.account_id)


async def sign_out(office: Office, principal: Principal) -> None:
    """Revoke the caller's session."""
    its = session.c.session_id == principal.session_id
    async with office.engine.begin() as connection:
        await connection.execute(session.update().where(its).values(revoked_at=office.clock()))


async def account_view(office: Office, account_id: UUID, locale: str) -> dict[str, Any]:
    """Return what a page shows of an account: name, organisation, grants."""
    query = (
        select(account.c.name, *organisation.c)
        .join(organisation, organisation.c.organisation_id == account.c.organisation_id)
        .where(account.c.account_id == account_id)
    )
    granted = (
        select(account_grant.c.role, account_grant.c.region, account_grant.c.operation_id)
        .where(account_grant.c.account_id == account_id)
        .order_by(account_grant.c.grant_id)
    )
    async with office.engine.connect() as connection:
        row = (await connection.execute(query)).mappings().one()
        grants = [dict(grant) for grant in (await connection.execute(granted)).mappings()]
    return {
        "id": account_id,
        "name": row["name"],
        "organisation": organisation_view(row, locale),
        "grants": grants,
    }


def organisation_view(row: Any, locale: str) -> dict[str, Any]:
    """Return an organisation in the reader's language."""
    language = "en" if locale == "en" else "ru"
    return {
        "id": row["organisation_id"],
        "kind": row["kind"],
        "name": row[f"name_{language}"],
        "short_name": row[f"short_{language}"],
        "region": row["region"],
        "phone": row["duty_phone"],
    }


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(32))


async def _in_thread(work: Callable[[], _T]) -> _T:
    if _HASHERS._work_queue.qsize() >= _MOST_WAITING:  # noqa: SLF001 - the pool has no public count
        raise TooMany("too_many_tries", retry_after_s=_RETRY_AFTER_S)
    return await asyncio.get_running_loop().run_in_executor(_HASHERS, work)
