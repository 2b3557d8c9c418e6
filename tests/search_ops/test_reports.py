"""What becomes of reports from the field."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from search_ops.domain import fold
from search_ops.domain.payloads import FieldEvent
from search_ops.domain.principals import Principal
from search_ops.domain.visibility import ClassSet, person_class, team_class
from search_ops.errors import BadInput, CommandReused
from search_ops.persistence.event_log import load_state, read_events, snapshot, wire_for
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.tables import event as event_table
from search_ops.persistence.tables import quarantine, waiting_event
from search_ops.persistence.unit_of_work import Office
from search_ops.services.filing import Malformed
from search_ops.services.reports import EnteredReport, enter_report, file_events
from tests.search_ops.conftest import NOW, Scene

pytestmark = pytest.mark.postgres


def check_in(sender: Principal, word: str, **payload: Any) -> FieldEvent:
    return field_event(sender, "check_in", {"word": word, **payload})


def field_event(sender: Principal, kind: str, payload: dict[str, Any], **more: Any) -> FieldEvent:
    known = {"id": uuid7(), "v": 1, "device_id": sender.device_id, "dseq": 1, "at": NOW}
    return FieldEvent.model_validate({**known, "kind": kind, "payload": payload, **more})


async def state_of(office: Office, scene: Scene) -> fold.State:
    async with office.engine.connect() as connection:
        return await load_state(connection, scene.stream_id)


async def kinds_after(office: Office, scene: Scene, seq: int) -> list[str]:
    async with office.engine.connect() as connection:
        return [stored.kind for stored in await read_events(connection, scene.stream_id, after=seq)]


async def test_a_leader_moves_the_task_and_the_people(office: Office, scene: Scene) -> None:
    """«Вышли» of the leader is stored, moves the task, and puts every member on task."""
    filed = await file_events(
        office, scene.leader, scene.operation_id, [check_in(scene.leader, "out", team_id=str(scene.team_id))]
    )
    assert [verdict.status for verdict in filed.results] == ["stored"]
    state = await state_of(office, scene)
    assert state["tasks"][str(scene.task_id)]["state"] == "out"
    assert {person["state"] for person in state["participants"].values()} == {"on_task"}
    assert state["teams"][str(scene.team_id)]["last_contact_at"] == "2026-08-23T14:40:00.000Z"


async def test_a_member_speaks_for_himself_only(office: Office, scene: Scene) -> None:
    """A member who presses a team's word moves nothing of the team; his word stays his own."""
    filed = await file_events(
        office, scene.member, scene.operation_id, [check_in(scene.member, "back", team_id=str(scene.team_id))]
    )
    assert filed.results[0].status == "stored"
    state = await state_of(office, scene)
    assert state["tasks"][str(scene.task_id)]["state"] == "assigned"
    async with office.engine.connect() as connection:
        last = (await read_events(connection, scene.stream_id, after=0))[-1]
    assert last.visibility == person_class(scene.member.id)


async def test_the_same_report_twice_changes_nothing(office: Office, scene: Scene) -> None:
    """A report sent again gets its first number and adds no event, in one batch or in two."""
    event = check_in(scene.leader, "all_well")
    first = await file_events(office, scene.leader, scene.operation_id, [event, event])
    again = await file_events(office, scene.leader, scene.operation_id, [event])
    assert [verdict.status for verdict in first.results] == ["stored", "duplicate"]
    assert again.results[0].status == "duplicate"
    assert {verdict.seq for verdict in (*first.results, *again.results)} == {first.results[0].seq}
    assert await kinds_after(office, scene, first.results[0].seq or 0) == []


@pytest.mark.parametrize("stranger", [False, True])
async def test_same_id_other_content_is_quarantined(office: Office, scene: Scene, *, stranger: bool) -> None:
    """A second report under a used id is kept aside, whoever sends it, and the log is unchanged."""
    event = check_in(scene.leader, "all_well")
    await file_events(office, scene.leader, scene.operation_id, [event])
    sender = scene.member if stranger else scene.leader
    other = event.model_copy(update={"payload": {"word": "all_well", "text": "другое"}})
    filed = await file_events(office, sender, scene.operation_id, [event if stranger else other])
    assert (filed.results[0].status, filed.results[0].seq) == ("quarantined", None)
    async with office.engine.connect() as connection:
        kept = (await connection.execute(select(quarantine.c.event_id))).scalars().all()
    assert kept == [event.id]


