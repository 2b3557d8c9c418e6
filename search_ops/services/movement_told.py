"""Itineraries as desks read them: legs with places, hours, seats; reasons as codes with figures."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from search_ops.domain.events import wire_time
from search_ops.services.scribe import wire_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.transport_answers import Itinerary, LeftBehind, Leg, Load, Why
    from dispatch.transport_values import Party
    from search_ops.services.movement_problem import MovementProblem
    from search_ops.services.transport_calendar import Rows


def told_choice(
    problem: MovementProblem,
    rows: Rows,
    asked: Mapping[str, Any],
    itineraries: Sequence[Itinerary],
    left_behind: Sequence[LeftBehind] = (),
) -> dict[str, Any]:
    """Return itineraries that go together (one for each party, or parts of one) as one choice.

    Returns
    -------
    dict
        Legs in order of time with what they carry; sums; what has to be asked first; who stays behind.
    """
    # Those of one party who go by different ways report by themselves.
    parts: dict[str, int] = {}
    legs = []
    for itinerary in itineraries:
        part = parts[itinerary.load.party_id] = parts.get(itinerary.load.party_id, -1) + 1
        legs += [_leg(problem, rows, asked, leg, itinerary) | {"part": part} for leg in itinerary.legs]
    legs.sort(key=lambda leg: (leg["leaves_at"], leg["arrives_at"], leg["party"]))
    asks: list[dict[str, Any]] = []
    for itinerary in itineraries:
        for ask in itinerary.asks:
            told = {"what": ask.what, "subject": ask.subject, **_subject(problem, rows, ask.subject_id)}
            if told not in asks:
                asks.append(told)
    to_find = dict.fromkeys(leg["ref_id"] for leg in legs if leg["ref_id"] in problem.to_find)
    asks += [{"what": "vehicle", "subject": "way", **_subject(problem, rows, each)} for each in to_find]
    return {
        "names": sorted({name for each in itineraries for name in each.names}),
        "leaves_at": wire_time(
            min(each.legs[0].leaves_at if each.legs else each.ready_at for each in itineraries)
        ),
        "arrives_at": wire_time(max(each.arrives_at for each in itineraries)),
        "cost_rub": sum(each.cost_rub for each in itineraries),
        "cost_known": not any(ask["what"] == "cost" for ask in asks),
        # As sure as the least sure part: of forty who go by four flights, one missed is not all missed.
        "confidence": min(each.confidence for each in itineraries),
        "asks": asks,
        "legs": legs,
        "manifest": _manifest(legs),
        "people": sum(each.load.people for each in itineraries),
        "left_behind": [_left_behind(problem, rows, each) for each in left_behind],
    }


def _left_behind(problem: MovementProblem, rows: Rows, behind: LeftBehind) -> dict[str, Any]:
    load = behind.load
    party = next(each for each in problem.movement.parties if each.party_id == load.party_id)
    return {
        "party": int(load.party_id),
        "people": load.people,
        "cargo_kg": load.cargo_kg + _pieces_kg(party, load),
        "pieces": [[piece_id.partition(":")[2], count] for piece_id, count in load.pieces],
        "whys": told_whys(problem, rows, behind.whys),
    }


def _leg(
    problem: MovementProblem, rows: Rows, asked: Mapping[str, Any], leg: Leg, itinerary: Itinerary
) -> dict[str, Any]:
    party = next(each for each in problem.movement.parties if each.party_id == itinerary.load.party_id)
    service_id, on_date = problem.written.day_of.get(leg.ref_id, (None, None))
    departure = _departure(problem, leg)
    craft = None if departure is None or departure.use is None else departure.use.craft_id
    return {
        "kind": leg.kind,
        "mode": leg.mode,
        "number": leg.service_id if service_id is not None else "",
        "ref_id": leg.ref_id,
        "service_id": service_id,
        "on_date": on_date,
        "craft": None if craft is None else _subject(problem, rows, craft)["name"],
        "craft_id": craft,
        "vehicle_class": _vehicle_class(problem, rows, leg),
        "over": _over(problem, leg),
        "from_place": leg.from_id,
        "to_place": leg.to_id,
        "from": told_place(rows, asked, leg.from_id),
        "to": told_place(rows, asked, leg.to_id),
        "leaves_at": wire_time(leg.leaves_at),
        "arrives_at": wire_time(leg.arrives_at),
        "party": int(itinerary.load.party_id),
        "people": itinerary.load.people,
        "cargo_kg": itinerary.load.cargo_kg + _pieces_kg(party, itinerary.load),
        "pieces": [_numbered(piece_id, count) for piece_id, count in itinerary.load.pieces],
        "seats": None if departure is None else departure.seats,
        "payload_kg": None if departure is None else departure.payload_kg,
        "cost_rub": leg.cost_rub,
        "confidence": leg.confidence,
    }


def _departure(problem: MovementProblem, leg: Leg) -> Any:
    if leg.kind != "departure":
        return None
    return next((each for each in problem.network.departures if each.departure_id == leg.ref_id), None)


def _over(problem: MovementProblem, leg: Leg) -> dict[str, Any] | None:
    """Return whether a way was measured over imported ground or along a straight line; None for other ways.

    Of a measured one: how long it is ridden, then walked, and where one gets out.
    """
    if leg.ref_id.startswith("access:"):
        return {"what": "straight"}
    last = problem.last_legs.get(leg.ref_id)
    if last is None:
        return None
    return {
        "what": "ground",
        "ride": last.ride,
        "ride_s": round(last.ride_s),
        "walk_s": round(last.walk_s),
        "stop": None if last.stop is None else list(last.stop),
    }


def _vehicle_class(problem: MovementProblem, rows: Rows, leg: Leg) -> str | None:
    last = problem.last_legs.get(leg.ref_id)
    if last is not None:
        return "4x4" if last.ride == "4x4" else None
    return next((row["vehicle_class"] for row in rows.ways if row["way_id"] == leg.ref_id[:-1]), None)


def _pieces_kg(party: Party, load: Load) -> float:
    weights = {piece.piece_id: piece.kg for piece in party.pieces}
    return sum(weights[piece_id] * count for piece_id, count in load.pieces)


def _numbered(piece_id: str, count: int) -> list[Any]:
    """Return a piece as legs name it: what it is called, how many, and which of its party's it is."""
    number, _, name = piece_id.partition(":")
    return [name, count, int(number)]


