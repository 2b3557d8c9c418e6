"""`search-ops export pack` and `import pack`: what was done, in the operator's words."""

from pathlib import Path
from uuid import UUID

from rich.console import Console

from search_ops.importing.ground_commands import told_or_refused
from search_ops.importing.pack import import_pack
from search_ops.importing.pack_export import Box, box_of_operation, export_pack
from search_ops.importing.relief_refusal import GroundFileRefused
from search_ops.texts import text

_SIDES = 4


def export_pack_with_words(
    path: Path,
    dsn: str,
    locale: str,
    *,
    bbox: str | None = None,
    operation_id: UUID | None = None,
    console: Console | None = None,
) -> int:
    """Write an area pack of a box (``west,south,east,north``) or of an operation's area; return 0 or 1."""
    out = console or Console(highlight=False)

    def work() -> None:
        box = _box(bbox) if bbox is not None else None
        if box is None and operation_id is not None:
            box = box_of_operation(dsn, operation_id)
        if box is None:
            raise GroundFileRefused("no_area", file_name=path.name, file_format="pack")
        with out.status(text(locale, "ground-pack-writing")):
            written = export_pack(path, dsn, box)
        size, rows = round(written.size_bytes / 1e6, 1), sum(written.rows.values())
        out.print(
            text(locale, "ground-pack-written", file=path.name, rows=rows, megabytes=size), markup=False
        )

    return told_or_refused(out, locale, work)


def import_pack_with_words(path: Path, dsn: str, locale: str, *, console: Console | None = None) -> int:
    """Take an area pack and tell what came out of it; return the exit code."""
    out = console or Console(highlight=False)

    def work() -> None:
        with out.status(text(locale, "ground-pack-reading")):
            taken = import_pack(path, dsn)
        rows = sum(taken.rows.values())
        out.print(text(locale, "ground-pack-taken", file=path.name, rows=rows), markup=False)
        for name in taken.replaced:
            out.print(text(locale, "ground-pack-replaced", name=name), markup=False)

    return told_or_refused(out, locale, work)


def _box(written: str) -> Box | None:
    try:
        sides = [float(side) for side in written.split(",")]
    except ValueError:
        return None
    return (sides[0], sides[1], sides[2], sides[3]) if len(sides) == _SIDES else None
