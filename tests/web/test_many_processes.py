"""Two API processes on one database: what one counts or writes, the other knows."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.persistence.tries import Counter
from search_ops.settings import Settings
from tests.web.conftest import Served, serve
from web.supervisor.children import servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncEngine

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.web.world import World

pytestmark = pytest.mark.postgres


@pytest.fixture
def pair(served: Served, data_dir: Path) -> Iterator[list[Served]]:
    """Return two more servers on the database that tests share."""
    with ExitStack() as both:
        yield [
            both.enter_context(serve(served.database, data_dir, api_processes=2, is_keeper=first))
            for first in (True, False)
        ]


def test_tries_are_counted_together(pair: list[Served], world: World) -> None:
    """Wrong passwords told to one and to the other in turn: the ninth is a 429 at both, whoever is asked."""
    wrong = {"login": f"nobody-{uuid7()}", "password": "wrong"}
    told = [pair[number % 2].ask("POST", "/api/session", json=wrong).status_code for number in range(8)]
    assert told == [401] * 8
    for one in pair:
        refused = one.ask("POST", "/api/session", json=wrong)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 300
    assert world.coordinator.token


def test_what_one_writes_the_other_reads(pair: list[Served], world: World) -> None:
    """A ticket, an event, and a sign-out: at the other it is there, in the log, and over."""
    first, second = pair
    token = world.token(Role.COORDINATOR)
    path = f"/api/operations/{world.home.operation_id}"
    head = second.ask("GET", f"{path}/snapshot", token).json()["seq"]
    person = {
        "command_id": str(uuid7()),
        "callsign": "Сосед",
        "name": None,
        "phone": None,
        "state": "available",
    }
    assert first.ask("POST", f"{path}/participants", token, json=person).status_code in {200, 201}
    listed = second.ask("GET", f"{path}/events?after={head}&wait=5", token).json()["events"]
    assert [one["seq"] for one in listed][:1] == [head + 1]
    repeated = second.ask("POST", f"{path}/participants", token, json=person)
    assert repeated.status_code in {200, 201}  # one command, one answer, whoever gives it
    assert second.ask("GET", f"{path}/events?after={head}", token).json()["head"] == listed[-1]["seq"]


async def test_a_shared_counter_refills_and_forgets(engine: AsyncEngine) -> None:
    """Two tries at once, then none; one comes back with time; undone and forgiven ones count no more."""
    tries = Counter(engine, "test", 2, 3600)
    assert [(await tries.take("a"))[0] for _ in range(3)] == [True, True, False]
    assert (await tries.take("b"))[0]
    assert await tries.free("a") < 0.1  # a refused try took nothing either
    await tries.give_back("a")
    assert 1 <= await tries.free("a") < 1.1
    await tries.forget("a")
    assert await tries.free("a") == 2
    quick = Counter(engine, "test", 2, 0.001)
    await quick.spend("c")
    assert (await quick.take("c"))[0]  # what was spent came back within the millisecond
    await quick.give_back("c")
    assert await quick.free("c") == 2


def test_one_of_several_keeps_the_installation(database: DatabaseUrls) -> None:
    """Only the first API process writes backups by itself; each child has a name of its own."""
    children = servers("api", database, 3)
    assert [child.name for child in children] == ["api", "api-2", "api-3"]
    assert [child.environment.get("SEARCH_OPS_KEEPER") for child in children] == [None, "false", "false"]
    assert Settings().is_keeper
