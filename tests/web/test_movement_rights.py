"""Rights of movements over HTTP: whoever plans one does not by that ask other organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import OrganisationKind, Role

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World

pytestmark = pytest.mark.postgres


def test_asking_an_agency_needs_the_right_to_ask(served: Served, world: World) -> None:
    """The national coordinator and the site lead plan movements; requests are the coordinator's."""
    path = f"/api/operations/{world.home.operation_id}/movements/{uuid7()}/request"
    body = {
        "command_id": str(uuid7()),
        "base_version": 1,
        "what": "Перевозка 12 человек",
        "to": [str(world.organisations[OrganisationKind.EMERGENCY])],
        "basis": "соглашение",
    }
    for role in (Role.NATIONAL, Role.SITE_LEAD):
        refused = served.ask("POST", path, world.token(role), json=body)
        assert (refused.status_code, refused.json()["right"]) == (403, "request.make")
    passed = served.ask("POST", path, world.token(Role.COORDINATOR), json=body)
    assert passed.status_code == 404, passed.text  # there is no such movement; the right was there
