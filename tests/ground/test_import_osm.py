"""Import of OpenStreetMap extracts into PostGIS."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely

from search_ops.importing.child_process import ProcessLimits
from search_ops.importing.osm import ImportProgress, ImportReport, import_osm, source_name_of
from search_ops.importing.osm_refusal import MapFileRefused
from search_ops.importing.osm_stream import OsmStream
from search_ops.persistence.embedded import DatabaseUrls

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ground"

pytestmark = pytest.mark.postgres


def one(dsn: str, query: str, *values: object) -> Any:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query, values).fetchone()
    return None if row is None else row[0] if len(row) == 1 else row


def shape_of(dsn: str, osm_type: str, osm_id: int) -> Any:
    wkb = one(
        dsn, "SELECT ST_AsBinary(geom) FROM ground_area WHERE osm_type = %s AND osm_id = %s", osm_type, osm_id
    )
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def test_every_class_of_the_demo_extract_is_counted(imported: tuple[DatabaseUrls, ImportReport]) -> None:
    """Roads, tracks, paths, waterways, forests and places come out in the numbers that the file holds."""
    counts = imported[1].counts
    assert counts["track"] == 597
    assert counts["forest"] == 61
    expected = {"road": 1589, "path": 563, "railway": 34, "river": 8, "stream": 55, "power": 3, "place": 20}
    assert {name: counts[name] for name in expected} == expected


def test_rows_are_those_of_the_report(
    imported: tuple[DatabaseUrls, ImportReport], ground_rows: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The application's role may read the tables and finds as many rows as the report says."""
    total = ground_rows.execute(
        "SELECT (SELECT count(*) FROM ground_area) + (SELECT count(*) FROM ground_line)"
        " + (SELECT count(*) FROM ground_point)"
    ).fetchone()
    assert total == (sum(imported[1].counts.values()),)


def test_every_polygon_is_valid(ground_rows: psycopg.Connection[tuple[object, ...]]) -> None:
    """No invalid polygon reaches the database."""
    assert ground_rows.execute("SELECT count(*) FROM ground_area WHERE NOT ST_IsValid(geom)").fetchone() == (
        0,
    )


def test_the_age_of_the_data_is_the_files_own(imported: tuple[DatabaseUrls, ImportReport]) -> None:
    """The date shown to people is that of the data, taken from the header, not the day of import."""
    data_at = imported[1].data_at
    assert data_at is not None
    assert data_at.isoformat() == "2013-08-03T19:00:02+00:00"


def test_incomplete_relations_are_reported_by_id(imported: tuple[DatabaseUrls, ImportReport]) -> None:
    """All eight multipolygons with members outside the extract are named, in the report and in the table."""
    left_out = imported[1].left_out
    assert [each["relation"] for each in left_out["incomplete"]] == [11, 14, 15, 16, 31, 77, 78, 100]
    assert all(each["missing_ways"] > 0 for each in left_out["incomplete"])
    kept = one(imported[0].app_url, "SELECT report FROM ground_dataset")
    assert kept == left_out


def test_old_style_multipolygons_have_their_holes(database: DatabaseUrls) -> None:
    """A relation without tags takes those of its outer way; the way is not drawn over its holes."""
    report = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    forest = shape_of(database.app_url, "r", 201)
    assert len(forest.geoms[0].interiors) == 1
    assert shape_of(database.app_url, "w", 101) is None
    assert report.counts["forest"] == 1
    assert one(database.app_url, "SELECT names FROM ground_area WHERE osm_id = 201") == {"name": "Старый лес"}


def test_an_outline_that_repeats_its_relations_tags_does_not_fill_the_hole(database: DatabaseUrls) -> None:
    """New style with doubled tags: the lake keeps its island."""
    report = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    assert report.counts["water"] == 1
    assert len(shape_of(database.app_url, "r", 202).geoms[0].interiors) == 1


def test_contradicting_outlines_are_kept_apart_and_reported(database: DatabaseUrls) -> None:
    """A relation whose outer ways are meadow and scrub becomes neither: both are drawn, the id is told."""
    report = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    assert report.left_out["undecided"] == [203]
    assert (report.counts["grass"], report.counts["scrub"]) == (1, 1)


def test_names_are_kept_in_every_language(database: DatabaseUrls) -> None:
    """Russian, English and Finnish names stand beside each other as in the file."""
    import_osm(FIXTURES / "old-style.osm", database.owner_url)
    names = one(database.app_url, "SELECT names FROM ground_point WHERE class = 'place'")
    assert names == {
        "name": "Выдуманная",
        "name:ru": "Выдуманная",
        "name:en": "Vydumannaya",
        "name:fi": "Keksitty",
    }


def test_a_way_may_be_two_things(database: DatabaseUrls) -> None:
    """A track along a cutline is found as both."""
    report = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    assert (report.counts["track"], report.counts["cutline"]) == (1, 1)


def test_what_a_way_is_like_underfoot_is_kept(database: DatabaseUrls) -> None:
    """Surface, grade of a track, bridges and fords stand with the line; "no" is no bridge."""
    report = import_osm(FIXTURES / "underfoot.osm", database.owner_url)
    ways = "SELECT surface, tracktype, bridge, ford FROM ground_line WHERE osm_id = %s"
    assert one(database.app_url, ways, 101) == ("dirt", "grade4", True, False)
    assert one(database.app_url, ways, 102) == ("dirt", "grade4", False, True)
    assert one(database.app_url, ways, 105) == (None, None, False, False)
    assert {name: report.counts.get(name, 0) for name in ("barrier", "ford", "gate")} == {
        "barrier": 1,
        "ford": 1,
        "gate": 1,
    }


