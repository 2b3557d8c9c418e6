"""Paper over HTTP: types, names, and what each person gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.importing.tracks import read_contents
from tests.paper.pdf_text import pages_of

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World

pytestmark = pytest.mark.postgres


def test_a_sheet_is_a_pdf_with_a_name(served: Served, world: World) -> None:
    """The desk gets a PDF whose name is the date and the callsign; an unknown task is not there."""
    base = f"/api/operations/{world.home.operation_id}/tasks"
    answer = served.ask("GET", f"{base}/{world.task_id}/sheet.pdf?lang=en", world.token(Role.RADIO))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''20")
    assert "Task sheet" in pages_of(answer.content)[0]
    missing = served.ask("GET", f"{base}/{uuid7()}/sheet.pdf", world.token(Role.RADIO))
    assert missing.status_code == 404


def test_a_file_for_navigators(served: Served, world: World) -> None:
    """GPX of the search with its own media type; a format that we do not write is a 422."""
    base = f"/api/operations/{world.home.operation_id}/exports"
    answer = served.ask("GET", f"{base}/gpx", world.token(Role.COORDINATOR))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/gpx+xml"
    assert len(read_contents(answer.content, "a.gpx").tracks) > 0
    assert served.ask("GET", f"{base}/dwg", world.token(Role.COORDINATOR)).status_code == 422
    assert (
        served.ask("GET", f"{base}/gpx?team_id={uuid7()}", world.token(Role.COORDINATOR)).status_code == 404
    )


def test_the_declination_of_a_place(served: Served, world: World) -> None:
    """Anybody signed in learns where the needle points, with model and year; nonsense is a 422."""
    answer = served.ask("GET", "/api/declination?lon=37.6&lat=55.75", world.token(Role.VOLUNTEER))
    told = answer.json()
    assert (told["model"], round(told["degrees"])) == ("WMM-2025", 12)
    assert served.ask("GET", "/api/declination?lon=37.6&lat=95", world.token(Role.RADIO)).status_code == 422
