"""A headquarters for a small share of the faults: the app behind a real socket, on a database of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factories import KEK, office_on
from tests.faults.scene import Headquarters
from tests.web.conftest import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from search_ops.persistence.embedded import DatabaseUrls
    from search_ops.persistence.unit_of_work import Office


@pytest.fixture
def headquarters(database: DatabaseUrls) -> Iterator[Headquarters]:
    """Return a running API."""
    with tempfile.TemporaryDirectory() as folder, serve(database, Path(folder)) as served:
        yield Headquarters(served.settings.port, database, KEK)


@pytest.fixture
async def office(database: DatabaseUrls) -> AsyncIterator[Office]:
    """Return an office on the same database."""
    async with office_on(database) as made:
        yield made
