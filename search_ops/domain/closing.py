"""Counting out: who is not home yet, and whether a search may be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAFE: Final[frozenset[str]] = frozenset({"home", "invited"})
"""Who is at home, and who was asked but never set out."""

RESOLVING_WORDS: Final[frozenset[str]] = frozenset({"called_at_home", "seen_leaving", "handed_over"})


def not_home(
    participants: Iterable[tuple[str, Mapping[str, Any]]], teams: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """Return everybody who must still be accounted for, longest without contact first.

    Parameters
    ----------
    participants, teams : iterables of (id, entity)
        Of one operation; sealed fields already opened for the reader.
    """
    team_of = {
        member_id: str(team["callsign"])
        for _, team in teams
        if not team["disbanded"]
        for member_id in team["member_ids"]
    }
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
        }
        for participant_id, participant in participants
        if participant["state"] not in SAFE
    ]
    return sorted(missing, key=lambda person: (person["last_contact_at"] or "", person["participant_id"]))
