"""When a clock of a team has run out: which alarms are raised, climb a step, or are over. Pure decisions.

An alarm has its id from what ran out and how often before: the same for whoever looks, however often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID, uuid5

from search_ops.domain.events import Draft, wire_time
from search_ops.domain.transitions import AWAY_TASKS
from search_ops.domain.visibility import team_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from search_ops.domain.view import View

What = Literal["overdue", "no_contact", "silent_device", "low_battery"]

# Who is to act: the team leader at once, the radio operator, the coordinator; then the coordinator again.
TO_LEADER, TO_RADIO, TO_COORDINATOR = 0, 1, 2
RADIO_AFTER: Final = timedelta(minutes=5)
COORDINATOR_AFTER: Final = timedelta(minutes=15)
AGAIN_EVERY: Final = timedelta(minutes=30)
# Where no interval was agreed, a team that nothing and nobody has heard of for so long is looked for.
UNAGREED_SILENCE: Final = timedelta(minutes=60)
LOW_BATTERY_PCT: Final = 10.0
CHARGED_PCT: Final = 20.0

CLOCKS: Final[dict[str, str]] = {"type": "system", "id": "clocks"}
"""The doer of what clocks write."""


@dataclass(frozen=True, slots=True)
class Device:
    """The phone of a participant: when it last reached us, and its battery then."""

    reached_at: datetime | None = None
    battery_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of teams in the ground besides the state.

    Attributes
    ----------
    contacts : mapping
        Team id -> when somebody of it was last heard, by any channel: a word, or a move of its task. That
        headquarters recalled it is no word of the team.
    devices : mapping
        Participant id -> his phone.
    """

    contacts: Mapping[str, datetime]
    devices: Mapping[str, Device]


@dataclass(frozen=True, slots=True)
class _Danger:
    """A clock that has run out now."""

    what: What
    task_id: str
    team_id: str
    since: datetime
    participant_id: str | None = None
    heard_at: datetime | None = None
    device_at: datetime | None = None
    battery_pct: float | None = None

    @property
    def place(self) -> tuple[str, str, str | None]:
        """Return what there is one open alarm of."""
        return self.what, self.task_id, self.participant_id


def due(view: View, operation_id: UUID, known: Known, now: datetime) -> list[Draft]:
    """Return the events that the clocks of an operation write at this moment, usually none.

    Parameters
    ----------
    view : View
        State of the operation; under its lock when the events are to be written.
    known : Known
        Contacts and devices of the teams that are away.
    now : datetime
        The moment, aware.
    """
    dangers = {danger.place: danger for danger in _dangers(view, known, now)}
    drafts: list[Draft] = []
    open_places = set()
    for alarm_id, alarm in view.all("clock_alarms"):
        if alarm["state"] == "over":
            continue
        place = (alarm["what"], alarm["task_id"], alarm.get("participant_id"))
        danger = dangers.get(place)
        if danger is None or _is_another(danger, alarm):
            drafts.append(_over(view, alarm_id, alarm, now))
            continue
        open_places.add(place)
        step = _step(danger, now)
        if step > alarm["step"]:
            payload = {"alarm_id": alarm_id, "step": step}
            drafts.append(
                _draft(
                    uuid5(UUID(alarm_id), f"step/{step}"), "clock_alarm_stepped", danger.team_id, payload, now
                )
            )
    for place, danger in dangers.items():
        if place not in open_places and (danger.battery_pct or 0.0) <= LOW_BATTERY_PCT:
            drafts.append(_raised(view, operation_id, danger, now))
    return drafts


def _dangers(view: View, known: Known, now: datetime) -> Iterator[_Danger]:
    operation = next((entity for _, entity in view.all("operation")), {})
    if str(operation.get("state", "")).startswith("closed"):
        return
    for task_id, task in view.all("tasks"):
        team = view.get("teams", task["team_id"])
        if task["state"] not in AWAY_TASKS or team is None or team["disbanded"]:
            continue
        devices = {member: known.devices.get(member, Device()) for member in team["member_ids"]}
        yield from _of_task(task_id, task, _heard_at(task, known, now), devices, now)


