"""The transport network, the catalogue of resources, and who changed what of them."""

from __future__ import annotations

from alembic import op

revision = "0008_transport"
down_revision = "0007_region_grid_version"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE transport_place (
    place_id text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    name_ru text,
    lon double precision,
    lat double precision,
    region text,
    time_zone text,
    iata text,
    population integer,
    transfer_min integer,
    opens text,
    closes text,
    closed boolean NOT NULL DEFAULT false,
    closed_until timestamptz,
    source text NOT NULL,
    edited_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_transport_place PRIMARY KEY (place_id),
    CONSTRAINT ck_transport_place_kind
        CHECK (kind IN ('settlement', 'airport', 'heliport', 'station', 'port', 'site')),
    CONSTRAINT ck_transport_place_both CHECK (num_nonnulls(lon, lat) IN (0, 2))
);
CREATE INDEX ix_transport_place_region ON transport_place (region);

CREATE TABLE transport_runway (
    runway_id text NOT NULL,
    place_id text NOT NULL,
    length_m double precision,
    width_m double precision,
    surface text,
    lighted boolean,
    closed boolean NOT NULL DEFAULT false,
    source text NOT NULL,
    CONSTRAINT pk_transport_runway PRIMARY KEY (runway_id),
    CONSTRAINT fk_transport_runway_place_id
        FOREIGN KEY (place_id) REFERENCES transport_place (place_id) ON DELETE CASCADE
);
CREATE INDEX ix_transport_runway_place_id ON transport_runway (place_id);

CREATE TABLE transport_service (
    service_id text NOT NULL,
    mode text NOT NULL,
    number text NOT NULL,
    operator text,
    from_place text NOT NULL,
    to_place text NOT NULL,
    departs text NOT NULL,
    arrives text NOT NULL,
    day_offset integer NOT NULL DEFAULT 0,
    weekdays text NOT NULL,
    valid_from date,
    valid_to date,
    seats integer,
    payload_kg double precision,
    door_length_m double precision,
    door_width_m double precision,
    door_height_m double precision,
    cost_rub double precision,
    confidence double precision,
    withdrawn boolean NOT NULL DEFAULT false,
    source text NOT NULL,
    edited_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_transport_service PRIMARY KEY (service_id),
    CONSTRAINT fk_transport_service_from_place
        FOREIGN KEY (from_place) REFERENCES transport_place (place_id),
    CONSTRAINT fk_transport_service_to_place
        FOREIGN KEY (to_place) REFERENCES transport_place (place_id),
    CONSTRAINT ck_transport_service_mode
        CHECK (mode IN ('flight', 'helicopter', 'rail', 'bus', 'river', 'sea'))
);

CREATE TABLE transport_departure (
    service_id text NOT NULL,
    on_date date NOT NULL,
    state text NOT NULL,
    delay_min integer,
    seats integer,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_transport_departure PRIMARY KEY (service_id, on_date),
    CONSTRAINT fk_transport_departure_service_id
        FOREIGN KEY (service_id) REFERENCES transport_service (service_id) ON DELETE CASCADE,
    CONSTRAINT ck_transport_departure_state CHECK (state IN ('as_planned', 'delayed', 'cancelled'))
);

CREATE TABLE transport_way (
    way_id text NOT NULL,
    mode text NOT NULL,
    from_place text NOT NULL,
    to_place text NOT NULL,
    distance_m double precision,
    duration_min double precision NOT NULL,
    season_from text,
    season_to text,
    vehicle_class text,
    confidence double precision,
    withdrawn boolean NOT NULL DEFAULT false,
    source text NOT NULL,
    edited_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_transport_way PRIMARY KEY (way_id),
    CONSTRAINT fk_transport_way_from_place FOREIGN KEY (from_place) REFERENCES transport_place (place_id),
    CONSTRAINT fk_transport_way_to_place FOREIGN KEY (to_place) REFERENCES transport_place (place_id),
    CONSTRAINT ck_transport_way_mode CHECK (mode IN ('road', 'winter_road', 'river', 'sea', 'foot')),
    CONSTRAINT ck_transport_way_season CHECK (num_nonnulls(season_from, season_to) IN (0, 2))
);

CREATE TABLE transport_craft (
    craft_type text NOT NULL,
    class text NOT NULL,
    payload_max_kg double precision,
    range_max_payload_m double precision,
    range_max_fuel_m double precision,
    range_unspecified_m double precision,
    cruise_mps double precision,
    ceiling_m double precision,
    mtow_kg double precision,
    seats integer,
    runway_m double precision,
    note text,
    source text NOT NULL,
    edited_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_transport_craft PRIMARY KEY (craft_type)
);

CREATE TABLE transport_resource (
    resource_id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    craft_type text,
    base_place text,
    organisation_id uuid,
    people integer,
    seats integer,
    payload_kg double precision,
    speed_mps double precision,
    ready_min integer,
    duty_min integer,
    runway_m double precision,
    night boolean,
    cost_owner text,
    cost_rub double precision,
    confidence double precision,
    equipment text,
    state text NOT NULL DEFAULT 'available',
    state_at timestamptz NOT NULL,
    operation_id uuid,
    withdrawn boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_transport_resource PRIMARY KEY (resource_id),
    CONSTRAINT fk_transport_resource_craft_type
        FOREIGN KEY (craft_type) REFERENCES transport_craft (craft_type),
    CONSTRAINT fk_transport_resource_base_place
        FOREIGN KEY (base_place) REFERENCES transport_place (place_id),
    CONSTRAINT fk_transport_resource_organisation_id
        FOREIGN KEY (organisation_id) REFERENCES organisation (organisation_id),
    CONSTRAINT ck_transport_resource_kind
        CHECK (kind IN ('group', 'aircraft', 'vehicle', 'boat', 'consultant', 'equipment')),
    CONSTRAINT ck_transport_resource_state
        CHECK (state IN ('available', 'promised', 'moving', 'working', 'resting', 'broken'))
);

CREATE TABLE transport_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY,
    subject text NOT NULL,
    subject_id text NOT NULL,
    what text NOT NULL,
    before jsonb,
    after jsonb,
    reason text,
    changed_by uuid,
    changed_by_name text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_transport_change PRIMARY KEY (change_id)
);
CREATE INDEX ix_transport_change_subject ON transport_change (subject, subject_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON transport_place, transport_runway, transport_service,
    transport_departure, transport_way, transport_craft, transport_resource TO search_ops_app;
-- What was changed, by whom and why is only ever added to.
GRANT SELECT, INSERT ON transport_change TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_TABLES)
