"""Who of the catalogue comes to a search, each group by itself: by road, by timetable, with aircraft."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dispatch.transport_answers import Itinerary
from dispatch.transport_choice import Option
from dispatch.transport_compile import without
from dispatch.transport_scan import earliest_arrival
from search_ops.domain.events import wire_time
from search_ops.services.movement_problem import problem_of
from search_ops.services.movement_told import told_choice, told_whys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from dispatch.transport_choice import OptionKind
    from dispatch.transport_compile import Compiled
    from search_ops.domain.transport_wishes import ComparisonWish
    from search_ops.services.movement_ground import LastLegs
    from search_ops.services.movement_problem import MovementProblem
    from search_ops.services.transport_calendar import Rows

_ROAD_MODES: Final = frozenset({"road", "winter_road", "river", "sea", "foot"})
_AIR_MODES: Final = frozenset({"flight", "helicopter"})


@dataclass(frozen=True, slots=True)
class Coming:
    """One group on its way: its row, from when it can leave, its itinerary."""

    row: Mapping[str, Any]
    ready_at: datetime
    told: Mapping[str, Any]
    cost_rub: float | None
    owners: tuple[str, ...]

    @property
    def arrives_at(self) -> datetime:
        """Return when it is there."""
        return datetime.fromisoformat(self.told["arrives_at"])

    @property
    def people(self) -> int:
        """Return how many it brings; nobody where nobody knows."""
        return int(self.row["people"] or 0)

    @property
    def confidence(self) -> float:
        """Return how sure it is that it comes so."""
        return float(self.told["confidence"] * (self.row["confidence"] or 1.0))


@dataclass(slots=True)
class Gathering:
    """All who come by one option, what has to be asked of others, and why nobody else comes."""

    kind: OptionKind
    coming: list[Coming] = field(default_factory=list)
    asks: list[dict[str, Any]] = field(default_factory=list)
    whys: list[dict[str, Any]] = field(default_factory=list)

    def as_options(self) -> list[Option]:
        """Return each group as the founding rule weighs it."""
        return [
            Option(
                f"{self.kind}:{each.row['resource_id']}",
                self.kind,
                each.ready_at,
                each.arrives_at,
                each.people,
                confidence=each.confidence,
            )
            for each in self.coming
        ]

    def ready(self, groups: Sequence[Mapping[str, Any]], now: datetime) -> list[tuple[Any, datetime]]:
        """Return those who have said when they are ready; of the others it has to be asked."""
        known = []
        for row in groups:
            for name, what in (("ready_min", "ready_at"), ("people", "people")):
                if row[name] is None:
                    self.asks.append({"what": what, "subject": "craft", **named_group(row)})
            if row["ready_min"] is not None:
                known.append((row, now + timedelta(minutes=row["ready_min"])))
        return known


def coming_by_road(
    kind: OptionKind,
    rows: Rows,
    wish: ComparisonWish,
    groups: Sequence[Mapping[str, Any]],
    when: tuple[datetime, UUID, LastLegs],
) -> Gathering:
    """Return who comes over the ground and when."""
    now, operation_id, legs = when
    found = Gathering(kind)
    for row, ready_at in found.ready(groups, now):
        asked = _asked(wish, row, ready_at, groups)
        problem = problem_of(
            rows, asked, now, operation_id=operation_id, with_catalogue=False, last_legs=legs
        )
        if problem.compiled is None:
            continue
        ways = without(problem.compiled, problem.compiled.slot_of.values())
        way = earliest_arrival(ways, problem.movement)
        if not isinstance(way, Itinerary) or any(leg.mode not in _ROAD_MODES for leg in way.legs):
            continue
        told = told_choice(problem, rows, asked, [way])
        owners = (row["cost_owner"],) if row["cost_owner"] else ()
        found.coming.append(Coming(row, ready_at, told, row["cost_rub"], owners))
    if not found.coming and not found.asks:
        found.whys = [{"reason": "no_connection" if groups else "nobody_near"}]
    return found


def coming_by_air(
    kind: OptionKind,
    rows: Rows,
    wish: ComparisonWish,
    groups: Sequence[Mapping[str, Any]],
    when: tuple[datetime, UUID, LastLegs],
) -> Gathering:
    """Return who flies in and when: by timetable alone, or with aircraft of the catalogue."""
    now, operation_id, legs = when
    found = Gathering(kind, whys=[] if groups else [{"reason": "nobody_near"}])
    for row, ready_at in found.ready(groups, now):
        asked = _asked(wish, row, ready_at, groups)
        state = kind == "state_aircraft"
        problem = problem_of(
            rows, asked, now, operation_id=operation_id, with_catalogue=state, last_legs=legs
        )
        if problem.compiled is None:
            found.whys = told_whys(problem, rows, problem.refused)
            continue
        compiled = _without_timetable(problem) if state else problem.compiled
        way = earliest_arrival(compiled, problem.movement)
        if not isinstance(way, Itinerary):
            whys = problem.aircraft_out if state and problem.aircraft_out else way.whys
            found.whys = told_whys(problem, rows, whys)
            continue
        told = told_choice(problem, rows, asked, [way])
        crafts = {leg["craft_id"] for leg in told["legs"] if leg["mode"] in _AIR_MODES}
        if not crafts:
            found.whys = [{"reason": "nothing_flies"}]
            continue
        cost = told["cost_rub"] if told["cost_known"] else None
        found.coming.append(Coming(row, ready_at, told, cost, _owners(rows, crafts)))
    return found


def _owners(rows: Rows, crafts: set[Any]) -> tuple[str, ...]:
    return tuple(
        row["cost_owner"] for row in rows.resources if row["cost_owner"] and str(row["resource_id"]) in crafts
    )


def _without_timetable(problem: MovementProblem) -> Compiled:
    """Return the network in which nobody flies by timetable."""
    assert problem.compiled is not None
    slots = [
        problem.compiled.slot_of[each.departure_id]
        for each in problem.network.departures
        if each.use is None and each.mode in _AIR_MODES
    ]
    return without(problem.compiled, slots)


def _asked(
    wish: ComparisonWish, row: Mapping[str, Any], ready_at: datetime, groups: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a group's journey as a question; the cargo goes with the largest of them."""
    largest = max(groups, key=lambda each: (each["people"] or 0, str(each["resource_id"])))
    party = {
        "place_id": row["base_place"],
        "ready_at": ready_at.astimezone(UTC).isoformat(),
        "people": row["people"] or 1,  # one at least travels where nobody knows how many
        "cargo_kg": wish.cargo_kg if row is largest else 0.0,
        "pieces": [],
    }
    return {"parties": [party], "to": wish.to.model_dump(mode="json"), "by_at": None, "unknown": "ask"}


