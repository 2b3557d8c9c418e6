"""All teams, tasks, due times and phones on paper: the laptop dies, the sheet goes on."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from search_ops.domain.tasking import BUSY_TASKS
from search_ops.importing.bounded import Limits, run_bounded
from search_ops.services.paper import read_state
from search_ops.services.reading import protected_read
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Place, Principal
    from search_ops.domain.visibility import ClassSet
    from search_ops.persistence.unit_of_work import Office

State = dict[str, dict[str, dict[str, Any]]]
RENDERER: Final = "search_ops.paper.board:render"
LIMITS: Final = Limits(memory_bytes=1024**3, cpu_s=20, wall_s=30.0)
_TIME_FORMATS: Final = {"ru": "%d.%m.%Y, %H:%M", "en": "%Y-%m-%d, %H:%M"}
_AWAITED_LAST: Final = "￿"  # teams without a due time stand below those with one


async def board_pdf(
    office: Office, principal: Principal, place: Place, language: str, now: datetime
) -> tuple[str, bytes]:
    """Return name and PDF of the sheet of all teams as the caller may see them."""

    async def read(connection: AsyncConnection, classes: ClassSet) -> dict[str, Any]:
        return board_words(await read_state(connection, office, place, classes), language, now)

    words = await protected_read(office, principal, place, "board on paper", read)
    content = json.dumps(words, ensure_ascii=False).encode()
    pdf = await asyncio.to_thread(
        run_bounded, RENDERER, content, {}, name="board.pdf", file_format="pdf", limits=LIMITS
    )
    return f"{words['stem']}.pdf", pdf


def board_words(state: State, language: str, now: datetime) -> dict[str, Any]:
    """Return everything that stands on the sheet, in words."""
    say = partial(text, language)
    operation = next(iter(state["operation"].values()))
    zone = ZoneInfo(operation["time_zone"])
    briefing = next(iter(state.get("briefing", {}).values()), {})
    local = now.astimezone(zone)

    def clock(moment: str | None) -> str:
        if moment is None:
            return "—"
        told = datetime.fromisoformat(moment).astimezone(zone)
        return f"{told:%H:%M}" if told.date() == local.date() else f"{told:%d.%m %H:%M}"

    teams = _teams(state, say, clock)
    on_teams = {
        member
        for team in state.get("teams", {}).values()
        if not team["disbanded"]
        for member in team["member_ids"]
    }
    phones = [f"{each['title']}: {each['phone']}" for each in briefing.get("phones") or ()]
    channel = briefing.get("radio_channel")
    lines = [say("board-paper-channel", channel=channel)] if channel else []
    return {
        "language": language,
        "stem": f"{local:%Y%m%d-%H%M}_{operation['number']}",
        "title": say("board-paper-title", number=operation["number"]),
        "printed": say("board-paper-printed", at=local.strftime(_TIME_FORMATS[language])),
        "note": say("board-paper-note"),
        "page": say("board-paper-page", page="§1", pages="§2"),
        "exercise": say("board-paper-exercise") if operation["exercise"] else None,
        "state": say(
            "board-paper-state",
            state=say(f"board-paper-operation-{_phase(operation['state'])}"),
            count=len(teams),
        ),
        "lines": [*lines, *phones],
        "teams": {
            "head": [say(f"board-paper-{name}") for name in _COLUMNS],
            "rows": teams,
            "none": say("board-paper-no-teams"),
        },
        "people": {"title": say("board-paper-others"), "rows": _others(state, on_teams, say)},
    }


_COLUMNS: Final = ("team", "leader", "task", "state-column", "due", "contact", "phones", "mark")


def _teams(state: State, say: Callable[..., str], clock: Callable[[str | None], str]) -> list[list[str]]:
    people = state.get("participants", {})
    rows: list[tuple[str, list[str]]] = []
    for team_id, team in state.get("teams", {}).items():
        if team["disbanded"]:
            continue
        task = _task_of(state, team_id)
        members = [people.get(member, {}) for member in team["member_ids"]]
        leader = people.get(team.get("leader_id") or "", {})
        every = None if task is None else task.get("contact_every_min")
        heard = clock(team.get("last_contact_at"))
        due_at = None if task is None else task.get("due_at")
        row = [
            team["callsign"],
            f"{_name(leader)} + {max(len(members) - 1, 0)}",
            "—"
            if task is None
            else f"{task.get('sector_label') or ''} {task.get('text') or ''}".strip()[:160] or "—",
            "—" if task is None else say(f"board-paper-task-{task['state']}"),
            clock(due_at),
            heard if every is None else f"{heard} / {say('board-paper-every', minutes=every)}",
            ", ".join(dict.fromkeys(str(each["phone"]) for each in (leader, *members) if each.get("phone")))
            or "—",
            "",
        ]
        rows.append((due_at or _AWAITED_LAST, row))
    return [row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1][0]))]


def _task_of(state: State, team_id: str) -> Mapping[str, Any] | None:
    tasks = [
        task
        for task in state.get("tasks", {}).values()
        if task["team_id"] == team_id and task["state"] in BUSY_TASKS
    ]
    return max(tasks, key=lambda task: str(task["given_at"]), default=None)


def _others(state: State, on_teams: set[str], say: Callable[..., str]) -> list[list[str]]:
    """Return who is not home and in no team: they are counted too before anybody leaves."""
    return [
        [_name(person), str(person.get("phone") or "—"), say(f"board-paper-person-{person['state']}")]
        for identity, person in sorted(state.get("participants", {}).items(), key=lambda pair: _name(pair[1]))
        if identity not in on_teams and person["state"] not in {"invited", "home"}
    ]


def _name(person: Mapping[str, Any]) -> str:
    names = [person.get("callsign"), person.get("name")]
    return " · ".join(str(name) for name in names if name) or "—"


def _phase(state: str) -> str:
    return state.partition("/")[0]
