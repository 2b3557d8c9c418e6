"""The script `run` on a machine that lacks packages: which it names, and the line that it asks for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = "basename bash cat cut dirname echo env getent grep mkdir sed sh sort tail tee true xargs"
PACKAGES = "python3-venv postgresql-15 postgresql-15-postgis-3"


class Machine:
    """A folder that stands for a machine: its programs, and `run` told that the rest of it lies there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.programs.mkdir()
        for name in TOOLS.split():
            found = shutil.which(name)
            assert found, name
            (self.programs / name).symlink_to(found)
        self.program("id", "echo 1000")
        self.program("apt-get", "exit 1")
        self.program("python3.11", f'case "$*" in *ensurepip*) exit 1 ;; esac; exec {sys.executable} "$@"')
        self.config = folder / "etc" / "createcluster.conf"
        script = (ROOT / "run").read_text(encoding="utf-8")
        for there, here in (
            ("/usr/lib/postgresql", f"{folder}/postgresql"),
            ("/etc/postgresql-common", str(self.config.parent)),
            ("/etc/os-release", f"{folder}/os-release"),
            ("/usr/lib/*/libatomic", f"{folder}/*/libatomic"),
            ("/usr/share/fonts", f"{folder}/fonts"),
        ):
            assert there in script
            script = script.replace(there, here)
        (folder / "run").write_text(script, encoding="utf-8")
        (folder / "os-release").write_text("ID=debian\nVERSION_ID=12\n", encoding="ascii")

    def program(self, name: str, body: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="ascii")
        path.chmod(0o755)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command or ("bash", str(self.folder / "run")),
            env={
                "PATH": str(self.programs),
                "HOME": str(self.folder),
                "LC_MESSAGES": "en",
                **environment,
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=30,
        )

    def apt_get(self) -> list[str]:
        return (self.folder / "apt-get.said").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _asked(answer: subprocess.CompletedProcess[str], opening: str) -> str:
    assert answer.returncode == 1
    line = answer.stderr.strip()
    assert "\n" not in line
    assert line.startswith(opening)
    return line.removeprefix(opening)


def _install(machine: Machine, line: str) -> None:
    """Run the line as `sh -c` does, and see that it does all of it."""
    machine.program("apt-get", f'echo "$DEBIAN_FRONTEND $@" >>{machine.folder}/apt-get.said')
    done = machine.run("sh", "-c", line)
    assert done.returncode == 0, done.stderr
    assert machine.config.read_text(encoding="ascii") == "create_main_cluster = false\n"
    update, install = machine.apt_get()
    assert update == " update"
    assert install.startswith("noninteractive ")  # or apt asks about the setting that the line has written
    assert install.endswith(PACKAGES)


def test_without_sudo_the_line_is_for_root(machine: Machine) -> None:
    """Where there is no sudo, the line that is asked for does without it and works as printed."""
    answer = machine.run()
    assert answer.stdout.strip() == f"Missing packages: {PACKAGES}"
    line = _asked(answer, "Run this as root, then ./run again: ")
    assert "sudo " not in line
    _install(machine, line)


def test_sudo_with_a_password_gets_one_line(machine: Machine) -> None:
    """Where sudo would ask for a password, one line with one sudo is asked for."""
    machine.program("sudo", '[ "$1" != -n ] || exit 1; exec "$@"')
    line = _asked(machine.run(), "Run this, then ./run again: ")
    assert line.startswith("sudo sh -c ")
    _install(machine, line)


def test_failing_apt_shows_its_reason(machine: Machine) -> None:
    """With sudo at hand the packages are installed; what apt-get complains of is on the screen."""
    machine.program("sudo", '[ "$1" != -n ] || shift; exec "$@"')
    machine.program("apt-get", 'echo "E: Could not resolve" >&2; exit 100')
    answer = machine.run()
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [
        "E: Could not resolve",
        f"The packages could not be installed ({PACKAGES}); the reason is above and in .run/apt.log",
    ]


def test_browser_tests_need_the_browser_its_driver_and_letters(machine: Machine) -> None:
    """`./run test` brings Chromium, the library that its driver links to, and Cyrillic letters."""
    answer = machine.run("bash", str(machine.folder / "run"), "test")
    expected = f"Missing packages: {PACKAGES} chromium libatomic1 fonts-dejavu-core"
    assert answer.stdout.strip() == expected


def test_server_of_the_operators_own_needs_no_postgresql_here(machine: Machine) -> None:
    """With SEARCH_OPS_DATABASE_URL set, nothing asks for a PostgreSQL on this machine."""
    answer = machine.run(SEARCH_OPS_DATABASE_URL="postgresql://app@db/search")
    assert answer.stdout.strip() == "Missing packages: python3-venv"


def test_old_postgresql_does_not_count(machine: Machine) -> None:
    """PostgreSQL 13 is there and does not serve: this is said, and the newer one is asked for."""
    programs = machine.folder / "postgresql" / "13" / "bin"
    programs.mkdir(parents=True)
    (programs / "initdb").touch(mode=0o755)
    assert machine.run().stdout.splitlines() == [
        f"Missing packages: {PACKAGES}",
        "PostgreSQL 13 is here, but 15 or newer is needed; the old one stays as it is.",
    ]


def test_russian_is_what_a_bare_machine_hears(machine: Machine) -> None:
    """Without any locale set, as in a container, the words are Russian."""
    answer = machine.run(LC_MESSAGES="")
    assert answer.stdout.startswith("Не хватает пакетов: ")
    assert answer.stderr.startswith("Выполните от root и запустите ./run снова: ")
