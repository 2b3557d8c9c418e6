"""The tables without geometry: the log, its projections, accounts, sessions, jobs.

They stand apart from `tables` because GeoAlchemy2 loads shapely and numpy, 20 MB that the stream process,
which reads the log for everybody, does without. Everybody else imports from `tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

moment = DateTime(timezone=True)

# ---- the log -----------------------------------------------------------------------------------

stream = Table(
    "stream",
    metadata,
    Column("stream_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("epoch", Uuid, nullable=False),
    Column("home", Text, nullable=False),
    Column("key_id", Uuid, nullable=True),  # the case whose key seals the erasable fields
    Column("head", BigInteger, nullable=False, server_default="0"),
    Column("head_hash", LargeBinary, nullable=False),
    Column("backed_up_seq", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("kind in ('operation','case','organisation')", name="kind"),
)

event = Table(
    "event",
    metadata,
    Column("stream_id", Text, ForeignKey("stream.stream_id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("v", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("sealed", JSONB, nullable=False, server_default="{}"),
    Column("actor", JSONB, nullable=False),
    Column("device_id", Uuid),
    Column("dseq", BigInteger),
    Column("after", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("base_version", BigInteger),
    Column("device_at", moment, nullable=False),
    Column("recorded_at", moment, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream_id", "seq"),
    UniqueConstraint("stream_id", "event_id"),
    Index("ix_event_stream_id_visibility_seq", "stream_id", "visibility", "seq"),
)

entity = Table(
    "entity",
    metadata,
    Column("stream_id", Text, ForeignKey("stream.stream_id"), nullable=False),
    Column("collection", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    PrimaryKeyConstraint("stream_id", "collection", "entity_id"),
)

waiting_event = Table(
    "waiting_event",
    metadata,
    Column("stream_id", Text, ForeignKey("stream.stream_id"), nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("missing", ARRAY(Uuid), nullable=False),
    Column("actor", JSONB, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("received_at", moment, nullable=False),
    PrimaryKeyConstraint("stream_id", "event_id"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", Uuid, primary_key=True),
    Column("stream_id", Text, ForeignKey("stream.stream_id"), nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("actor", JSONB, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("received_at", moment, nullable=False),
    UniqueConstraint("stream_id", "event_id", "fingerprint"),
)

command = Table(
    "command",
    metadata,
    Column("command_id", Uuid, primary_key=True),
    Column("intent", Text, nullable=False),
    Column("actor", JSONB, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("answer", JSONB, nullable=False),
    Column("recorded_at", moment, nullable=False),
)

case_key = Table(
    "case_key",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", moment, nullable=False, server_default=func.now()),
)

# ---- organisations, accounts, sessions ---------------------------------------------------------

organisation = Table(
    "organisation",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("short_ru", Text, nullable=False),
    Column("short_en", Text, nullable=False),
    Column("duty_phone", Text),
    Column("region", Text),
    CheckConstraint("kind in ('squad','police','emergency','region','partner')", name="kind"),
)

account = Table(
    "account",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.organisation_id"), nullable=False),
    Column("disabled", Boolean, nullable=False, server_default="false"),
)

account_grant = Table(
    "account_grant",
    metadata,
    Column("grant_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.account_id"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("region", Text),
    Column("operation_id", Uuid),
    CheckConstraint("num_nonnulls(region, operation_id) = 1", name="one_place"),
)

session = Table(
    "session",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("account_id", Uuid, ForeignKey("account.account_id")),
    Column("participant_id", Uuid),
    Column("operation_id", Uuid),
    Column("device_id", Uuid),
    Column("name_mark", Text),  # HMAC of a participant's name with the key of the case
    Column("created_at", moment, nullable=False),
    Column("expires_at", moment, nullable=False),
    Column("revoked_at", moment),
    CheckConstraint("num_nonnulls(account_id, participant_id) = 1", name="one_holder"),
)

stream_ticket = Table(
    "stream_ticket",
    metadata,
    Column("ticket_hash", LargeBinary, primary_key=True),
    Column("session_id", Uuid, ForeignKey("session.session_id"), nullable=False),
    Column("stream_id", Text, nullable=False),
    Column("expires_at", moment, nullable=False),
    Column("spent_at", moment),
)

join_code = Table(
    "join_code",
    metadata,
    Column("code", Text, primary_key=True),
    Column("operation_id", Uuid, nullable=False, index=True),
    Column("made_at", moment, nullable=False),
    Column("revoked_at", moment),
)

# ---- what lists and rights are asked by --------------------------------------------------------

region = Table(
    "region",
    metadata,
    Column("region", Text, primary_key=True),  # ISO 3166-2
    Column("number", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

region_grid = Table(
    "region_grid",
    metadata,
    Column("region", Text, primary_key=True),  # ISO 3166-2; also one that no account belongs to
    Column("settings", JSONB, nullable=False),
    Column("set_at", moment, nullable=False),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("set_by", Uuid),  # the account; null: the operator at the command line
)

number_counter = Table(
    "number_counter",
    metadata,
    Column("year", Integer, nullable=False),
    Column("region", Text, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("year", "region"),
)

case_record = Table(
    "case_record",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("region", Text, nullable=False, index=True),
    Column("exercise", Boolean, nullable=False),
    Column("opened_at", moment, nullable=False),
)

operation_record = Table(
    "operation_record",
    metadata,
    Column("operation_id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_record.case_id"), nullable=False, index=True),
    Column("number", Text, nullable=False, unique=True),
    Column("region", Text, nullable=False, index=True),
    Column("time_zone", Text, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("opened_at", moment, nullable=False),
    Column("closed_at", moment),
)

request_party = Table(
    "request_party",
    metadata,
    Column("operation_id", Uuid, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.organisation_id"), nullable=False),
    PrimaryKeyConstraint("operation_id", "request_id", "organisation_id"),
)

job_progress = Table(
    "job_progress",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("operation_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, running, done, failed, cancelled
    Column("done", Float, nullable=False, server_default="0"),  # 0..1
    Column("step", Text),  # code of what is being done
    Column("cancel_asked", Boolean, nullable=False, server_default="false"),
    Column("result", JSONB),
    Column("updated_at", moment, nullable=False),
)

# ---- files that people brought or that we made -------------------------------------------------

# In pieces and in the database: they are backed up with it, read on every machine, and a large one never
# has to fit into the memory of the process that takes it in.
kept_file = Table(
    "kept_file",
    metadata,
    Column("file_id", Uuid, primary_key=True),
    Column("operation_id", Uuid, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("purpose", Text, nullable=False),  # uploaded, packet, export: decides who may read it
    Column("sha256", LargeBinary, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("kept_by", Uuid),
    Column("kept_at", moment, nullable=False),
)

kept_file_piece = Table(
    "kept_file_piece",
    metadata,
    Column("file_id", Uuid, ForeignKey("kept_file.file_id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("file_id", "number"),
)
