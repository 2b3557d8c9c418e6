"""Real extracts that are not part of this repository: skipped without SEARCH_OPS_TRIAL_DATA."""

from pathlib import Path

import psycopg
import pytest

from search_ops.importing.osm import import_osm
from search_ops.persistence.embedded import DatabaseUrls

pytestmark = [pytest.mark.postgres, pytest.mark.trial]


def test_cyrillic_names_survive_gzip(database: DatabaseUrls, trial_osm: Path) -> None:
    """Moscow: street names stay Cyrillic on their way from a packed file to the table."""
    report = import_osm(trial_osm / "moscow-ostankino-2013.osm.gz", database.owner_url)
    assert report.file_format == "osm.gz"
    with psycopg.connect(database.app_url) as connection:
        (cyrillic,) = connection.execute(
            "SELECT count(*) FROM ground_line WHERE names->>'name' ~ '[А-Яа-я]{3}'"
        ).fetchone() or (0,)
    assert cyrillic > 100
    assert "Парк Останкино" in [each["name"] for each in report.left_out["incomplete"]]


def test_old_multipolygons_keep_their_holes(database: DatabaseUrls, trial_osm: Path) -> None:
    """Bayreuth, nearly all multipolygons of the old style: forests have holes and none is filled."""
    report = import_osm(trial_osm / "north-bayreuth-2014.osm.gz", database.owner_url)
    assert (report.counts["track"], report.counts["forest"]) == (900, 125)
    with psycopg.connect(database.app_url) as connection:
        (holed,) = connection.execute(
            "SELECT count(*) FROM ground_area WHERE osm_type = 'r' AND class = 'forest'"
            " AND ST_NumInteriorRings(ST_GeometryN(geom, 1)) > 0"
        ).fetchone() or (0,)
        (filled,) = connection.execute(
            "SELECT count(*) FROM ground_area a JOIN ground_area b ON a.osm_type = 'r' AND b.osm_type = 'w'"
            " AND a.class = b.class AND b.geom && a.geom"
            " AND ST_Equals(ST_ExteriorRing(ST_GeometryN(a.geom, 1)),"
            " ST_ExteriorRing(ST_GeometryN(b.geom, 1)))"
        ).fetchone() or (-1,)
    assert holed > 5
    assert filled == 0
    assert len(report.left_out["incomplete"]) == 6


def test_an_extract_with_missing_points_reports_them(database: DatabaseUrls, trial_osm: Path) -> None:
    """Kotka was cut without completing its ways: what is drawn in part is counted."""
    left_out = import_osm(trial_osm / "kotka-finland-2019.osm.pbf", database.owner_url).left_out
    assert left_out["totals"]["cut_ways"] == 87
    assert left_out["totals"]["unrepaired"] == 65
