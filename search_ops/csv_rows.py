"""Rows of a CSV file that a person made: any spreadsheet's habits, every fault with its line."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LARGEST_BYTES: Final = 16 * 1024 * 1024
MOST_ROWS: Final = 100_000
_LONGEST_FIELD: Final = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where.

    Attributes
    ----------
    code
        Stable word; the sentence is a text of whoever reads the file, ``...-fault-CODE``.
    line
        Counted from 1, the header being a line; 0 for the file as a whole.
    column
        Name of the column as we call it, or empty.
    """

    code: str
    line: int = 0
    column: str = ""


class TableRefused(Exception):  # noqa: N818 - a statement about the file
    """A file cannot be used; ``faults`` says why, at least one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].code)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line and its fields by column, stripped; missing cells are empty."""

    line: int
    fields: dict[str, str]
    decimal_comma: bool

    def number(self, column: str) -> float | None:
        """Return a finite number; None for an empty field.

        Raises
        ------
        TableRefused
            ``not_a_number``.
        """
        text = self.fields.get(column, "").replace("\u00a0", "").replace(" ", "")
        if not text:
            return None
        if self.decimal_comma:
            text = text.replace(",", ".")
        try:
            value = float(text) if len(text) < _LONGEST_FIELD and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise TableRefused([Fault("not_a_number", self.line, column)])
        return value

    def required(self, column: str) -> float:
        """Return a finite number.

        Raises
        ------
        TableRefused
            ``empty`` or ``not_a_number``.
        """
        value = self.number(column)
        if value is None:
            raise TableRefused([Fault("empty", self.line, column)])
        return value


def rows_of(data: bytes, *, needed: Collection[str], known: Collection[str]) -> list[Row]:
    """Return the rows of a CSV file with a header.

    Parameters
    ----------
    data
        UTF-8 with or without a mark, or cp1251; fields parted by comma, semicolon or tab. Decimal commas are
        read where the fields are not parted by commas.
    needed, known
        Columns that must be there, and all that may be; others are passed over.

    Raises
    ------
    TableRefused
        ``too_large``, ``not_text``, ``no_header``, ``column_missing``, ``column_twice``, ``broken``,
        ``too_many_rows``, ``no_rows``.
    """
    if len(data) > LARGEST_BYTES:
        raise TableRefused([Fault("too_large")])
    text = _text(data)
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise TableRefused([Fault("no_header")])
    delimiter = max(";\t,", key=lines[first].count)
    names = [name.strip().lower() for name in next(csv.reader([lines[first]], delimiter=delimiter))]
    _check_header(names, first + 1, needed, known)
    reader = csv.reader(lines[first + 1 :], delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            line = first + 1 + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                raise TableRefused([Fault("too_many_cells", line)])
            padded = [*cells, *[""] * len(names)]
            fields = {name: cell.strip() for name, cell in zip(names, padded, strict=False) if name in known}
            rows.append(Row(line, fields, delimiter != ","))
            if len(rows) > MOST_ROWS:
                raise TableRefused([Fault("too_many_rows", line)])
    except csv.Error:
        raise TableRefused([Fault("broken", first + 1 + reader.line_num)]) from None
    if not rows:
        raise TableRefused([Fault("no_rows")])
    return rows


def _text(data: bytes) -> str:
    if b"\0" in data:
        raise TableRefused([Fault("not_text")])
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefused([Fault("not_text")])


def _check_header(names: list[str], line: int, needed: Collection[str], known: Collection[str]) -> None:
    faults = [
        Fault("column_twice", line, name) for name in sorted(set(names)) if names.count(name) > 1 and name
    ]
    faults += [Fault("column_missing", line, name) for name in sorted(needed) if name not in names]
    faults = [fault for fault in faults if fault.code != "column_twice" or fault.column in known]
    if faults:
        raise TableRefused(faults)
