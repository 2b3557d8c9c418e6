"""Labels of sectors: once given, never reused; pieces of a sector get suffixes."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def allocate_labels(wanted: Sequence[str], used: Collection[str]) -> tuple[str, ...]:
    """Return a label never given before for each wanted one.

    Parameters
    ----------
    wanted
        Labels as a partition proposes them, in order; may repeat.
    used
        Every label ever given in the operation, retired sectors included.

    Returns
    -------
    tuple of str
        As long as ``wanted``. The first that is free stays as it is; otherwise the first free of
        ``-1``, ``-2`` ... is put behind it.

    Examples
    --------
    >>> allocate_labels(["G4", "G5", "G5"], used={"G5", "G5-1"})
    ('G4', 'G5-2', 'G5-3')
    """
    taken = set(used)
    given: list[str] = []
    for label in wanted:
        fresh = label if label not in taken else _first_free(label, taken)
        taken.add(fresh)
        given.append(fresh)
    return tuple(given)


def piece_labels(parent: str, pieces: int, used: Collection[str]) -> tuple[str, ...]:
    """Return labels for the pieces a sector is cut into.

    Parameters
    ----------
    parent
        Label of the sector that is cut.
    pieces
        How many, >= 0.
    used
        Every label ever given in the operation.

    Examples
    --------
    >>> piece_labels("G5", 2, used={"G5", "G5-1"})
    ('G5-2', 'G5-3')
    """
    return allocate_labels([parent] * pieces, {parent, *used})


def _first_free(label: str, taken: Collection[str]) -> str:
    return next(piece for number in count(1) if (piece := f"{label}-{number}") not in taken)
