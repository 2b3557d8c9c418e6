"""The demo search: loaded once, found again, its ground imported, its passwords kept."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from sqlalchemy import text

from search_ops.services import accounts, demo
from search_ops.services.demo import load_demo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from sqlalchemy.ext.asyncio import AsyncEngine

    from search_ops.persistence.embedded import DatabaseUrls


async def test_the_demo_is_loaded_once_and_found_again(
    database: DatabaseUrls, engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second start changes nothing; lost passwords are made anew."""
    for module in (accounts, demo):  # argon2 costs a tenth of a second for each of 24 passwords
        monkeypatch.setattr(module, "hash_password", lambda password: f"hash of {password}")
    first = await load_demo(engine, tmp_path, owner_url=database.owner_url)
    counts = await _counts(engine)
    second = await load_demo(engine, tmp_path, owner_url=database.owner_url)
    assert second == first
    assert await _counts(engine) == counts
    assert counts["ground_dataset"] == 1
    assert counts["operation_record"] == 1
    assert {user.role for user in first.users} >= {"coordinator", "police", "emergency", "family", "radio"}
    assert [user.role for user in first.users].count("coordinator") == 2
    kept = tmp_path / "secrets" / "demo-passwords.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.unlink()  # nobody could sign in any more, so the accounts get new passwords
    third = await load_demo(engine, tmp_path)
    assert third.operation_id == first.operation_id
    assert {user.password for user in first.users}.isdisjoint(user.password for user in third.users)
    assert await _counts(engine) == counts


async def _counts(engine: AsyncEngine) -> dict[str, int]:
    tables = ("event", "entity", "account", "organisation", "operation_record", "ground_dataset", "region")
    async with engine.connect() as connection:
        return {
            name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()  # noqa: S608
            for name in tables
        }
