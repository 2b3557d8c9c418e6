"""Who asks: an account (staff who sign in) or a participant (a person within an operation)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from uuid import UUID


class Role(StrEnum):
    """What an account may be in a region or in one operation."""

    COORDINATOR = "coordinator"
    SITE_LEAD = "site_lead"
    CARTOGRAPHER = "cartographer"
    RADIO = "radio"
    REGISTRAR = "registrar"
    INFORMATION = "information"
    POLICE = "police"
    EMERGENCY = "emergency"
    NATIONAL = "national"
    REGION_LEAD = "region_lead"
    FAMILY = "family"
    VOLUNTEER = "volunteer"


HEADQUARTERS: frozenset[Role] = frozenset(
    {Role.COORDINATOR, Role.SITE_LEAD, Role.CARTOGRAPHER, Role.RADIO, Role.REGISTRAR, Role.INFORMATION}
)


class OrganisationKind(StrEnum):
    """Kinds of organisations that ask each other for help."""

    SQUAD = "squad"
    POLICE = "police"
    EMERGENCY = "emergency"
    REGION = "region"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a region (ISO 3166-2) or in one operation; exactly one of the two is set."""

    role: Role
    region: str | None = None
    operation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of a service, as the edge has proved it.

    `operation_id`, `device_id` are set for participants only; `grants`, `organisation_id` for accounts only.
    """

    kind: Literal["account", "participant"]
    id: UUID
    session_id: UUID
    name: str
    organisation_id: UUID | None = None
    organisation_kind: OrganisationKind | None = None
    grants: tuple[Grant, ...] = ()
    operation_id: UUID | None = None
    device_id: UUID | None = None

    def actor(self) -> dict[str, Any]:
        """Return the form in which the log names the doer."""
        return {"type": self.kind, "id": str(self.id)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a right is asked for: a case, an operation or an organisation, with what decides about it.

    `region` is the region of the case or operation; `addressed` are the organisations that a joint request
    of this operation was sent to or came from.
    """

    kind: Literal["case", "operation", "organisation", "installation"]
    id: UUID | None = None
    region: str | None = None
    operation_ids: frozenset[UUID] = frozenset()
    organisation_id: UUID | None = None
    addressed: frozenset[UUID] = frozenset()


def roles_in(principal: Principal, place: Place) -> frozenset[Role]:
    """Return the roles whose region or operation covers the place.

    A grant for a region covers every case and operation of that region; a grant for an operation covers
    it and its case. The installation as a whole (sign-in page lists) is covered by any grant.
    """
    if principal.kind == "participant":
        inside = place.kind == "operation" and place.id == principal.operation_id
        return frozenset({Role.VOLUNTEER}) if inside else frozenset()
    found: set[Role] = set()
    for grant in principal.grants:
        if place.kind == "installation" or _covers(grant, place):
            found.add(grant.role)
    if place.kind == "organisation" and place.organisation_id == principal.organisation_id:
        found.update(grant.role for grant in principal.grants)
    addressed = principal.organisation_id is not None and principal.organisation_id in place.addressed
    if addressed and any(grant.role is Role.EMERGENCY for grant in principal.grants):
        found.add(Role.EMERGENCY)
    return frozenset(found)


def _covers(grant: Grant, place: Place) -> bool:
    if grant.operation_id is not None:
        return grant.operation_id == place.id or grant.operation_id in place.operation_ids
    if grant.role in {Role.EMERGENCY, Role.FAMILY}:
        return False  # ministries and families read only what they were granted or asked about
    return grant.region is not None and grant.region == place.region
