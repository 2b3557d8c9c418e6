"""What a superuser's hand leaves in the log is found."""

import pytest
from sqlalchemy import create_engine, text

from search_ops.persistence.embedded import DatabaseUrls
from search_ops.persistence.unit_of_work import Office
from search_ops.services.verification import verify_log

pytestmark = pytest.mark.postgres

HANDS = {
    "hash_differs": 'UPDATE event SET payload = payload || \'{"number": "2026-11-0002"}\' WHERE seq = 1',
    "hole": "DELETE FROM event WHERE seq = 3",
    "tail_missing": "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "head_differs": "UPDATE stream SET head_hash = '\\x00'",
    "state_differs": "UPDATE entity SET body = '{}' WHERE collection = 'teams'",
}


@pytest.mark.usefixtures("scene")
async def test_an_honest_log_verifies(office: Office) -> None:
    """A log nobody touched has no fault, and every event was looked at."""
    verified = await verify_log(office.engine)
    assert (verified.streams, verified.events, verified.faults) == (1, 6, ())


@pytest.mark.parametrize("code", HANDS)
@pytest.mark.usefixtures("scene")
async def test_a_changed_log_does_not(office: Office, database: DatabaseUrls, code: str) -> None:
    """An edited, cut or patched log is named with its stream and the place."""
    change(database, HANDS[code])
    faults = (await verify_log(office.engine)).faults
    assert [fault.code for fault in faults] == [code]


FINER = {
    "device_at": "UPDATE event SET device_at = device_at + interval '2 microseconds' WHERE seq = 2",
    "recorded_at": "UPDATE event SET recorded_at = recorded_at - interval '7 microseconds' WHERE seq = 2",
}


@pytest.mark.parametrize("column", FINER)
@pytest.mark.usefixtures("scene")
async def test_a_time_changed_below_what_is_hashed_is_found(
    office: Office, database: DatabaseUrls, column: str
) -> None:
    """The hash covers milliseconds; nothing finer was ever written."""
    change(database, FINER[column])
    faults = (await verify_log(office.engine)).faults
    assert [(fault.seq, fault.code) for fault in faults] == [(2, "hash_differs")]


def change(database: DatabaseUrls, statement: str) -> None:
    owner = create_engine(database.sqlalchemy.owner_url)
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(text(statement))
    owner.dispose()
