"""Tables of the transport network and of the catalogue of resources.

They belong to the installation, not to one search: a closed airport is closed for all. `transport_change`
is only ever added to.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from search_ops.persistence.plain_tables import metadata, moment

transport_place = Table(
    "transport_place",
    metadata,
    Column("place_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # settlement, airport, heliport, station, port, site
    Column("name", Text, nullable=False),
    Column("name_ru", Text),
    Column("lon", Float),  # stations may stand in a timetable before anybody knows where they are
    Column("lat", Float),
    Column("region", Text, index=True),  # ISO 3166-2
    Column("time_zone", Text),
    Column("iata", Text),
    Column("population", Integer),
    Column("transfer_min", Integer),
    Column("opens", Text),  # HH:MM of the place
    Column("closes", Text),
    Column("closed", Boolean, nullable=False, server_default="false"),
    Column("closed_until", moment),
    Column("source", Text, nullable=False),
    Column("edited_at", moment),  # by a person: an import leaves the row alone
    Column("version", BigInteger, nullable=False, server_default="1"),
)

transport_runway = Table(
    "transport_runway",
    metadata,
    Column("runway_id", Text, primary_key=True),
    Column(
        "place_id",
        Text,
        ForeignKey("transport_place.place_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("length_m", Float),
    Column("width_m", Float),
    Column("surface", Text),
    Column("lighted", Boolean),
    Column("closed", Boolean, nullable=False, server_default="false"),
    Column("source", Text, nullable=False),
)

transport_service = Table(
    "transport_service",
    metadata,
    Column("service_id", Text, primary_key=True),
    Column("mode", Text, nullable=False),  # flight, helicopter, rail, bus, river, sea
    Column("number", Text, nullable=False),
    Column("operator", Text),
    Column("from_place", Text, ForeignKey("transport_place.place_id"), nullable=False),
    Column("to_place", Text, ForeignKey("transport_place.place_id"), nullable=False),
    Column("departs", Text, nullable=False),  # HH:MM of the place it leaves
    Column("arrives", Text, nullable=False),  # HH:MM of the place it goes to
    Column("day_offset", Integer, nullable=False, server_default="0"),
    Column("weekdays", Text, nullable=False),  # digits 1 (Monday) to 7, of the day it leaves
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("seats", Integer),
    Column("payload_kg", Float),
    Column("door_length_m", Float),
    Column("door_width_m", Float),
    Column("door_height_m", Float),
    Column("cost_rub", Float),  # one person
    Column("confidence", Float),
    Column("withdrawn", Boolean, nullable=False, server_default="false"),
    Column("source", Text, nullable=False),
    Column("edited_at", moment),
    Column("version", BigInteger, nullable=False, server_default="1"),
)

transport_departure = Table(
    "transport_departure",
    metadata,
    Column(
        "service_id",
        Text,
        ForeignKey("transport_service.service_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("on_date", Date, primary_key=True),  # of the place it leaves
    Column("state", Text, nullable=False),  # as_planned, delayed, cancelled
    Column("delay_min", Integer),
    Column("seats", Integer),
    Column("version", BigInteger, nullable=False, server_default="1"),
)

transport_way = Table(
    "transport_way",
    metadata,
    Column("way_id", Text, primary_key=True),
    Column("mode", Text, nullable=False),  # road, winter_road, river, sea, foot
    Column("from_place", Text, ForeignKey("transport_place.place_id"), nullable=False),
    Column("to_place", Text, ForeignKey("transport_place.place_id"), nullable=False),
    Column("distance_m", Float),
    Column("duration_min", Float, nullable=False),
    Column("season_from", Text),  # MM-DD, both days open; may run over the new year
    Column("season_to", Text),
    Column("vehicle_class", Text),
    Column("confidence", Float),
    Column("withdrawn", Boolean, nullable=False, server_default="false"),
    Column("source", Text, nullable=False),
    Column("edited_at", moment),
    Column("version", BigInteger, nullable=False, server_default="1"),
)

transport_craft = Table(
    "transport_craft",
    metadata,
    Column("craft_type", Text, primary_key=True),
    Column("class", Text, nullable=False),
    Column("payload_max_kg", Float),
    Column("range_max_payload_m", Float),
    Column("range_max_fuel_m", Float),
    Column("range_unspecified_m", Float),  # the source does not say with what payload
    Column("cruise_mps", Float),
    Column("ceiling_m", Float),
    Column("mtow_kg", Float),
    Column("seats", Integer),
    Column("runway_m", Float),
    Column("note", Text),
    Column("source", Text, nullable=False),
    Column("edited_at", moment),
    Column("version", BigInteger, nullable=False, server_default="1"),
)

transport_resource = Table(
    "transport_resource",
    metadata,
    Column("resource_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),  # group, aircraft, vehicle, boat, consultant, equipment
    Column("name", Text, nullable=False),
    Column("craft_type", Text, ForeignKey("transport_craft.craft_type")),
    Column("base_place", Text, ForeignKey("transport_place.place_id")),
    Column("organisation_id", Uuid, ForeignKey("organisation.organisation_id")),
    Column("people", Integer),
    Column("seats", Integer),
    Column("payload_kg", Float),
    Column("speed_mps", Float),
    Column("ready_min", Integer),
    Column("duty_min", Integer),
    Column("runway_m", Float),
    Column("vehicle_class", Text),  # of ways that it takes: 4x4, boat ...
    Column("night", Boolean),  # flies by night; null: nobody has said
    Column("cost_owner", Text),
    Column("cost_rub", Float),
    Column("confidence", Float),
    Column("equipment", Text),
    Column("state", Text, nullable=False, server_default="available"),
    Column("state_at", moment, nullable=False),
    Column("operation_id", Uuid),  # the search it is promised to or works for
    Column("follows_movement", Uuid),  # its state follows this movement; null: as a person has said
    Column("withdrawn", Boolean, nullable=False, server_default="false"),
    Column("version", BigInteger, nullable=False, server_default="1"),
)

transport_change = Table(
    "transport_change",
    metadata,
    Column("change_id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False),  # place, service, departure, way, craft, resource, import
    Column("subject_id", Text, nullable=False),
    Column("what", Text, nullable=False),  # added, changed, cancelled, delayed, imported ...
    Column("before", JSONB),
    Column("after", JSONB),
    Column("reason", Text),
    Column("changed_by", Uuid),  # null: the operator at the command line
    Column("changed_by_name", Text, nullable=False),
    Column("changed_at", moment, nullable=False),
    Index("ix_transport_change_subject", "subject", "subject_id"),
)
