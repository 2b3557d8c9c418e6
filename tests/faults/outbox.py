"""The rules of a phone's outbox, as `web/ui/src/core/outbox/policy.ts` has them.

Pure: no clock, no network, no storage. Fault programs send by these rules over real connections.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_BATCH_EVENTS: Final = 100
MAX_BATCH_BYTES: Final = 1024 * 1024
BASE_DELAY_MS: Final = 1_000
MAX_DELAY_MS: Final = 60_000
SOS_MAX_DELAY_MS: Final = 5_000
WAITING_RETRY_MS: Final = 60_000
KEEP_FILED_MS: Final = 72 * 3_600_000
_LANES: Final = {"sos_raised": 0, "found_reported": 1, "check_in": 1, "clue_found": 1}
_TIMEOUTS_MS: Final = {"sos": (6_000, 10_000, 15_000, 20_000), "rest": (15_000, 30_000, 45_000, 60_000)}
_LONGEST_DOUBLING: Final = 16
_PLAIN_ANSWERS: Final = {401: "sign_in", 413: "too_large"}
_BUSY: Final = frozenset({408, 425, 429})

Channel = Literal["sos", "rest"]


@dataclass(frozen=True, slots=True)
class Item:
    """One report on the phone and what became of it."""

    operation_id: str
    event: Mapping[str, Any]
    made_at_ms: int
    state: str = "unsent"
    held_until_ms: int = 0
    seq: int | None = None
    epoch: str | None = None
    filed_at_ms: int | None = None
    reason: str | None = None
    refused: bool = False

    @property
    def id(self) -> str:
        return str(self.event["id"])

    @property
    def lane(self) -> int:
        return _LANES.get(str(self.event["kind"]), 2)

    @property
    def channel(self) -> Channel:
        return "sos" if self.lane == 0 else "rest"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: ``judged``, ``later``, ``sign_in``, ``too_large`` or ``refused``."""

    type: str
    epoch: str = ""
    at_ms: int | None = None
    results: tuple[Mapping[str, Any], ...] = ()
    cause: str = ""
    retry_after_ms: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Changed items by id, and what the sender does next: ``progress``, ``split``, ``later``, ``sign_in``."""

    changes: Mapping[str, Mapping[str, Any]]
    next: str
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How a channel is getting on: failures in a row, events per request, a pause that was asked for."""

    failures: int = 0
    batch_size: int = MAX_BATCH_EVENTS
    not_before_ms: int = 0
    pause_ms: int = 0


def pause_left_ms(pace: Pace, now_ms: int) -> int:
    """Return what is left of a pause that headquarters asked for."""
    return _left_ms(pace.not_before_ms, now_ms, pace.pause_ms)


def next_batch(items: Sequence[Item], channel: Channel, now_ms: int, max_events: int) -> list[Item]:
    """Return the items of one operation for the next request: by lane, then in the order they were made."""
    due = [item for item in items if item.channel == channel and _is_offered(item, now_ms)]
    due.sort(key=lambda item: (item.lane, item.event["dseq"]))
    batch: list[Item] = []
    size = 0
    for item in due:
        if item.operation_id != due[0].operation_id:
            continue
        size += len(json.dumps(item.event, ensure_ascii=False, separators=(",", ":"))) * 2
        if batch and (size > MAX_BATCH_BYTES or len(batch) >= min(max_events, MAX_BATCH_EVENTS)):
            break
        batch.append(item)
    return batch


def _is_offered(item: Item, now_ms: int) -> bool:
    is_due = item.state == "waiting" and _left_ms(item.held_until_ms, now_ms, WAITING_RETRY_MS) == 0
    return item.state == "unsent" or is_due


def _left_ms(until_ms: int, now_ms: int, longest_ms: int) -> int:
    """Return what is left of a wait; more than all of it means that the clock was put back: then none."""
    left = until_ms - now_ms
    return 0 if left > longest_ms else max(0, left)


def next_due_in_ms(items: Sequence[Item], channel: Channel, now_ms: int) -> int | None:
    """Return how long until something held becomes due."""
    held = [
        _left_ms(item.held_until_ms, now_ms, WAITING_RETRY_MS)
        for item in items
        if item.state == "waiting" and item.channel == channel
    ]
    return min(held, default=None)


def judge(batch: Sequence[Item], answer: Answer, now_ms: int) -> Outcome:
    """Judge an answer: an item leaves the unsent ones only with a verdict of the server about it."""
    if answer.type == "later":
        return Outcome({}, "later", answer.retry_after_ms)
    if answer.type == "sign_in":
        return Outcome({}, "sign_in")
    if answer.type in {"too_large", "refused"}:
        if len(batch) != 1:
            return Outcome({}, "split")
        return Outcome({batch[0].id: _to_tray(answer.code or answer.type)}, "progress")
    verdicts = {result["id"]: result for result in answer.results}
    changes = {}
    for item in batch:
        change = _change_for(verdicts.get(item.id, {}), answer, now_ms)
        if change is not None:
            changes[item.id] = change
    return Outcome(changes, "progress" if changes else "later")


