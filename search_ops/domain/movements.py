"""A movement from the wish to the arrival: what a person may decide when, and what reports say of it.

Reports are facts: they are kept in every state. What a movement is doing follows from the newest report of
each part of its people; a later word, also one that takes an earlier one back, moves it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from search_ops.errors import BadInput, MoveRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOVES: Final[dict[str, frozenset[str]]] = {
    "asked": frozenset({"planned", "cancelled"}),
    "planned": frozenset({"planned", "cancelled"}),
    "moving": frozenset({"planned", "cancelled"}),
    "arrived": frozenset(),
    "cancelled": frozenset(),
}
"""What a person may decide in a state; reports are no decisions and are not in this table."""

DONE_WORDS: Final = frozenset({"landed", "arrived"})
POINT: Final = "point"
"""The destination in legs where it is no place of the network."""


def check_move(movement: Mapping[str, Any], wanted: str) -> None:
    """Refuse what the table does not allow.

    Raises
    ------
    MoveRefused
        With the state that stands.
    """
    state = str(movement["state"])
    if wanted == "planned" and state == "arrived" and movement.get("left_behind"):
        return  # those who stayed behind may still be brought
    if wanted not in MOVES[state]:
        raise MoveRefused(what="movement", state=state, wanted=wanted)


def travellers_of(leg: Mapping[str, Any]) -> tuple[int, int]:
    """Return whose leg it is: the party, and which part of it where it goes in parts."""
    return int(leg.get("party") or 0), int(leg.get("part") or 0)


def reports_of(
    movement_id: str, movement: Mapping[str, Any], reports: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the reports about the plan that stands; those of an earlier plan number other legs."""
    plan = movement.get("chosen_seq")
    return [
        report
        for report in reports
        if report["movement_id"] == movement_id and report.get("chosen_seq") == plan
    ]


def newest_reports(
    movement: Mapping[str, Any], reports: Iterable[Mapping[str, Any]]
) -> dict[tuple[int, int], Mapping[str, Any]]:
    """Return the newest report of all who travel together.

    By the time of what is told, since a late report is normal; of one time the one written last.
    """
    newest: dict[tuple[int, int], Mapping[str, Any]] = {}
    for report in sorted(reports, key=_when):
        newest[travellers_of(movement["legs"][report["leg"]])] = report
    return newest


def told_at(report: Mapping[str, Any]) -> str:
    """Return when a report was made, never later than it was written down: it would be the last word."""
    at = str(report["at"])
    return min(at, str(report.get("recorded_at") or at))


def _when(report: Mapping[str, Any]) -> tuple[str, int]:
    return told_at(report), int(report["version"])


def legs_done(movement: Mapping[str, Any], reports: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """Return the numbers of the legs that are behind those who travel."""
    newest = newest_reports(movement, reports)
    done = {number for number, leg in enumerate(movement["legs"]) if leg.get("done_at")}
    for number, leg in enumerate(movement["legs"]):
        report = newest.get(travellers_of(leg))
        if report is not None and (
            number < report["leg"] or (number == report["leg"] and report["word"] in DONE_WORDS)
        ):
            done.add(number)
    return frozenset(done)


def reaches_end(movement: Mapping[str, Any], leg: Mapping[str, Any]) -> bool:
    """Tell whether a leg ends where the movement goes: whoever could not be brought on stands elsewhere."""
    end = movement["to"].get("place_id") or POINT
    return leg.get("kind") == "agency" or bool(leg["to_place"] == end)


def under_way(legs: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether a plan was made for people who had set out already."""
    return any(leg.get("done_at") or leg.get("left_at") for leg in legs)


def state_by_reports(movement: Mapping[str, Any], reports: Sequence[Mapping[str, Any]]) -> str:
    """Return what a movement does: arrived when the last leg of everybody says so.

    One that was called off stays so, whoever reports: that was a decision.
    """
    if movement["state"] == "cancelled":
        return "cancelled"
    newest = newest_reports(movement, reports)
    kept = under_way(movement["legs"])
    if not newest and not kept:
        return "planned"
    last = {travellers_of(leg): (number, leg) for number, leg in enumerate(movement["legs"])}
    arrived = all(
        reaches_end(movement, leg) and _arrived(number, leg, newest.get(who))
        for who, (number, leg) in last.items()
    )
    return "arrived" if arrived else "moving"


def _arrived(number: int, leg: Mapping[str, Any], report: Mapping[str, Any] | None) -> bool:
    if report is None:
        return bool(leg.get("done_at"))
    return bool(report["leg"] == number and report["word"] == "arrived")


def check_leg(movement: Mapping[str, Any], leg: int) -> None:
    """Refuse a report about a leg that the movement does not have.

    Raises
    ------
    BadInput
        ``no_such_leg``.
    """
    if leg >= len(movement["legs"]):
        raise BadInput("no_such_leg", where="leg", have=len(movement["legs"]))
