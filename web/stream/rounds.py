"""What has to be looked at again and again: silence, rights, last positions, progress of jobs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from search_ops.services.streaming import now
from web.stream import frames
from web.stream.hub import Audience
from web.stream.limits import CLOSE_SIGN_IN

if TYPE_CHECKING:
    from search_ops.services.streaming import StreamReading
    from web.stream.hub import Feed
    from web.stream.reception import Reception
    from web.stream.tails import Tails

_LOOK_BACK = timedelta(seconds=60)


@dataclass(slots=True)
class _Seen:
    """What of one operation is on its board."""

    fixes: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)


class Rounds:
    """The rounds that the process makes over all its lines at once."""

    def __init__(self, reading: StreamReading, tails: Tails, reception: Reception) -> None:
        self._reading = reading
        self._tails = tails
        self._reception = reception
        self._tokens = itertools.count()
        self._fixes_since = self._jobs_since = now() - _LOOK_BACK
        self._seen: dict[Feed, _Seen] = {}

    async def sweep(self) -> None:
        """Ask every line whether it is still there."""
        token = next(self._tokens).to_bytes(8, "big")
        for line in tuple(self._reception.lines):
            line.watch(token)

    async def recheck(self) -> None:
        """Look at the rights of all sessions in one query; close or reset where they have changed."""
        lines = tuple(self._reception.lines)
        if not lines:
            return
        principals = await self._reading.principals({line.session_id for line in lines})
        for line in lines:
            principal = principals.get(line.session_id)
            if principal is None:
                line.dismiss(CLOSE_SIGN_IN, "session_ended")
            else:
                line.feed.renew(line.reader, principal)
                if line.reader.urgent or line.reader.farewell is not None:
                    line.pump()

    async def pin(self) -> None:
        """Pin last positions and progress of jobs to the boards of the operations that are watched."""
        feeds = {
            UUID(stream_id.removeprefix("operation/")): tail.feed
            for stream_id, tail in self._tails.held.items()
            if stream_id.startswith("operation/") and tail.is_open
            if tail.feed in self._seen or any(reader.audiences for reader in tail.feed.readers)
        }
        if any(feed not in self._seen for feed in feeds.values()):
            self._fixes_since = self._jobs_since = now() - _LOOK_BACK
        self._seen = {feed: self._seen.get(feed, _Seen()) for feed in feeds.values()}
        if not feeds:
            return
        await self._pin_positions(feeds)
        await self._pin_progress(feeds)
        for line in tuple(self._reception.lines):
            if line.reader.board_seen != line.feed.board.version:
                line.pump()

    async def _pin_positions(self, feeds: dict[UUID, Feed]) -> None:
        moved: set[tuple[Feed, str | None]] = set()
        for operation_id, received_at, fix in await self._reading.positions(feeds, self._fixes_since):
            self._fixes_since = max(self._fixes_since, received_at)
            feed = feeds[operation_id]
            person = fix["participant_id"]
            fix["team_id"] = fix["team_id"] or min(feed.roll.teams(person), default=None)
            fixes = self._seen[feed].fixes
            if fixes.get(person) != fix:
                fixes[person] = fix
                moved.add((feed, fix["team_id"]))
        for feed, team_id in moved:
            of_team = [fix for fix in self._seen[feed].fixes.values() if fix["team_id"] == team_id]
            feed.board.put(f"team {team_id}", Audience.POSITIONS, frames.position(team_id, of_team))

    async def _pin_progress(self, feeds: dict[UUID, Feed]) -> None:
        for operation_id, updated_at, job in await self._reading.progress(feeds, self._jobs_since):
            self._jobs_since = max(self._jobs_since, updated_at)
            feed = feeds[operation_id]
            jobs = self._seen[feed].jobs
            if jobs.get(job["job_id"]) != job:
                jobs[job["job_id"]] = job
                feed.board.put(f"job {job['job_id']}", Audience.PROGRESS, frames.progress(job))
