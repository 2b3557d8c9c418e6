"""An event before and after it is stored; its wire form, fingerprint and place in the hash chain."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import rfc8785

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GENESIS = b"\x00" * 32


def wire_time(moment: datetime) -> str:
    """Return RFC 3339 UTC with milliseconds; texts of this form sort by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def further_id(command_id: UUID, number: int) -> UUID:
    """Return the id of the n-th further event of a command (CONTRACT 3): UUIDv5(command_id, n)."""
    return uuid5(command_id, str(number))


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that was decided but has no number yet.

    Attributes
    ----------
    id : UUID
        Made by the sender, or `further_id` of the sender's.
    kind, v : str, int
        Kind and version of the payload.
    visibility : str
        The one class that reads it whole.
    payload : mapping
        Open fields, JSON values.
    sealed : mapping
        Erasable fields in clear; they are encrypted with the key of the case before they are stored.
    actor : mapping
        ``{"type", "id"}`` of the doer.
    at : datetime
        When it happened by the sender's clock, aware.
    meant : bytes or None
        Fingerprint of what a device sent, when the payload was completed here; None means: print this draft.
    """

    id: UUID
    kind: str
    visibility: str
    payload: Mapping[str, Any]
    actor: Mapping[str, Any]
    at: datetime
    sealed: Mapping[str, Any] = field(default_factory=dict)
    v: int = 1
    device_id: UUID | None = None
    dseq: int | None = None
    after: Sequence[UUID] = ()
    base_version: int | None = None
    meant: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with its number, as the log holds it. `sealed` maps field -> ciphertext."""

    stream_id: str
    seq: int
    id: UUID
    v: int
    kind: str
    visibility: str
    payload: Mapping[str, Any]
    sealed: Mapping[str, str]
    actor: Mapping[str, Any]
    device_id: UUID | None
    dseq: int | None
    after: tuple[UUID, ...]
    base_version: int | None
    at: datetime
    recorded_at: datetime
    fingerprint: bytes
    prev_hash: bytes
    hash: bytes

    def wire(self, opened: Mapping[str, Any]) -> dict[str, Any]:
        """Return the object of lists and frames (CONTRACT 3); `opened` are the sealed fields, decrypted."""
        return {
            "seq": self.seq,
            "id": str(self.id),
            "v": self.v,
            "kind": self.kind,
            "visibility": self.visibility,
            "payload": {**self.payload, **opened},
            "actor": dict(self.actor),
            "device_id": None if self.device_id is None else str(self.device_id),
            "dseq": self.dseq,
            "after": [str(cause) for cause in self.after],
            "base_version": self.base_version,
            "at": wire_time(self.at),
            "recorded_at": wire_time(self.recorded_at),
        }

    def folding(self) -> dict[str, Any]:
        """Return the form the fold reads on the server: sealed fields stay ciphertext."""
        return self.wire({name: {"$sealed": token} for name, token in self.sealed.items()})


def fingerprint(draft: Draft, key: bytes | None) -> bytes:
    """Return SHA-256 over RFC 8785 JSON of what the sender meant (CONTRACT 2).

    Sealed fields enter as an HMAC with the key of the case, so that erasing the key leaves the print whole
    and nothing can be guessed from it.

    Raises
    ------
    ValueError
        When sealed fields come without a key, or a value is outside what RFC 8785 can write.
    """
    payload: dict[str, Any] = dict(draft.payload)
    if draft.sealed:
        if key is None:
            raise ValueError("sealed fields need the key of the case")
        payload["$sealed"] = hmac.new(key, rfc8785.dumps(dict(draft.sealed)), hashlib.sha256).hexdigest()
    meant: dict[str, Any] = {
        "id": str(draft.id),
        "kind": draft.kind,
        "v": draft.v,
        "at": wire_time(draft.at),
        "payload": payload,
        "base_version": draft.base_version,
        "after": [str(cause) for cause in draft.after],
    }
    return hashlib.sha256(rfc8785.dumps(meant)).digest()


def chain_hash(event: Stored) -> bytes:
    """Return the hash that the next event carries as `prev_hash`.

    It covers everything an auditor may rely on: number, place, doer, times, the fingerprint, the open
    payload and the ciphertext of the sealed fields.
    """
    covered: dict[str, Any] = {
        "stream_id": event.stream_id,
        "seq": event.seq,
        "id": str(event.id),
        "v": event.v,
        "kind": event.kind,
        "visibility": event.visibility,
        "payload": dict(event.payload),
        "sealed": dict(event.sealed),
        "actor": dict(event.actor),
        "device_id": None if event.device_id is None else str(event.device_id),
        "dseq": event.dseq,
        "after": [str(cause) for cause in event.after],
        "base_version": event.base_version,
        "at": wire_time(event.at),
        "recorded_at": wire_time(event.recorded_at),
        "fingerprint": event.fingerprint.hex(),
    }
    return hashlib.sha256(event.prev_hash + rfc8785.dumps(covered)).digest()
