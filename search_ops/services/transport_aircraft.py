"""Aircraft of the catalogue as departures that can be planned with: what they can do, when there is light."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dispatch.transport_answers import Refused
from dispatch.transport_craft import Sky, Trip, flights
from dispatch.transport_values import Aircraft, Cost, PayloadRange, Window
from geo.sweep import sun_height_deg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.transport_answers import Why
    from dispatch.transport_values import Departure, Network, Place
    from search_ops.services.transport_calendar import Rows

_LOOK_EVERY: Final = timedelta(minutes=5)
_SUNRISE_DEG: Final = -0.833  # the upper edge of the sun, with refraction
_MOST_MOMENTS: Final = 12


def aircraft_of(rows: Rows, row: Mapping[str, Any], now: datetime) -> Aircraft | None:
    """Return an aircraft of the catalogue as far as its figures are known; None where its base is not."""
    base = row["base_place"]
    if base is None or rows.places[base]["lon"] is None:
        return None
    craft = rows.crafts.get(row["craft_type"] or "", {})

    def figure(own: str, of_type: str) -> Any:
        return row[own] if row[own] is not None else craft.get(of_type)

    runway_m = figure("runway_m", "runway_m")
    ready = row["ready_min"]
    night = row["night"]
    duty = row["duty_min"]
    return Aircraft(
        str(row["resource_id"]),
        row["craft_type"] or row["name"],
        base,
        None if ready is None else now + timedelta(minutes=ready),
        vertical=craft.get("class") == "helicopter",
        cruise_mps=figure("speed_mps", "cruise_mps"),
        payload_range=_payload_range(row, craft),
        runway_m=runway_m,
        seats=figure("seats", "seats"),
        duty_s=None if duty is None else duty * 60,
        daylight_only=None if night is None else not night,
        cost=None
        if row["cost_rub"] is None
        else Cost(whole_rub=row["cost_rub"], owner=row["cost_owner"] or ""),
        confidence=row["confidence"],
    )


def _payload_range(row: Mapping[str, Any], craft: Mapping[str, Any]) -> tuple[PayloadRange, ...] | None:
    """Return the corners that the sources give; a range of unknown payload gives none."""
    payload = row["payload_kg"] if row["payload_kg"] is not None else craft.get("payload_max_kg")
    full_m, empty_m = craft.get("range_max_payload_m"), craft.get("range_max_fuel_m")
    if payload is None or full_m is None:
        return None
    corners = [PayloadRange(full_m, payload)]
    if empty_m is not None and empty_m > full_m:
        # What it carries at its longest range no source says: nothing is the safe reading.
        corners.append(PayloadRange(empty_m, 0.0))
    return tuple(corners)


def light_windows(place: Place, first_at: datetime, last_at: datetime) -> tuple[Window, ...]:
    """Return from sunrise to sunset, as often as there is in a span of time, to five minutes."""
    windows: list[Window] = []
    begin: datetime | None = None
    at = first_at.astimezone(UTC)
    while at <= last_at:
        light = sun_height_deg(place.lon_deg, place.lat_deg, at.timestamp()) > _SUNRISE_DEG
        if light and begin is None:
            begin = at
        elif not light and begin is not None:
            windows.append(Window(begin, at))
            begin = None
        at += _LOOK_EVERY
    if begin is not None and begin < last_at:
        windows.append(Window(begin, last_at))
    return tuple(windows)


def flights_of(
    network: Network,
    aircraft: Aircraft,
    trips: Iterable[tuple[str, str, Sequence[datetime]]],
    span: tuple[datetime, datetime],
    fuel: frozenset[str],
) -> tuple[list[Departure], list[Why]]:
    """Return when an aircraft can fly these trips, and why it cannot fly the others.

    Parameters
    ----------
    trips
        (from, to, instants at which people can leave).
    """
    places = {place.place_id: place for place in network.places}
    made: list[Departure] = []
    whys: list[Why] = []
    light: dict[str, tuple[Window, ...]] = {}
    for from_id, to_id, moments in trips:
        if from_id == to_id or not moments:
            continue
        if aircraft.daylight_only is not False:
            for each in (aircraft.place_id, from_id, to_id):
                light.setdefault(each, light_windows(places[each], *span))
        trip = Trip(from_id, to_id, tuple(moments)[:_MOST_MOMENTS], span[1])
        found = flights(network, aircraft, trip, Sky(light, fuel))
        if isinstance(found, Refused):
            whys += [why for why in found.whys if why not in whys]
        else:
            made += found
    return made, whys