async def test_an_effect_waits_for_its_cause(office: Office, scene: Scene) -> None:
    """An event whose cause is missing waits, and enters the log right after the cause."""
    cause = check_in(scene.leader, "out", team_id=str(scene.team_id))
    effect = field_event(scene.member, "clue_found", {"text": "платок"}, after=[cause.id])
    waiting = await file_events(office, scene.member, scene.operation_id, [effect])
    assert (waiting.results[0].status, waiting.results[0].seq) == ("waiting", None)
    await file_events(office, scene.leader, scene.operation_id, [cause])
    async with office.engine.connect() as connection:
        stored = await read_events(connection, scene.stream_id, after=0)
    last = stored[-1]
    assert (last.id, last.kind, last.actor["id"]) == (effect.id, "clue_found", str(scene.member.id))
    assert last.payload["participant_id"] == str(scene.member.id)
    repeated = await file_events(office, scene.member, scene.operation_id, [effect])
    assert (repeated.results[0].status, repeated.results[0].seq) == ("duplicate", last.seq)


async def test_an_effect_of_two_causes_enters_once(office: Office, scene: Scene) -> None:
    """A third event that names both the first and the second is let in by the second alone."""
    first = check_in(scene.leader, "all_well")
    second = field_event(scene.member, "clue_found", {"text": "платок"}, after=[first.id])
    third = field_event(scene.member, "clue_found", {"text": "второй"}, after=[first.id, second.id])
    await file_events(office, scene.member, scene.operation_id, [second, third])
    filed = await file_events(office, scene.leader, scene.operation_id, [first])
    assert [verdict.status for verdict in filed.results] == ["stored"]
    async with office.engine.connect() as connection:
        stored = await read_events(connection, scene.stream_id, after=(filed.results[0].seq or 0) - 1)
    assert [event.id for event in stored] == [first.id, second.id, third.id]


async def test_a_cause_entered_by_headquarters_lets_its_effects_in(office: Office, scene: Scene) -> None:
    """What waited is in the log and no longer in the tray, whichever way its cause came."""
    cause = uuid7()
    effect = field_event(scene.member, "clue_found", {"text": "платок"}, after=[cause])
    await file_events(office, scene.member, scene.operation_id, [effect])
    payload = {"text": "слышно по рации", "source": "radio", "team_id": str(scene.team_id)}
    radio = Principal("account", uuid7(), uuid7(), "Радист")
    await enter_report(office, radio, scene.operation_id, EnteredReport(cause, "note_added", NOW, payload))
    repeated = await file_events(office, scene.member, scene.operation_id, [effect])
    assert repeated.results[0].status == "duplicate"
    async with office.engine.connect() as connection:
        assert (await connection.execute(select(waiting_event.c.event_id))).all() == []


async def test_a_batch_out_of_order_is_told_its_numbers(office: Office, scene: Scene) -> None:
    """An effect sent before its cause in one batch is stored with it, and the phone hears so."""
    cause = check_in(scene.leader, "all_well")
    effect = field_event(scene.leader, "clue_found", {"text": "платок"}, after=[cause.id])
    filed = await file_events(office, scene.leader, scene.operation_id, [effect, cause])
    assert [(verdict.status, verdict.seq) for verdict in filed.results] == [("stored", 8), ("stored", 7)]


async def test_each_event_of_a_batch_is_judged_by_itself(office: Office, scene: Scene) -> None:
    """A broken event takes no number and does not stop the others; an unknown kind is kept raw."""
    batch: list[FieldEvent | Malformed] = [
        Malformed(None, "not_an_object"),
        check_in(scene.leader, "sleeping"),
        field_event(scene.leader, "weather_seen", {"wind_mps": 4}),
        field_event(scene.leader, "clue_found", {"participant_id": str(scene.member.id)}),
        check_in(scene.leader, "all_well"),
    ]
    filed = await file_events(office, scene.leader, scene.operation_id, batch)
    assert [verdict.status for verdict in filed.results] == [
        "refused_input",
        "refused_input",
        "stored",
        "refused_input",
        "stored",
    ]
    assert [verdict.reason for verdict in filed.results][:4] == [
        "not_an_object",
        "payload_invalid",
        None,
        "not_about_you",
    ]


