"""Tables of the application core. The log is the truth; `entity` and the `*_record` rows are projections.

Tables without geometry are defined in `plain_tables` and may be imported from here as well.
"""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

from search_ops.persistence.plain_tables import (
    account,
    account_grant,
    case_key,
    case_record,
    command,
    entity,
    event,
    job_progress,
    join_code,
    kept_file,
    kept_file_piece,
    metadata,
    moment,
    number_counter,
    operation_record,
    organisation,
    quarantine,
    region,
    request_party,
    session,
    stream,
    stream_ticket,
    waiting_event,
)

__all__ = [
    "account",
    "account_grant",
    "case_key",
    "case_record",
    "command",
    "entity",
    "event",
    "geometry_reader",
    "job_progress",
    "join_code",
    "kept_file",
    "kept_file_piece",
    "last_position",
    "metadata",
    "number_counter",
    "operation_record",
    "organisation",
    "position",
    "quarantine",
    "region",
    "request_party",
    "session",
    "stored_geometry",
    "stream",
    "stream_ticket",
    "waiting_event",
]

stored_geometry = Table(
    "stored_geometry",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("geom", Geometry(srid=4326, spatial_index=False), nullable=False),
    Column("body", LargeBinary, nullable=False),  # the GeoJSON bytes whose hash this is
)

geometry_reader = Table(
    "geometry_reader",
    metadata,
    Column("sha256", LargeBinary, ForeignKey("stored_geometry.sha256"), nullable=False),
    Column("stream_id", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    PrimaryKeyConstraint("sha256", "stream_id", "visibility"),
)

last_position = Table(
    "last_position",
    metadata,
    Column("operation_id", Uuid, nullable=False),
    Column("participant_id", Uuid, nullable=False),
    Column("team_id", Uuid),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Column("accuracy_m", Float),
    Column("battery", Float),
    Column("at", moment, nullable=False),
    Column("received_at", moment, nullable=False),
    PrimaryKeyConstraint("operation_id", "participant_id"),
)

position = Table(
    "position",
    metadata,
    Column("operation_id", Uuid, nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("dseq", BigInteger, nullable=False),
    Column("participant_id", Uuid, nullable=False),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Column("accuracy_m", Float),
    Column("speed_mps", Float),
    Column("bearing_deg", Float),
    Column("battery", Float),
    Column("flagged", Text),
    Column("at", moment, nullable=False),
    Column("received_at", moment, nullable=False),
    PrimaryKeyConstraint("operation_id", "device_id", "dseq"),
)
