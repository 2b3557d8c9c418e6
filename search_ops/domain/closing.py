"""Counting out: who is not home yet, and whether a search may be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAFE: Final[frozenset[str]] = frozenset({"home", "invited"})
"""Who is at home, and who was asked but never set out."""

RESOLVING_WORDS: Final[frozenset[str]] = frozenset({"called_at_home", "seen_leaving", "handed_over"})


def not_home(
    participants: Iterable[tuple[str, Mapping[str, Any]]],
    teams: Iterable[tuple[str, Mapping[str, Any]]],
    crews: Iterable[tuple[str, Mapping[str, Any]]] = (),
) -> list[dict[str, Any]]:
    """Return everybody who must still be accounted for, longest without contact first.

    Parameters
    ----------
    participants, teams, crews : iterables of (id, entity)
        Of one operation; sealed fields already opened for the reader.
    """
    team_of = {
        member_id: str(team["callsign"])
        for _, team in teams
        if not team["disbanded"]
        for member_id in team["member_ids"]
    }
    ride_of = rides_home(crews)
    missing = [
        {
            "participant_id": participant_id,
            "name": participant.get("name"),
            "callsign": participant.get("callsign"),
            "phone": participant.get("phone"),
            "state": participant["state"],
            "team": team_of.get(participant_id),
            "last_contact_at": participant.get("last_contact_at"),
            "version": participant["version"],
            "ride": ride_of.get(participant_id),
        }
        for participant_id, participant in participants
        if participant["state"] not in SAFE
    ]
    return sorted(missing, key=lambda person: (person["last_contact_at"] or "", person["participant_id"]))


def rides_home(crews: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return for each person the crew that takes or took him home: with whom, in which car, when about."""
    found: dict[str, dict[str, Any]] = {}
    for crew_id, crew in crews:
        if crew["direction"] != "home" or crew["state"] == "cancelled":
            continue
        ride = {
            "crew_id": crew_id,
            "resource_id": crew["resource_id"],
            "driver_id": crew["driver_id"],
            "state": crew["state"],
            "arrive_at": crew.get("arrive_at"),
        }
        found[str(crew["driver_id"])] = ride
        for stop in crew["stops"]:
            found[str(stop["participant_id"])] = {**ride, "arrive_at": stop["at"] or ride["arrive_at"]}
    return found
