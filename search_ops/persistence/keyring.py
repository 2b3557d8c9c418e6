"""Keys of cases: erasable fields are encrypted with them, and destroying one erases without a trace.

A key encryption key lies in the data directory, apart from the database and its backups. Each case has a data
key, wrapped by it. A token is ``base64url(nonce + ciphertext)``; the case, the event and the field's name are
authenticated with it, so that a token moved elsewhere does not open.
"""

from __future__ import annotations

import base64
import os
import time
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from search_ops.persistence.plain_tables import case_key

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

_NONCE_BYTES = 12
KEY_BYTES = 32
KEPT_S = 5.0


def _tell_foreign(case_id: UUID) -> None:
    import structlog  # noqa: PLC0415 - five megabytes that the stream process does not need

    structlog.get_logger().warning("case_key_foreign", case_id=str(case_id))


class Keyring:
    """Opens and seals fields; unwrapped keys are kept in memory for some seconds.

    No longer: another process may have destroyed a key, and what it sealed is erased then, for all of us.

    Parameters
    ----------
    kek : bytes
        32 bytes, the key encryption key of this installation.
    """

    def __init__(self, kek: bytes) -> None:
        if len(kek) != KEY_BYTES:
            raise ValueError("the key encryption key has 32 bytes")
        self._kek = AESGCM(kek)
        self._keys: dict[UUID, tuple[bytes, float]] = {}
        self._foreign: set[UUID] = set()

    async def make(self, connection: AsyncConnection, case_id: UUID) -> bytes:
        """Make and store the key of a new case."""
        key = AESGCM.generate_key(bit_length=256)
        nonce = os.urandom(_NONCE_BYTES)
        wrapped = nonce + self._kek.encrypt(nonce, key, case_id.bytes)
        await connection.execute(case_key.insert().values(case_id=case_id, wrapped=wrapped))
        return key

    async def key(self, connection: AsyncConnection, case_id: UUID | None) -> bytes | None:
        """Return the key of a case; None: it was destroyed, another key file locked it, or there is no case.

        A foreign key file must not stop the clocks and the СТОП of a search: what is sealed reads as erased,
        and whoever would seal is refused (`is_foreign`).
        """
        if case_id is None:
            return None
        held, until_s = self._keys.get(case_id, (None, 0.0))
        if held is None or time.monotonic() > until_s:
            query = select(case_key.c.wrapped).where(case_key.c.case_id == case_id)
            wrapped = (await connection.execute(query)).scalar_one_or_none()
            if wrapped is None:
                self.forget(case_id)
                return None
            nonce, secret = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
            try:
                held = self._kek.decrypt(nonce, secret, case_id.bytes)
            except InvalidTag:
                if case_id not in self._foreign:
                    _tell_foreign(case_id)
                    self._foreign.add(case_id)
                return None
            self._keys[case_id] = (held, time.monotonic() + KEPT_S)
        return held

    def is_foreign(self, case_id: UUID | None) -> bool:
        """Tell whether the key of a case is there but was wrapped by another key file than ours."""
        return case_id in self._foreign

    def forget(self, case_id: UUID) -> None:
        """Drop a key from memory (after it was destroyed)."""
        self._keys.pop(case_id, None)


def seal(key: bytes, context: str, value: Any) -> str:
    """Encrypt one JSON value; `context` names the event and field it belongs to."""
    nonce = os.urandom(_NONCE_BYTES)
    secret = AESGCM(key).encrypt(nonce, orjson.dumps(value), context.encode())
    return f"{context}|{base64.urlsafe_b64encode(nonce + secret).decode()}"


def unseal(key: bytes | None, token: str) -> Any:
    """Decrypt one token; an erased key or a damaged token reads as None, which screens show as erased."""
    if key is None:
        return None
    context, _, body = token.rpartition("|")
    raw = base64.urlsafe_b64decode(body)
    try:
        return orjson.loads(AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()))
    except InvalidTag:
        return None


def unsealed(key: bytes | None, value: Any) -> Any:
    """Return a copy of an entity in which every ``{"$sealed": token}`` is opened."""
    if isinstance(value, dict):
        if value.keys() == {"$sealed"}:
            return unseal(key, value["$sealed"])
        return {name: unsealed(key, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [unsealed(key, inner) for inner in value]
    return value
