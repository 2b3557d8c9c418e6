"""`search-ops import lost-person` and `search-ops evaluate`: words and tables in a terminal."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from search_ops.csv_rows import LARGEST_BYTES, Fault, TableRefused
from search_ops.lost_person.book import book
from search_ops.lost_person.cases import read_cases
from search_ops.lost_person.evaluation import evaluate
from search_ops.lost_person.purchased import keep, read_purchased
from search_ops.lost_person.shipped import known_categories
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from search_ops.lost_person.evaluation import Report, Summary

_SHOWN_FAULTS: Final = 50
_HUNDRED: Final = 100


def import_lost_person(path: Path, data_dir: Path, locale: str, *, console: Console | None = None) -> int:
    """Take a purchased table into the installation; return 0, or 1 when nothing changed."""
    out = console or Console(highlight=False)
    try:
        data = _bytes_of(path)
        distances, directions = read_purchased(data, known_categories())
    except TableRefused as refused:
        _say(out, text(locale, "lost-person-refused", file=path.name))
        _tell_faults(out, locale, refused.faults)
        return 1
    try:
        place = keep(data_dir, data)
    except OSError:
        _say(out, text(locale, "house-folder-not-writable", path=str(data_dir)))
        return 1
    categories = len({row.category for row in distances})
    facts = {"cells": len(distances), "categories": categories, "directions": len(directions)}
    _say(out, text(locale, "lost-person-kept", file=path.name, path=str(place), **facts))
    small = sum(row.model.is_small_sample for row in distances)
    if small:
        _say(out, text(locale, "lost-person-small-samples", count=small))
    return 0


def evaluate_cases(
    path: Path, data_dir: Path, locale: str, *, as_json: bool = False, console: Console | None = None
) -> int:
    """Score the models on the cases of a file; return 0, or 1 when no case could be scored."""
    out = console or Console(highlight=False)
    try:
        read = read_cases(_bytes_of(path), known_categories())
    except TableRefused as refused:
        _say(out, text(locale, "evaluate-refused", file=path.name))
        _tell_faults(out, locale, refused.faults)
        return 1
    with out.status("") as status:
        report = evaluate(
            read.cases,
            book(data_dir),
            read.faults,
            progress=lambda done: status.update(
                text(locale, "evaluate-progress", done=done, total=len(read.cases))
            ),
        )
    if as_json:
        out.print_json(json.dumps(report.as_dict()))
    else:
        _tell_report(out, locale, report)
    return 0 if report.models else 1


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise TableRefused([Fault("too_large")])
        return path.read_bytes()
    except OSError:
        raise TableRefused([Fault("unreadable")]) from None


def _tell_report(out: Console, locale: str, report: Report) -> None:
    if report.models:
        total = report.models["ours"].n
        _say(out, text(locale, "evaluate-scored", count=total, faults=len(report.faults)))
        table = _score_table(locale, text(locale, "evaluate-column-model"))
        for model, summary in report.models.items():
            _add(table, text(locale, f"evaluate-model-{model}"), summary)
        out.print(table)
        table = _score_table(locale, text(locale, "evaluate-column-category"))
        for category, summary in report.categories.items():
            _add(table, text(locale, f"subject-category-{category}"), summary)
        out.print(table)
        out.print(_ring_table(locale, report))
        for step, count in report.steps.items():
            _say(out, text(locale, f"evaluate-step-{step}", count=count))
    else:
        _say(out, text(locale, "evaluate-nothing"))
    _tell_faults(out, locale, report.faults)


def _score_table(locale: str, first: str) -> Table:
    table = Table(first, box=None, pad_edge=False)
    for name in ("n", "r", "interval", "median", "log"):
        table.add_column(text(locale, f"evaluate-column-{name}"), justify="right")
    return table


def _add(table: Table, name: str, summary: Summary) -> None:
    table.add_row(
        name,
        str(summary.n),
        f"{summary.r_mean:.3f}",
        f"{summary.r_low:.3f} … {summary.r_high:.3f}",
        f"{summary.r_median:.3f}",
        f"{summary.log_mean:.2f}",
    )


def _ring_table(locale: str, report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("ring", "found", "interval", "verdict"):
        justify = "left" if name == "verdict" else "right"
        table.add_column(text(locale, f"evaluate-column-{name}"), justify=justify)  # type: ignore[arg-type]
    for ring in report.rings:
        verdict = "good" if ring.is_calibrated else "low" if ring.share < ring.expected else "high"
        table.add_row(
            f"{ring.expected * _HUNDRED:.0f} %",
            f"{ring.share * _HUNDRED:.0f} %",
            f"{ring.low * _HUNDRED:.0f} … {ring.high * _HUNDRED:.0f} %",
            text(locale, f"evaluate-verdict-{verdict}"),
        )
    return table


def _tell_faults(out: Console, locale: str, faults: Sequence[Fault]) -> None:
    for fault in faults[:_SHOWN_FAULTS]:
        _say(out, fault_in_words(fault, locale))
    if len(faults) > _SHOWN_FAULTS:
        left = Counter(fault.code for fault in faults[_SHOWN_FAULTS:])
        _say(out, text(locale, "lost-person-more-faults", count=left.total()))


def fault_in_words(fault: Fault, locale: str) -> str:
    """Return the sentence for a fault, with its line and column where known."""
    cause = text(locale, f"lost-person-fault-{fault.code.replace('_', '-')}", column=fault.column)
    return text(locale, "lost-person-fault", line=fault.line, cause=cause) if fault.line else cause


def _say(out: Console, sentence: str) -> None:
    out.print(sentence, markup=False, soft_wrap=True)
