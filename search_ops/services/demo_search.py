"""The story of the demo search, as intents of its coordinator; people and numbers are invented."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry import Point, shape

from search_ops.domain.wishes import (
    AreaWish,
    BriefingPhone,
    BriefingWish,
    CaseWish,
    CircumstancesChange,
    LonLat,
    OperationWish,
    ParticipantWish,
    PartitionWish,
    PointWish,
    SubjectChange,
    TaskWish,
    TeamWish,
)
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.cases import change_circumstances, change_subject, open_case, open_operation
from search_ops.services.closing import release_briefing
from search_ops.services.demo_steps import LAST_STEP, OPERATION_STEP
from search_ops.services.people import add_participant, form_team
from search_ops.services.planning import draw_area, make_partition, set_point
from search_ops.services.tasking import give_task

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

TIME_ZONE: Final = "Europe/Vaduz"
# Forest above Vaduz with tracks and streams; WGS 84.
LAST_SEEN: Final = (9.5285, 47.1475)
ENTRY: Final = (9.5262, 47.1462)
HEADQUARTERS: Final = (9.5222, 47.1436)
AREA: Final = {
    "type": "Polygon",
    "coordinates": [
        [
            [9.5215, 47.1405],
            [9.5365, 47.1385],
            [9.5475, 47.1440],
            [9.5465, 47.1560],
            [9.5360, 47.1610],
            [9.5250, 47.1590],
            [9.5200, 47.1500],
            [9.5215, 47.1405],
        ]
    ],
}

_VOLUNTEERS: Final = (
    ("Артём Дорожкин", "Сокол", "+7 000 000-10-01"),
    ("Людмила Ясная", None, "+7 000 000-10-02"),
    ("Григорий Тропин", None, "+7 000 000-10-03"),
    ("Светлана Полева", "Рябина", "+7 000 000-10-04"),
    ("Фёдор Лугов", None, None),
    ("Дарья Рощина", None, "+7 000 000-10-06"),
)


async def play(
    office: Office, coordinator: Principal, demo_id: Callable[[str], UUID], began: datetime
) -> None:
    """Open the case and bring the search to the point where its first team has a task.

    Parameters
    ----------
    demo_id : callable
        Gives each step its fixed `command_id`: repeated, a step answers and does nothing.
    began : datetime
        The hour that the story's times count from.
    """
    operation_id = await _open(office, coordinator, demo_id, began)
    await _plan(office, coordinator, demo_id, began, operation_id)
    people = await _gather(office, coordinator, demo_id, operation_id)
    first = await form_team(
        office,
        coordinator,
        operation_id,
        TeamWish(
            command_id=demo_id("team-12"),
            callsign="Лиса-12",
            kind="foot",
            leader_id=people[0],
            member_ids=people[:3],
        ),
    )
    await form_team(
        office,
        coordinator,
        operation_id,
        TeamWish(
            command_id=demo_id("team-7"),
            callsign="Лиса-7",
            kind="dog",
            leader_id=people[3],
            member_ids=people[3:5],
        ),
    )
    sector_id, version = await _sector_at(office, operation_id, LAST_SEEN)
    await give_task(
        office,
        coordinator,
        operation_id,
        TaskWish(
            command_id=demo_id(LAST_STEP),
            base_version=version,
            team_id=UUID(first["team_id"]),
            sector_id=sector_id,
            method="Прочёс, расстояние между людьми 20 м",
            due_at=began + timedelta(hours=4),
            contact_every_min=60,
            text="УЧЕНИЯ. Пройти сектор от тропы вверх по склону, осмотреть ручей.",
            emergency_bearing_deg=240.0,
        ),
    )


async def _open(
    office: Office, coordinator: Principal, demo_id: Callable[[str], UUID], began: datetime
) -> UUID:
    seen_at = began - timedelta(hours=6)
    case = await open_case(
        office,
        coordinator,
        CaseWish(
            command_id=demo_id("open-case"),
            region="LI-11",
            who="Тестов Пётр Иванович",
            last_seen_place="Лесная дорога над городом, у ручья",
            last_seen_at=seen_at,
            exercise=True,
            applicant_name="Мария Близкая",
            applicant_phone="+7 000 000-00-01",
        ),
    )
    case_id = UUID(case["case_id"])
    described = case["seq"] - 1  # the subject is described before the circumstances
    await change_subject(
        office,
        coordinator,
        case_id,
        UUID(case["subject_id"]),
        SubjectChange(
            command_id=demo_id("describe"),
            base_version=described,
            age=71,
            sex="male",
            clothes="Синяя куртка, серая кепка, резиновые сапоги, корзина",
            description="Рост 172, худощавый, очки. УЧЕНИЯ: человек выдуман.",
            phone="+7 000 000-00-02",
        ),
    )
    await change_circumstances(
        office,
        coordinator,
        case_id,
        CircumstancesChange(
            command_id=demo_id("circumstances"),
            base_version=case["seq"],
            circumstances="Ушёл за грибами, к обеду не вернулся, телефон выключен.",
        ),
    )
    opened = await open_operation(
        office,
        coordinator,
        case_id,
        OperationWish(command_id=demo_id(OPERATION_STEP), time_zone=TIME_ZONE, exercise=True),
    )
    operation_id = UUID(opened["operation_id"])
    for role, (lon, lat), words in (
        ("lkp", LAST_SEEN, "Видели на лесной дороге"),
        ("entry", ENTRY, "Машина на стоянке"),
    ):
        point = PointWish(
            command_id=demo_id(f"point-{role}"),
            lon=lon,
            lat=lat,
            subject_id=UUID(case["subject_id"]),
            text=words,
            seen_at=seen_at if role == "lkp" else None,
        )
        await set_point(office, coordinator, operation_id, role, point)
    return operation_id


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(TIME_ZONE))


async def _plan(
    office: Office,
    coordinator: Principal,
    demo_id: Callable[[str], UUID],
    began: datetime,
    operation_id: UUID,
) -> None:
    area = AreaWish(command_id=demo_id("area"), geometry=AREA)
    await draw_area(office, coordinator, operation_id, area)
    grid = PartitionWish(command_id=demo_id("grid"), method="grid", cell_m=500.0, letters="cyrillic")
    await make_partition(office, coordinator, operation_id, grid)
    briefing = BriefingWish(
        command_id=demo_id("briefing"),
        text="УЧЕНИЯ. Ищем мужчину 71 года: синяя куртка, серая кепка, корзина. Отзывается на имя Пётр.",
        radio_channel="Канал 1, позывной штаба «Заря»",
        muster_text=f"Стоянка у лесной дороги, сбор в {_local(began + timedelta(hours=1)):%H:%M}",
        headquarters=LonLat(lon=HEADQUARTERS[0], lat=HEADQUARTERS[1]),
        phones=[
            BriefingPhone(title="Штаб", phone="+7 000 000-20-01"),
            BriefingPhone(title="Координатор", phone="+7 000 000-20-02"),
        ],
    )
    await release_briefing(office, coordinator, operation_id, briefing)


async def _gather(
    office: Office, coordinator: Principal, demo_id: Callable[[str], UUID], operation_id: UUID
) -> list[UUID]:
    people: list[UUID] = []
    for number, (name, callsign, phone) in enumerate(_VOLUNTEERS):
        wish = ParticipantWish(
            command_id=demo_id(f"person-{number}"),
            name=name,
            callsign=callsign,
            phone=phone,
            state="available" if number % 2 else "on_site",
        )
        added = await add_participant(office, coordinator, operation_id, wish)
        people.append(UUID(added["participant_id"]))
    return people


async def _sector_at(office: Office, operation_id: UUID, lonlat: tuple[float, float]) -> tuple[UUID, int]:
    """Return the sector at a place, and its version."""
    async with office.engine.connect() as connection:
        state = await load_state(connection, operation_stream(operation_id))
    sectors: dict[str, Any] = state["sectors"]
    place = Point(lonlat)
    for sector_id, sector in sectors.items():
        if sector.get("geometry") is not None and shapely.intersects(shape(sector["geometry"]), place):
            return UUID(sector_id), int(sector["version"])
    raise LookupError("the last seen place lies outside the area of the demo")