def _change_for(verdict: Mapping[str, Any], answer: Answer, now_ms: int) -> dict[str, Any] | None:
    status, reason = verdict.get("status"), verdict.get("reason")
    if status in {"stored", "duplicate", "refused"}:
        if verdict["seq"] is None:
            return None
        lost = status == "refused"
        filed = {"state": "filed", "seq": verdict["seq"], "epoch": answer.epoch, "filed_at_ms": answer.at_ms}
        return {**filed, "reason": reason if lost else None, "refused": lost}
    if status == "waiting":
        return {"state": "waiting", "held_until_ms": now_ms + WAITING_RETRY_MS, "reason": reason}
    if status in {"quarantined", "refused_input"}:
        return _to_tray(reason or status)
    return None


def _to_tray(reason: str) -> dict[str, Any]:
    return {"state": "tray", "reason": reason}


def settle(
    channel: Channel, pace: Pace, answer: Answer, outcome: Outcome, *, sent: int, now_ms: int, chance: float
) -> tuple[Pace, int]:
    """Return the pace after an answer and how long to wait before the next request; 0: at once."""
    if outcome.next == "progress":
        return replace(pace, failures=0, batch_size=next_batch_size(pace.batch_size, "well", sent)), 0
    if outcome.next == "split":
        return replace(pace, batch_size=next_batch_size(pace.batch_size, "split", sent)), 0
    size = pace.batch_size
    if answer.type == "later" and answer.cause == "timeout":
        size = next_batch_size(size, "timeout", sent)
    delay_ms = backoff_ms(channel, pace.failures, chance, outcome.retry_after_ms)
    slower = replace(pace, failures=pace.failures + 1, batch_size=size)
    if outcome.retry_after_ms is not None:
        slower = replace(slower, not_before_ms=now_ms + delay_ms, pause_ms=delay_ms)
    return slower, max(1, delay_ms)


def backoff_ms(channel: Channel, failures: int, chance: float, retry_after_ms: int | None) -> int:
    """Return a wait with full jitter; never less than the server asked."""
    cap = SOS_MAX_DELAY_MS if channel == "sos" else MAX_DELAY_MS
    grown = min(cap, BASE_DELAY_MS * 2 ** min(failures, _LONGEST_DOUBLING))
    drawn = int(chance * grown + 0.5)
    if retry_after_ms is None:
        return drawn
    return max(drawn, min(retry_after_ms, SOS_MAX_DELAY_MS) if channel == "sos" else retry_after_ms)


def timeout_ms(channel: Channel, failures: int) -> int:
    """Return how long to wait for an answer."""
    steps = _TIMEOUTS_MS[channel]
    return steps[min(failures, len(steps) - 1)]


def next_batch_size(size: int, went: str, sent: int) -> int:
    """Return how many events go into the next request."""
    if went == "well":
        return min(MAX_BATCH_EVENTS, size * 2)
    return max(1, min(size, max(sent, 1)) // 2)


def may_forget(item: Item, backed_up_seq: int | None, server_at_ms: int | None) -> bool:
    """Tell whether a filed item is in the backup and three days old, both by the clock of headquarters."""
    if item.state != "filed" or item.seq is None or item.filed_at_ms is None:
        return False
    if backed_up_seq is None or server_at_ms is None:
        return False
    return item.seq <= backed_up_seq and server_at_ms - item.filed_at_ms >= KEEP_FILED_MS


def offer_again(items: Sequence[Item], operation_id: str, epoch: str) -> dict[str, dict[str, Any]]:
    """Return what a new epoch of the server brings back among the unsent."""
    return {
        item.id: {"state": "unsent"}
        for item in items
        if item.operation_id == operation_id and item.state == "filed" and item.epoch != epoch
    }


def read_answer(status: int, retry_after: str | None, body: bytes) -> Answer:
    """Tell a verdict of our server from noise on the way: a strange answer counts as none."""
    retry_after_ms = int(retry_after) * 1000 if retry_after is not None and retry_after.isdecimal() else None
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    if 200 <= status < 300 and isinstance(said.get("results"), list):
        return Answer(
            "judged", epoch=said["epoch"], at_ms=_moment_ms(said.get("at")), results=tuple(said["results"])
        )
    if status in _PLAIN_ANSWERS:
        return Answer(_PLAIN_ANSWERS[status])
    if status in _BUSY:
        return Answer("later", cause="busy", retry_after_ms=retry_after_ms)
    if 400 <= status < 500 and isinstance(said.get("code"), str):
        return Answer("refused", code=said["code"])
    return Answer("later", cause="server", retry_after_ms=retry_after_ms)


def _moment_ms(value: object) -> int | None:
    """Return a moment as headquarters writes it; None when it is none."""
    try:
        return int(datetime.fromisoformat(str(value)).timestamp() * 1000)
    except ValueError:
        return None
