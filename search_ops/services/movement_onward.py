"""A movement planned again under way: from where its people are, with what is behind them kept."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search_ops.domain.movements import reports_of
from search_ops.domain.under_way import travellers_under_way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.transport_answers import Itinerary, LeftBehind, Load
    from search_ops.domain.under_way import Travellers


@dataclass(frozen=True, slots=True)
class Onward:
    """Who has to go on, and who is there or on the last leg."""

    asked: Mapping[str, Any]
    going: tuple[Travellers, ...]
    there: tuple[Travellers, ...]

    @property
    def refused(self) -> str | None:
        """Return why nothing can be planned: a code, or None."""
        if not self.going:
            return "all_on_last_leg"
        return "under_way_with_agency" if any(each.place_id is None for each in self.going) else None

    def from_here(self) -> dict[str, Any]:
        """Return the movement as if it were asked from where its people are."""
        return {**self.asked, "parties": [each.as_party() for each in self.going]}


def onward_of(asked: Mapping[str, Any], reports: Sequence[Mapping[str, Any]]) -> Onward | None:
    """Return the movement as it is under way, or None where nobody has set out.

    Parameters
    ----------
    reports
        About the plan that stands.
    """
    travellers = travellers_under_way(asked, reports)
    if travellers is None:
        return None
    return Onward(
        asked,
        tuple(each for each in travellers if not each.arrived),
        tuple(each for each in travellers if each.arrived),
    )


def plan_reports(state: Mapping[str, Any], movement_id: str) -> list[Mapping[str, Any]]:
    """Return what is reported of the plan that stands, out of the state of a search."""
    movement = state["movements"][movement_id]
    return reports_of(movement_id, movement, state.get("movement_reports", {}).values())


def newest_seen(reports: Sequence[Mapping[str, Any]]) -> int:
    """Return up to which report a proposal knows where people are; 0 where there is none."""
    return max((int(report["version"]) for report in reports), default=0)


def told_onward(
    told: dict[str, Any],
    onward: Onward,
    itineraries: Sequence[Itinerary],
    left_behind: Sequence[LeftBehind],
) -> dict[str, Any]:
    """Return a choice with the legs that are done before it, its parties numbered as they were asked.

    Those who part on the way report by themselves from now on: each part keeps the legs it has come by.
    """
    numbers: defaultdict[int, Iterator[int]] = defaultdict(itertools.count)
    kept: list[dict[str, Any]] = []
    for each in onward.there:
        who = {"party": each.party, "part": next(numbers[each.party])}
        kept += [{**leg, **who} for leg in each.kept]
    called: dict[tuple[int, int], dict[str, int]] = {}
    parts: defaultdict[int, Iterator[int]] = defaultdict(itertools.count)
    for load in [*(one.load for one in itineraries), *(one.load for one in left_behind)]:
        group = int(load.party_id)
        own = onward.going[group]
        who = {"party": own.party, "part": next(numbers[own.party])}
        called[group, next(parts[group])] = who
        kept += [{**leg, **who, **_carried(own, load)} for leg in own.kept]
    new = []
    for leg in told["legs"]:
        own = onward.going[leg["party"]]
        pieces = [[name, count, own.pieces[at]["number"]] for name, count, at in leg["pieces"]]
        new.append({**leg, **called[leg["party"], leg["part"]], "pieces": pieces})
    arrivals = [told["arrives_at"], *(each.kept[-1]["arrives_at"] for each in onward.there if each.kept)]
    behind = [{**each, "party": onward.going[each["party"]].party} for each in told["left_behind"]]
    return {**told, "legs": kept + new, "arrives_at": max(arrivals), "left_behind": behind}


def _carried(own: Travellers, load: Load) -> dict[str, Any]:
    """Return what of a leg's load went on together."""
    pieces = []
    kg = load.cargo_kg
    for piece_id, count in load.pieces:
        piece = own.pieces[int(piece_id.partition(":")[0])]
        pieces.append([piece["name"], count, piece["number"]])
        kg += piece["kg"] * count
    return {"people": load.people, "cargo_kg": kg, "pieces": pieces}
