"""`search-ops watch`: the client that integrators copy."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.fold import apply
from search_ops.installation import InstallationError
from tests.factories import KEK, PASSWORD
from tests.faults.conftest import headquarters, office
from tests.load.scene import open_search
from web.stream.limits import Limits
from web.stream.server import Config, serving
from web.watching import Watch, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from search_ops.persistence.embedded import DatabaseUrls
    from search_ops.persistence.unit_of_work import Office
    from tests.faults.scene import Headquarters

__all__ = ["headquarters", "office"]

pytestmark = pytest.mark.postgres


async def heard(watch: Watch, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Follow in a thread until it is enough; return all frames."""
    frames: list[dict[str, Any]] = []

    def follow() -> None:
        for frame in watch.follow():
            frames.append(frame)
            if enough(frames):
                return

    await asyncio.to_thread(follow)
    return frames


def is_live(frames: list[dict[str, Any]]) -> bool:
    return bool(frames[-1]["type"] == "live")


async def test_everything_is_told_once_and_goes_on_after_a_restart(
    headquarters: Headquarters, office: Office, database: DatabaseUrls
) -> None:
    """From the first number to live; after the stream was restarted, from where it stood."""
    port = headquarters.port + 1
    config = Config("127.0.0.1", port, (), database.stream_url, KEK)
    async with open_search(headquarters, office, 2) as where:
        token = where.desk_token
        watch = Watch(f"http://127.0.0.1:{headquarters.port}", str(where.search.operation_id), token)
        async with serving(config):
            first = await heard(watch, is_live)
        await where.phones[0].file([where.phones[0].report()])
        waited: list[float] = []
        loop, is_waiting, is_back = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

        def pause(seconds: float) -> None:
            waited.append(seconds)
            loop.call_soon_threadsafe(is_waiting.set)
            is_back.wait(30)

        watch.pause = pause
        following = asyncio.create_task(heard(watch, is_live))
        await is_waiting.wait()  # it found nobody there
        async with serving(config):
            is_back.set()
            second = await following
        head = (await where.head()).head
    seqs = [frame["event"]["seq"] for frame in [*first, *second] if frame["type"] == "event"]
    assert seqs == list(range(1, head + 1))
    assert all(0.5 <= seconds <= 15 for seconds in waited)


async def test_a_reset_brings_a_snapshot(
    headquarters: Headquarters, office: Office, database: DatabaseUrls
) -> None:
    """A log longer than what the stream holds ready begins with the state, which the events go on from."""
    config = Config("127.0.0.1", headquarters.port + 1, (), database.stream_url, KEK)
    async with open_search(headquarters, office, 1) as where, serving(config, Limits(ring_frames=2)):
        phone = where.phones[0]
        await phone.file([phone.report() for _ in range(5)])
        address = f"http://127.0.0.1:{headquarters.port}"
        watch = Watch(address, str(where.search.operation_id), where.desk_token)
        frames = await heard(watch, is_live)
        snapshot = next(frame for frame in frames if frame["type"] == "snapshot")
        assert snapshot["seq"] == (await where.head()).head
        state = snapshot["state"]
        before = len(state["participants"])
        await where.add_phones(1)
        for frame in await heard(watch, is_live):
            if frame["type"] == "event":
                apply(state, frame["event"])
        assert len(state["participants"]) == before + 1


async def test_who_may_not_is_told_so(headquarters: Headquarters, office: Office) -> None:
    """A wrong password, a search that is not there, and a server that is not there: one sentence each."""
    address = f"http://127.0.0.1:{headquarters.port}"
    async with open_search(headquarters, office) as where:
        with pytest.raises(InstallationError, match="did not let this login in"):
            await asyncio.to_thread(sign_in, address, "nobody", PASSWORD)
        watch = Watch(address, str(uuid7()), where.desk_token)
        with pytest.raises(InstallationError, match="not there"):
            await heard(watch, is_live)
        with pytest.raises(InstallationError, match="does not answer"):
            await asyncio.to_thread(sign_in, "http://127.0.0.1:9", "nobody", PASSWORD)