async def test_found_goes_to_headquarters_only(office: Office, scene: Scene) -> None:
    """Nobody but headquarters reads a find; the finder's own team gets the number alone."""
    payload = {"condition": "carried", "position": {"lon": 9.5, "lat": 47.1}}
    filed = await file_events(
        office, scene.leader, scene.operation_id, [field_event(scene.leader, "found_reported", payload)]
    )
    async with office.engine.connect() as connection:
        stored = (await read_events(connection, scene.stream_id, after=0))[-1]
    team = ClassSet(frozenset({"all", team_class(scene.team_id), person_class(scene.leader.id)}))
    assert wire_for(stored, team, None) == {"seq": filed.results[0].seq}
    assert stored.visibility == "hq"


async def test_a_late_report_keeps_its_time_and_does_not_turn_the_task_back(
    office: Office, scene: Scene
) -> None:
    """«Начали» that arrives after «Вернулись» stands in the log at its own time and moves nothing."""
    back = check_in(scene.leader, "back", team_id=str(scene.team_id))
    started = check_in(scene.leader, "started", team_id=str(scene.team_id)).model_copy(
        update={"at": NOW - timedelta(hours=6)}
    )
    await file_events(office, scene.leader, scene.operation_id, [back])
    await file_events(office, scene.leader, scene.operation_id, [started])
    state = await state_of(office, scene)
    assert state["tasks"][str(scene.task_id)]["state"] == "back"
    assert state["teams"][str(scene.team_id)]["last_contact_at"] == "2026-08-23T14:40:00.000Z"


async def test_a_confirmed_stop_stays_confirmed(office: Office, scene: Scene) -> None:
    """«СТОП принят» of the leader stands for the team, and his next word does not take it back."""
    for word in ("stop_seen", "returning"):
        event = check_in(scene.leader, word, team_id=str(scene.team_id))
        await file_events(office, scene.leader, scene.operation_id, [event])
    team = (await state_of(office, scene))["teams"][str(scene.team_id)]
    assert (team["hold_confirmed_seq"], team["last_word"]) == (8, "returning")


async def test_a_claim_wins_once_and_its_loser_is_told(office: Office, scene: Scene) -> None:
    """A leader takes a free sector; a second claim is refused with a number, and refused again alike."""
    await file_events(
        office, scene.leader, scene.operation_id, [check_in(scene.leader, "back", team_id=str(scene.team_id))]
    )
    payload = {"team_id": str(scene.team_id), "sector_id": str(scene.sector_id)}
    won = field_event(scene.leader, "sector_claimed", payload)
    lost = field_event(scene.leader, "sector_claimed", payload)
    filed = await file_events(office, scene.leader, scene.operation_id, [won, lost])
    assert [verdict.status for verdict in filed.results] == ["stored", "refused"]
    assert filed.results[1].reason == "sector_taken"
    again = await file_events(office, scene.leader, scene.operation_id, [lost])
    assert again.results[0] == filed.results[1]
    state = await state_of(office, scene)
    holders = [task for task in state["tasks"].values() if task["sector_id"] == str(scene.sector_id)]
    assert [task["team_id"] for task in holders] == [str(scene.team_id)]
    assert len(state["refusals"]) == 1


async def test_a_claim_that_lost_is_told_so_by_each_verdict_of_its_own_batch(
    office: Office, scene: Scene
) -> None:
    """Sent twice in one batch, or before its cause in the same batch: refused with a number, never stored."""
    state = await state_of(office, scene)
    payload = {"team_id": str(scene.team_id), "sector_id": next(iter(state["sectors"]))}
    lost = field_event(scene.leader, "sector_claimed", payload)
    cause = check_in(scene.leader, "all_well")
    late = field_event(scene.leader, "sector_claimed", payload, after=[cause.id])
    filed = await file_events(office, scene.leader, scene.operation_id, [lost, lost, late, cause])
    assert [verdict.status for verdict in filed.results] == ["refused", "refused", "refused", "stored"]
    assert {verdict.reason for verdict in filed.results[:3]} == {"team_has_task"}
    assert filed.results[0].seq == filed.results[1].seq
    assert filed.results[2].seq is not None


def entered(command_id: UUID, at: datetime, **payload: Any) -> EnteredReport:
    return EnteredReport(command_id, "check_in", at, payload)


