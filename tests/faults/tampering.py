"""F13: a superuser's hand in the log: a byte changed, rows taken out, the tail cut off, the chain made anew.

He may switch off triggers and keys and make everything in the database agree again; only what lies outside,
the anchors, he cannot reach.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg
import rfc8785
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from search_ops.domain import fold
from search_ops.domain.events import Stored, chain_hash
from search_ops.domain.payloads import FieldEvent
from search_ops.domain.principals import Principal
from search_ops.persistence.anchors import append_anchor, read_anchors
from search_ops.persistence.cluster_databases import make_database, make_roles
from search_ops.persistence.embedded import SUPERUSER, Cluster
from search_ops.persistence.event_log import read_events
from search_ops.persistence.migrate import upgrade
from search_ops.services.keeping import heads
from search_ops.services.reports import file_events
from search_ops.services.verification import verify_log
from tests.factories import KEK
from tests.faults.invariants import report
from tests.faults.scene import Headquarters, open_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncEngine

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.scene import Scene

KINDS: Final = ("edit", "projection", "deletion", "tail", "remade")
_DATABASE: Final = "tampering"
_REPORTS: Final = 60
_TABLES: Final = ("stream", "event", "entity")


@dataclass
class Found:
    """How many of each kind were done and how they were found."""

    done: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Hand:
    """Whoever holds the database: changes what he likes and, for the next attempt, puts it back."""

    def __init__(self, connection: psycopg.Connection[Any], scene: Scene, log: Sequence[Stored]) -> None:
        self._connection = connection
        self._stream_id = scene.stream_id
        self._log = log
        connection.execute("SET session_replication_role = replica")  # no triggers, no keys
        connection.commit()
        for table in _TABLES:
            connection.execute(f"CREATE TABLE IF NOT EXISTS kept_{table} AS TABLE {table}")
        connection.commit()

    def do(self, kind: str, rng: random.Random) -> str:
        """Do one thing and return it in words."""
        done: Callable[[random.Random], str] = getattr(self, f"_{kind}")
        while True:
            try:
                said = done(rng)
            except UniqueViolation:  # the database itself does not take this one
                self._connection.rollback()
            else:
                self._connection.commit()
                return said

    def put_back(self) -> None:
        """Put everything back as it was."""
        for table in reversed(_TABLES):
            self._connection.execute(f"DELETE FROM {table}")
        for table in _TABLES:
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
        self._connection.commit()

    def _edit(self, rng: random.Random) -> str:
        seq = rng.choice(self._log).seq
        cursor = self._connection.execute(
            "SELECT * FROM event WHERE stream_id = %s AND seq = %s", (self._stream_id, seq)
        )
        assert cursor.description is not None
        row = dict(zip([each.name for each in cursor.description], cursor.fetchone() or (), strict=True))
        columns = list(row)
        while True:
            column = rng.choice(columns)
            changed = edited(row[column], rng)
            if changed is not None:
                break
        self._change("event", column, changed, "stream_id = %s AND seq = %s", self._stream_id, seq)
        return f"{column} of {seq}: {row[column]!r} -> {changed!r}"

    def _projection(self, rng: random.Random) -> str:
        if rng.random() < 0.3:
            column = rng.choice(("head", "head_hash"))
            held = self._one(f"SELECT {column} FROM stream WHERE stream_id = %s", self._stream_id)[0]
            changed = edited(held, rng)
            self._change("stream", column, changed, "stream_id = %s", self._stream_id)
            return f"{column}: {held!r} -> {changed!r}"
        place = "stream_id = %s AND collection = %s AND entity_id = %s"
        rows = self._connection.execute(
            "SELECT collection, entity_id, body FROM entity WHERE stream_id = %s ORDER BY 1, 2",
            (self._stream_id,),
        ).fetchall()
        collection, entity_id, body = rng.choice(rows)
        changed = edited(body, rng)
        self._change("entity", "body", changed, place, self._stream_id, collection, entity_id)
        return f"{collection} {entity_id}: {body} -> {changed}"

    def _deletion(self, rng: random.Random) -> str:
        first = rng.choice(self._log).seq
        last = first + rng.choice((0, 0, 0, 1, 5))
        self._connection.execute(
            "DELETE FROM event WHERE stream_id = %s AND seq BETWEEN %s AND %s", (self._stream_id, first, last)
        )
        return f"{first} to {last} deleted"

    def _tail(self, rng: random.Random) -> str:
        """Cut the tail off and make everything that is left agree."""
        kept = self._log[: rng.randrange(1, len(self._log))]
        self._connection.execute(
            "DELETE FROM event WHERE stream_id = %s AND seq > %s", (self._stream_id, kept[-1].seq)
        )
        self._agree(kept)
        return f"cut off after {kept[-1].seq}"

    def _remade(self, rng: random.Random) -> str:
        """Change one event and make chain and projection anew from there."""
        at = rng.randrange(len(self._log))
        forged = list(self._log[:at])
        for number, stored in enumerate(self._log[at:]):
            visibility = ("hq" if stored.visibility != "hq" else "all") if number == 0 else stored.visibility
            previous = forged[-1].hash if forged else stored.prev_hash
            changed = replace(stored, visibility=visibility, prev_hash=previous)
            forged.append(replace(changed, hash=chain_hash(changed)))
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE event SET visibility = %s, prev_hash = %s, hash = %s"
                " WHERE stream_id = %s AND seq = %s",
                [
                    (each.visibility, each.prev_hash, each.hash, self._stream_id, each.seq)
                    for each in forged[at:]
                ],
            )
        self._agree(forged)
        return f"made anew from {self._log[at].seq}"

    def _agree(self, log: Sequence[Stored]) -> None:
        state: fold.State = {}
        for stored in log:
            fold.apply(state, stored.folding())
        self._connection.execute("DELETE FROM entity WHERE stream_id = %s", (self._stream_id,))
        rows = [
            (self._stream_id, collection, entity_id, Jsonb(body))
            for collection, bodies in state.items()
            for entity_id, body in bodies.items()
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO entity VALUES (%s, %s, %s, %s)", rows)
        self._connection.execute(
            "UPDATE stream SET head = %s, head_hash = %s WHERE stream_id = %s",
            (log[-1].seq, log[-1].hash, self._stream_id),
        )

    def _one(self, query: str, *values: Any) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        assert row is not None
        return row

    def _change(self, table: str, column: str, value: Any, place: str, *values: Any) -> None:
        written = Jsonb(value) if isinstance(value, dict) else value
        self._connection.execute(f"UPDATE {table} SET {column} = %s WHERE {place}", (written, *values))


def edited(value: Any, rng: random.Random) -> Any:
    """Return a value of which one byte is another; None when there is none or it would say the same."""
    way = _EDITS.get(type(value))
    return None if way is None else way(value, rng)


def _other_bit(value: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(value))
    return value[:at] + bytes([value[at] ^ (1 << rng.randrange(8))]) + value[at + 1 :]


def _other_time(value: datetime, rng: random.Random) -> datetime:
    """PostgreSQL keeps 64 bits that count microseconds."""
    return value + timedelta(microseconds=rng.choice((-1, 1)) * 2 ** rng.randrange(48))


def _other_first(value: list[Any], rng: random.Random) -> list[Any] | None:
    return [edited(value[0], rng), *value[1:]] if value else None


def _other_letter(text: str, rng: random.Random) -> str | None:
    if not text:
        return None
    at = rng.randrange(len(text))
    letter = rng.choice([each for each in "abcdef0123456789-/" if each != text[at]])
    return text[:at] + letter + text[at + 1 :]


def _edited_json(value: Mapping[str, Any], rng: random.Random) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    for _ in range(100):
        changed = _other_letter(text, rng)
        try:
            said = json.loads(changed or "")
            if isinstance(said, dict) and rfc8785.dumps(said) != rfc8785.dumps(dict(value)):
                return said
        except ValueError:
            continue
    return None


_EDITS: Final[Mapping[type, Callable[[Any, random.Random], Any]]] = {
    bytes: _other_bit,
    int: lambda value, rng: value ^ (1 << rng.randrange(6)),
    datetime: _other_time,
    UUID: lambda value, rng: UUID(int=value.int ^ (1 << rng.randrange(128))),
    str: _other_letter,
    list: _other_first,
    dict: _edited_json,
}


async def tamper(
    engine: AsyncEngine, hand: Hand, anchors: Mapping[str, Mapping[int, set[str]]], kind: str, seed: int
) -> tuple[str, str]:
    """Do one thing and return what was done and by which code it was found, or nothing."""
    said = hand.do(kind, random.Random(f"{kind} {seed}"))
    try:
        found = (await verify_log(engine, anchors)).faults
    finally:
        hand.put_back()
    return said, found[0].code if found else ""


async def written_log(headquarters: Headquarters, office: Office, reports: int) -> tuple[Scene, list[Stored]]:
    """Make a search with a log of about a hundred events."""
    rng = random.Random(0)
    scene = await open_scene(headquarters, office, rng, phones=4, teams=2, sectors=6)
    for number in range(reports):
        device = scene.devices[number % len(scene.devices)]
        principal = Principal(
            "participant",
            device.participant_id,
            uuid7(),
            "Доброволец",
            operation_id=scene.operation_id,
            device_id=device.device_id,
        )
        at = datetime.now(UTC)
        item = device.tap("check_in", {"word": "all_well", "battery_pct": number, "text": "у реки"}, at)
        await file_events(
            office, principal, scene.operation_id, [FieldEvent.model_validate(dict(item.event))]
        )
    async with office.engine.connect() as connection:
        return scene, await read_events(connection, scene.stream_id, after=0, limit=None)


async def tamper_all(
    headquarters: Headquarters, superuser_url: str, count: int, first: int, *, reports: int = _REPORTS
) -> tuple[Found, int]:
    """Do everything so many times; return what was found and how long the log was."""
    found = Found()
    async with headquarters.office() as office:
        scene, log = await written_log(headquarters, office, reports)
        with tempfile.TemporaryDirectory() as folder, psycopg.connect(superuser_url) as connection:
            append_anchor(Path(folder), "2026-08-23T06:00:00+00:00", heads(headquarters.database.app_url))
            anchors = read_anchors(Path(folder) / "anchors.jsonl")
            hand = Hand(connection, scene, log)
            if faults := (await verify_log(office.engine, anchors)).faults:
                found.faults.append(f"an honest log does not verify: {faults}")
            for kind in KINDS:
                for seed in range(first, first + count):
                    said, code = await tamper(office.engine, hand, anchors, kind, seed)
                    found.done[kind] += 1
                    found.codes[code] += 1
                    if not code:
                        found.faults.append(f"seed {seed}: not found: {said}")
    return found, len(log)


def tampering(count: int = 1_000, first: int = 0) -> Iterator[dict[str, Any]]:
    """Tamper in every way so many times."""
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="search-ops-test-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder), durable=False)
        try:
            cluster.start()
            make_roles(cluster)
            make_database(cluster, _DATABASE)
            urls = cluster.urls(_DATABASE)
            upgrade(urls.owner_url)
            headquarters = Headquarters(0, urls, KEK)
            url = cluster.url(SUPERUSER, _DATABASE)
            found, events = asyncio.run(tamper_all(headquarters, url, count, first))
        finally:
            cluster.destroy()
    figures = {
        "n": sum(found.done.values()),
        "done": dict(found.done),
        "found_by": dict(found.codes.most_common()),
        "events_in_log": events,
        "took_s": round(time.perf_counter() - begin, 1),
    }
    yield report("F13 tampering", found.faults, first, figures)
