"""Real ground: data sets of OpenStreetMap and what is drawn and cut from them."""

from __future__ import annotations

from alembic import op

revision = "0002_ground"
down_revision = "0001_spine"
branch_labels = None
depends_on = None

# `low` is a simplified copy in Web Mercator for small scales: only what is drawn there has one.
# `min_zoom` is the smallest zoom at which a thing is worth drawing; `size_m2` orders what lies on what.
_TABLES = """
CREATE TABLE ground_dataset (
    dataset_id uuid PRIMARY KEY,
    source_name text NOT NULL UNIQUE,
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN ('osm')),
    data_at timestamptz,
    imported_at timestamptz NOT NULL,
    bbox geometry(Polygon, 4326) NOT NULL,
    covered geometry(MultiPolygon, 4326) NOT NULL,
    counts jsonb NOT NULL,
    report jsonb NOT NULL
);
CREATE TABLE ground_area (
    dataset_id uuid NOT NULL REFERENCES ground_dataset ON DELETE CASCADE,
    osm_type "char" NOT NULL,
    osm_id bigint NOT NULL,
    class text NOT NULL,
    subclass text NOT NULL,
    names jsonb NOT NULL,
    min_zoom smallint NOT NULL,
    size_m2 real NOT NULL,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    low geometry(MultiPolygon, 3857)
);
CREATE TABLE ground_line (
    dataset_id uuid NOT NULL REFERENCES ground_dataset ON DELETE CASCADE,
    osm_type "char" NOT NULL,
    osm_id bigint NOT NULL,
    class text NOT NULL,
    subclass text NOT NULL,
    names jsonb NOT NULL,
    ref text,
    min_zoom smallint NOT NULL,
    geom geometry(LineString, 4326) NOT NULL,
    low geometry(LineString, 3857)
);
CREATE TABLE ground_point (
    dataset_id uuid NOT NULL REFERENCES ground_dataset ON DELETE CASCADE,
    osm_type "char" NOT NULL,
    osm_id bigint NOT NULL,
    class text NOT NULL,
    subclass text NOT NULL,
    names jsonb NOT NULL,
    elevation_m real,
    min_zoom smallint NOT NULL,
    rank integer NOT NULL,
    geom geometry(Point, 4326) NOT NULL
);
CREATE INDEX ix_ground_area_dataset_id ON ground_area (dataset_id);
CREATE INDEX ix_ground_area_geom ON ground_area USING gist (geom);
CREATE INDEX ix_ground_area_geom_low ON ground_area USING gist (geom) WHERE low IS NOT NULL;
CREATE INDEX ix_ground_line_dataset_id ON ground_line (dataset_id);
CREATE INDEX ix_ground_line_geom ON ground_line USING gist (geom);
CREATE INDEX ix_ground_line_geom_low ON ground_line USING gist (geom) WHERE low IS NOT NULL;
CREATE INDEX ix_ground_point_dataset_id ON ground_point (dataset_id);
CREATE INDEX ix_ground_point_geom ON ground_point USING gist (geom);
GRANT SELECT ON ground_dataset, ground_area, ground_line, ground_point TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_TABLES)
