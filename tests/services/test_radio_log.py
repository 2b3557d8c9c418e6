"""The radio log: nothing lost, nothing overwritten, places of the words, paper at its own time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import process_time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.radio_wishes import RadioEntryWish
from search_ops.errors import BadInput, NotKnown
from search_ops.persistence.tables import event, last_position
from search_ops.services.radio_log import log_radio, place_in
from tests.services.radio_story import corrected, heard

if TYPE_CHECKING:
    from tests.services.conftest import Desk

pytestmark = pytest.mark.postgres

HERE = (104.0, 52.0)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Стоим на 52.0101 104.0202 у ручья, двое устали", (104.0202, 52.0101)),
        ("104,0202; 52,0101", (104.0202, 52.0101)),
        ("точка С52 00.606 В104 01.212", (104.0202, 52.0101)),
        ("N52 00.606 E104 01.212 приём", (104.0202, 52.0101)),
        ("52°00'36.4\" 104°01'12.7\"", (104.020194, 52.010111)),
        ("нас 3, будем через 20 минут", None),
        ("частота 433.175 446.006", None),
        ("вышли в 14.05, вернёмся в 18.30", None),
        ("Лиса-12 на месте", None),
    ],
)
def test_only_what_is_a_place_becomes_a_pin(words: str, place: tuple[float, float] | None) -> None:
    """Numbers of people, times and frequencies stay words."""
    found = place_in(words, HERE)
    assert (found is None) == (place is None)
    if found is not None and place is not None:
        assert (found["lon"], found["lat"]) == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize("blank", [" ", "\n", "1", ",", "55.123 ", "55°"])
def test_a_page_of_blanks_does_not_keep_the_server_waiting(blank: str) -> None:
    """The longest text there is, of what a place is made of: 0.8 s once, now next to nothing."""
    begun_s = process_time()
    place_in("55.123" + (blank * 4000)[:3990], HERE)
    assert process_time() - begun_s < 0.1


async def entries(desk: Desk) -> list[dict[str, Any]]:
    return list((await desk.state())["radio_log"].values())


async def test_a_call_is_written_once_with_its_place_and_the_team_moves_on_the_map(gridded: Desk) -> None:
    """Sent twice it is one entry; its coordinates are its place and the newest of the leader."""
    team_id = await gridded.team("Лиса-1", "Анна")
    wish = RadioEntryWish(
        command_id=uuid7(),
        at=gridded.office.clock(),
        caller="Лиса-1",
        team_id=team_id,
        relay="Лиса-2",
        category="position",
        text="Вышли к ЛЭП, 52.0101 104.0102",
    )
    first = await log_radio(gridded.office, gridded.me, gridded.operation_id, wish)
    assert await log_radio(gridded.office, gridded.me, gridded.operation_id, wish) == first
    [entry] = await entries(gridded)
    assert (entry["relay"], entry["position"]) == ("Лиса-2", {"lon": 104.0102, "lat": 52.0101})
    async with gridded.office.engine.connect() as connection:
        who = (await connection.execute(select(last_position.c.participant_id))).scalar_one()
    assert who == gridded.people["Анна"]


async def test_several_operators_at_once_lose_nothing(desk: Desk) -> None:
    """Three write twelve calls at the same moment: each is in the log, in one order without holes."""
    await asyncio.gather(*(heard(desk, "task", f"Сообщение {number}") for number in range(12)))
    assert {entry["text"] for entry in await entries(desk)} == {f"Сообщение {number}" for number in range(12)}
    async with desk.office.engine.connect() as connection:
        query = select(event.c.seq).where(event.c.stream_id == desk.stream_id).order_by(event.c.seq)
        numbers = list((await connection.execute(query)).scalars())
    assert numbers == list(range(1, len(numbers) + 1))


async def test_what_was_said_becomes_the_report_it_is(desk: Desk) -> None:
    """All well resets the team's contact, a clue is a clue, a find is a find to be checked."""
    team_id = await desk.team("Лиса-1", "Анна")
    await heard(desk, "welfare", "Всё хорошо", team_id=team_id)
    await heard(desk, "clue", "Корзина, 52.0101 104.0102", team_id=team_id)
    await heard(desk, "subject_located", "Видим человека", team_id=team_id)
    await heard(desk, "logistics", "Нужна вода", team_id=team_id)
    state = await desk.state()
    assert state["teams"][str(team_id)]["last_word"] == "all_well"
    assert [clue["position"] for clue in state["clues"].values()] == [{"lon": 104.0102, "lat": 52.0101}]
    assert [find["condition"] for find in state["finds"].values()] == ["needs_checking"]
    assert len(state["radio_log"]) == 4


async def test_a_find_and_a_clue_of_somebody_who_is_on_no_roster_are_reports_too(desk: Desk) -> None:
    """A mushroom picker on our channel: the band rings, with his name as heard; «all well» is a line."""
    await heard(desk, "subject_located", "Видим человека", caller="Грибник")
    await heard(desk, "clue", "Корзина, 52.0101 104.0102", caller="Грибник")
    await heard(desk, "welfare", "Всё хорошо", caller="Грибник")
    state = await desk.state()
    [find] = state["finds"].values()
    assert (find["condition"], find["text"]) == ("needs_checking", "Грибник: Видим человека")
    [clue] = state["clues"].values()
    assert clue["text"] == "Грибник: Корзина, 52.0101 104.0102"
    assert clue["position"] == {"lon": 104.0102, "lat": 52.0101}
    assert len(state["radio_log"]) == 3


async def test_paper_keeps_its_time_and_corrections_stand_beside_the_entry(desk: Desk) -> None:
    """Copied five hours later the entry has the time of the call; corrected twice, all three are there."""
    at = desk.office.clock() - timedelta(hours=5)
    entry_id = await heard(desk, "task", "Вышли в B2", at=at, source="paper")
    await corrected(desk, entry_id, "Вышли в B3")
    await corrected(desk, entry_id, "Вышли в B4")
    state = await desk.state()
    entry = state["radio_log"][str(entry_id)]
    assert entry["text"] == "Вышли в B2"
    assert entry["at"] < entry["recorded_at"]
    texts = {one["text"] for one in state["radio_corrections"].values() if one["entry_id"] == str(entry_id)}
    assert texts == {"Вышли в B3", "Вышли в B4"}


async def test_unknown_teams_and_entries_are_refused(desk: Desk) -> None:
    """A team that is not of this search, a correction of nothing."""
    with pytest.raises(BadInput, match="unknown_team"):
        await heard(desk, "task", "Вышли", team_id=uuid7())
    with pytest.raises(NotKnown):
        await corrected(desk, UUID(int=1), "Не то")