def told_gathering(found: Gathering, wanted: int) -> dict[str, Any]:
    """Return an option as desks read it: those of it who bring as many as are wanted soonest, or all."""
    if not found.coming:
        return told_option(found.kind, whys=found.whys, asks=found.asks)
    taken: list[Coming] = []
    for each in sorted(found.coming, key=lambda one: one.arrives_at):
        taken.append(each)
        if sum(one.people for one in taken) >= wanted:
            break
    owners = sorted({owner for each in taken for owner in each.owners})
    costs = [each.cost_rub for each in taken]
    asks = [*found.asks, *(ask for each in taken for ask in each.told["asks"] if ask["what"] != "cost")]
    return told_option(
        found.kind,
        possible=True,
        ready_at=wire_time(min(each.ready_at for each in taken)),
        arrive_at=wire_time(taken[-1].arrives_at),
        people=sum(each.people for each in taken),
        equipment=sorted({each.row["equipment"] for each in taken if each.row["equipment"]}),
        cost_owner=", ".join(owners) or None,
        cost_rub=None if None in costs else sum(cost for cost in costs if cost is not None),
        confidence=min(each.confidence for each in taken),
        who=[named_group(each.row) for each in taken],
        asks=[ask for place, ask in enumerate(asks) if ask not in asks[:place]],
        legs=taken[0].told["legs"],
    )


def told_option(kind: str, **said: Any) -> dict[str, Any]:
    """Return an option of which nothing is known but what is said."""
    nothing: dict[str, Any] = {
        "possible": False,
        "ready_at": None,
        "arrive_at": None,
        "people": 0,
        "equipment": [],
        "cost_owner": None,
        "cost_rub": None,
        "confidence": None,
        "who": [],
        "whys": [],
        "asks": [],
        "legs": [],
    }
    return {"kind": kind, **nothing, **said}


def named_group(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people call a row of the catalogue."""
    return {"id": str(row["resource_id"]), "name": row["name"], "name_ru": row["name"]}
