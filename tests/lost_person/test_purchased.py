"""A purchased table: read as spreadsheets write it, refused with every line, kept whole."""

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from search_ops.csv_rows import Fault, TableRefused, rows_of
from search_ops.lost_person import book, known_categories
from search_ops.lost_person.commands import fault_in_words, import_lost_person
from search_ops.lost_person.purchased import FILE_NAME, read_purchased

HEADER = "category,terrain,n,p25_km,p50_km,p75_km,p95_km"


def read(text: str, encoding: str = "utf-8") -> list[tuple[str, str, int | None]]:
    """Return category, terrain and n of the rows of a table."""
    rows, _ = read_purchased(text.encode(encoding), known_categories())
    return [(row.category, row.terrain, row.model.n) for row in rows]


def faults_of(text: str) -> list[tuple[str, int, str]]:
    """Return what is wrong with a table: code, line, column."""
    with pytest.raises(TableRefused) as refused:
        read_purchased(text.encode(), known_categories())
    return [(fault.code, fault.line, fault.column) for fault in refused.value.faults]


def test_what_spreadsheets_write_is_read() -> None:
    """Comma, semicolon with decimal commas and cp1251, tabs, a mark in front, miles, names of books."""
    assert read(f"{HEADER}\nangler,temperate_flat,25,0.3,1.5,5.5,9.9\n") == [("angler", "temperate_flat", 25)]
    russian = f"{HEADER.replace(',', ';')}\n\nгрибники и ягодники;;94;1,5;3,2;6,4;12,9\n"
    assert read(russian, "cp1251") == [("gatherer", "any", 94)]
    assert read("\ufeff" + russian) == [("gatherer", "any", 94)]
    columns = ("Category", "Ecoregion", "Terrain", "n", "p25_mi", "p50_mi", "p75_mi", "p95_mi")
    values = ("Child (13-15)", "Temperate", "Mtn", "", "0.5", "1.3", "3", "13.3")
    book_like = "\t".join(columns) + "\n" + "\t".join(values)
    rows, _ = read_purchased(book_like.encode(), known_categories())
    assert (rows[0].category, rows[0].terrain) == ("youth_13_15", "temperate_mountain")
    assert rows[0].model.quantile_km(0.5) == pytest.approx(1.3 * 1.609344, rel=0.1)


def test_its_rows_stand_before_ours(tmp_path: Path) -> None:
    """Imported, a cell is exact and purchased; removed, ours is back; the dispersion comes along."""
    file = tmp_path / "bought.csv"
    file.write_text(
        f"{HEADER},p25_deg,p50_deg,p75_deg,p95_deg\nautistic,urban,16,0.3,1.0,3.8,8.0,1,2,30,40\n",
        encoding="utf-8",
    )
    told = Console(record=True, width=200, file=io.StringIO())
    assert import_lost_person(file, tmp_path / "data", "ru", console=told) == 0
    assert "меньше 20 случаев: 1" in told.export_text()
    chosen = book(tmp_path / "data").distance("autistic", "urban")
    assert (chosen.step, chosen.reliability, chosen.notes) == ("exact", "purchased", ("small_sample",))
    assert book(tmp_path / "data").direction("autistic").quantiles_deg[0.75] == 30
    assert book().distance("autistic", "urban").step == "hiker_default"
    (tmp_path / "data" / FILE_NAME).unlink()
    assert book(tmp_path / "data").distance("autistic", "urban").step == "hiker_default"


