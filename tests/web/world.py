"""A populated installation: two regions with a search each, and everybody who may come near them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from search_ops.domain.principals import HEADQUARTERS, OrganisationKind, Role
from tests.factories import (
    HOME_REGION,
    OTHER_REGION,
    Search,
    Staff,
    make_organisation,
    make_regions,
    make_search,
    make_sectors,
    make_staff,
    make_task,
    make_team,
    make_volunteer,
)

if TYPE_CHECKING:
    from uuid import UUID

    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.joining import Joined

Side = Literal["home", "foreign"]

STAFF_ROLES = tuple(role for role in Role if role is not Role.VOLUNTEER)
# These read only what they were granted, operation by operation.
GRANTED = frozenset({Role.EMERGENCY, Role.FAMILY})


@dataclass
class World:
    """Who and what there is; `home` is the search that tests ask about."""

    home: Search
    foreign: Search
    organisations: dict[OrganisationKind, UUID]
    staff: dict[tuple[Role, Side], Staff]
    leader: Joined
    member: Joined
    bystander: Joined
    stranger: Joined
    team_id: UUID
    task_id: UUID
    sector_ids: dict[str, UUID]
    extra: dict[str, str] = field(default_factory=dict)

    def token(self, role: Role, side: Side = "home") -> str:
        """Return the token of somebody in this role at this side."""
        if role is Role.VOLUNTEER:
            return self.leader.token if side == "home" else self.stranger.token
        return self.staff[role, side].token

    @property
    def coordinator(self) -> Staff:
        return self.staff[Role.COORDINATOR, "home"]


def kind_of(role: Role) -> OrganisationKind:
    """Return the kind of organisation in which such people work."""
    if role in HEADQUARTERS:
        return OrganisationKind.SQUAD
    return {
        Role.POLICE: OrganisationKind.POLICE,
        Role.EMERGENCY: OrganisationKind.EMERGENCY,
        Role.REGION_LEAD: OrganisationKind.REGION,
        Role.NATIONAL: OrganisationKind.REGION,
    }.get(role, OrganisationKind.PARTNER)


async def build_world(office: Office) -> World:
    """Populate an empty database."""
    await make_regions(office)
    organisations = {
        kind: await make_organisation(office, kind, name=kind.value) for kind in OrganisationKind
    }
    staff: dict[tuple[Role, Side], Staff] = {}
    searches: dict[Side, Search] = {}
    sides: tuple[tuple[Side, str], ...] = (("home", HOME_REGION), ("foreign", OTHER_REGION))
    for side, region in sides:
        squad = organisations[OrganisationKind.SQUAD]
        coordinator = await make_staff(office, Role.COORDINATOR, squad, region=region)
        searches[side] = await make_search(office, coordinator.principal, region=region)
        staff[Role.COORDINATOR, side] = coordinator
        for role in STAFF_ROLES:
            if role is Role.COORDINATOR:
                continue
            granted = searches[side].operation_id if role in GRANTED else None
            staff[role, side] = await make_staff(
                office, role, organisations[kind_of(role)], region=region, operation_id=granted
            )
    home, foreign = searches["home"], searches["foreign"]
    leader, member = await make_volunteer(office, home, "Анна"), await make_volunteer(office, home, "Борис")
    bystander = await make_volunteer(office, home, "Вера")
    stranger = await make_volunteer(office, foreign, "Глеб")
    boss = staff[Role.COORDINATOR, "home"].principal
    team_id = await make_team(office, boss, home, [leader.participant_id, member.participant_id])
    sector_ids = await make_sectors(office, home)
    task_id = await make_task(office, boss, home, team_id, sector_ids["A1"])
    return World(
        home,
        foreign,
        organisations,
        staff,
        leader=leader,
        member=member,
        bystander=bystander,
        stranger=stranger,
        team_id=team_id,
        task_id=task_id,
        sector_ids=sector_ids,
    )
