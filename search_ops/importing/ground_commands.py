"""`search-ops import dem|raster`: progress and report in a terminal."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from search_ops.importing.dem import import_dem
from search_ops.importing.raster import import_raster
from search_ops.importing.relief_refusal import GroundFileRefused
from search_ops.texts import text

_HUNDRED = 100


def refused_sentence(refusal: GroundFileRefused, locale: str) -> str:
    """Return why a file was refused: name, format, cause, place, and that nothing changed."""
    data = refusal.data
    cause = text(locale, f"ground-file-refused-{refusal.reason.replace('_', '-')}")
    place = ", ".join(f"{kind} {where}" for kind, where in data["place"].items())
    return text(
        locale,
        "ground-file-refused",
        file=data["file_name"],
        format=data["file_format"],
        cause=f"{cause} ({place})" if place else cause,
    ) + (f" [{data['detail']}]" if data["detail"] else "")


def told_or_refused(out: Console, locale: str, work: Callable[[], None]) -> int:
    """Do some work and return 0, or tell why a file was refused and return 1."""
    try:
        work()
    except GroundFileRefused as refusal:
        out.print(refused_sentence(refusal, locale), markup=False, soft_wrap=True)
        return 1
    return 0


def import_dem_with_progress(
    paths: Sequence[Path], dsn: str, locale: str, *, console: Console | None = None
) -> int:
    """Import grids of heights and tell the operator how it goes; return 0, or 1 when nothing changed."""
    out = console or Console(highlight=False)

    def work() -> None:
        with out.status("") as status:
            reports = import_dem(
                paths,
                dsn,
                progress=lambda name, done, total: status.update(
                    text(locale, "ground-dem-reading", file=name, number=done + 1, total=total)
                ),
            )
        for report in reports:
            out.print(
                text(
                    locale,
                    "ground-dem-done",
                    source=report.source_name,
                    rows=report.rows,
                    columns=report.columns,
                    low=round(report.low_m),
                    high=round(report.high_m),
                    voids=round(report.void_share * _HUNDRED, 1),
                    seconds=round(report.elapsed_s, 1),
                ),
                markup=False,
                soft_wrap=True,
            )

    return told_or_refused(out, locale, work)


def import_raster_with_progress(
    path: Path, dsn: str, locale: str, *, name: str | None = None, console: Console | None = None
) -> int:
    """Import a raster layer and tell the operator how it goes; return 0, or 1 when nothing changed."""
    out = console or Console(highlight=False)

    def work() -> None:
        with out.status("") as status:
            report = import_raster(
                path,
                dsn,
                name=name,
                progress=lambda tiles: status.update(text(locale, "ground-raster-reading", tiles=tiles)),
            )
        out.print(
            text(
                locale,
                "ground-raster-done",
                name=report.name,
                tiles=report.tiles,
                low=report.min_zoom,
                high=report.max_zoom,
                megabytes=round(report.size_bytes / 1e6, 1),
                seconds=round(report.elapsed_s, 1),
            ),
            markup=False,
            soft_wrap=True,
        )

    return told_or_refused(out, locale, work)