def test_a_refused_table_changes_nothing_and_names_its_lines(tmp_path: Path) -> None:
    """Three bad lines are named in both languages; what was kept before stays."""
    good = tmp_path / "good.csv"
    good.write_text(f"{HEADER}\nangler,,25,0.3,1.5,5.5,9.9\n", encoding="utf-8")
    bad = tmp_path / "bad.csv"
    bad.write_text(
        f"{HEADER}\nangler,,x,1,2,3,4\nangler,moon,2,1,2,3,4\nhiker,,2,1,2,3,4\nangler,,2,3,2,1,4\n",
        encoding="utf-8",
    )
    data = tmp_path / "data"
    for locale, word in (("ru", "Строка 3"), ("en", "Line 3")):
        told = Console(record=True, width=200, file=io.StringIO())
        assert import_lost_person(good, data, locale, console=told) == 0
        assert import_lost_person(bad, data, locale, console=told) == 1
        assert word in told.export_text()
        assert import_lost_person(tmp_path / "absent.csv", data, locale, console=told) == 1
    assert book(data).distance("angler", "urban").reliability == "purchased"
    assert [path.name for path in data.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ("no_header", 0, "")),
        (f"{HEADER}\n\n", ("no_rows", 0, "")),
        ("category\nangler\n", ("column_missing", 1, "p25_km")),
        (HEADER.replace("category", "kind") + "\nangler,,1,1,2,3,4\n", ("column_missing", 1, "category")),
        (f"{HEADER},n\nangler,,1,1,2,3,4,5\n", ("column_twice", 1, "n")),
        (f"{HEADER}\nangler,,1,1,2,3,4,5\n", ("too_many_cells", 2, "")),
        (f'{HEADER}\n"ang"ler,,1,1,2,3,4\n', ("broken", 2, "")),
        (f"{HEADER}\nangler,,1,1,2,3\n", ("empty", 2, "p95_km")),
        (f"{HEADER}\nangler,,1,1,2,3,nan\n", ("not_a_number", 2, "p95_km")),
        (f"{HEADER}\nangler,,1,1,2,3,1e999\n", ("not_a_number", 2, "p95_km")),
        (f"{HEADER}\nангелы,,1,1,2,3,4\n", ("category_unknown", 2, "category")),
        (f"{HEADER}\nangler,sea,1,1,2,3,4\n", ("terrain_unknown", 2, "terrain")),
        (f"{HEADER}\nangler,,0,1,2,3,4\n", ("n_not_whole", 2, "n")),
        (f"{HEADER}\nangler,,1.5,1,2,3,4\n", ("n_not_whole", 2, "n")),
        (f"{HEADER}\nangler,,1,1,2,3,4000\n", ("distance_too_large", 2, "p95_km")),
        (f"{HEADER}\nangler,,1,0,2,3,4\n", ("quantiles_do_not_grow", 2, "p25_km")),
        (f"{HEADER}\nangler,,1,1,2,3,4\nAngler,any,1,1,2,3,4\n", ("cell_twice", 3, "category")),
        (
            f"{HEADER},p25_deg,p50_deg,p75_deg,p95_deg\nangler,,1,1,2,3,4,9,3,4,5\n",
            ("deviations_out_of_range", 2, "p25_deg"),
        ),
        (f"{HEADER},p25_deg,p50_deg,p75_deg,p95_deg\nangler,,1,1,2,3,4,9,,,\n", ("empty", 2, "p50_deg")),
    ],
)
def test_every_fault_has_its_place_and_its_sentence(text: str, fault: tuple[str, int, str]) -> None:
    """Code, line and column; a sentence in both languages."""
    assert fault in faults_of(text)
    for locale in ("ru", "en"):
        assert fault_in_words(Fault(*fault), locale)


def test_a_damaged_kept_table_is_left_out_and_told(tmp_path: Path) -> None:
    """The search goes on with what ships."""
    (tmp_path / FILE_NAME).write_bytes(b"\0\1")
    assert book(tmp_path).problem == "purchased_unreadable"
    assert book(tmp_path).distance("hiker", "temperate_flat").step == "exact"
    assert book(tmp_path / "absent").problem == ""


@settings(deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda tail: f"{HEADER}\n{tail}".encode("utf-8", "replace"))
)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Any bytes are read or refused."""
    for read_it in (
        lambda: rows_of(data, needed=("category",), known={"category", "n"}),
        lambda: read_purchased(data, known_categories()),
    ):
        with contextlib.suppress(TableRefused):
            read_it()