async def test_headquarters_enters_what_came_by_radio(office: Office, scene: Scene) -> None:
    """A word heard on the air moves the task like a tap, once, with the time it happened."""
    desk = Principal("account", uuid7(), uuid7(), "Радист")
    command_id, at = uuid7(), NOW - timedelta(minutes=20)
    said = entered(command_id, at, word="started", team_id=str(scene.team_id), source="radio")
    first = await enter_report(office, desk, scene.operation_id, said)
    assert await enter_report(office, desk, scene.operation_id, said) == first
    state = await state_of(office, scene)
    task = state["tasks"][str(scene.task_id)]
    assert (task["state"], task["state_at"]) == ("on_task", "2026-08-23T14:20:00.000Z")
    with pytest.raises(CommandReused):
        await enter_report(
            office, desk, scene.operation_id, entered(command_id, at, word="back", team_id=str(scene.team_id))
        )


async def test_a_command_cannot_take_the_id_of_an_event(office: Office, scene: Scene) -> None:
    """A desk that names its command by an event of the log is told so; nothing is written."""
    tapped = check_in(scene.leader, "all_well")
    filed = await file_events(office, scene.leader, scene.operation_id, [tapped])
    desk = Principal("account", uuid7(), uuid7(), "Радист")
    with pytest.raises(CommandReused):
        await enter_report(
            office, desk, scene.operation_id, entered(tapped.id, NOW, word="back", team_id=str(scene.team_id))
        )
    assert await kinds_after(office, scene, filed.results[0].seq or 0) == []


async def test_a_report_about_nobody_is_refused(office: Office, scene: Scene) -> None:
    """Headquarters must say whom the word is about, and it must be somebody of this operation."""
    desk = Principal("account", uuid7(), uuid7(), "Радист")
    with pytest.raises(BadInput, match="about_nobody"):
        await enter_report(office, desk, scene.operation_id, entered(uuid7(), NOW, word="all_well"))
    with pytest.raises(BadInput, match="unknown_team"):
        await enter_report(
            office, desk, scene.operation_id, entered(uuid7(), NOW, word="all_well", team_id=str(uuid7()))
        )


@pytest.mark.usefixtures("scene")
async def test_the_log_cannot_be_changed_by_the_application(office: Office) -> None:
    """The application's role may add to the log and nothing else."""
    with pytest.raises(ProgrammingError):
        async with office.engine.begin() as connection:
            await connection.execute(event_table.delete())


async def test_names_are_sealed_and_die_with_the_key(office: Office, scene: Scene) -> None:
    """A name is nowhere in the tables in clear; headquarters reads it until the key is destroyed."""
    classes = ClassSet(frozenset({"all", "hq"}), frozenset({"team", "person", "agency"}))
    async with office.engine.connect() as connection:
        tables = str((await connection.execute(select(event_table.c.payload, event_table.c.sealed))).all())
        tables += str(await load_state(connection, scene.stream_id))
        read = await snapshot(connection, office.keyring, scene.stream_id, classes)
        locked_out = await snapshot(connection, Keyring(bytes(32)), scene.stream_id, classes)
    assert "Анна" not in tables
    assert read is not None
    assert locked_out is not None
    assert read["state"]["participants"][str(scene.leader.id)]["name"] == "Анна"
    async with office.engine.begin() as connection:
        from search_ops.persistence.tables import case_key  # noqa: PLC0415 - the only test that destroys one

        await connection.execute(case_key.delete())
    office.keyring.forget(scene.case_id)
    async with office.engine.connect() as connection:
        erased = await snapshot(connection, office.keyring, scene.stream_id, classes)
    assert erased is not None
    assert erased["state"]["participants"][str(scene.leader.id)]["name"] is None


async def test_two_processes_number_one_log_without_holes(
    office: Office, make_scene: Callable[[], Awaitable[Scene]]
) -> None:
    """Two offices that file by turns into one operation see each other's work and leave no hole."""
    scene = await make_scene()
    other = Office(office.engine, office.keyring, clock=lambda: NOW)
    words = ["out", "started", "all_well", "finished", "back"]
    for number, word in enumerate(words):
        event = check_in(scene.leader, word, team_id=str(scene.team_id))
        await file_events((office, other)[number % 2], scene.leader, scene.operation_id, [event])
    async with office.engine.connect() as connection:
        stored = await read_events(connection, scene.stream_id, after=0, limit=None)
    assert [event.seq for event in stored] == list(range(1, len(stored) + 1))
    assert (await state_of(office, scene))["tasks"][str(scene.task_id)]["state"] == "back"
