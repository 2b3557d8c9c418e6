"""Cases and their searches: three fields are enough, unknown is a value, names stay sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Grant, Principal, Role
from search_ops.domain.wishes import (
    CaseWish,
    CircumstancesChange,
    ConfirmationWish,
    OperationWish,
    SubjectChange,
    SubjectWish,
)
from search_ops.errors import BadInput, ChangedMeanwhile, Denied, NotKnown
from search_ops.services.case_list import list_cases
from search_ops.services.cases import (
    add_subject,
    change_circumstances,
    change_subject,
    confirm_case,
    open_case,
    open_operation,
)
from search_ops.services.joining import current_join_code

if TYPE_CHECKING:
    from search_ops.persistence.unit_of_work import Office
    from tests.services.conftest import Desk, Organisations


def _case(**more: object) -> CaseWish:
    return CaseWish.model_validate({"command_id": uuid7(), "region": "RU-IRK", **more})


async def test_a_case_opens_with_nothing_known(office: Office, organisations: Organisations) -> None:
    """Who, where and when may each be unknown, and the numbers count up within year and region."""
    first = await open_case(office, organisations.squad, _case())
    second = await open_case(office, organisations.squad, _case(who=None))
    year = datetime.now(UTC).year
    assert (first["number"], second["number"]) == (f"{year}-38-0001", f"{year}-38-0002")


async def test_a_case_needs_the_right_in_its_region(office: Office, organisations: Organisations) -> None:
    """A coordinator of one region opens no cases in another, and an unknown region has no numbers."""
    elsewhere = Principal("account", uuid7(), uuid7(), "Чужой", grants=(Grant(Role.COORDINATOR, "RU-TOM"),))
    with pytest.raises(Denied):
        await open_case(office, elsewhere, _case())
    everywhere = Principal("account", uuid7(), uuid7(), "Свой", grants=(Grant(Role.COORDINATOR, "XX-XX"),))
    with pytest.raises(BadInput, match="unknown_region"):
        await open_case(office, everywhere, _case(region="XX-XX"))
    assert await list_cases(office, organisations.squad) == []


async def test_what_was_unknown_is_completed_later(desk: Desk) -> None:
    """Only the named fields change; a change on an older version is refused with the version that stands."""
    version = (await desk.case_state())["subjects"][str(desk.subject_id)]["version"]
    wish = SubjectChange(command_id=uuid7(), base_version=version, age=71, clothes="синяя куртка")
    changed = await change_subject(desk.office, desk.me, desk.case_id, desk.subject_id, wish)
    subject = (await desk.case_state())["subjects"][str(desk.subject_id)]
    assert (subject["name"], subject["age"], subject["clothes"]) == ("Пётр Выдуманный", 71, "синяя куртка")
    stale = SubjectChange(command_id=uuid7(), base_version=version, name="Другой")
    with pytest.raises(ChangedMeanwhile) as refused:
        await change_subject(desk.office, desk.me, desk.case_id, desk.subject_id, stale)
    assert refused.value.data == {"current_version": changed["seq"]}
    unknown = SubjectChange(command_id=uuid7(), base_version=changed["seq"], name=None)
    await change_subject(desk.office, desk.me, desk.case_id, desk.subject_id, unknown)
    subject = (await desk.case_state())["subjects"][str(desk.subject_id)]
    assert (subject["name"], subject["age"]) == (None, 71)


async def test_circumstances_are_completed_and_a_second_person_added(desk: Desk) -> None:
    """A case holds several people and one set of circumstances."""
    version = (await desk.case_state())["circumstances"][str(desk.case_id)]["version"]
    seen_at = datetime(2026, 8, 23, 9, tzinfo=UTC)
    wish = CircumstancesChange(command_id=uuid7(), base_version=version, last_seen_at=seen_at)
    await change_circumstances(desk.office, desk.me, desk.case_id, wish)
    with pytest.raises(ChangedMeanwhile):
        await change_circumstances(
            desk.office, desk.me, desk.case_id, wish.model_copy(update={"command_id": uuid7()})
        )
    await add_subject(desk.office, desk.me, desk.case_id, SubjectWish(command_id=uuid7(), name="Внук"))
    state = await desk.case_state()
    assert state["circumstances"][str(desk.case_id)]["last_seen_at"] == "2026-08-23T09:00:00.000Z"
    assert {subject["name"] for subject in state["subjects"].values()} == {"Пётр Выдуманный", "Внук"}


async def test_nobody_finds_a_subject_that_is_not_there(desk: Desk) -> None:
    """A foreign and an unknown id answer alike."""
    with pytest.raises(NotKnown):
        await change_subject(
            desk.office, desk.me, desk.case_id, uuid7(), SubjectChange(command_id=uuid7(), base_version=1)
        )
    with pytest.raises(NotKnown):
        await add_subject(desk.office, desk.me, uuid7(), SubjectWish(command_id=uuid7()))


async def test_the_police_confirm_a_case_in_all_its_searches(
    desk: Desk, organisations: Organisations
) -> None:
    """The number in the police register stands in the case and in searches opened before and after."""
    wish = ConfirmationWish(
        command_id=uuid7(),
        kusp_number="1234",
        officer_name="Сергей Дежурный",
        officer_phone="+7 000 000-00-02",
    )
    await confirm_case(desk.office, organisations.police, desk.case_id, wish)
    assert [case["kusp_number"] for case in await list_cases(desk.office, desk.me)] == ["1234"]
    later = await open_operation(
        desk.office, desk.me, desk.case_id, OperationWish(command_id=uuid7(), time_zone="Asia/Irkutsk")
    )
    assert later["number"] == f"{desk.number}/2"
    for stream_id in (f"case/{desk.case_id}", desk.stream_id, f"operation/{later['operation_id']}"):
        confirmation = (await desk.state(stream_id))["confirmation"][str(desk.case_id)]
        assert confirmation["kusp_number"] == "1234"
        assert confirmation["officer_name"] == "Сергей Дежурный"
        assert confirmation["organisation_id"] == str(organisations.police.organisation_id)


async def test_a_search_is_opened_with_a_join_code_and_linked(desk: Desk) -> None:
    """The search carries region and number of its case, starts active, and lets people in."""
    operation = await desk.get("operation", desk.operation_id)
    assert (operation["state"], operation["region"], operation["exercise"]) == ("active", "RU-IRK", False)
    assert operation["number"] == desk.number
    assert str(desk.operation_id) in (await desk.case_state())["operations"]
    async with desk.office.engine.connect() as connection:
        assert await current_join_code(connection, desk.operation_id) is not None


async def test_an_exercise_is_one_from_birth(office: Office, organisations: Organisations) -> None:
    """Searches of a training case are exercises, and none of them becomes real."""
    case = await open_case(office, organisations.squad, _case(exercise=True))
    case_id = UUID(case["case_id"])
    wish = OperationWish(command_id=uuid7(), time_zone="Asia/Irkutsk", exercise=False)
    with pytest.raises(BadInput, match="exercise_from_birth"):
        await open_operation(office, organisations.squad, case_id, wish)
    wish = OperationWish(command_id=uuid7(), time_zone="Mars/Olympus")
    with pytest.raises(BadInput, match="unknown_time_zone"):
        await open_operation(office, organisations.squad, case_id, wish)


async def test_names_in_the_list_are_for_those_who_may_read_them(
    desk: Desk, organisations: Organisations
) -> None:
    """A coordinator sees who is missing, a radio operator the number alone, another region nothing."""
    mine = await list_cases(desk.office, desk.me)
    assert [case["names"] for case in mine] == [["Пётр Выдуманный"]]
    assert [case["number"] for case in mine[0]["operations"]] == [desk.number]
    radio = Principal("account", uuid7(), uuid7(), "Радист", grants=(Grant(Role.RADIO, "RU-IRK"),))
    assert [case["names"] for case in await list_cases(desk.office, radio)] == [None]
    lent = (Grant(Role.RADIO, operation_id=desk.operation_id),)
    guest = Principal("account", uuid7(), uuid7(), "Радист соседей", grants=lent)
    assert [case["number"] for case in await list_cases(desk.office, guest)] == [desk.number]
    elsewhere = Principal("account", uuid7(), uuid7(), "Чужой", grants=(Grant(Role.COORDINATOR, "RU-TOM"),))
    assert await list_cases(desk.office, elsewhere) == []
    assert len(await list_cases(desk.office, organisations.police)) == 1


async def test_no_name_lies_open_in_the_database(desk: Desk) -> None:
    """Names are ciphertext in log and projection: destroying the key erases them."""
    async with desk.office.engine.connect() as connection:
        for table in ("event", "entity", "command"):
            rows = await connection.execute(text(f"SELECT {table}::text FROM {table}"))  # noqa: S608
            assert not [row for row in rows.scalars() if "Выдуманный" in row]
