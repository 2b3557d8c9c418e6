"""Grids of a region over HTTP: rights by region, versions, nothing echoed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from tests.factories import HOME_REGION, OTHER_REGION

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World

pytestmark = pytest.mark.postgres


def body(base_version: int, settings: dict[str, Any]) -> dict[str, Any]:
    return {"command_id": str(uuid7()), "base_version": base_version, "settings": settings}


def test_a_regional_lead_sets_the_grid_of_his_region(served: Served, world: World) -> None:
    """A search there is offered what the lead has set; a foreign region and odd names are refused."""
    lead = world.token(Role.REGION_LEAD)
    path = f"/api/regions/{HOME_REGION}/grid-defaults"
    assert served.ask("GET", path, lead).json() == {
        "region": HOME_REGION,
        "version": 0,
        "settings": {},
        "set_at": None,
    }
    kept = served.ask("PUT", path, lead, json=body(0, {"cell_m": 400, "letters": "cyrillic"}))
    assert (kept.status_code, kept.json()["version"]) == (200, 1), kept.text
    late = served.ask("PUT", path, world.token(Role.CARTOGRAPHER), json=body(0, {"cell_m": 300}))
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    odd = served.ask("PUT", path, lead, json=body(1, {"zebra": 1}))
    assert (odd.status_code, "zebra" in odd.text) == (422, False)
    foreign = served.ask("GET", f"/api/regions/{OTHER_REGION}/grid-defaults", lead)
    assert (foreign.status_code, foreign.json()["right"]) == (403, "grid.set")
    search = f"/api/operations/{world.home.operation_id}/grid-defaults"
    offered = served.ask("GET", search, world.token(Role.COORDINATOR)).json()
    assert offered["settings"] == {"cell_m": 400.0, "letters": "cyrillic"}
    lifted = served.ask("PUT", path, lead, json=body(1, {}))
    assert lifted.json()["settings"] == {}
