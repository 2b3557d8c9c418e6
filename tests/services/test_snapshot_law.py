"""Snapshot + events = state, for every kind of event, every set of classes, and every number in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain import fold
from search_ops.domain.evidence_wishes import (
    JudgementWish,
    SearchWidths,
    TrackAsideWish,
    TrackLostWish,
    TrackMatchWish,
    WeighWish,
    WidthsWish,
)
from search_ops.domain.fold_table import FOLD
from search_ops.domain.payloads import FieldEvent
from search_ops.domain.principals import Principal
from search_ops.domain.sector_wishes import Address, MarkWish, SectorWish
from search_ops.domain.visibility import ALL, HQ, SEALED, ClassSet, agency_class, person_class, team_class
from search_ops.domain.wishes import (
    AlarmClosed,
    AlarmTaken,
    AnswerWish,
    BriefingWish,
    CancelWish,
    CircumstancesChange,
    ClosingWish,
    ConfirmationWish,
    PointWish,
    ReceivedWish,
    RequestWish,
    StateWish,
    TeamChange,
    ToldConfirmation,
    ToldWish,
)
from search_ops.errors import SectorTaken
from search_ops.persistence.event_log import (
    load_state,
    organisation_stream,
    read_events,
    snapshot,
    wire_for,
)
from search_ops.persistence.keyring import unsealed
from search_ops.persistence.tables import stream
from search_ops.services.answers import answer_request, confirm_told, enter_told, receive_request
from search_ops.services.cases import change_circumstances, confirm_case
from search_ops.services.closing import close_operation, release_briefing, set_state
from search_ops.services.evidence import judge_sector, set_widths
from search_ops.services.joining import JoinWish, current_join_code, join
from search_ops.services.people import change_team
from search_ops.services.planning import set_point
from search_ops.services.positions import Fix, take_positions
from search_ops.services.reports import EnteredReport, enter_report, file_events
from search_ops.services.requests import cancel_request, make_request
from search_ops.services.sector_drawing import draw_sector, mark_sector
from search_ops.services.tasking import close_alarm, give_task, take_alarm
from search_ops.services.tracks import declare_lost, match_by_hand, set_aside
from tests.services.calling import call_and_take_back
from tests.services.clock_story import run_out_and_answer
from tests.services.moving import move_people
from tests.services.radio_story import hear_and_correct
from tests.services.rostering import keep_roster
from tests.services.shift_story import evacuate, plan_a_shift
from tests.services.thinking import think
from tests.services.walks import at_once, gpx, imported, lanes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.events import Stored
    from search_ops.persistence.unit_of_work import Office
    from tests.services.conftest import Desk, Organisations

EVERYTHING = ClassSet(frozenset({ALL, HQ, SEALED}), frozenset({"team", "person", "agency"}))


@dataclass
class Story:
    """What the search went through, for those who read only a part of it."""

    desk: Desk
    organisations: Organisations
    team_ids: list[UUID]
    participant_ids: list[UUID]

    def class_sets(self) -> list[ClassSet]:
        """Return what the readers of the spine may read, and some sets that nobody has."""
        team, person = team_class(self.team_ids[0]), person_class(self.participant_ids[0])
        asked = agency_class(str(self.organisations.emergency.organisation_id))
        return [
            EVERYTHING,
            ClassSet(frozenset({ALL, HQ}), frozenset({"team", "person", "agency"})),
            ClassSet(frozenset({ALL, HQ, SEALED, asked})),
            ClassSet(frozenset({ALL, asked})),
            ClassSet(frozenset({ALL, team, person})),
            ClassSet(frozenset({ALL, person})),
            ClassSet(frozenset({ALL})),
            ClassSet(frozenset({HQ})),
            ClassSet(frozenset(), frozenset({"team"})),
            ClassSet(),
        ]


async def test_snapshot_and_events_make_the_state(desk: Desk, organisations: Organisations) -> None:
    """A search that uses every kind of event reads the same from any number on, for every reader."""
    story = await _live_through(desk, organisations)
    kinds: set[str] = set()
    async with desk.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ")
        for stream_id in (await connection.execute(select(stream.c.stream_id))).scalars().all():
            events = await read_events(connection, stream_id, after=0, limit=None)
            kinds |= {event.kind for event in events}
            await _check_stream(desk.office, connection, stream_id, events, story.class_sets())
    assert kinds == set(FOLD)


async def _check_stream(
    office: Office,
    connection: AsyncConnection,
    stream_id: str,
    events: list[Stored],
    class_sets: Iterable[ClassSet],
) -> None:
    key_id = select(stream.c.key_id).where(stream.c.stream_id == stream_id)
    key = await office.keyring.key(connection, (await connection.execute(key_id)).scalar_one())
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    projected = unsealed(key, await load_state(connection, stream_id))
    for classes in class_sets:
        taken = await snapshot(connection, office.keyring, stream_id, classes)
        assert taken is not None
        frames = [wire_for(event, classes, key) for event in events]
        assert taken["seq"] == len(events)
        assert [set(frame) == {"seq"} for frame in frames] == [
            not classes.admits(event.visibility) for event in events
        ]
        for start in range(len(events) + 1):
            state = _snapshot_at(events[:start], classes, key)
            for frame in frames[start:]:
                fold.apply(state, frame)
            assert state == taken["state"], (stream_id, classes.key(), start)
        if classes == EVERYTHING:
            assert taken["state"] == projected


def _snapshot_at(events: list[Stored], classes: ClassSet, key: bytes | None) -> fold.State:
    """Return what the server folds: sealed fields as ciphertext, opened at the end."""
    state: fold.State = {}
    for event in events:
        if classes.admits(event.visibility):
            fold.apply(state, event.folding())
    opened: fold.State = unsealed(key, state)
    return opened


# ---- the story ---------------------------------------------------------------------------------


async def _live_through(desk: Desk, organisations: Organisations) -> Story:
    await _case_and_ground(desk, organisations)
    teams = [
        await desk.team("Лиса-1", "Анна", "Борис"),
        await desk.team("Лиса-2", "Вера"),
    ]
    await _edits(desk)
    await plan_a_shift(desk, teams[0])
    await _tasks(desk, teams)
    volunteer = await _volunteer(desk)
    await _reports(desk, teams[0])
    await run_out_and_answer(desk)
    await hear_and_correct(desk, teams[0])
    await _requests(desk, organisations)
    await _evidence(desk)
    await keep_roster(desk, teams[1], desk.people["Вера"])
    await evacuate(desk)
    assert organisations.emergency.organisation_id is not None
    await move_people(desk, organisations.emergency.organisation_id)
    await _end(desk, teams[1])
    return Story(desk, organisations, teams, [desk.people["Анна"], volunteer])


async def _case_and_ground(desk: Desk, organisations: Organisations) -> None:
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    version = (await desk.case_state())["circumstances"][str(desk.case_id)]["version"]
    said = CircumstancesChange(command_id=uuid7(), base_version=version, circumstances="Ушёл за грибами")
    await change_circumstances(office, me, desk.case_id, said)
    confirmed = ConfirmationWish(
        command_id=uuid7(), kusp_number="77", officer_name="Сергей", officer_phone="+7 000 000-00-02"
    )
    await confirm_case(office, organisations.police, desk.case_id, confirmed)
    point = PointWish(command_id=uuid7(), lon=104.0, lat=52.0, subject_id=desk.subject_id)
    await set_point(office, me, operation_id, "lkp", point)
    await desk.area()
    made = await desk.grid(cell_m=1_000.0)
    partition = (await desk.state())["partitions"][made["partition_id"]]
    await desk.grid(base_version=partition["version"])
    briefing = BriefingWish(command_id=uuid7(), text="Синяя куртка", phones=[])
    await release_briefing(office, me, operation_id, briefing)


async def _edits(desk: Desk) -> None:
    """Mark a sector and draw a line and a list of addresses."""
    sector_id = list((await desk.sectors()).values())[-1]
    for mark, reason in (("blocked", "Топь"), (None, None)):
        marked = MarkWish(
            command_id=uuid7(),
            base_version=await desk.version("sectors", sector_id),
            mark=mark,  # type: ignore[arg-type]
            reason=reason,
        )
        await mark_sector(desk.office, desk.me, desk.operation_id, sector_id, marked)
    line = {"type": "LineString", "coordinates": [[103.9, 52.01], [104.1, 52.01]]}
    drawn = SectorWish(command_id=uuid7(), kind="line", geometry=line)
    await draw_sector(desk.office, desk.me, desk.operation_id, drawn)
    listed = SectorWish(command_id=uuid7(), kind="list", addresses=[Address(text="Лесная, 1")])
    await draw_sector(desk.office, desk.me, desk.operation_id, listed)


async def _tasks(desk: Desk, teams: list[UUID]) -> None:
    sectors = list((await desk.sectors()).values())
    task_id = await desk.give(teams[0], sectors[0])
    try:
        await give_task(desk.office, desk.me, desk.operation_id, await desk.task_wish(teams[1], sectors[0]))
    except SectorTaken:
        await desk.move(task_id, "briefed", "out")


async def _volunteer(desk: Desk) -> UUID:
    """Let somebody join by code, be put into a team of his own, claim a sector and send positions."""
    office, operation_id = desk.office, desk.operation_id
    async with office.engine.connect() as connection:
        code = await current_join_code(connection, operation_id)
    assert code is not None
    device_id = uuid7()
    joined = await join(office, JoinWish(code, "Глеб", device_id, "+7 000 000-00-12"))
    gleb = Principal(
        "participant",
        joined.participant_id,
        uuid7(),
        "Глеб",
        operation_id=operation_id,
        device_id=device_id,
    )
    arrived = EnteredReport(
        uuid7(),
        "check_in",
        office.clock(),
        {"word": "arrived", "participant_id": str(gleb.id), "source": "in_person"},
    )
    await enter_report(office, desk.me, operation_id, arrived)
    desk.people["Глеб"] = gleb.id
    team_id = await desk.team("Лиса-3", "Глеб")
    sector_id = list((await desk.sectors()).values())[-1]
    claim = FieldEvent.model_validate(
        {
            "id": uuid7(),
            "v": 1,
            "device_id": device_id,
            "dseq": 1,
            "kind": "sector_claimed",
            "at": office.clock(),
            "payload": {"team_id": str(team_id), "sector_id": str(sector_id)},
            "base_version": await desk.version("sectors", sector_id),
        }
    )
    filed = await file_events(office, gleb, operation_id, [claim])
    assert filed.results[0].status == "stored"
    await take_positions(office, gleb, operation_id, device_id, [Fix(1, office.clock(), 104.0, 52.0)])
    return joined.participant_id


async def _reports(desk: Desk, team_id: UUID) -> None:
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    anna = str(desk.people["Анна"])
    position = {"lon": 104.01, "lat": 52.01}
    said: list[tuple[str, dict[str, Any]]] = [
        ("check_in", {"word": "started", "team_id": str(team_id)}),
        ("check_in", {"word": "stop_seen", "team_id": str(team_id)}),
        ("check_in", {"word": "all_well", "participant_id": anna, "position": position}),
        ("clue_found", {"team_id": str(team_id), "text": "Корзина", "position": position}),
        ("note_added", {"text": "Дождь"}),
        ("found_reported", {"team_id": str(team_id), "condition": "needs_checking"}),
    ]
    for kind, payload in said:
        report = EnteredReport(uuid7(), kind, office.clock(), {**payload, "source": "radio"})
        await enter_report(office, me, operation_id, report)
    late = office.clock() - timedelta(hours=6)
    payload = {"word": "all_well", "team_id": str(team_id), "source": "paper"}
    await enter_report(office, me, operation_id, EnteredReport(uuid7(), "check_in", late, payload))
    alarm = EnteredReport(uuid7(), "sos_raised", office.clock(), {"participant_id": anna, "source": "radio"})
    await enter_report(office, me, operation_id, alarm)
    await take_alarm(office, me, operation_id, alarm.command_id, AlarmTaken(command_id=uuid7()))
    closed = AlarmClosed(command_id=uuid7(), reason="Ногу подвернула, вывели")
    await close_alarm(office, me, operation_id, alarm.command_id, closed)


async def _requests(desk: Desk, organisations: Organisations) -> None:
    office, operation_id, asked = desk.office, desk.operation_id, organisations.emergency
    assert asked.organisation_id is not None
    wish = RequestWish.model_validate(
        {
            "command_id": uuid7(),
            "to": [asked.organisation_id, organisations.partner.organisation_id],
            "items": [{"what": "Люди", "quantity": 10}],
            "basis": "КУСП 77",
        }
    )
    made = await make_request(office, organisations.police, operation_id, wish)
    request_id, item_id = UUID(made["request_id"]), made["item_ids"][0]

    async def seen() -> int:
        state = await desk.state(organisation_stream(str(asked.organisation_id)))
        return int(state["requests"][str(request_id)]["version"])

    common = {"organisation_id": asked.organisation_id}
    received = ReceivedWish.model_validate(
        {"command_id": uuid7(), "base_version": await seen(), "officer_name": "Дмитрий", **common}
    )
    await receive_request(office, asked, operation_id, request_id, received)
    told = ToldWish.model_validate({"command_id": uuid7(), "name": "Дмитрий", "text": "Пятеро", **common})
    entered = await enter_told(office, desk.me, operation_id, request_id, told)
    confirmation = ToldConfirmation(command_id=uuid7())
    await confirm_told(office, asked, operation_id, UUID(entered["told_id"]), confirmation)
    answer = AnswerWish.model_validate(
        {
            "command_id": uuid7(),
            "base_version": await seen(),
            "item_id": item_id,
            "decision": "accept",
            "quantity": 5,
            "arrive_at": office.clock(),
            **common,
        }
    )
    await answer_request(office, asked, operation_id, request_id, answer)
    state = await desk.state(organisation_stream(str(organisations.police.organisation_id)))
    cancel = CancelWish(
        command_id=uuid7(),
        base_version=state["requests"][str(request_id)]["version"],
        reason="Найден",
    )
    await cancel_request(office, organisations.police, operation_id, request_id, cancel)


async def _evidence(desk: Desk) -> None:
    """Bring the first team back and its track in; set widths, lose a track, weigh and judge."""
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    tasks = (await desk.state())["tasks"]
    task_id, task = next((UUID(key), task) for key, task in tasks.items() if task["state"] == "on_task")
    sector_id = UUID(task["sector_id"])
    await desk.move(task_id, "returning", "back")
    await imported(desk, None, {"20260823_Лиса-1.gpx": gpx(await lanes(desk, sector_id, share=0.5))})
    track_id = UUID(next(iter((await desk.state())["tracks"])))
    seen = await desk.version("tracks", track_id)
    match = TrackMatchWish(command_id=uuid7(), base_version=seen, task_id=task_id)
    await match_by_hand(office, me, operation_id, track_id, match)
    seen = await desk.version("tracks", track_id)
    aside = TrackAsideWish(command_id=uuid7(), base_version=seen, reason="useless")
    await set_aside(office, me, operation_id, track_id, aside)
    lost = TrackLostWish(command_id=uuid7(), reason="Батарея села")
    await declare_lost(office, me, operation_id, task_id, lost)
    await call_and_take_back(desk, task_id)
    seen = await desk.version("search_widths", operation_id)
    widths = WidthsWish(command_id=uuid7(), base_version=seen, settings=SearchWidths())
    await set_widths(office, me, operation_id, widths)
    await at_once(desk, "evidence", WeighWish(command_id=uuid7()))
    evidence_seqs = [row["version"] for row in (await desk.state())["evidence"].values()]
    judged = JudgementWish(
        command_id=uuid7(), decision="enough", reason="Болото", evidence_seqs=evidence_seqs
    )
    await judge_sector(office, me, operation_id, sector_id, judged)
    await think(desk)


async def _end(desk: Desk, team_id: UUID) -> None:
    office, me, operation_id = desk.office, desk.me, desk.operation_id
    apart = TeamChange(command_id=uuid7(), base_version=await desk.version("teams", team_id), disbanded=True)
    await change_team(office, me, operation_id, team_id, apart)
    stop = StateWish(command_id=uuid7(), state="hold_verify", reason="Нашли человека")
    await set_state(office, me, operation_id, stop)
    closing = ClosingWish(
        command_id=uuid7(),
        base_version=await desk.version("operation", operation_id),
        outcome="found_alive",
        reason="Группы возвращаются",
    )
    await close_operation(office, me, operation_id, closing)
