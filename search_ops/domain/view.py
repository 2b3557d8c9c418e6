"""How decisions see the state of an operation: read only, one entity or a collection at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


class View(Protocol):
    """The state of an operation as decisions read it."""

    def get(self, collection: str, entity_id: UUID | str) -> Mapping[str, Any] | None:
        """Return one entity or None."""

    def all(self, collection: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return (id, entity) of a collection."""
