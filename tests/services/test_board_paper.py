"""The sheet of all teams: who is where, until when, with phones; the most urgent first, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from search_ops.domain.principals import Place
from search_ops.services.board_paper import board_pdf
from search_ops.texts import text
from tests.paper.pdf_text import pages_of
from tests.services.conftest import REGION

if TYPE_CHECKING:
    from tests.services.conftest import Desk

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_teams_tasks_due_times_and_phones_stand_on_paper(gridded: Desk, language: str) -> None:
    """Two teams in the ground and one person beside them; the team that is due first stands first."""
    now = gridded.office.clock()
    await gridded.add("Анна", phone="+7 000 000-00-11")
    await gridded.add("Вера", phone="+7 000 000-00-12", state="available")
    later = await gridded.team("Лиса-1", "Борис")
    first = await gridded.team("Лиса-2", "Анна")
    sectors = list((await gridded.sectors()).values())
    for team_id, sector_id, hours in ((later, sectors[0], 3), (first, sectors[1], 1)):
        due_at = now + timedelta(hours=hours)
        task_id = await gridded.give(team_id, sector_id, due_at=due_at, contact_every_min=60)
        await gridded.move(task_id, "briefed", "out")
    place = Place("operation", gridded.operation_id, region=REGION)
    name, pdf = await board_pdf(gridded.office, gridded.me, place, language, now)
    [page] = pages_of(pdf)
    assert name.endswith(f"{gridded.number}.pdf")
    assert page.index("Лиса-2") < page.index("Лиса-1")
    for words in ("+7 000 000-00-11", "+7 000 000-00-12", "Вера", text(language, "board-paper-task-out")):
        assert words in page
    assert text(language, "board-paper-others") in page
