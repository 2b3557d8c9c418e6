"""What a user waits for: the start, and a check-in that appears on another screen."""

import json
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from uuid_utils.compat import uuid7
from websockets.sync.client import ClientConnection, connect

from tests.benchmarks.figure import Figure
from tests.stack import Stack

CHECK_INS = 200


def start() -> Iterator[Figure]:
    """Measure the first start (database made, ground imported), the second, and the idle memory."""
    stack = Stack()
    try:
        yield Figure("start first, demo made", stack.start(), "s", 1)
        stack.stop()
        seconds = []
        for _ in range(3):
            seconds.append(stack.start())
            memory = stack.pss_bytes()
            stack.stop()
        yield Figure("start second", statistics.median(seconds), "s", len(seconds))
        yield Figure("memory idle, sum of PSS", memory / 1e6, "MB", 1)
    finally:
        stack.destroy()


def check_in() -> Iterator[Figure]:
    """Measure the way of a check-in: sent by a phone until the coordinator's socket has it."""
    stack = Stack()
    try:
        stack.start()
        operation = f"/api/operations/{stack.ready['operation_id']}"
        desk = _socket(stack, operation, stack.sign_in("coordinator"))
        device = str(uuid7())
        joined = stack.call(
            "POST", "/api/join", {"code": stack.ready["join_code"], "name": "Мерило", "device_id": device}
        )
        answered, seen = [], []
        for number in range(CHECK_INS):
            event = _all_well(device, number)
            begin = time.perf_counter()
            filed = stack.call("POST", f"{operation}/events", {"events": [event]}, joined["token"])
            answered.append(time.perf_counter() - begin)
            assert filed["results"][0]["status"] == "stored", filed
            _wait_for(desk, event["id"])
            seen.append(time.perf_counter() - begin)
        desk.close()
    finally:
        stack.destroy()
    for name, taken in (("answered", answered), ("on another screen", seen)):
        ordered = sorted(taken)
        yield Figure(f"check-in {name}, median", statistics.median(ordered), "s", CHECK_INS)
        yield Figure(f"check-in {name}, p99", ordered[int(0.99 * CHECK_INS)], "s", CHECK_INS)


def _socket(stack: Stack, operation: str, token: str) -> ClientConnection:
    ticket = stack.call("POST", f"{operation}/stream-ticket", {}, token)
    socket = connect(ticket["url"], compression=None, max_size=None)
    socket.send(json.dumps({"type": "auth", "ticket": ticket["ticket"], "resume": None}))
    while json.loads(socket.recv(30))["type"] != "live":
        pass
    return socket


def _wait_for(socket: ClientConnection, event_id: str) -> None:
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(30))
        if frame["type"] == "event" and frame["event"].get("id") == event_id:
            return


def _all_well(device: str, number: int) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "v": 1,
        "device_id": device,
        "dseq": number,
        "kind": "check_in",
        "at": datetime.now(UTC).isoformat(),
        "payload": {"word": "all_well"},
        "after": [],
        "base_version": None,
    }
