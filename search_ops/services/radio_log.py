"""The radio log: entries are appended, corrections stand beside them, nothing is ever overwritten.

What an entry says about a team also becomes the report it would have been: all well, a clue, a find.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from geo.coordinates import parse_coordinates
from geo.errors import CoordinateTextError
from search_ops.domain.events import further_id
from search_ops.domain.reports import Report, decide
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput
from search_ops.persistence.positions import keep_last_position
from search_ops.services.evidence_jobs import weigh_what_follows
from search_ops.services.scribe import intend_in_operation, known, the_operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.coordinates import CoordinateCandidate
    from search_ops.domain.events import Draft
    from search_ops.domain.principals import Principal
    from search_ops.domain.radio_wishes import RadioCorrectionWish, RadioEntryWish
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

_REPORT_OF: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "welfare": ("check_in", {"word": "all_well"}),
    "clue": ("clue_found", {}),
    "subject_located": ("found_reported", {"condition": "needs_checking"}),
}
# Of an ordinary sentence only what cannot be anything else: "three of us, back in 20 minutes" is no place.
# Every repetition has an end: a page of blanks must not keep the whole server waiting.
_PLACES: Final = (
    re.compile(r"[-+]?\d{1,3}[.,]\d{3,8}\s{0,3}[;,\s]\s{0,3}[-+]?\d{1,3}[.,]\d{3,8}"),
    re.compile(
        r"[NSСЮ]\s{0,3}\d{1,2}[°\s]\s{0,3}\d{1,2}[.,]\d{1,5}['′]?[\s,;]{0,4}"
        r"[EWВЗ]\s{0,3}\d{1,3}[°\s]\s{0,3}\d{1,2}[.,]\d{1,5}['′]?"
    ),
    re.compile(
        r"\d{1,2}°\s{0,3}\d{1,2}['′][\s\d.,\"″]{0,12}[NSСЮ]?[\s,;]{1,4}"
        r"\d{1,3}°\s{0,3}\d{1,2}['′][\s\d.,\"″]{0,12}[EWВЗ]?"
    ),
    re.compile(r"(?:https?://|geo:)\S{1,500}"),
)
# Farther from the search a pair of numbers is more likely something else.
_NEAR_DEG: Final = 5.0


def place_in(text: str, origin: tuple[float, float] | None) -> dict[str, float] | None:
    """Return the place that a sentence names as ``{"lon", "lat"}``, or None.

    Parameters
    ----------
    origin : tuple of float or None
        Longitude and latitude near which the search is; of several readings the nearest is meant.
    """
    return _nearest(_readings_in(text), origin)


def _readings_in(text: str) -> list[tuple[CoordinateCandidate, ...]]:
    """Return all that a sentence may mean as a place; found before any row is locked."""
    found: list[tuple[CoordinateCandidate, ...]] = []
    for pattern in _PLACES:
        words = pattern.search(text)
        if words is None:
            continue
        with suppress(CoordinateTextError):
            found.append(parse_coordinates(words.group()))
    return found


def _nearest(
    found: list[tuple[CoordinateCandidate, ...]], origin: tuple[float, float] | None
) -> dict[str, float] | None:
    for readings in found:
        if origin is None:
            return {"lon": readings[0].lon, "lat": readings[0].lat}
        away = [(_apart_deg((read.lon, read.lat), origin), read) for read in readings]
        nearest_deg, read = min(away, key=lambda pair: pair[0])
        if nearest_deg <= _NEAR_DEG:
            return {"lon": read.lon, "lat": read.lat}
    return None


def _apart_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    across = abs((one[0] - other[0] + 180) % 360 - 180)
    return max(across / 2, abs(one[1] - other[1]))


async def log_radio(
    office: Office, principal: Principal, operation_id: UUID, wish: RadioEntryWish
) -> dict[str, Any]:
    """Write what was heard; also into a search that is closed: the log is copied from paper afterwards.

    Returns
    -------
    dict
        ``{"event_id", "seq"}``.

    Raises
    ------
    BadInput
        ``unknown_team``, ``unknown_participant``.
    """
    found = _readings_in(wish.text)

    async def decide_entry(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        _check_known(scribe, wish)
        position = _position(scribe, wish, found)
        payload = {
            **wish.model_dump(mode="json", exclude={"command_id", "at", "position"}, exclude_none=True),
            **({} if position is None else {"position": position}),
        }
        stored = scribe.write("radio_logged", HQ, payload, at=wish.at)
        for draft in _report(scribe, principal, wish, position):
            stream.append(draft)
        await _show(scribe, operation_id, wish, position)
        await weigh_what_follows(scribe.work, principal)
        return {"event_id": str(stored.id), "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="radio.log", decide=decide_entry
    )


def _check_known(scribe: Scribe, wish: RadioEntryWish) -> None:
    if wish.team_id is not None and scribe.stream.get("teams", wish.team_id) is None:
        raise BadInput("unknown_team", where="team_id")
    if wish.participant_id is not None and scribe.stream.get("participants", wish.participant_id) is None:
        raise BadInput("unknown_participant", where="participant_id")


def _position(
    scribe: Scribe, wish: RadioEntryWish | RadioCorrectionWish, found: list[tuple[CoordinateCandidate, ...]]
) -> dict[str, float] | None:
    if wish.position is not None:
        return {"lon": wish.position.lon, "lat": wish.position.lat}
    held = next((area.get("origin") for _, area in scribe.stream.all("area")), None)
    origin = the_operation(scribe.stream).get("origin") or held
    points = [(point["lon"], point["lat"]) for _, point in scribe.stream.all("points")]
    near = tuple(origin) if origin else next(iter(points), None)
    return _nearest(found, near)


def _report(
    scribe: Scribe, principal: Principal, wish: RadioEntryWish, position: Mapping[str, float] | None
) -> Sequence[Draft]:
    told = _REPORT_OF.get(wish.category)
    if told is None:
        return ()
    kind, said = told
    # Whoever is not on the roster is named as he was heard: his find rings like anybody's.
    is_known = wish.team_id is not None or wish.participant_id is not None
    text = wish.text if is_known else f"{wish.caller}: {wish.text}"
    payload: dict[str, Any] = {**said, "text": text[:2000], "source": wish.source}
    for name in ("team_id", "participant_id"):
        if getattr(wish, name) is not None:
            payload[name] = str(getattr(wish, name))
    if position is not None:
        payload["position"] = dict(position)
    report = Report(
        id=further_id(wish.command_id, 1),
        kind=kind,
        v=1,
        at=wish.at,
        payload=payload,
        actor=principal.actor(),
        by_headquarters=True,
        after=(wish.command_id,),
    )
    return decide(scribe.stream, report).drafts


async def _show(
    scribe: Scribe, operation_id: UUID, wish: RadioEntryWish, position: Mapping[str, float] | None
) -> None:
    """Let the map show where the team said it is: the pin of its leader moves there."""
    team = None if wish.team_id is None else scribe.stream.get("teams", wish.team_id)
    who = wish.participant_id or (None if team is None else team.get("leader_id"))
    if position is None or who is None:
        return
    await keep_last_position(
        scribe.work.connection,
        operation_id=operation_id,
        participant_id=UUID(str(who)),
        fix=position,
        reported_at=wish.at,
        received_at=scribe.work.now,
    )


async def correct_radio(
    office: Office, principal: Principal, operation_id: UUID, entry_id: UUID, wish: RadioCorrectionWish
) -> dict[str, Any]:
    """Write beside an entry what it should have said.

    Raises
    ------
    NotKnown
        There is no such entry.
    """
    found = _readings_in(wish.text)

    async def decide_correction(scribe: Scribe) -> Mapping[str, Any]:
        known(scribe.stream, "radio_log", entry_id)
        position = _position(scribe, wish, found)
        payload = {
            "entry_id": str(entry_id),
            "text": wish.text,
            **({} if position is None else {"position": position}),
        }
        stored = scribe.write("radio_corrected", HQ, payload)
        return {"event_id": str(stored.id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="radio.correct",
        decide=decide_correction,
        about={"entry_id": str(entry_id)},
    )
