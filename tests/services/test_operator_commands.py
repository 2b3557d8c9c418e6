"""`search-ops export`, `import pack` and `grid-defaults` as an operator runs them: codes, words, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pyogrio
import pytest
from uuid_utils.compat import uuid7

from search_ops.importing.pack_tables import MANIFEST
from search_ops.importing.tracks import read_contents
from search_ops.persistence.cluster_databases import make_database
from tests.conftest import TEMPLATE
from tests.services.conftest import REGION
from tests.services.test_sector_ground import ground

if TYPE_CHECKING:
    from pathlib import Path

    from search_ops.persistence.embedded import Cluster, DatabaseUrls
    from tests.services.conftest import Desk


@dataclass(frozen=True)
class Operator:
    """Somebody at the terminal of an installation whose database is elsewhere."""

    data_dir: Path

    def run(
        self, urls: DatabaseUrls, *words: object, language: str = "ru_RU.UTF-8"
    ) -> subprocess.CompletedProcess[str]:
        """Run ``search-ops WORDS`` and return what it said."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SEARCH_OPS_")}
        return subprocess.run(
            [sys.executable, "-m", "web.cli", *map(str, words)],
            env={
                **kept,
                "LC_ALL": language,
                "SEARCH_OPS_DATA_DIR": str(self.data_dir),
                "SEARCH_OPS_DATABASE_URL": urls.app_url,
                "SEARCH_OPS_DATABASE_OWNER_URL": urls.owner_url,
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Return an operator whose installation has the key of the tests' office."""
    secrets = tmp_path / "data" / "secrets"
    secrets.mkdir(parents=True, mode=0o700)
    (secrets / "kek").write_text(bytes(range(32)).hex() + "\n", encoding="ascii")
    (secrets / "kek").chmod(0o600)
    return Operator(tmp_path / "data")


async def test_a_pack_of_a_search_travels(
    gridded: Desk, database: DatabaseUrls, cluster: Cluster, operator: Operator, tmp_path: Path
) -> None:
    """`export pack --operation` takes the ground round the area; `import pack` has it elsewhere."""
    inside, outside = (104.005, 52.005, 104.01, 52.01), (104.9, 52.9, 104.95, 52.95)
    areas = [("forest", inside), ("scrub", outside)]
    await ground(database, areas, [("road", "LINESTRING(104 52, 104.01 52)")])
    path = tmp_path / "район.pack"
    done = operator.run(database, "export", "pack", path, "--operation", gridded.operation_id)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert "район.pack" in done.stdout
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    west, south, east, north = manifest["bbox"]
    assert (west < 104.0, 104.02 < east < 104.3) == (True, True)
    assert (south < 52.0, 52.02 < north < 52.2) == (True, True)
    rows = {member["table"]: member["rows"] for member in manifest["members"]}
    assert (rows["ground_area"], rows["ground_line"]) == (1, 1)
    name = f"pack_{uuid7().hex}"
    make_database(cluster, name, template=TEMPLATE)
    there = cluster.urls(name)
    taken = operator.run(there, "import", "pack", path, language="en_US.UTF-8")
    assert taken.returncode == 0, taken
    with psycopg.connect(there.app_url) as connection:
        assert connection.execute("SELECT class FROM ground_area").fetchall() == [("forest",)]
    unknown = operator.run(database, "export", "pack", tmp_path / "b.pack", "--operation", uuid7())
    assert unknown.returncode == 1
    assert unknown.stdout.strip()
    assert "Traceback" not in unknown.stdout + unknown.stderr
    assert not (tmp_path / "b.pack").exists()


async def test_files_of_a_search_are_written(
    gridded: Desk, database: DatabaseUrls, operator: Operator, tmp_path: Path
) -> None:
    """`export files` writes every format with a line for each; of a team only what was asked for."""
    team_id = await gridded.team("Лиса-12", "Анна")
    await gridded.give(team_id, (await gridded.sectors())["B2"])
    folder = tmp_path / "все"
    done = operator.run(database, "export", "files", gridded.number, folder)
    assert done.returncode == 0, done
    files = {path.suffix: path for path in folder.iterdir()}
    assert set(files) == {".gpx", ".kml", ".plt", ".wpt", ".gpkg", ".geojson"}
    assert all(path.name in done.stdout for path in files.values())
    assert "байт" in done.stdout
    assert "sectors" in pyogrio.list_layers(files[".gpkg"])[:, 0]
    assert len(read_contents(files[".gpx"].read_bytes(), "a.gpx").tracks) == len(await gridded.sectors())
    own = tmp_path / "own"
    words = ("--team", "лиса-12", "--format", "gpx", "--format", "plt")
    done = operator.run(database, "export", "files", gridded.number, own, *words, language="en_US.UTF-8")
    assert done.returncode == 0, done
    assert {path.name.rpartition("_")[2] for path in own.iterdir()} == {"Лиса-12.gpx", "Лиса-12.plt"}
    assert done.stdout.count("bytes") == 2
    wrong = operator.run(database, "export", "files", "2026-38-9999", own)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.strip()
    assert "Traceback" not in wrong.stderr


def test_a_region_gets_its_grid(database: DatabaseUrls, operator: Operator, tmp_path: Path) -> None:
    """`grid-defaults` sets from a file, shows without one, and names what it does not take."""
    path = tmp_path / "grid.json"
    path.write_text('{"cell_m": 500, "letters": "cyrillic", "skipped": "ЁЗЙОЧЪЫЬ"}', encoding="utf-8")
    done = operator.run(database, "grid-defaults", REGION, path)
    assert done.returncode == 0, done
    shown = operator.run(database, "grid-defaults", REGION)
    assert json.loads(shown.stdout) == {"cell_m": 500.0, "letters": "cyrillic", "skipped": "ЁЗЙОЧЪЫЬ"}
    path.write_text('{"cell": 500}', encoding="utf-8")
    wrong = operator.run(database, "grid-defaults", REGION, path)
    assert (wrong.returncode, wrong.stderr.strip()) == (1, "Настройки сетки не приняты: cell")
    missing = operator.run(database, "grid-defaults", REGION, tmp_path / "none.json", language="en_US.UTF-8")
    assert missing.returncode == 1
    assert "none.json" in missing.stderr
