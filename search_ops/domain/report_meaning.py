"""What a device meant by an event: whom it speaks for, and the print by which a repeat is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_ops.domain.events import Draft, fingerprint
from search_ops.domain.visibility import HQ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.domain.payloads import FieldEvent
    from search_ops.domain.principals import Principal


def completed(kind: str, payload: dict[str, Any], actor: Mapping[str, Any]) -> dict[str, Any] | None:
    """Name the sender in his own report; a phone speaks for its owner and, if he leads, for his team."""
    if actor["type"] == "account" or kind == "sector_claimed":
        return payload
    if payload.get("participant_id") not in {None, actor["id"]}:
        return None
    return {**payload, "participant_id": actor["id"]}


def meant_by(incoming: FieldEvent, principal: Principal) -> bytes | None:
    """Return the fingerprint of what the device sent; None when a value cannot be written as RFC 8785."""
    draft = Draft(
        id=incoming.id,
        kind=incoming.kind,
        v=incoming.v,
        visibility=HQ,
        payload=incoming.payload,
        actor=principal.actor(),
        at=incoming.at,
        after=incoming.after,
        base_version=incoming.base_version,
    )
    try:
        return fingerprint(draft, None)
    except ValueError:
        return None
