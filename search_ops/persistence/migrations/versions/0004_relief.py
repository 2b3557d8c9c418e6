"""Heights, raster layers, names to search by, and what a way is like underfoot."""

from __future__ import annotations

from alembic import op

revision = "0004_relief"
down_revision = "0003_files"
branch_labels = None
depends_on = None

_WAYS = """
ALTER TABLE ground_line
    ADD COLUMN surface text,
    ADD COLUMN tracktype text,
    ADD COLUMN bridge boolean NOT NULL DEFAULT false,
    ADD COLUMN ford boolean NOT NULL DEFAULT false;
"""

# `folded` is how a name is searched (`search_ops.domain.place_names`); one row for each that differs.
_NAMES = """
CREATE TABLE ground_name (
    dataset_id uuid NOT NULL REFERENCES ground_dataset ON DELETE CASCADE,
    osm_type "char" NOT NULL,
    osm_id bigint NOT NULL,
    class text NOT NULL,
    subclass text NOT NULL,
    rank smallint NOT NULL,
    name text NOT NULL,
    folded text NOT NULL,
    geom geometry(Point, 4326) NOT NULL
);
CREATE INDEX ix_ground_name_dataset_id ON ground_name (dataset_id);
CREATE INDEX ix_ground_name_folded ON ground_name (folded text_pattern_ops);
GRANT SELECT ON ground_name TO search_ops_app;
"""

# Part of every server package of Debian and Ubuntu, and trusted, so that the owner may create it. A server of
# another kind may lack it: names are then found by their beginning only.
_TRIGRAMS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX ix_ground_name_trigrams ON ground_name USING gin (folded gin_trgm_ops);
    END IF;
END $$;
"""

# Sample (0, 0) lies at `west_deg`, `north_deg`; level n keeps every 2^n-th. Blocks: `geo.height_blocks`.
_RELIEF = """
CREATE TABLE relief_dataset (
    dataset_id uuid PRIMARY KEY,
    source_name text NOT NULL UNIQUE,
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    file_format text NOT NULL,
    imported_at timestamptz NOT NULL,
    west_deg double precision NOT NULL,
    north_deg double precision NOT NULL,
    step_lon_deg double precision NOT NULL CHECK (step_lon_deg > 0),
    step_lat_deg double precision NOT NULL CHECK (step_lat_deg > 0),
    columns integer NOT NULL CHECK (columns BETWEEN 2 AND 200000),
    rows integer NOT NULL CHECK (rows BETWEEN 2 AND 200000),
    levels smallint NOT NULL CHECK (levels BETWEEN 1 AND 16),
    low_m real,
    high_m real,
    void_share real NOT NULL CHECK (void_share BETWEEN 0 AND 1),
    bbox geometry(Polygon, 4326) NOT NULL
);
CREATE TABLE relief_block (
    dataset_id uuid NOT NULL REFERENCES relief_dataset ON DELETE CASCADE,
    level smallint NOT NULL,
    block_row integer NOT NULL,
    block_column integer NOT NULL,
    heights bytea NOT NULL,
    PRIMARY KEY (dataset_id, level, block_row, block_column)
);
ALTER TABLE relief_block ALTER COLUMN heights SET STORAGE EXTERNAL;
CREATE INDEX ix_relief_dataset_bbox ON relief_dataset USING gist (bbox);
GRANT SELECT ON relief_dataset, relief_block TO search_ops_app;
"""

_RASTERS = """
CREATE TABLE raster_layer (
    layer_id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    source_format text NOT NULL,
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    imported_at timestamptz NOT NULL,
    bbox geometry(Polygon, 4326) NOT NULL,
    min_zoom smallint NOT NULL CHECK (min_zoom BETWEEN 0 AND 22),
    max_zoom smallint NOT NULL CHECK (max_zoom BETWEEN min_zoom AND 22),
    tile_px integer NOT NULL CHECK (tile_px BETWEEN 64 AND 1024),
    tiles integer NOT NULL CHECK (tiles > 0),
    size_bytes bigint NOT NULL,
    attribution text NOT NULL
);
CREATE TABLE raster_tile (
    layer_id uuid NOT NULL REFERENCES raster_layer ON DELETE CASCADE,
    z smallint NOT NULL,
    x integer NOT NULL,
    y integer NOT NULL,
    image bytea NOT NULL,
    PRIMARY KEY (layer_id, z, x, y)
);
ALTER TABLE raster_tile ALTER COLUMN image SET STORAGE EXTERNAL;
GRANT SELECT ON raster_layer, raster_tile TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        for part in (_WAYS, _NAMES, _TRIGRAMS, _RELIEF, _RASTERS):
            cursor.execute(part)
