"""Folders for clusters that the database's user can enter, and an installation to start and kill."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_ops.persistence.embedded import Cluster
from tests.house.installation import Installation


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="search-ops-test-"))
    folder.chmod(0o755)  # as root, the database's user must come through; pytest's own folders are 0700
    return folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Return an empty data directory; a cluster that was made in it is destroyed afterwards."""
    folder = _folder()
    yield folder
    if (folder / "cluster.json").exists():
        Cluster(folder).destroy()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def installed_data_dir() -> Iterator[Path]:
    folder = _folder()
    yield folder
    Cluster(folder).destroy()
    shutil.rmtree(folder)


@pytest.fixture
def installation(installed_data_dir: Path) -> Iterator[Installation]:
    """Return an installation that is not running; later tests find its database made already."""
    made = Installation(installed_data_dir)
    made.output.unlink(missing_ok=True)
    yield made
    made.stop()
