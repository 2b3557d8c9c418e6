"""Labels of sectors: once given, never reused."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def allocate_labels(wanted: Sequence[str], used: Collection[str]) -> tuple[str, ...]:
    """Return a fresh label for each wanted one."""
    raise NotImplementedError
