"""A small share of `./run faults repeats` and `cuts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.cuts import episode
from tests.faults.invariants import Ledger, log_verifies
from tests.faults.repeats import repeat_round

if TYPE_CHECKING:
    from search_ops.persistence.unit_of_work import Office
    from tests.faults.scene import Headquarters

pytestmark = pytest.mark.postgres


async def test_whatever_is_sent_again_counts_once(headquarters: Headquarters, office: Office) -> None:
    """Events of twelve phones, one to five copies each, shuffled, days late, several at once."""
    done = await repeat_round(headquarters, office, 1, 60)
    assert done.faults == []
    assert done.sent > 2 * 60
    assert await log_verifies(office.engine) == []


async def test_a_bad_network_loses_and_doubles_nothing(headquarters: Headquarters, office: Office) -> None:
    """Six phones behind a network that cuts answers after the commit: every report is filed, once."""
    done = await episode(headquarters, office, 2, Ledger(), bad_for_s=0.5)
    assert done.faults == []
    assert done.fates["cut_answer"] > 0
