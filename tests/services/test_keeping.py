"""Backups: whole or refused, restored into a new epoch where a phone sends again; anchors outside."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from search_ops.domain.payloads import FieldEvent
from search_ops.domain.principals import Principal
from search_ops.errors import Conflict, Unavailable
from search_ops.installation import InstallationError
from search_ops.persistence.anchors import append_anchor, read_anchors
from search_ops.persistence.backup_file import verify
from search_ops.persistence.cluster_databases import bootstrap, databases_aside, drop_databases
from search_ops.persistence.embedded import DATABASE, Cluster
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.postgres_programs import environment_of
from search_ops.persistence.secret_files import make_secrets
from search_ops.persistence.unit_of_work import Office
from search_ops.services.doctor import examine
from search_ops.services.keeping import heads, make_backup
from search_ops.services.keeping_rounds import KeepingRounds, read_record
from search_ops.services.reports import EnteredReport, enter_report, file_events
from search_ops.services.restoring import restore_backup
from search_ops.services.verification import verify_log
from search_ops.settings import Settings
from tests.services.conftest import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search_ops.persistence.embedded import DatabaseUrls

pytestmark = pytest.mark.postgres

KEK = bytes(range(32))  # of the office that the tests work in


@pytest.fixture
def installation() -> Iterator[Settings]:
    """Return another machine: an empty data directory with the key of the first."""
    data_dir = Path(tempfile.mkdtemp(prefix="search-ops-test-"))
    data_dir.chmod(0o755)
    made = Settings(data_dir=data_dir)
    make_secrets(made.secrets_dir)
    (made.secrets_dir / "kek").write_text(KEK.hex() + "\n", encoding="ascii")
    yield made
    Cluster(data_dir).destroy()
    shutil.rmtree(data_dir, ignore_errors=True)


def well(who: Principal, number: int, at: Any) -> FieldEvent:
    """Return «всё в порядке» as the phone sends it."""
    body = {"word": "all_well", "participant_id": str(who.id)}
    sent = {"id": uuid7(), "v": 1, "device_id": who.device_id, "dseq": number, "kind": "check_in"}
    return FieldEvent.model_validate({**sent, "at": at, "payload": body})


async def test_a_restored_installation_gets_from_the_phone_what_the_backup_lacks(
    desk: Desk, database: DatabaseUrls, installation: Settings, tmp_path: Path
) -> None:
    """Backup, one more report, the laptop dies; restored elsewhere: new epoch, the report comes again."""
    anna = await desk.add("Анна")
    phone = Principal("participant", anna, uuid7(), "Анна", operation_id=desk.operation_id, device_id=uuid7())
    kept, lost = (well(phone, number, desk.office.clock()) for number in (1, 2))
    await file_events(desk.office, phone, desk.operation_id, [kept])
    path = make_backup(database.app_url, tmp_path, KEK)
    assert {each["head"] for each in heads(database.app_url).values()} == backed_up(database.app_url)
    before = await file_events(desk.office, phone, desk.operation_id, [lost])
    assert (await asyncio.to_thread(restore_backup, path, installation)).former is None
    with Cluster(installation.data_dir) as cluster:
        engine = create_async_engine(cluster.urls().sqlalchemy.app_url)
        there = Office(engine, Keyring(KEK), clock=desk.office.clock)
        known = read_anchors(installation.data_dir / "anchors.jsonl")
        assert (await verify_log(engine, known)).faults == ()
        assert (await Desk(**{**_fields(desk), "office": there}).get("participants", anna))["name"] == "Анна"
        again = await file_events(there, phone, desk.operation_id, [kept, lost])
        await engine.dispose()
    assert again.epoch != before.epoch
    assert [verdict.status for verdict in again.results] == ["duplicate", "stored"]


async def test_no_restore_ever_drops_what_was_the_database(
    desk: Desk, database: DatabaseUrls, installation: Settings, tmp_path: Path
) -> None:
    """Restored twice, both former databases stand there; no empty one takes the place of a lost one."""
    assert desk.number
    path = make_backup(database.app_url, tmp_path, KEK)
    formers = [(await asyncio.to_thread(restore_backup, path, installation)).former for _ in range(3)]
    assert formers[0] is None
    kept = [name for name in formers if name is not None]
    with Cluster(installation.data_dir) as cluster:
        assert list(databases_aside(cluster)) == sorted(kept)
        told = [each.facts["name"] for each in examine(installation) if each.key == "keeping-aside"]
        assert told == sorted(kept)
        drop_databases(cluster, [DATABASE])
        with pytest.raises(InstallationError, match=kept[0]):
            bootstrap(cluster)


async def test_a_backup_whose_log_was_forged_does_not_become_the_database(
    desk: Desk, database: DatabaseUrls, installation: Settings, tmp_path: Path
) -> None:
    """An event changed by the lord of the database: the sentence names the stream, nothing is left."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE event DISABLE TRIGGER event_is_insert_only")
        changed = connection.execute(
            "UPDATE event SET visibility = 'hq' WHERE stream_id = %s AND seq = 1", (desk.stream_id,)
        )
        assert changed.rowcount == 1
    path = make_backup(database.app_url, tmp_path, KEK)
    with pytest.raises(InstallationError) as refused:
        await asyncio.to_thread(restore_backup, path, installation)
    assert (refused.value.key, refused.value.facts["stream"]) == ("keeping-log-broken", desk.stream_id)
    with Cluster(installation.data_dir) as cluster:
        assert databases_aside(cluster) == {}


