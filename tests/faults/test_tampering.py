"""A small share of `./run faults tampering`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search_ops.persistence.embedded import SUPERUSER, Cluster
from tests.factories import KEK
from tests.faults.scene import Headquarters
from tests.faults.tampering import KINDS, tamper_all

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls

pytestmark = pytest.mark.postgres


async def test_a_hand_in_the_log_is_found(cluster: Cluster, database: DatabaseUrls) -> None:
    """Bytes changed, rows taken out, tails cut off, chains made anew: each is found by verification."""
    name = database.app_url.partition("?")[0].rpartition("/")[2]
    url = cluster.url(SUPERUSER, name)
    found, _ = await tamper_all(Headquarters(0, database, KEK), url, 3, 0, reports=15)
    assert found.faults == []
    assert set(found.done) == set(KINDS)