def _of_task(
    task_id: str,
    task: Mapping[str, Any],
    heard_at: datetime,
    devices: Mapping[str, Device],
    now: datetime,
) -> Iterator[_Danger]:
    team_id = str(task["team_id"])
    reached = [device.reached_at for device in devices.values() if device.reached_at is not None]
    device_at = max(reached, default=None)

    def danger(what: What, since: datetime, participant_id: str | None = None, **more: float) -> _Danger:
        return _Danger(what, task_id, team_id, since, participant_id, heard_at, device_at, **more)

    due_at = task.get("due_at")
    if due_at is not None and now >= datetime.fromisoformat(due_at):
        yield danger("overdue", datetime.fromisoformat(due_at))
    every_min = task.get("contact_every_min")
    if every_min is not None:
        until = heard_at + timedelta(minutes=every_min)
        if now > until:
            yield danger("no_contact", until)
    elif device_at is not None:
        until = max(heard_at, device_at) + UNAGREED_SILENCE
        if now > until:
            yield danger("silent_device", until)
    for participant_id, device in devices.items():
        if device.reached_at is not None and _is_low(device.battery_pct):
            yield danger(
                "low_battery", device.reached_at, participant_id, battery_pct=device.battery_pct or 0.0
            )


def _is_low(battery_pct: float | None) -> bool:
    return battery_pct is not None and battery_pct < CHARGED_PCT


def _heard_at(task: Mapping[str, Any], known: Known, now: datetime) -> datetime:
    """Return when the team was last heard; before its first word, when it was given the task.

    A word may be older than the giving: teams leave before that is written down.
    """
    given_at = datetime.fromisoformat(task["given_at"])
    told = known.contacts.get(str(task["team_id"]))
    return given_at if told is None or told > now else told


def _is_another(danger: _Danger, alarm: Mapping[str, Any]) -> bool:
    """Tell whether the clock was wound up and has run out again since this alarm was raised."""
    if danger.what == "low_battery":
        return False
    raised_for: str = alarm["since"]
    return wire_time(danger.since) != raised_for


def _step(danger: _Danger, now: datetime) -> int:
    late = now - danger.since
    if danger.what == "low_battery":
        return TO_RADIO
    if late >= COORDINATOR_AFTER:
        return TO_COORDINATOR + (late - COORDINATOR_AFTER) // AGAIN_EVERY
    # A phone that nobody hears cannot tell its owner.
    return TO_RADIO if late >= RADIO_AFTER or danger.what == "silent_device" else TO_LEADER


def _raised(view: View, operation_id: UUID, danger: _Danger, now: datetime) -> Draft:
    # The same moment may come again (a due time agreed back, a search opened again): the n-th alarm there.
    before = sum(_place_of(alarm) == danger.place for _, alarm in view.all("clock_alarms"))
    name = f"{danger.what}/{danger.task_id}/{danger.participant_id}/{before}"
    alarm_id = uuid5(operation_id, name)
    payload = {
        "alarm_id": str(alarm_id),
        "what": danger.what,
        "team_id": danger.team_id,
        "task_id": danger.task_id,
        "participant_id": danger.participant_id,
        "since": wire_time(danger.since),
        "heard_at": _wire(danger.heard_at),
        "device_at": _wire(danger.device_at),
        "battery_pct": danger.battery_pct,
        "step": _step(danger, now),
    }
    return _draft(alarm_id, "clock_alarm_raised", danger.team_id, payload, now)


def _place_of(alarm: Mapping[str, Any]) -> tuple[Any, ...]:
    return alarm["what"], alarm["task_id"], alarm.get("participant_id")


def _over(view: View, alarm_id: str, alarm: Mapping[str, Any], now: datetime) -> Draft:
    task = view.get("tasks", alarm["task_id"]) or {}
    operation = next((entity for _, entity in view.all("operation")), {})
    if str(operation.get("state", "")).startswith("closed"):
        cause = "closed"
    elif task.get("state") not in AWAY_TASKS:
        cause = "back"
    elif alarm["what"] == "overdue":
        cause = "agreed"
    elif alarm["what"] == "low_battery":
        cause = "charged"
    else:
        cause = "heard"
    payload = {"alarm_id": alarm_id, "cause": cause}
    return _draft(uuid5(UUID(alarm_id), "over"), "clock_alarm_over", str(alarm["team_id"]), payload, now)


def _draft(event_id: UUID, kind: str, team_id: str, payload: Mapping[str, Any], now: datetime) -> Draft:
    return Draft(
        id=event_id,
        kind=kind,
        visibility=team_class(team_id),
        payload=payload,
        actor=CLOCKS,
        at=now,
    )


def _wire(moment: datetime | None) -> str | None:
    return None if moment is None else wire_time(moment)