def _fields(desk: Desk) -> dict[str, Any]:
    return {name: getattr(desk, name) for name in ("me", "case_id", "subject_id", "operation_id", "number")}


def backed_up(url: str) -> set[int]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT backed_up_seq FROM stream")}


async def test_a_backup_that_does_not_verify_says_so_before_anything_is_touched(
    desk: Desk, database: DatabaseUrls, installation: Settings, tmp_path: Path
) -> None:
    """One byte changed, cut short, no backup at all, another key, no stick: a sentence each, nothing done."""
    assert desk.number
    path = make_backup(database.app_url, tmp_path, KEK)
    whole = path.read_bytes()
    for content, key in (
        (whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:], "keeping-broken"),
        (whole[: len(whole) // 2], "keeping-broken"),
        (b"PK" + whole, "keeping-no-backup"),
        (b"", "keeping-no-backup"),
    ):
        path.write_bytes(content)
        with pytest.raises(InstallationError) as refused:
            restore_backup(path, installation)
        assert refused.value.key == key
        assert refused.value.sentence("ru") != refused.value.sentence("en")
    path.write_bytes(whole)
    (installation.secrets_dir / "kek").write_text(bytes(32).hex(), encoding="ascii")
    with pytest.raises(InstallationError, match="another key"):
        restore_backup(path, installation)
    with pytest.raises(InstallationError, match="no folder"):
        make_backup(database.app_url, tmp_path / "stick", KEK)
    assert known_files(tmp_path) == [path.name]
    assert not (installation.data_dir / "postgres").exists()


async def test_a_tail_that_was_cut_off_is_found_by_an_anchor_alone(
    desk: Desk, database: DatabaseUrls, tmp_path: Path
) -> None:
    """A superuser removes the last event and puts the head back: only what lies outside knows."""
    report = EnteredReport(uuid7(), "note_added", desk.office.clock(), {"text": "Дождь", "source": "radio"})
    await enter_report(desk.office, desk.me, desk.operation_id, report)
    append_anchor(tmp_path, "2026-08-23T06:00:00+00:00", heads(database.app_url))
    with (tmp_path / "anchors.jsonl").open("a") as file:
        file.write('{"at": "2026-08-23T0')  # the machine died while it wrote
    known = read_anchors(tmp_path / "anchors.jsonl")
    assert (await verify_log(desk.office.engine, known)).faults == ()
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE event DISABLE TRIGGER event_is_insert_only")
        row = connection.execute(
            "DELETE FROM event WHERE event_id = %s RETURNING seq, prev_hash", (report.command_id,)
        ).fetchone()
        assert row is not None
        connection.execute(
            "UPDATE stream SET head = %s, head_hash = %s WHERE stream_id = %s",
            (row[0] - 1, row[1], desk.stream_id),
        )
        connection.execute("DELETE FROM entity WHERE collection = 'notes'")
    assert (await verify_log(desk.office.engine)).faults == ()
    [fault] = (await verify_log(desk.office.engine, known)).faults
    assert (fault.stream_id, fault.seq, fault.code) == (desk.stream_id, row[0], "tail_missing")


async def test_backups_go_onto_the_stick_on_a_schedule_and_by_a_button(desk: Desk, tmp_path: Path) -> None:
    """Every 30 minutes a verified file; the stick pulled out is told and remembered, and tried again."""
    stick = tmp_path / "stick"
    stick.mkdir()
    moment = desk.office.clock()
    desk.office.clock = lambda: moment
    made = Settings(data_dir=tmp_path, backup_dir=stick, backup_every_min=30)
    rounds = KeepingRounds(desk.office, made)
    for minutes, files in ((0, 1), (29, 1), (30, 2)):
        at = moment + timedelta(minutes=minutes)
        desk.office.clock = lambda at=at: at  # type: ignore[misc]
        await rounds.look()
        assert len(list(stick.iterdir())) == files
    assert all(verify(path).header.events for path in stick.iterdir())
    assert desk.stream_id in known_streams(tmp_path)
    shutil.rmtree(stick)
    with pytest.raises(Unavailable, match="backup_failed"):
        await rounds.back_up()
    record = read_record(tmp_path)
    assert record is not None
    assert (record["fault"], record["name"] is not None) == ("keeping-no-folder", True)
    with pytest.raises(Conflict, match="no_backup_folder"):
        await KeepingRounds(desk.office, Settings(data_dir=tmp_path)).back_up()


def known_files(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def known_streams(folder: Path) -> set[str]:
    return set(read_anchors(folder / "anchors.jsonl"))


@pytest.mark.parametrize(("locale", "words"), [("ru", "не копия этой системы"), ("en", "is no backup of")])
def test_the_command_says_in_one_sentence_that_a_file_is_no_backup(
    tmp_path: Path, locale: str, words: str
) -> None:
    """On something else: exit code 1, no traceback, the language of the terminal."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    command = [sys.executable, "-m", "web.cli", "restore", "--verify", str(file)]
    environment = {**os.environ, "LC_ALL": f"{locale}_XX.UTF-8", "SEARCH_OPS_DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


async def test_what_fails_keeps_nothing_else_waiting_and_is_tried_again_more_and_more_seldom(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terms that cannot be kept: the backup is written in time, the anchor too; each failure waits longer."""
    stick = tmp_path / "stick"
    stick.mkdir()
    moment = desk.office.clock()
    tries: list[int] = []
    rounds = KeepingRounds(desk.office, Settings(data_dir=tmp_path, backup_dir=stick, backup_every_min=30))
    minute = 0

    async def broken(_: object) -> None:
        tries.append(minute)
        raise ZeroDivisionError

    monkeypatch.setattr("search_ops.services.keeping_rounds.keep_terms", broken)
    for minute in range(32):
        desk.office.clock = lambda minute=minute: moment + timedelta(minutes=minute)  # type: ignore[misc]
        await rounds.look()
    assert len(list(stick.iterdir())) == 2
    assert desk.stream_id in known_streams(tmp_path)
    assert tries == [0, 1, 3, 7, 15, 31]


async def test_a_folder_on_the_disk_of_the_database_is_told_and_devices_give_up_nothing(
    desk: Desk, database: DatabaseUrls, tmp_path: Path
) -> None:
    """The stick is not mounted: the file is there, for its owner alone, and counts for nobody."""
    stick = tmp_path / "stick"
    stick.mkdir()
    abandoned = stick / "search-ops-20200101-000000.search-ops.unfinished"
    abandoned.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    others = stick / "search-ops-20200101-000000.search-ops"
    shutil.copy(make_backup(database.app_url, tmp_path, bytes(32), is_counted=False), others)
    moment = desk.office.clock()
    rounds = KeepingRounds(desk.office, Settings(data_dir=tmp_path, backup_dir=stick, backup_keep=2))
    for minutes in range(3):
        desk.office.clock = lambda minutes=minutes: moment + timedelta(minutes=minutes)  # type: ignore[misc]
        written = await rounds.back_up()
        assert written["is_same_disk"]
    assert backed_up(database.app_url) == {0}
    ours = sorted(path for path in stick.iterdir() if path != others)
    assert [path.name for path in ours][-1] == written["name"]
    assert len(ours) == 2
    assert {path.stat().st_mode & 0o777 for path in ours} == {0o600}
    assert others.exists()


async def test_a_backup_is_written_once_at_a_time_and_given_up_when_the_server_stops(
    desk: Desk, tmp_path: Path
) -> None:
    """A second press while one is written is refused; a stop leaves no file."""
    rounds = KeepingRounds(desk.office, Settings(data_dir=tmp_path, backup_dir=tmp_path))
    writing = asyncio.create_task(rounds.back_up())
    await asyncio.sleep(0)  # lets it take its turn: the second finds it at work
    with pytest.raises(Conflict, match="backup_running"):
        await rounds.back_up()
    first = await writing
    async with rounds:
        pass
    with pytest.raises(Unavailable):
        await rounds.back_up()
    assert [name for name in known_files(tmp_path) if name.startswith("search-ops-")] == [first["name"]]


def test_the_address_goes_to_the_programs_of_postgres_whole_or_not_at_all() -> None:
    """Certificates and modes go along: a program must not speak with another server than we do."""
    told = environment_of("postgresql://me:secret@db/search?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    assert (told["PGSSLMODE"], told["PGSSLROOTCERT"], told["PGPASSWORD"]) == (
        "verify-full",
        "/etc/ca.pem",
        "secret",
    )
    with pytest.raises(InstallationError) as refused:
        environment_of("postgresql://me@db/search?sslpassword=word")
    assert refused.value.facts == {"word": "sslpassword"}


def test_a_later_line_never_hides_an_earlier_anchor(tmp_path: Path) -> None:
    """A forger makes the chain anew and waits for the next anchor: both hashes are known, and once each."""
    moved = {"operation/1": {"head": 5, "hash": "aa"}, "operation/2": {"head": 3, "hash": "bb"}}
    for at in ("2026-08-23T06:00:00+00:00", "2026-08-23T07:00:00+00:00"):
        append_anchor(tmp_path, at, moved)
    path = tmp_path / "anchors.jsonl"
    assert len(path.read_bytes().splitlines()) == 1
    append_anchor(tmp_path, "2026-08-23T08:00:00+00:00", {**moved, "operation/1": {"head": 5, "hash": "cc"}})
    assert read_anchors(path) == {"operation/1": {5: {"aa", "cc"}}, "operation/2": {3: {"bb"}}}
    assert b"operation/2" not in path.read_bytes().splitlines()[1]
