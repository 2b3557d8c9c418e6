"""Scoring models on cases: invented finds, the published score, bad rows named."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from geo.crs import LocalFrame
from search_ops.cli import app
from search_ops.csv_rows import Fault
from search_ops.lost_person import book, known_categories
from search_ops.lost_person.cases import read_cases
from search_ops.lost_person.commands import evaluate_cases, fault_in_words
from search_ops.lost_person.evaluation import evaluate

HEADER = "case,category,terrain,ipp_lat,ipp_lon,find_lat,find_lon,heading_deg,uncertainty_m"
FRAME = LocalFrame.at(37.6, 55.7)


def case_at(east_m: float, north_m: float, category: str = "hiker", heading: str = "") -> str:
    """Return a row with a find so far from a point in the forest."""
    lon, lat = FRAME.unproject(np.array([[east_m, north_m]]))[0]
    return f"1,{category},temperate_flat,55.7,37.6,{lat:.7f},{lon:.7f},{heading},"


def report_of(*rows: str) -> dict[str, object]:
    """Return the report on rows of a file."""
    read = read_cases("\n".join([HEADER, *rows]).encode(), known_categories())
    return evaluate(read.cases, book(), read.faults).as_dict()


def test_people_who_go_as_the_model_says_score_well() -> None:
    """Twelve finds drawn from the log-normal: R near 1, calibrated rings, our map above the even one."""
    rng = np.random.default_rng(11)
    model = book().distance("hiker", "temperate_flat").model
    rows = []
    for share in (np.arange(12) + 0.5) / 12.0:
        turn, away_m = rng.uniform(0, 2 * np.pi), 1000 * model.quantile_km(float(share))
        rows.append(case_at(away_m * np.sin(turn), away_m * np.cos(turn)))
    read = read_cases("\n".join([HEADER, *rows]).encode(), known_categories())
    report = evaluate(read.cases, book())
    assert report.models["ours"].n == 12
    assert report.models["ours"].r_mean > 0.75
    assert report.models["ours"].r_mean >= report.models["rings"].r_mean - 0.02
    assert report.models["even"].r_mean == pytest.approx(0.0, abs=1e-9)
    assert report.models["ours"].log_mean > report.models["even"].log_mean
    assert all(ring.is_calibrated for ring in report.rings)
    assert report.steps == {"exact": 12}


def test_a_heading_that_was_right_helps() -> None:
    """The same find scores higher with its direction than against it."""
    read = read_cases(
        "\n".join(
            [HEADER, case_at(0, 4_000, heading="0"), case_at(0, 4_000), case_at(0, 4_000, heading="180")]
        ).encode(),
        known_categories(),
    )
    right, none, wrong = (evaluate([case], book()).models["ours"].r_mean for case in read.cases)
    assert right > none > wrong


def test_a_find_outside_the_window_has_the_score_of_the_outside() -> None:
    """20 km away: R from what the map left beyond the window."""
    report = evaluate(
        read_cases(f"{HEADER}\n{case_at(20_000, 0)}".encode(), known_categories()).cases, book()
    )
    model = book().distance("hiker", "temperate_flat").model
    left = 1.0 - float(model.cdf_km(12.5))
    assert report.models["even"].r_mean == pytest.approx(2 * left - 1, abs=1e-3)
    assert -1 < report.models["ours"].r_mean < -0.85


def test_bad_rows_are_named_and_the_others_scored(tmp_path: Path) -> None:
    """Unknown category, no number, out of range, another continent: line and reason; the good row counts."""
    file = tmp_path / "cases.csv"
    rows = [
        case_at(500, 500),
        "2,angel,temperate_flat,55,37,55,37,,",
        "3,hiker,sea,55,37,55,37,,",
        "4,hiker,urban,north,37,55,37,,",
        "5,hiker,urban,95,37,55,37,,",
        "6,hiker,urban,55,37,,37,,",
        "7,hiker,urban,55,37,55,37,400,",
        "8,hiker,urban,55,37,-33,-70,,",
        "9,hiker,urban,55,37,55,37,,-5",
    ]
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    report = report_of(*rows)
    faults = report["faults"]
    assert isinstance(faults, tuple | list)
    assert [(fault["line"], fault["code"]) for fault in faults] == [
        (3, "category_unknown"),
        (4, "terrain_unknown"),
        (5, "not_a_number"),
        (6, "out_of_range"),
        (7, "empty"),
        (8, "out_of_range"),
        (9, "not_on_one_map"),
        (10, "out_of_range"),
    ]
    for locale, word in (("ru", "Строка 9"), ("en", "Line 9")):
        told = Console(record=True, width=160, file=io.StringIO())
        assert evaluate_cases(file, tmp_path, locale, console=told) == 0
        assert word in told.export_text()


def test_nothing_to_score_is_an_answer(tmp_path: Path) -> None:
    """No good row: exit code 1 and the reason; a file of no cases is refused in one sentence."""
    file = tmp_path / "cases.csv"
    for content in (f"{HEADER}\n1,angel,urban,1,1,1,1,,", "no,header\n1,2", ""):
        file.write_text(content, encoding="utf-8")
        told = Console(record=True, width=160, file=io.StringIO())
        assert evaluate_cases(file, tmp_path, "en", console=told) == 1
        assert told.export_text().strip()


def test_the_commands_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``search-ops evaluate`` and ``search-ops import lost-person`` as an operator types them."""
    monkeypatch.setenv("SEARCH_OPS_DATA_DIR", str(tmp_path / "data"))
    from search_ops.settings import settings  # noqa: PLC0415

    settings.cache_clear()
    cases, table = tmp_path / "cases.csv", tmp_path / "table.csv"
    cases.write_text(f"{HEADER}\n{case_at(300, 400)}", encoding="utf-8")
    table.write_text("category,p25_km,p50_km,p75_km,p95_km\nhiker,1,2,3,4\n", encoding="utf-8")
    try:
        told = CliRunner().invoke(app, ["evaluate", "--json", str(cases)])
        assert told.exit_code == 0, told.output
        assert json.loads(told.output[told.output.index("{") :])["models"]["ours"]["n"] == 1
        assert CliRunner().invoke(app, ["import", "lost-person", str(table)]).exit_code == 0
        assert (tmp_path / "data" / "lost-person.csv").exists()
    finally:
        settings.cache_clear()


def test_a_fault_of_the_whole_file_has_no_line() -> None:
    """No "line 0"."""
    assert "0" not in fault_in_words(Fault("no_header"), "en")
