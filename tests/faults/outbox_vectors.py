"""What the rules of the outbox answer to drawn questions; `python -m tests.faults.outbox_vectors` writes it.

The browser's tests ask `web/ui/src/core/outbox/policy.ts` the same and must hear the same.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Final

from tests.faults import outbox
from tests.faults.outbox import Answer, Channel, Item, Outcome, Pace

FILE: Final = Path(__file__).parents[2] / "fixtures/reference/outbox_vectors.json"
_CASES: Final = 100
_OPERATIONS: Final = ("op-1", "op-2")
_KINDS: Final = ("sos_raised", "check_in", "found_reported", "clue_found", "note_added", "sector_claimed")
_STATES: Final = ("unsent", "unsent", "waiting", "filed", "tray")
_STATUSES: Final = ("stored", "duplicate", "refused", "waiting", "quarantined", "refused_input", "newer")
_NOW_MS: Final = 1_787_499_067_000
_CHANNELS: Final[tuple[Channel, ...]] = ("sos", "rest")


def vectors() -> dict[str, Any]:
    """Return questions and answers."""
    rng = random.Random(20260823)
    return {"cases": [_case(rng) for _ in range(_CASES)]}


def _case(rng: random.Random) -> dict[str, Any]:
    items = [_item(rng, number) for number in range(rng.randrange(12))]
    channel = rng.choice(_CHANNELS)
    size = rng.choice((1, 2, 5, 100))
    batch = outbox.next_batch(items, channel, _NOW_MS, size)
    answer = _answer(rng, batch)
    outcome = outbox.judge(batch, answer, _NOW_MS)
    pause_ms = rng.choice((0, 1_000, 120_000))
    not_before_ms = _NOW_MS + rng.choice((-5_000, 500, 60_000, 10**11))
    pace = Pace(rng.randrange(9), rng.choice((1, 7, 64, 100)), not_before_ms, pause_ms)
    chance = rng.randrange(65) / 64
    after, delay_ms = outbox.settle(
        channel, pace, answer, outcome, sent=len(batch), now_ms=_NOW_MS, chance=chance
    )
    backed_up_seq = rng.choice((None, 10, 50))
    return {
        "items": [_json(item) for item in items],
        "channel": channel,
        "now_ms": _NOW_MS,
        "size": size,
        "batch": [item.id for item in batch],
        "due_in_ms": outbox.next_due_in_ms(items, channel, _NOW_MS),
        "answer": _answer_json(answer),
        "outcome": _outcome_json(outcome),
        "pace": _pace_json(pace),
        "pause_left_ms": outbox.pause_left_ms(pace, _NOW_MS),
        "timeout_ms": outbox.timeout_ms(channel, pace.failures),
        "sent": len(batch),
        "chance": chance,
        "after": _pace_json(after),
        "delay_ms": delay_ms,
        "again": sorted(outbox.offer_again(items, "op-1", "E")),
        "backed_up_seq": backed_up_seq,
        "forgotten": [item.id for item in items if outbox.may_forget(item, backed_up_seq, _NOW_MS)],
    }


def _item(rng: random.Random, number: int) -> Item:
    state = rng.choice(_STATES)
    event = {
        "id": f"e{number}",
        "v": 1,
        "device_id": "d",
        "dseq": rng.randrange(1_000),
        "kind": rng.choice(_KINDS),
        "at": "2026-08-23T14:40:00.000Z",
        "payload": {"text": "я" * rng.choice((1, 1, 1, 260_000))},
        "after": [],
        "base_version": None,
    }
    is_filed = state == "filed"
    return Item(
        operation_id=rng.choice(_OPERATIONS),
        event=event,
        made_at_ms=_NOW_MS - 1_000,
        state=state,
        held_until_ms=_NOW_MS + rng.choice((-1, 0, 1, 59_000, 61_000, 10**11)) if state == "waiting" else 0,
        seq=rng.randrange(1, 99) if is_filed else None,
        epoch=rng.choice(("E", "F")) if is_filed else None,
        filed_at_ms=_NOW_MS - rng.choice((0, 71, 72, 100)) * 3_600_000 if is_filed else None,
    )


def _answer(rng: random.Random, batch: list[Item]) -> Answer:
    kind = rng.choice(("judged", "judged", "judged", "later", "later", "sign_in", "too_large", "refused"))
    if kind == "judged":
        results = tuple(_verdict(rng, item.id) for item in batch if rng.random() < 0.9)
        return Answer("judged", epoch="E", at_ms=rng.choice((None, _NOW_MS - 7_000)), results=results)
    if kind == "later":
        cause = rng.choice(("network", "timeout", "server", "busy"))
        return Answer("later", cause=cause, retry_after_ms=rng.choice((None, None, 3_000, 90_000)))
    return Answer(kind, code="invalid" if kind == "refused" else "")


def _verdict(rng: random.Random, identity: str) -> dict[str, Any]:
    status = rng.choice(_STATUSES)
    numbered = status in {"stored", "duplicate", "refused"} and rng.random() < 0.9
    reason = None if status in {"stored", "duplicate"} else rng.choice(("sector_taken", None))
    return {
        "id": identity,
        "status": status,
        "seq": rng.randrange(1, 99) if numbered else None,
        "reason": reason,
    }


def _json(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "operationId": item.operation_id,
        "lane": item.lane,
        "event": {**item.event, "payload": {}},
        "letters": len(item.event["payload"]["text"]),
        "state": item.state,
        "madeAtMs": item.made_at_ms,
        "heldUntilMs": item.held_until_ms,
        "seq": item.seq,
        "epoch": item.epoch,
        "filedAtMs": item.filed_at_ms,
        "reason": item.reason,
        "refused": item.refused,
    }


def _answer_json(answer: Answer) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        "judged": {
            "type": "judged",
            "epoch": answer.epoch,
            "atMs": answer.at_ms,
            "results": list(answer.results),
        },
        "later": {"type": "later", "cause": answer.cause, "retryAfterMs": answer.retry_after_ms},
        "refused": {"type": "refused", "code": answer.code},
    }
    return told.get(answer.type, {"type": answer.type})


_NAMES: Final = {"held_until_ms": "heldUntilMs", "filed_at_ms": "filedAtMs"}


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    changes = [
        {"id": identity, "change": {_NAMES.get(name, name): value for name, value in change.items()}}
        for identity, change in outcome.changes.items()
    ]
    return {"changes": changes, "next": outcome.next, "retryAfterMs": outcome.retry_after_ms}


def _pace_json(pace: Pace) -> dict[str, Any]:
    return {
        "failures": pace.failures,
        "batchSize": pace.batch_size,
        "notBeforeMs": pace.not_before_ms,
        "pauseMs": pace.pause_ms,
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False) + "\n", encoding="utf-8")