def test_names_are_kept_as_they_are_searched(database: DatabaseUrls) -> None:
    """One row for each spelling that differs once folded; a street that is cut into ways stands once."""
    import_osm(FIXTURES / "underfoot.osm", database.owner_url)
    with psycopg.connect(database.app_url) as connection:
        rows = connection.execute("SELECT class, name, folded FROM ground_name ORDER BY folded").fetchall()
    assert rows == [
        ("river", "Чёрная", "chernaia"),
        ("track", "улица Лесная", "lesnaia"),
        ("place", "Верхняя Ёлка", "verhniaia elka"),
    ]


def test_a_reader_that_dies_is_a_refusal_and_changes_nothing(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of memory, the reading process ends; the former data stay and the cause is told."""
    kept = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    starved = ProcessLimits(cpu_s=60, address_bytes=200_000_000, wall_s=60.0)
    monkeypatch.setattr(OsmStream, "_limits", lambda _: starved)
    with pytest.raises(MapFileRefused) as caught:
        import_osm(FIXTURES / "old-style.osm", database.owner_url)
    assert caught.value.reason in {"bomb", "corrupt"}
    assert one(database.app_url, "SELECT dataset_id FROM ground_dataset") == kept.dataset_id


def test_nothing_ragged_is_dropped_in_silence(database: DatabaseUrls) -> None:
    """Missing members, missing points and self-crossing outlines are drawn where possible, all named."""
    left_out = import_osm(FIXTURES / "ragged.osm", database.owner_url).left_out
    assert [each["relation"] for each in left_out["incomplete"]] == [201, 202]
    assert left_out["incomplete"][0]["name"] == "Обрезанный лес"
    assert left_out["without_holes"] == [106]
    assert left_out["broken_rings"] == [104]
    assert left_out["repaired"] == ["w104"]
    assert left_out["unrepaired"] == ["w105"]
    assert left_out["cut_ways"] == [102, 105]
    assert left_out["lost_ways"] == [103]


def test_a_way_with_a_missing_point_is_drawn_in_two_pieces(database: DatabaseUrls) -> None:
    """The gap stays a gap: no line is invented across it."""
    import_osm(FIXTURES / "ragged.osm", database.owner_url)
    assert one(database.app_url, "SELECT count(*) FROM ground_line WHERE osm_id = 102") == 2


def test_importing_again_replaces(database: DatabaseUrls) -> None:
    """The second import of a source leaves one data set and no row of the first."""
    first = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    second = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    assert (first.replaced, second.replaced) == (False, True)
    assert second.counts == first.counts
    assert one(database.app_url, "SELECT array_agg(dataset_id) FROM ground_dataset") == [second.dataset_id]
    assert one(database.app_url, "SELECT array_agg(DISTINCT dataset_id) FROM ground_line") == [
        second.dataset_id
    ]


def test_readers_see_the_old_data_until_the_new_are_complete(database: DatabaseUrls) -> None:
    """While a re-import runs, another connection still sees the whole of the former one."""
    first = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    seen: list[tuple[object, int]] = []

    def look(progress: ImportProgress) -> None:
        if progress.phase == "finish":
            ids = "SELECT (SELECT array_agg(dataset_id) FROM ground_dataset), count(*) FROM ground_line"
            seen.append(one(database.app_url, ids))

    import_osm(FIXTURES / "old-style.osm", database.owner_url, progress=look)
    assert seen == [([first.dataset_id], first.counts["track"] + first.counts["cutline"])]


def test_a_file_that_breaks_half_way_changes_nothing(database: DatabaseUrls, tmp_path: Path) -> None:
    """XML that ends in the middle of the ways leaves the former import as it was."""
    kept = import_osm(FIXTURES / "old-style.osm", database.owner_url)
    whole = (FIXTURES / "old-style.osm").read_bytes()
    broken = tmp_path / "old-style.osm"
    broken.write_bytes(whole[: whole.index(b'<way id="106"') + 40])
    with pytest.raises(MapFileRefused) as caught:
        import_osm(broken, database.owner_url)
    assert caught.value.data["place"]["line"] > 40
    assert one(database.app_url, "SELECT dataset_id FROM ground_dataset") == kept.dataset_id
    assert one(database.app_url, "SELECT count(*) FROM ground_area") == 4


def test_a_file_with_nothing_on_it_does_not_wipe_the_map(database: DatabaseUrls, tmp_path: Path) -> None:
    """An empty but well-formed extract of the same name is refused instead of replacing good data."""
    import_osm(FIXTURES / "old-style.osm", database.owner_url)
    empty = tmp_path / "old-style.osm"
    empty.write_text('<osm version="0.6"></osm>', encoding="utf-8")
    with pytest.raises(MapFileRefused) as caught:
        import_osm(empty, database.owner_url)
    assert caught.value.reason == "no_data"
    assert one(database.app_url, "SELECT count(*) FROM ground_dataset") == 1


@pytest.mark.parametrize(
    ("file_name", "source"),
    [
        ("liechtenstein-2013-08-03.osm.pbf", "liechtenstein"),
        ("crimean-fed-district-latest.osm.pbf", "crimean-fed-district"),
        ("RU-MOS-240501.osm.gz", "RU-MOS"),
        ("Карелия.osm", "Карелия"),
    ],
)
def test_later_extracts_carry_the_same_source_name(file_name: str, source: str) -> None:
    """Dates in file names do not make another source."""
    assert source_name_of(Path(file_name)) == source