def _manifest(legs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what is on each departure, all parties together."""
    aboard: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for leg in legs:
        if leg["kind"] == "departure":
            aboard[leg["ref_id"]].append(leg)
    return [
        {
            "ref_id": ref_id,
            "number": loads[0]["number"] or loads[0]["craft"],
            "leaves_at": loads[0]["leaves_at"],
            "people": sum(load["people"] for load in loads),
            "cargo_kg": sum(load["cargo_kg"] for load in loads),
            "seats": loads[0]["seats"],
            "payload_kg": loads[0]["payload_kg"],
        }
        for ref_id, loads in aboard.items()
    ]


def told_place(rows: Rows, asked: Mapping[str, Any], place_id: str) -> dict[str, Any]:
    """Return a place as a leg names it; the point of the search is called as its asker has called it."""
    row = rows.places.get(place_id)
    if row is None:
        to = asked["to"]
        name = to.get("text") or ""
        return {"name": name, "name_ru": name, "lon": to["lon"], "lat": to["lat"], "time_zone": None}
    return {name: row[name] for name in ("name", "name_ru", "lon", "lat", "time_zone")}


def told_whys(problem: MovementProblem, rows: Rows, whys: Iterable[Why]) -> list[dict[str, Any]]:
    """Return reasons with the names of what they concern."""
    return [
        {
            "reason": why.reason,
            "what": why.what,
            "need": _finite(why.need),
            "have": _finite(why.have),
            "at": wire_or_none(why.at),
            "concerns": [
                _subject(problem, rows, each)
                for each in (why.place_id, why.departure_id, why.way_id, why.craft_id)
                if each is not None
            ],
        }
        for why in whys
    ]


def _finite(value: float | None) -> float | None:
    return value if value is None or math.isfinite(value) else None


def _subject(problem: MovementProblem, rows: Rows, identity: str) -> dict[str, Any]:
    """Return what people call a place, departure, way or aircraft."""
    place = rows.places.get(identity)
    if place is not None:
        return {"id": identity, "name": place["name"], "name_ru": place["name_ru"]}
    resource = next((row for row in rows.resources if str(row["resource_id"]) == identity), None)
    if resource is not None:
        return {"id": identity, "name": resource["name"], "name_ru": resource["name"]}
    departure = next((each for each in problem.network.departures if each.departure_id == identity), None)
    name = identity if departure is None else departure.service_id
    way = next((each for each in problem.network.ways if each.way_id == identity), None)
    if way is not None:
        ends = [rows.places.get(each, {}) for each in (way.from_id, way.to_id)]
        return {
            "id": identity,
            "name": " – ".join(str(end["name"]) for end in ends if end.get("name")),
            "name_ru": " – ".join(str(end.get("name_ru") or end["name"]) for end in ends if end.get("name")),
        }
    if departure is not None and departure.use is not None:
        return _subject(problem, rows, departure.use.craft_id)
    return {"id": identity, "name": name, "name_ru": name}
