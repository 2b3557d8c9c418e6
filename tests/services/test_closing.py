"""СТОП, briefing and closing: everybody is counted out, СТОП never waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.wishes import (
    BriefingPhone,
    BriefingWish,
    ClosingWish,
    ParticipantStateWish,
    StateWish,
    Wish,
)
from search_ops.errors import ChangedMeanwhile, Conflict, MoveRefused, NotEveryoneHome, NotKnown
from search_ops.persistence.tables import operation_record
from search_ops.services.closing import close_operation, list_not_home, release_briefing, set_state
from search_ops.services.join_codes import read_join_card, rotate_code
from search_ops.services.joining import JoinWish, join
from search_ops.services.people import move_participant

if TYPE_CHECKING:
    from tests.services.conftest import Desk

URL = "https://hq.example"


async def _set(desk: Desk, state: str, *, base_version: int | None = None) -> dict[str, Any]:
    version = base_version or await desk.version("operation", desk.operation_id)
    wish = StateWish.model_validate({"command_id": uuid7(), "base_version": version, "state": state})
    return await set_state(desk.office, desk.me, desk.operation_id, wish)


async def _close(desk: Desk, outcome: str = "found_alive", reason: str | None = None) -> dict[str, Any]:
    version = await desk.version("operation", desk.operation_id)
    wish = ClosingWish.model_validate(
        {"command_id": uuid7(), "base_version": version, "outcome": outcome, "reason": reason}
    )
    return await close_operation(desk.office, desk.me, desk.operation_id, wish)


async def _home(desk: Desk, name: str, word: str) -> None:
    person = desk.people[name]
    wish = ParticipantStateWish.model_validate(
        {
            "command_id": uuid7(),
            "base_version": await desk.version("participants", person),
            "state": "home",
            "source": "call",
            "word": word,
        }
    )
    await move_participant(desk.office, desk.me, desk.operation_id, person, wish)


async def test_stop_never_waits(desk: Desk) -> None:
    """A stale screen does not hold СТОП up and pressing it twice is no fault; resuming needs fresh eyes."""
    seen = await desk.version("operation", desk.operation_id)
    await _set(desk, "hold_verify")
    again = await _set(desk, "hold_verify", base_version=seen)
    assert again["already"] is True
    assert (await _set(desk, "hold_evacuate", base_version=seen))["state"] == "hold_evacuate"
    with pytest.raises(ChangedMeanwhile):
        await _set(desk, "active", base_version=seen)
    await _set(desk, "active")
    with pytest.raises(MoveRefused):
        await _set(desk, "active")


async def test_closing_lists_everyone_not_home(desk: Desk) -> None:
    """Each is resolved by a word; then the search closes and its outcome stands."""
    await desk.add("Анна", phone="+7 000 000-00-11")
    await desk.add("Борис")
    await desk.add("Вера", "going")
    await desk.add("Глеб", "invited")
    with pytest.raises(NotEveryoneHome) as refused:
        await _close(desk)
    missing = {person["name"]: person for person in refused.value.data["participants"]}
    assert set(missing) == {"Анна", "Борис", "Вера"}
    assert missing["Анна"]["phone"] == "+7 000 000-00-11"
    async with desk.office.engine.connect() as connection:
        listed = await list_not_home(desk.office, connection, desk.operation_id)
    assert listed == refused.value.data["participants"]
    for name, word in (("Анна", "called_at_home"), ("Борис", "seen_leaving"), ("Вера", "handed_over")):
        await _home(desk, name, word)
    closed = await _close(desk)
    assert closed["state"] == "closed/found_alive"
    outcome = await desk.get("outcome", desk.operation_id)
    assert (outcome["outcome"], outcome["reason"], outcome["unresolved"]) == ("found_alive", None, [])


async def test_a_named_reason_closes_with_people_out(desk: Desk) -> None:
    """The reason and who was unresolved stand in the log; the hour of closing in the record."""
    anna = await desk.add("Анна")
    await _close(desk, "not_found", "Связи с Анной нет, ею занимается дежурный")
    outcome = await desk.get("outcome", desk.operation_id)
    assert outcome["unresolved"] == [str(anna)]
    assert outcome["reason"].startswith("Связи")
    query = select(operation_record.c.closed_at)
    async with desk.office.engine.connect() as connection:
        assert (await connection.execute(query)).scalar_one() is not None


async def test_a_closed_search_takes_no_plans_but_people_come_home(desk: Desk) -> None:
    """Who is still out is resolved after closing too; a search may be reopened and closed again."""
    await desk.add("Анна")
    await _close(desk, reason="Ночь, Анна едет домой")
    with pytest.raises(Conflict, match="operation_closed"):
        await desk.add("Борис")
    with pytest.raises(Conflict, match="operation_closed"):
        await desk.area()
    with pytest.raises(Conflict, match="operation_closed"):
        await _close(desk)
    await _home(desk, "Анна", "called_at_home")
    await _set(desk, "active")
    async with desk.office.engine.connect() as connection:
        assert (await connection.execute(select(operation_record.c.closed_at))).scalar_one() is None
    await _close(desk, "found_undisclosed")


async def test_closing_needs_fresh_eyes(desk: Desk) -> None:
    """A desk that has not seen СТОП does not close the search."""
    wish = ClosingWish(
        command_id=uuid7(),
        base_version=await desk.version("operation", desk.operation_id),
        outcome="not_found",
    )
    await _set(desk, "hold_verify")
    with pytest.raises(ChangedMeanwhile):
        await close_operation(desk.office, desk.me, desk.operation_id, wish)


async def test_the_briefing_is_released_and_renewed(desk: Desk) -> None:
    """Everybody reads the newest one; two who write at once do not overwrite each other."""
    phones = [BriefingPhone(title="Штаб", phone="+7 000 000-20-01")]
    wish = BriefingWish(command_id=uuid7(), text="Ищем мужчину, синяя куртка", phones=phones)
    first = await release_briefing(desk.office, desk.me, desk.operation_id, wish)
    newer = wish.model_copy(update={"command_id": uuid7(), "text": "Кепка серая"})
    with pytest.raises(ChangedMeanwhile):
        await release_briefing(desk.office, desk.me, desk.operation_id, newer)
    seen = newer.model_copy(update={"base_version": first["seq"]})
    await release_briefing(desk.office, desk.me, desk.operation_id, seen)
    briefing = await desk.get("briefing", desk.operation_id)
    assert (briefing["text"], briefing["phones"][0]["title"]) == ("Кепка серая", "Штаб")


async def test_a_rotated_code_lets_nobody_in_with_the_old_one(desk: Desk) -> None:
    """The card shows code, address and picture; the same command twice rotates once."""
    card = await read_join_card(desk.office, desk.operation_id, URL)
    assert card["url"] == f"{URL}/field/#{card['code']}"
    assert card["qr_svg"].startswith("<svg")
    wish = Wish(command_id=uuid7())
    fresh = await rotate_code(desk.office, desk.me, desk.operation_id, wish, URL)
    assert await rotate_code(desk.office, desk.me, desk.operation_id, wish, URL) == fresh
    assert fresh["code"] != card["code"]
    with pytest.raises(NotKnown):
        await join(desk.office, JoinWish(card["code"], "Иван", uuid7()))
    await join(desk.office, JoinWish(fresh["code"], "Иван", uuid7()))
