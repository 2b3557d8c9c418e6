"""Which events a reader gets whole; of all others he gets the number alone.

Classes: ``all``, ``hq``, ``team:{id}``, ``person:{id}``, ``agency:{organisation}``, ``sealed``.
An event has exactly one class and touches only entities of that class, so that for every reader
snapshot + events = state holds by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_ops.domain.principals import HEADQUARTERS, Place, Principal, Role, roles_in
from search_ops.errors import NotKnown

if TYPE_CHECKING:
    from uuid import UUID

ALL = "all"
HQ = "hq"
SEALED = "sealed"

_SEALED_READERS = frozenset({Role.COORDINATOR, Role.INFORMATION, Role.POLICE})


def team_class(team_id: UUID | str) -> str:
    """Return the class of events about one team."""
    return f"team:{team_id}"


def person_class(participant_id: UUID | str) -> str:
    """Return the class of events about one participant."""
    return f"person:{participant_id}"


def agency_class(organisation_id: UUID | str) -> str:
    """Return the class of events shared with one organisation."""
    return f"agency:{organisation_id}"


@dataclass(frozen=True, slots=True)
class ClassSet:
    """What a reader may read: exact classes, and families read whole (``team``, ``person``, ``agency``)."""

    names: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()

    def admits(self, visibility: str) -> bool:
        """Tell whether an event of this class may be read whole."""
        if visibility in self.names:
            return True
        family, colon, _ = visibility.partition(":")
        return bool(colon) and family in self.families

    def key(self) -> str:
        """Return a stable text, equal for equal sets: the name of a ring in the stream process."""
        return ",".join([*sorted(self.names), *(f"{family}:*" for family in sorted(self.families))])

    def listed(self) -> list[str]:
        """Return the classes as the API shows them."""
        return self.key().split(",") if self.names or self.families else []


def classes_for(principal: Principal, place: Place, *, team_ids: frozenset[UUID] = frozenset()) -> ClassSet:
    """Return what the caller may read of the stream of this place.

    Parameters
    ----------
    principal : Principal
        The caller.
    place : Place
        The case, operation or organisation whose stream is read.
    team_ids : frozenset of UUID
        For a participant: the teams he is in now.
    """
    if principal.kind == "participant":
        if place.kind != "operation" or place.id != principal.operation_id:
            return ClassSet()
        own = {ALL, person_class(principal.id), *(team_class(team_id) for team_id in team_ids)}
        return ClassSet(frozenset(own))
    roles = roles_in(principal, place)
    names: set[str] = set()
    families: set[str] = set()
    if roles & HEADQUARTERS:
        names |= {ALL, HQ}
        families |= {"team", "person", "agency"}
    if Role.POLICE in roles:
        names |= {ALL, HQ}
    if roles & _SEALED_READERS:
        names.add(SEALED)
    if roles & {Role.EMERGENCY, Role.NATIONAL, Role.REGION_LEAD}:
        names.add(ALL)
    if place.kind == "organisation" and place.organisation_id != principal.organisation_id:
        return ClassSet()  # an organisation's stream is read by its own people only
    if names and principal.organisation_id is not None:
        names.add(agency_class(principal.organisation_id))
    return ClassSet(frozenset(names), frozenset(families))


def require_headquarters(classes: ClassSet) -> None:
    """Refuse a reader who does not see what is headquarters' alone: he cannot know that it exists.

    Raises
    ------
    NotKnown
        His classes do not admit ``hq``.
    """
    if not classes.admits(HQ):
        raise NotKnown
