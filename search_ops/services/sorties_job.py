"""Sorties of one helicopter to one landing place, by the worker: fuel, range, daylight, passengers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispatch.transport_answers import Refused
from dispatch.transport_craft import Sky, Trip
from dispatch.transport_sorties import plan_sorties
from dispatch.transport_values import Place
from geo.straight_travel import straight_m
from search_ops.domain.events import further_id, wire_time
from search_ops.domain.movements import POINT
from search_ops.domain.sortie_wishes import SortiesWish
from search_ops.domain.visibility import HQ
from search_ops.errors import NotKnown
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.scribe import intend_in_operation, wire_or_none
from search_ops.services.transport_aircraft import aircraft_of, light_windows
from search_ops.services.transport_calendar import read_rows, written_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.transport_answers import Why
    from dispatch.transport_sorties import Sortie
    from dispatch.transport_values import Ask
    from search_ops.services.jobs import JobWork
    from search_ops.services.scribe import Scribe
    from search_ops.services.transport_calendar import Rows

_LONGEST: Final = timedelta(hours=24)
_EVERY: Final = timedelta(minutes=15)
_SAME_PLACE_M: Final = 100.0


async def make_sorties(work: JobWork) -> dict[str, Any]:
    """Work the sorties out and write them into the log, or why there can be none."""
    wish = SortiesWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.1, "reading_network")
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        rows = await read_rows(connection)
        stream_id = operation_stream(work.operation_id)
        state = await load_state(connection, stream_id, only=("landing_places",))
    await work.progress(0.4, "planning_sorties")
    told = await asyncio.to_thread(sorties_of, rows, wish, work.office.clock())
    told["place_confirmed"] = _confirmed(state.get("landing_places", {}), wish)
    return await _write(work, wish, told)


def sorties_of(rows: Rows, wish: SortiesWish, now: datetime) -> dict[str, Any]:
    """Return who flies when, who and what stays and why, and what has to be asked, as the log keeps it."""
    row = next((each for each in rows.resources if each["resource_id"] == wish.resource_id), None)
    if row is None:
        raise NotKnown
    head: dict[str, Any] = {
        "craft": row["name"],
        "sorties": [],
        "stay": wish.people,
        "stay_kg": wish.cargo_kg,
        "whys": [],
        "asks": [],
    }
    aircraft = aircraft_of(rows, row, now)
    if aircraft is None:
        return head | {"whys": [{"reason": "figure_unknown", "what": "base_place"}]}
    first = max(wish.ready_at, now)
    last = first + _LONGEST
    written = written_out(rows, first, last, ends=[aircraft.place_id, wish.from_place])
    point = Place(POINT, "site", wish.lon, wish.lat)
    network = replace(written.network, places=(*written.network.places, point))
    places = {place.place_id: place for place in network.places}
    ends = (aircraft.place_id, wish.from_place, POINT)
    light = {each: light_windows(places[each], now, last) for each in dict.fromkeys(ends)}
    fuel = frozenset(
        end for each in network.departures if each.mode == "flight" for end in (each.from_id, each.to_id)
    )
    moments = tuple(first + number * _EVERY for number in range(_LONGEST // _EVERY))
    trip = Trip(wish.from_place, POINT, moments, last)
    people = tuple(str(number) for number in range(wish.people))
    found = plan_sorties(network, aircraft, trip, Sky(light, fuel), people, cargo_kg=wish.cargo_kg)
    if isinstance(found, Refused):
        return head | {"whys": [_why(each) for each in found.whys]}
    return head | {
        "sorties": [_told(each) for each in found.sorties],
        "stay": len(found.stay),
        "stay_kg": found.stay_kg,
        "whys": [_why(each) for each in found.whys],
        "asks": [_ask(each) for each in found.asks],
    }


def _told(sortie: Sortie) -> dict[str, Any]:
    left_m, light_s = sortie.range_left_m, sortie.light_left_s
    return {
        "leaves_at": wire_time(sortie.departure.departs_at),
        "lands_at": wire_time(sortie.departure.arrives_at),
        "back_at": wire_time(sortie.back_at),
        "people": len(sortie.passengers),
        "cargo_kg": round(sortie.cargo_kg, 3),
        "flown_m": round(sortie.flown_m),
        "range_left_m": None if left_m is None else round(left_m),
        # The sun is known at every place: no light left is a landing in the dark.
        "light_left_s": 0 if light_s is None else round(light_s),
    }


def _why(why: Why) -> dict[str, Any]:
    return {
        "reason": why.reason,
        "what": why.what,
        "need": why.need,
        "have": why.have,
        "at": wire_or_none(why.at),
    }


def _ask(ask: Ask) -> dict[str, Any]:
    return {"what": ask.what, "subject": ask.subject}


def _confirmed(judged: Mapping[str, Mapping[str, Any]], wish: SortiesWish) -> bool:
    """Tell whether a person has said of this place that one may land there, and nobody the contrary."""
    verdicts = {
        place["verdict"]
        for place in judged.values()
        if straight_m(wish.lon, wish.lat, np.array([place["lon"]]), np.array([place["lat"]]))[0]
        <= _SAME_PLACE_M
    }
    return verdicts == {"confirmed"}


async def _write(work: JobWork, wish: SortiesWish, told: dict[str, Any]) -> dict[str, Any]:
    """Write what was worked out, for the asker; done twice, it counts once."""
    plan_id = further_id(wish.command_id, 1_000)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        payload = {
            "plan_id": str(plan_id),
            "resource_id": str(wish.resource_id),
            "from_place": wish.from_place,
            "lon": wish.lon,
            "lat": wish.lat,
            "ready_at": wire_time(wish.ready_at),
            "people": wish.people,
            "cargo_kg": wish.cargo_kg,
            **told,
        }
        stored = scribe.write("sorties_planned", HQ, payload)
        return {"plan_id": str(plan_id), "seq": stored.seq}

    result = wish.model_copy(update={"command_id": further_id(wish.command_id, 1_002)})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="sorties.planned", decide=decide
    )
