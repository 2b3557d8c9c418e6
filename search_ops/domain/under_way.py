"""Where those of a movement are now, by what they have reported, and what of their legs is behind them.

Planned again under way, a movement goes on from there; legs that are done, and the one somebody is on, stay.
A position is never guessed: whoever travels with an agency is where the agency says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.movements import (
    DONE_WORDS,
    newest_reports,
    reaches_end,
    told_at,
    travellers_of,
    under_way,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Leg = Mapping[str, Any]
    Said = tuple[int, str, str]
    """Number of the leg, word, and when."""

_CLOSE_KG: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Travellers:
    """Those of a party who travel together.

    Attributes
    ----------
    kept
        Legs that stay as they are: done (``done_at``), and the one they are on (``left_at``).
    place_id
        Where they are, or come out of the leg they are on; None where nobody but an agency knows.
    ready_at
        From when they can go on from there, as far as reports say.
    arrived
        Whether nothing is left to plan: they are there, or on the last leg.
    cargo_kg
        Loose, without pieces.
    pieces
        As the movement was asked with, ``count`` of those that are with them; ``number`` is the place of
        each among the pieces of its party.
    """

    party: int
    kept: tuple[Leg, ...]
    place_id: str | None
    ready_at: datetime
    arrived: bool
    people: int
    cargo_kg: float = 0.0
    pieces: tuple[Mapping[str, Any], ...] = ()

    def as_party(self) -> dict[str, Any]:
        """Return them as a party that asks to be moved from where they are."""
        return {
            "place_id": self.place_id,
            "ready_at": self.ready_at.isoformat(),
            "people": self.people,
            "cargo_kg": self.cargo_kg,
            "pieces": [
                {name: value for name, value in piece.items() if name != "number"} for piece in self.pieces
            ],
        }


def travellers_under_way(
    movement: Mapping[str, Any], reports: Sequence[Mapping[str, Any]]
) -> list[Travellers] | None:
    """Return who is where, or None where nobody has set out.

    Parameters
    ----------
    reports
        About the plan that stands.
    """
    newest = newest_reports(movement, reports)
    legs = movement["legs"]
    if not newest and not under_way(legs):
        return None
    together: dict[tuple[int, int], list[int]] = {}
    for number, leg in enumerate(legs):
        together.setdefault(travellers_of(leg), []).append(number)
    found: list[Travellers] = []
    for (party, part), numbers in sorted(together.items()):
        said = _said(movement, numbers, newest.get((party, part)))
        found += _where(movement, reports, (party, numbers), said)
    return found + _still_at_home(movement, found)


def _said(
    movement: Mapping[str, Any], numbers: Sequence[int], report: Mapping[str, Any] | None
) -> Said | None:
    """Return the last that is known of them: reported, or kept from an earlier plan."""
    if report is not None:
        return int(report["leg"]), str(report["word"]), told_at(report)
    for number in reversed(numbers):
        leg = movement["legs"][number]
        for name, word in (("done_at", "arrived"), ("left_at", "left")):
            if leg.get(name):
                return number, word, str(leg[name])
    return None


def _where(
    movement: Mapping[str, Any],
    reports: Sequence[Mapping[str, Any]],
    who: tuple[int, Sequence[int]],
    said: Said | None,
) -> list[Travellers]:
    """Return those of one part of a party; all parties where an agency carries everybody in one leg."""
    party, numbers = who
    legs = movement["legs"]
    leg = legs[numbers[0] if said is None else said[0]]
    by_agency = leg["kind"] == "agency"
    if said is None or (by_agency and said[1] == "at_airport"):
        if by_agency and "party" not in leg:
            return []  # as they were asked: they are all still where they began
        start = str(leg["from_place"])
        first = datetime.fromisoformat(movement["parties"][party]["ready_at"])
        return [Travellers(party, (), start, first, arrived=False, **_load(movement, leg))]
    number, word, at = said
    behind = [each for each in numbers if each < number]
    kept: list[Leg] = [{**legs[each], "done_at": _done_at(legs, each, (reports, at))} for each in behind]
    if word in DONE_WORDS:
        kept.append({**leg, "done_at": leg.get("done_at") or at})
    elif word == "left":
        kept.append({**leg, "left_at": leg.get("left_at") or at})
    place_id = leg["from_place"] if word == "at_airport" else leg["to_place"]
    gone_on = word == "left"
    at_end = number == numbers[-1] and reaches_end(movement, leg)
    arrived = at_end and word != "at_airport" and (word in DONE_WORDS or not by_agency)
    ready_at = _comes_out(leg, at) if gone_on else datetime.fromisoformat(at)
    where = None if by_agency and gone_on else place_id
    return [Travellers(party, tuple(kept), where, ready_at, arrived=arrived, **_load(movement, leg))]


def _done_at(legs: Sequence[Leg], number: int, said: tuple[Sequence[Mapping[str, Any]], str]) -> str:
    """Return when a leg was done: as kept, as reported of it, or at the latest when the next was reported."""
    reports, last = said
    if legs[number].get("done_at"):
        return str(legs[number]["done_at"])
    told = [told_at(report) for report in reports if report["leg"] == number and report["word"] in DONE_WORDS]
    return max(told, default=last)


def _comes_out(leg: Leg, left_at: str) -> datetime:
    """Return when whoever is on a leg comes out of it: late by as much as he has left late."""
    arrives_at = datetime.fromisoformat(leg["arrives_at"])
    if leg["leaves_at"] is None:
        return arrives_at
    late = datetime.fromisoformat(left_at) - datetime.fromisoformat(leg["leaves_at"])
    return arrives_at + max(late, timedelta())


def _load(movement: Mapping[str, Any], leg: Leg) -> dict[str, Any]:
    """Return what a leg carries as the parties of a movement say it."""
    asked = movement["parties"][travellers_of(leg)[0]]["pieces"]
    pieces = []
    for name, count, *rest in leg.get("pieces") or ():
        # Legs planned before pieces were numbered name them only.
        named = next((at for at, each in enumerate(asked) if each["name"] == name), None)
        number = rest[0] if rest else named
        if number is not None:
            pieces.append({**asked[number], "count": count, "number": number})
    loose_kg = float(leg["cargo_kg"]) - sum(each["kg"] * each["count"] for each in pieces)
    loose_kg = loose_kg if loose_kg > _CLOSE_KG else 0.0
    return {"people": int(leg["people"]), "cargo_kg": loose_kg, "pieces": tuple(pieces)}


def _still_at_home(movement: Mapping[str, Any], found: Sequence[Travellers]) -> list[Travellers]:
    """Return those of each party whom no leg has taken: left behind by the plan, or not yet fetched."""
    if any(leg["kind"] == "agency" and "party" not in leg for each in found for leg in each.kept):
        return []  # the agency carries all of them
    rest = []
    for number, party in enumerate(movement["parties"]):
        own = [each for each in found if each.party == number]
        people = party["people"] - sum(each.people for each in own)
        cargo_kg = party["cargo_kg"] - sum(each.cargo_kg for each in own)
        carried = [piece for each in own for piece in each.pieces]
        pieces = []
        for at, piece in enumerate(party["pieces"]):
            count = piece["count"] - sum(each["count"] for each in carried if each["number"] == at)
            if count > 0:
                pieces.append({**piece, "count": count, "number": at})
        if people > 0 or cargo_kg > _CLOSE_KG or pieces:
            ready_at = datetime.fromisoformat(party["ready_at"])
            rest.append(
                Travellers(
                    number,
                    (),
                    party["place_id"],
                    ready_at,
                    arrived=False,
                    people=max(0, people),
                    cargo_kg=cargo_kg if cargo_kg > _CLOSE_KG else 0.0,
                    pieces=tuple(pieces),
                )
            )
    return rest
