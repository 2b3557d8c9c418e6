"""The layout of the house: layers, sizes, names, lock files."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE_LINES = 400
LOCK, BASELINES = "requirements.lock", "tests/benchmarks/requirements.lock"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
PACKAGES = ("search_ops", "geo", "dispatch", "web", "tests", "bench")
INDEX_ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links")


def _modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            parts = set(path.relative_to(ROOT).parts)
            if path.suffix in {".py", ".ts", ".svelte"} and not parts & {"node_modules", "static"}:
                yield path


def test_import_contracts_hold() -> None:
    """``web`` -> ``search_ops`` -> ``geo`` or ``dispatch``, and the other arrows of pyproject.toml."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint_imports], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_modules_stay_short() -> None:
    """No module grows past 400 lines: it is split by intent before."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE_LINES
    }
    assert long == {}


def test_names_say_what_is_inside() -> None:
    """No module or folder is called after nothing."""
    assert [str(path) for path in _modules() if VAGUE_NAMES & {path.stem.lower(), path.parent.name}] == []


@pytest.mark.parametrize(("name", "least"), [(LOCK, 50), (BASELINES, 10)])
def test_requirements_are_hashed_and_name_no_index(name: str, least: int) -> None:
    """Every requirement is pinned with hashes, and no address of an index stands in the locks."""
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert not INDEX_ADDRESS.search(lock)
    requirements = [block for block in re.split(r"\n(?=\S)", lock) if block and not block.startswith("#")]
    assert len(requirements) > least
    assert all("==" in block and "--hash=sha256:" in block for block in requirements)


def _locked(name: str) -> list[str]:
    lock = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==", lock, re.MULTILINE)


def _as_one(names: Iterable[str]) -> set[str]:
    """Return names as the index compares them."""
    return {re.sub(r"[_.]", "-", name.lower()) for name in names}


def test_every_declared_dependency_is_locked() -> None:
    """A dependency added to pyproject.toml is locked; what only measurements need is in their lock alone."""
    import tomllib  # noqa: PLC0415 - this test alone reads TOML

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    for name, declared in (
        (LOCK, [*project["project"]["dependencies"], *groups["dev"], *groups["build"]]),
        (BASELINES, groups["bench"]),
    ):
        wanted = {re.split(r"[\[<>=!~; ]", each)[0].lower() for each in declared}
        assert _as_one(wanted) <= _as_one(_locked(name)), name
    assert not _as_one(groups["bench"]) & _as_one(_locked(LOCK))


@pytest.mark.parametrize("name", ["package-lock.json", ".npmrc"])
def test_npm_lock_names_no_registry(name: str) -> None:
    """The lock of the pages holds no addresses either."""
    path = ROOT / "web" / "ui" / name
    resolved = re.findall(r'"resolved": "([^"]+)"', path.read_text(encoding="utf-8"))
    assert resolved == []


def test_ci_runs_the_command_of_the_readme() -> None:
    """CI runs what the README tells people to run."""
    assert "./run test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("exec ./run test")
