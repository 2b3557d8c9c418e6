"""`search-ops import osm FILE`: progress and report in a terminal, in the operator's language."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from search_ops.importing.ground_classes import AREA_CLASSES, LINE_CLASSES, POINT_CLASSES
from search_ops.importing.osm import ImportProgress, ImportReport, import_osm
from search_ops.importing.osm_refusal import MapFileRefused
from search_ops.texts import text

_LISTED_IDS = 8
_LEFT_OUT = (
    "incomplete",
    "undecided",
    "without_holes",
    "broken_rings",
    "repaired",
    "unrepaired",
    "cut_ways",
    "lost_ways",
    "unreadable",
)


def import_file_with_progress(
    path: Path, dsn: str, locale: str, *, source_name: str | None = None, console: Console | None = None
) -> int:
    """Import an OSM extract and tell the operator how it goes.

    Parameters
    ----------
    path
        The file.
    dsn
        Address of the database in the role that owns the ground tables.
    locale
        ``ru`` or ``en``.
    source_name
        Name of the extract, when the file's own is not wanted.
    console
        Where to write; standard output by default.

    Returns
    -------
    int
        0, or 1 when the file was refused and nothing changed.
    """
    out = console or Console(highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task(text(locale, "ground-import-check"), total=None)
            report = import_osm(
                path, dsn, source_name=source_name, progress=lambda now: _show(bar, task, now, locale)
            )
    except MapFileRefused as refusal:
        out.print(refusal_sentence(refusal, locale), markup=False, soft_wrap=True)
        return 1
    for line in report_lines(report, locale):
        out.print(line, markup=False, soft_wrap=True)
    return 0


def refusal_sentence(refusal: MapFileRefused, locale: str) -> str:
    """Return why a file was refused: name, format, cause, place, and that nothing changed."""
    data = refusal.data
    cause = text(locale, f"ground-refused-{refusal.reason.replace('_', '-')}")
    place = ", ".join(
        text(locale, f"ground-place-{kind}", number=number) for kind, number in data["place"].items()
    )
    if place:
        cause = text(locale, "ground-refused-at", cause=cause, place=place)
    return text(locale, "ground-refused", file=data["file_name"], format=data["file_format"], cause=cause) + (
        f" [{data['detail']}]" if data["detail"] else ""
    )


def report_lines(report: ImportReport, locale: str) -> list[str]:
    """Return the report of an import as lines for people."""
    key = "ground-import-replaced" if report.replaced else "ground-import-done"
    lines = [
        text(
            locale,
            key,
            source=report.source_name,
            count=sum(report.counts.values()),
            seconds=round(report.elapsed_s, 1),
        ),
        text(locale, "ground-data-of", date=report.data_at.date().isoformat())
        if report.data_at
        else text(locale, "ground-data-of-unknown"),
    ]
    lines += [
        f"  {text(locale, f'ground-class-{name}')}: {report.counts[name]}"
        for name in (*LINE_CLASSES, *AREA_CLASSES, *POINT_CLASSES)
        if name in report.counts
    ]
    for what in _LEFT_OUT:
        ids, total = report.left_out[what], report.left_out["totals"][what]
        if total:
            first = ", ".join(
                str(each["relation"] if isinstance(each, dict) else each) for each in ids[:_LISTED_IDS]
            )
            more = ", …" if total > _LISTED_IDS else ""
            lines.append(
                text(locale, f"ground-left-out-{what.replace('_', '-')}", count=total, ids=first + more)
            )
    return lines


def _show(bar: Progress, task: TaskID, now: ImportProgress, locale: str) -> None:
    bar.update(
        task,
        description=text(locale, f"ground-import-{now.phase}"),
        completed=now.done_bytes,
        total=now.total_bytes or None,
    )
