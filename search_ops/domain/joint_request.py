"""A request for people and means: its state follows from receipts and answers, several sides may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_ops.domain.transitions import REQUEST_MOVES, may_move
from search_ops.errors import BadInput, Conflict, MoveRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search_ops.domain.wishes import AnswerWish

LIVE = frozenset({"provisional", "accepted", "committed", "departed", "on_scene", "working"})
"""Commitments that may still be counted on."""


def promised(commitments: Iterable[Mapping[str, Any]], item_id: str) -> int:
    """Return how many of an item are promised by all who accepted it."""
    return sum(
        int(commitment["quantity"] or 0)
        for commitment in commitments
        if commitment["item_id"] == item_id and commitment["state"] in LIVE
    )


def is_answered(
    items: Sequence[Mapping[str, Any]],
    asked: Sequence[str],
    commitments: Sequence[Mapping[str, Any]],
) -> bool:
    """Tell whether nothing is open: each item fully promised, or answered by all who were asked.

    Parameters
    ----------
    items : sequence of mapping
        What was asked, each with ``item_id`` and ``quantity``.
    asked : sequence of str
        Ids of the organisations that were asked.
    commitments : sequence of mapping
        All answers so far.
    """
    for item in items:
        item_id = str(item["item_id"])
        answering = {str(answer["organisation_id"]) for answer in commitments if answer["item_id"] == item_id}
        if promised(commitments, item_id) < int(item["quantity"]) and not answering >= set(asked):
            return False
    return True


def state_after_receipt(state: str) -> str:
    """Return the state once a named duty officer knows of the request.

    Raises
    ------
    MoveRefused
        The request is over.
    """
    if state in {"received", "answered"}:
        return state
    _check(state, "received")
    return "received"


def state_after_answer(
    request: Mapping[str, Any], asked: Sequence[str], commitments: Sequence[Mapping[str, Any]]
) -> str:
    """Return the state with these answers in; while some are open it stays as it was.

    An answer alone does not make it received: that takes the name of a duty officer.
    """
    state = str(request["state"])
    _check(state, "answered")
    if is_answered(request["items"], asked, commitments):
        return "answered"
    return state


def check_cancel(state: str) -> None:
    """Refuse to withdraw what is over.

    Raises
    ------
    MoveRefused
        The request is closed or withdrawn already.
    """
    _check(state, "cancelled")


def is_over(request: Mapping[str, Any], commitments: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether nobody will bring anything by this request any more: withdrawn, closed, or all declined.

    Parameters
    ----------
    commitments
        All answers to it.
    """
    state = str(request["state"])
    if state in {"closed", "cancelled"}:
        return True
    return state == "answered" and not any(answer["state"] in LIVE for answer in commitments)


def _check(state: str, wanted: str) -> None:
    if not may_move(REQUEST_MOVES, state, wanted):
        raise MoveRefused(what="request", state=state, wanted=wanted)


def check_answer(
    request: Mapping[str, Any], commitments: Sequence[Mapping[str, Any]], wish: AnswerWish
) -> None:
    """Refuse an answer that promises without number or hour, declines without reason, or repeats itself.

    Raises
    ------
    BadInput
        ``unknown_item``, ``quantity_required``, ``arrival_required``, ``more_than_asked``,
        ``reason_required``.
    Conflict
        ``already_answered`` with the commitment that stands.
    """
    item = next((item for item in request["items"] if item["item_id"] == str(wish.item_id)), None)
    if item is None:
        raise BadInput("unknown_item", where="item_id")
    if wish.decision == "accept":
        if wish.quantity is None:
            raise BadInput("quantity_required", where="quantity")
        if wish.arrive_at is None:
            raise BadInput("arrival_required", where="arrive_at")
        if wish.quantity > int(item["quantity"]):
            raise BadInput("more_than_asked", where="quantity", asked=item["quantity"])
    elif not wish.reason:
        raise BadInput("reason_required", where="reason")
    for answer in commitments:
        same = answer["organisation_id"] == str(wish.organisation_id)
        if same and answer["item_id"] == str(wish.item_id) and answer["state"] != "withdrawn":
            raise Conflict("already_answered", commitment_id=answer["id"], state=answer["state"])
