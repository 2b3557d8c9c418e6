"""The description of the interface against the interface: cases made from it, as several kinds of people."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from search_ops.domain.principals import OrganisationKind, Role
from tests.factories import office_on
from tests.web.conftest import serve
from tests.web.world import World, build_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.web.conftest import Served

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,missing_required_header,unsupported_method,ignored_auth"
)


class _Impatient:
    """A waiting room that nobody stays in: made-up cases would else wait half of their time."""

    async def beyond(self, stream_id: str, after: int, wait_s: float) -> None:
        """Return at once."""


@pytest.fixture(scope="module")
def guinea_pig(new_database: Callable[[], DatabaseUrls], data_dir: Path) -> Iterator[tuple[Served, World]]:
    """Return an installation of its own: the cases close searches and disband teams."""
    database = new_database()

    async def populate() -> World:
        async with office_on(database) as office:
            return await build_world(office)

    world = asyncio.run(populate())
    with serve(database, data_dir) as served:
        served.app.state.watch = _Impatient()
        yield served, world


def _run(
    served: Served, world: World, folder: Path, role: Role, *, phases: str, examples: int, most_s: int
) -> str:
    """Run schemathesis as somebody; return what it found, or an empty text."""
    description = folder / "openapi.json"
    description.write_text(json.dumps(served.app.openapi()), encoding="utf-8")
    places = {
        "operation_id": world.home.operation_id,
        "case_id": world.home.case_id,
        "organisation_id": world.organisations[OrganisationKind.SQUAD],
        "subject_id": world.home.subject_id,
        "team_id": world.team_id,
        "task_id": world.task_id,
        "participant_id": world.bystander.participant_id,
    }
    lines = [f'"path.{name}" = "{value}"' for name, value in places.items()]
    (folder / "schemathesis.toml").write_text("\n".join(["[parameters]", *lines, ""]), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(folder / "schemathesis.toml")),
        *("run", str(description), "--url", served.url),
        *("-H", f"Authorization: Bearer {world.token(role)}"),
        *("--checks", CHECKS, "--phases", phases, "--max-examples", str(examples)),
        *("--workers", "2", "--seed", "20260823", "--generation-database", "none", "--no-shrink"),
        *("--exclude-operation-id-regex", "delete_session", "--no-color"),
        *("--request-timeout", "20", "--suppress-health-check", "all", "--warnings", "off"),
        *("--continue-on-failure", "--max-time", str(most_s)),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280, check=False)
    # The generator may give up on a shape it cannot fill in time; what counts is what the interface did.
    tried = re.search(r"Tested: [1-9]", done.stdout) is not None
    good = tried and "FAILURES" not in done.stdout and "Network" not in done.stdout
    return "" if good else done.stdout[:12_000] + done.stderr[-2_000:]


@pytest.mark.timeout(300)
def test_the_description_holds_for_a_coordinator(guinea_pig: tuple[Served, World], tmp_path: Path) -> None:
    """Every route, tried at every boundary of its description, answers as described and never with 5xx."""
    found = _run(*guinea_pig, tmp_path, Role.COORDINATOR, phases="coverage,fuzzing", examples=5, most_s=25)
    assert found == ""


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.POLICE, Role.EMERGENCY])
def test_the_description_holds_for_others(
    guinea_pig: tuple[Served, World], tmp_path: Path, role: Role
) -> None:
    """As others, who are mostly refused, the routes answer as described too."""
    found = _run(*guinea_pig, tmp_path, role, phases="fuzzing", examples=3, most_s=4)
    assert found == ""
