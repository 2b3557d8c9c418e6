"""A small share of `./run load`: that it measures what it says, and that nothing is lost under it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.factories import KEK
from tests.load.phones import file_on_schedule
from tests.load.scene import SCREENS_PER_DESK, open_search
from tests.load.screens import Screens, understood
from tests.load.timing import Times
from tests.load.watching import all_heard, open_screens
from web.stream import frames
from web.stream.server import Config, serving

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls
    from search_ops.persistence.unit_of_work import Office
    from tests.faults.scene import Headquarters

pytestmark = pytest.mark.postgres


async def test_reports_and_screens(
    headquarters: Headquarters, office: Office, database: DatabaseUrls
) -> None:
    """Phones report at a set rate; every screen hears all of it, also after all of them were cut off."""
    screens_count = SCREENS_PER_DESK + 5
    config = Config("127.0.0.1", 0, (), database.stream_url, KEK)
    async with serving(config) as stream, open_search(headquarters, office, 8) as where:
        with Screens(stream.port) as screens:
            await open_screens(where, screens, screens_count)
            filed = await file_on_schedule(where.phones, lambda phone: [phone.report()], per_s=20, seconds=1)
            heard = await all_heard(where, screens)
            left = await where.head()
            await asyncio.to_thread(screens.drop)
            missed = await file_on_schedule(
                where.phones, lambda phone: [phone.report(), phone.report()], per_s=10, seconds=1
            )
            tickets = await where.tickets(screens_count)
            resume = {"epoch": str(left.epoch), "after": left.head}
            back = await asyncio.to_thread(screens.open, tickets, resume)
            caught_up = await all_heard(where, screens)
        assert await where.faults(filed.acked | missed.acked) == []
    assert (len(filed.acked), len(filed.times.taken_s), filed.errors) == (20, 20, {})
    assert len(missed.acked) == 20
    assert heard.faults + back.faults + caught_up.faults == []
    assert heard.deliveries == 20 * screens_count
    assert len(heard.delays_s) == heard.deliveries
    assert caught_up.live == screens_count
    assert back.deliveries + caught_up.deliveries >= 20 * screens_count


def test_a_hole_in_the_numbers_is_seen() -> None:
    """What the screens of the load look at sees frames out of order, and waits for the rest of one."""
    whole = frames.stub(5) + frames.stub(6) + frames.live(6)
    seen, used = understood(whole + frames.stub(7)[:4])
    assert (seen.first, seen.last, seen.deliveries, seen.live, used) == (5, 6, 2, True, len(whole))
    assert seen.ordered
    assert not understood(frames.stub(5) + frames.stub(7))[0].ordered
    long = frames.event({"seq": 8, "text": "я" * 400, "recorded_at": "2026-08-23T14:40:03.512Z"})
    assert understood(long)[0].recorded_s == [1787496003.512]
    assert json.loads(long[4:])["event"]["seq"] == 8


def test_times_tell_the_worst() -> None:
    """One slow answer among a hundred is the largest, and stands in the ninety-ninth."""
    times = Times([0.001] * 98 + [0.5, 2.0])
    assert (times.at(0.5), times.at(0.99), times.at(1)) == (1.0, 2000.0, 2000.0)
