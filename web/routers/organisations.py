"""Organisations that may be asked for help."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.services.reading import list_organisations
from web.deps import Caller, GuardedRoute, LocaleDep, OfficeDep, at_installation
from web.schemas.session import OrganisationAnswer

router = APIRouter(route_class=GuardedRoute, tags=["organisations"])


@router.get("/api/organisations", response_model=list[OrganisationAnswer])
async def get_organisations(
    _: Annotated[Caller, at_installation(Right.ORGANISATION_LIST)], office: OfficeDep, locale: LocaleDep
) -> list[dict[str, Any]]:
    """Return all organisations in the reader's language."""
    return await list_organisations(office, locale)
