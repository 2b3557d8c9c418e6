"""A search under load: phones that report without pause, screens that follow, and how both end."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from search_ops.persistence.tables import stream
from tests.faults.invariants import Ledger, emptied, screens_agree
from tests.faults.reader import Reader
from tests.faults.scene import Scene, open_scene

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.device import Device
    from tests.faults.scene import Headquarters

PHONES: Final = 4
DRAINED_WITHIN_S: Final = 60.0
SHOWN_WITHIN_S: Final = 30.0
_TAP_EVERY_S: Final = (0.05, 0.5)
_WORDS: Final = ("all_well", "out", "started", "finished", "back", "rest", "ready")


class Load:
    """A search with phones that report and screens that follow; `end` stops both and judges."""

    def __init__(self, office: Office, scene: Scene, rng: random.Random) -> None:
        self.office = office
        self.scene = scene
        self.rng = rng
        port, operation_id = scene.headquarters.port, scene.operation_id
        desks = [Reader(port, operation_id, scene.desk.token, rng) for _ in range(2)]
        own = [
            Reader(port, operation_id, each.token, rng, each.participant_id, keeps_bytes=True)
            for each in (scene.devices[0], scene.devices[-1])
        ]
        self.readers = [*desks, *own]
        self._is_tapping = True

    async def tap(self, device: Device) -> None:
        """Report at moments of one's own until told to stop."""
        leads = self.scene.devices.index(device) == 0
        while self._is_tapping:
            payload = {"word": self.rng.choice(_WORDS)}
            if leads and self.rng.random() < 0.5:
                payload["team_id"] = str(self.scene.team_ids[0])
            kind = "sos_raised" if self.rng.random() < 0.05 else "check_in"
            device.tap(kind, payload if kind == "check_in" else {"text": "нога"}, datetime.now(UTC))
            await asyncio.sleep(self.rng.uniform(*_TAP_EVERY_S))

    async def live(self, limit_s: float) -> list[str]:
        """Wait until every screen is live."""
        faults = []
        for reader in self.readers:
            with suppress(TimeoutError):
                async with asyncio.timeout(limit_s):
                    while not reader.is_live:
                        reader.moved.clear()
                        await reader.moved.wait()
            if not reader.is_live:
                faults.append(f"I7: a screen is not live after {limit_s} s")
        return faults

    async def end(self, ledger: Ledger) -> list[str]:
        """Stop reporting, wait until everything is filed and shown, and judge."""
        self._is_tapping = False
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAINED_WITHIN_S):
                for device in self.scene.devices:
                    await device.emptied()
        faults = emptied(self.scene.devices)
        for device in self.scene.devices:
            device.stop()
        await self.office.engine.dispose()  # its connections may be those of a server that was killed
        async with self.office.engine.connect() as connection:
            query = select(stream.c.head).where(stream.c.stream_id == self.scene.stream_id)
            head = (await connection.execute(query)).scalar_one()
        faults += await screens_agree(self.readers, head, limit_s=SHOWN_WITHIN_S)
        return faults + await ledger.look(
            self.office.engine, self.scene.stream_id, self.scene.devices, self.readers
        )


@asynccontextmanager
async def under_load(
    headquarters: Headquarters, office: Office, rng: random.Random, *, hurry: float
) -> AsyncIterator[Load]:
    """Open a search and put it under load; whoever is inside calls `end`."""
    scene = await open_scene(headquarters, office, rng, phones=PHONES, teams=1, hurry=hurry)
    load = Load(office, scene, rng)
    tasks = [asyncio.create_task(device.send()) for device in scene.devices]
    tasks += [asyncio.create_task(load.tap(device)) for device in scene.devices]
    tasks += [
        asyncio.create_task(reader.follow(from_snapshot=number % 2 == 1))
        for number, reader in enumerate(load.readers)
    ]
    try:
        yield load
    finally:
        for device in scene.devices:
            device.stop()
        for reader in load.readers:
            reader.over.set()
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        broken = [each for each in ended if isinstance(each, Exception)]
    if broken:
        raise broken[0]
