"""The private cluster: made, started, closed to strangers, killed and found again."""

import os
import shutil
import signal
import stat
from collections import namedtuple
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_databases import make_roles, superuser_connection
from search_ops.persistence.cluster_place import find_binaries, own_folder
from search_ops.persistence.embedded import APP, SUPERUSER, Cluster, DatabaseUrls
from search_ops.persistence.secret_files import loose_secrets
from tests.house.installation import eventually

FOREIGN_PASSWORD = "guessed"


def test_fresh_database_has_postgis_and_belongs_to_the_owner_role(database: DatabaseUrls) -> None:
    """A test's database is ours to migrate, and PostGIS is there already."""
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute("SELECT current_user, postgis_lib_version()").fetchone()
    assert row is not None
    assert row[0] == "search_ops_owner"
    assert row[1] >= "3"


async def test_engine_works_in_the_role_of_the_application(engine: AsyncEngine) -> None:
    """The shared engine speaks as the application, and Cyrillic has upper and lower case."""
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT current_user"))).scalar_one() == APP
        assert (await connection.execute(text("SELECT lower('ЛИСА')"))).scalar_one() == "лиса"


def test_cluster_is_durable_and_never_on_tcp(data_dir: Path) -> None:
    """A real cluster writes through to the disk, keeps checksums, and listens on its socket alone."""
    with Cluster(data_dir) as cluster, superuser_connection(cluster) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "full_page_writes", "data_checksums", "listen_addresses", "server_encoding")
        }
    assert shown == {
        "fsync": ("on",),
        "full_page_writes": ("on",),
        "data_checksums": ("on",),
        "listen_addresses": ("",),
        "server_encoding": ("UTF8",),
    }


def test_every_role_needs_its_password(cluster: Cluster) -> None:
    """No role, the superuser included, is let in on trust; the socket's folder is closed to others too."""
    for role in (SUPERUSER, APP):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                f"postgresql://{role}:{FOREIGN_PASSWORD}@/postgres?host={cluster.place.socket_dir}"
            )
    assert stat.S_IMODE(cluster.place.socket_dir.stat().st_mode) == 0o700
    assert loose_secrets(cluster.secrets_dir) == []


def test_committed_data_survive_a_killed_server(data_dir: Path) -> None:
    """After kill -9 of the server, the next start of another process object finds what was committed."""
    first = Cluster(data_dir)
    first.start()
    with superuser_connection(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    pid = first.postmaster.running_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert first.postmaster.child is not None
    first.postmaster.child.wait()
    with Cluster(data_dir) as second, superuser_connection(second) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_server_left_by_a_killed_parent_gives_way(data_dir: Path) -> None:
    """A server that still runs from a former parent is stopped in order before the new one starts."""
    first = Cluster(data_dir, durable=False)
    first.start()
    left = first.postmaster.running_pid()
    with Cluster(data_dir, durable=False) as second:
        assert second.postmaster.running_pid() not in {None, left}
    assert first.postmaster.child is not None
    assert first.postmaster.child.wait(5) == 0


def test_stale_lock_file_with_a_foreign_process_number_is_cleared(data_dir: Path) -> None:
    """A lock file that names a process which is not ours (numbers are reused) does not stop the start."""
    with Cluster(data_dir, durable=False) as cluster:
        pid_file = cluster.place.data / "postmaster.pid"
        lines = pid_file.read_text(encoding="utf-8").splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n", encoding="utf-8")
    again = Cluster(data_dir, durable=False)
    assert not again.is_running()
    with again:
        assert again.is_running()


def test_long_path_gets_a_short_private_socket_folder(data_dir: Path) -> None:
    """A data directory too deep for a socket path of 107 bytes still works, in a folder that is ours."""
    deep = data_dir / ("очень-длинное-имя-" * 3) / ("folder-" * 8)
    cluster = Cluster(deep, durable=False)
    assert len(os.fsencode(cluster.place.socket_dir / ".s.PGSQL.5432")) <= 107
    try:
        with cluster:
            make_roles(cluster)
        assert stat.S_IMODE(cluster.place.socket_dir.stat().st_mode) == 0o700
    finally:
        cluster.destroy()


@pytest.mark.skipif(os.getuid() != 0, reason="only root steps down")
def test_root_puts_the_cluster_where_its_user_can_go(data_dir: Path) -> None:
    """Under a folder closed to others, the cluster goes to /var/lib, and stays there once chosen."""
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "data", durable=False)
    try:
        assert cluster.place.home.is_relative_to("/var/lib/search-ops")
        with cluster:
            assert cluster.user is not None
            assert cluster.place.data.stat().st_uid == cluster.user.uid
        closed.chmod(0o755)
        assert Cluster(closed / "data").place == cluster.place
    finally:
        cluster.destroy()


def _fake_postgres(folder: Path, major: int, *, postgis: bool) -> None:
    programs = folder / "lib" / str(major) / "bin"
    programs.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (programs / name).touch()
    if postgis:
        extension = folder / "share" / str(major) / "extension"
        extension.mkdir(parents=True)
        (extension / "postgis.control").touch()


@pytest.mark.parametrize(
    ("installed", "made_by", "key"),
    [
        ([], None, "house-postgres-missing"),
        ([(13, True)], None, "house-postgres-old"),
        ([(15, False)], None, "house-postgis-missing"),
        ([(17, True)], 15, "house-postgres-other-version"),
    ],
)
def test_unusable_postgres_is_named(
    tmp_path: Path, installed: list[tuple[int, bool]], made_by: int | None, key: str
) -> None:
    """Missing, old, without PostGIS, of another version than the data: each has a sentence of its own."""
    for major, postgis in installed:
        _fake_postgres(tmp_path, major, postgis=postgis)
    with pytest.raises(InstallationError) as caught:
        find_binaries(made_by, programs=tmp_path / "lib", share=tmp_path / "share")
    assert caught.value.key == key
    assert "\n" not in caught.value.sentence("ru")


def test_newest_postgres_with_postgis_is_taken(tmp_path: Path) -> None:
    """Of several versions the newest that has PostGIS serves."""
    for major, postgis in ((15, True), (16, True), (17, False)):
        _fake_postgres(tmp_path, major, postgis=postgis)
    assert find_binaries(programs=tmp_path / "lib", share=tmp_path / "share").major == 16


def test_full_disk_is_one_sentence(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room is named with what is left, before anything is written."""
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - the shape that shutil returns
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**40, 2**40, 3 * 2**20))
    with pytest.raises(InstallationError, match="3 MiB left") as caught:
        Cluster(data_dir).start()
    assert caught.value.key == "house-disk-full"


def test_prepared_socket_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    """A link put where our socket folder would be is not followed."""
    trap = tmp_path / "trap"
    trap.symlink_to(tmp_path)
    with pytest.raises(InstallationError) as caught:
        own_folder(trap, None)
    assert caught.value.key == "house-folder-foreign"


def test_half_made_cluster_does_not_count(data_dir: Path) -> None:
    """An initdb that was cut off leaves nothing that a later start would take for a cluster."""
    cluster = Cluster(data_dir, durable=False)
    half = cluster.place.home / "postgres.unfinished-00000000"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n", encoding="ascii")
    with cluster:
        eventually(cluster.is_running, "the server runs")
    assert not half.exists()
