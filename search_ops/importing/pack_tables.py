"""What an area pack holds: a ZIP of tables as PostgreSQL's COPY writes them, and a manifest of hashes."""

from typing import LiteralString

FORMAT, VERSION = "search-ops-area-pack", 1
MANIFEST = "manifest.json"

# Table -> columns that travel. Parents stand before what refers to them.
TABLES: dict[LiteralString, tuple[LiteralString, ...]] = {
    "ground_dataset": (
        "dataset_id", "source_name", "file_name", "file_sha256", "kind", "data_at", "imported_at", "bbox",
        "covered", "counts", "report",
    ),
    "ground_area": (
        "dataset_id", "osm_type", "osm_id", "class", "subclass", "names", "min_zoom", "size_m2", "geom",
        "low",
    ),
    "ground_line": (
        "dataset_id", "osm_type", "osm_id", "class", "subclass", "names", "ref", "min_zoom", "surface",
        "tracktype", "bridge", "ford", "geom", "low",
    ),
    "ground_point": (
        "dataset_id", "osm_type", "osm_id", "class", "subclass", "names", "elevation_m", "min_zoom", "rank",
        "geom",
    ),
    "ground_name": (
        "dataset_id", "osm_type", "osm_id", "class", "subclass", "rank", "name", "folded", "geom",
    ),
    "relief_dataset": (
        "dataset_id", "source_name", "file_name", "file_sha256", "file_format", "imported_at", "west_deg",
        "north_deg", "step_lon_deg", "step_lat_deg", "columns", "rows", "levels", "low_m", "high_m",
        "void_share", "bbox",
    ),
    "relief_block": ("dataset_id", "level", "block_row", "block_column", "heights"),
    "raster_layer": (
        "layer_id", "name", "source_format", "file_name", "file_sha256", "imported_at", "bbox", "min_zoom",
        "max_zoom", "tile_px", "tiles", "size_bytes", "attribution",
    ),
    "raster_tile": ("layer_id", "z", "x", "y", "image"),
}  # fmt: skip
# Parent -> (its id, its name for people, its children).
PARENTS: dict[LiteralString, tuple[LiteralString, LiteralString, tuple[LiteralString, ...]]] = {
    "ground_dataset": (
        "dataset_id", "source_name", ("ground_area", "ground_line", "ground_point", "ground_name"),
    ),
    "relief_dataset": ("dataset_id", "source_name", ("relief_block",)),
    "raster_layer": ("layer_id", "name", ("raster_tile",)),
}  # fmt: skip


def member_of(table: str) -> str:
    """Return the name of a table's member in the ZIP."""
    return f"{table}.copy"
