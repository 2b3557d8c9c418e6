"""The supervisor: ready file, refusals, revived children, an orderly stop, recovery after kill -9."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time

import psutil
import psycopg

from search_ops.persistence.embedded import APP, DATABASE, Cluster
from tests.house.installation import Installation, eventually

STOP_LIMIT_S = 10


def test_ready_file_tells_a_program_where_everything_is(installation: Installation) -> None:
    """Once everything answers, the ready file has the agreed keys and only we may read it."""
    ready = installation.start()
    assert set(ready) == {"url", "stream_url", "users", "operation_id", "join_code"}
    assert ready["url"] == f"http://127.0.0.1:{installation.port}"
    assert ready["stream_url"] == f"ws://127.0.0.1:{installation.port + 1}/stream"
    assert stat.S_IMODE(installation.ready_file.stat().st_mode) == 0o600
    with socket.create_connection(("127.0.0.1", installation.port + 1)):
        pass


def test_each_server_gets_the_address_of_its_own_role_only(installation: Installation) -> None:
    """No child knows the owner's password, and the stream does not know the application's."""
    installation.start()
    seen = {}
    for name in ("api", "stream", "worker"):
        child = installation.child(name)
        assert child is not None
        seen[name] = child.environ()
    assert "search_ops_stream:" in seen["stream"]["STAND_IN_HAS"]
    assert not any("search_ops_owner" in value for each in seen.values() for value in each.values())


def test_second_instance_names_the_first_and_leaves_it_alone(installation: Installation) -> None:
    """Two supervisors never work on one data directory: the later one names the other's process number."""
    installation.start()
    first = installation.process
    assert first is not None
    second = installation.launch()
    installation.process = first
    assert second.wait(10) == 1
    assert f"process {first.pid}" in installation.said()
    assert installation.ready_file.exists()


def test_killed_child_is_revived_and_said_so(installation: Installation) -> None:
    """A server that dies is started again by itself, and the terminal says which and why."""
    installation.start()
    worker = installation.child("worker")
    assert worker is not None
    worker.kill()
    eventually(
        lambda: (now := installation.child("worker")) is not None and now.pid != worker.pid, "a new worker"
    )
    assert "The process worker stopped (cause: SIGKILL)" in installation.said()


def test_killed_database_is_revived(installation: Installation) -> None:
    """A database killed under the servers comes back with what was committed."""
    installation.start()
    first = installation.postmaster().pid
    os.kill(first, signal.SIGKILL)
    eventually(lambda: Cluster(installation.data_dir).is_running(), "a new database")
    eventually(lambda: _answers(installation), "the new database answers")
    assert installation.postmaster().pid != first
    assert "The database stopped" in installation.said()


def test_ctrl_c_stops_everything_in_time(installation: Installation) -> None:
    """After Ctrl-C nothing of ours runs, the ready file is gone, and the exit code says all is well."""
    installation.start()
    started = installation.children()
    assert installation.process is not None
    begin = time.monotonic()
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(STOP_LIMIT_S) == 0
    assert time.monotonic() - begin < STOP_LIMIT_S
    assert not [child for child in started if child.is_running()]
    assert not installation.ready_file.exists()


def test_start_after_kill_9_recovers(installation: Installation) -> None:
    """Killed with -9, the supervisor takes its children along, and the next start works."""
    installation.start()
    orphans = installation.children()
    assert installation.process is not None
    installation.process.kill()
    installation.process.wait()
    installation.ready_file.unlink()
    installation.start()
    _, alive = psutil.wait_procs(orphans, timeout=5)
    assert not alive


def test_port_in_use_is_one_sentence(installation: Installation) -> None:
    """A taken port is named together with the variable that moves it, and nothing is started."""
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", installation.port + 1))
        guest.listen()
        assert installation.launch().wait(15) == 1
    said = installation.said().strip().splitlines()
    port = installation.port + 1
    assert said == [
        f"Port {port} is in use by another program: free it or set another one in SEARCH_OPS_STREAM_PORT."
    ]
    assert not Cluster(installation.data_dir).is_running()


def test_data_dir_that_cannot_be_written_is_one_sentence(installation: Installation) -> None:
    """A data directory that cannot be made is named; no traceback reaches the operator."""
    blocked = installation.data_dir / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "web.cli", "serve", "all"],
        env={**installation.environment(), "SEARCH_OPS_DATA_DIR": str(blocked / "sub")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert str(blocked / "sub") in answer.stderr


def _answers(installation: Installation) -> bool:
    try:
        with psycopg.connect(Cluster(installation.data_dir).url(APP, DATABASE)) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
