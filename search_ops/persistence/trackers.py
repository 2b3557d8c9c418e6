"""Trackers: tokens, whose device it is, and what came from it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, LargeBinary, Table, Uuid

from search_ops.persistence.plain_tables import metadata, moment

tracker = Table(
    "tracker",
    metadata,
    Column("tracker_id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("operation_id", Uuid, nullable=False, index=True),
    Column("participant_id", Uuid, nullable=False),
    Column("bound_at", moment, nullable=False),
    Column("unbound_at", moment),
    Column("heard_at", moment),
    Column("battery", Float),
    Column("dropped", BigInteger, nullable=False, server_default="0"),
    Column("malformed", BigInteger, nullable=False, server_default="0"),
)
