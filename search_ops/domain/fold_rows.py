"""One row of the table of the fold: what an event changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Put:
    """Merge fields into one entity, or one for every item of a list.

    Attributes
    ----------
    collection : str
        Collection of the state.
    id : str
        Source of the entity's id; a missing or null id skips the row.
    each : str or None
        Source of a list; the row is applied for every item of it, which sources call ``item``.
    take : tuple of str
        Fields copied under their own names from the item, or from the payload; absent ones are left alone.
    fields : mapping
        Target field -> source.
    latest : mapping
        Target field -> source of a time; the later one of old and new stays (late reports are normal).
    family : str or None
        Apply only to events of this family of classes (``team``, ``person``).

    Notes
    -----
    Sources: ``payload.x``, ``item``, ``item.x``, ``at``, ``recorded_at``, ``seq``, ``id``, ``actor``,
    ``visibility``; ``=text`` is the text itself; ``=null``, ``=true``, ``=false``, ``=[]`` are those values.
    """

    collection: str
    id: str
    each: str | None = None
    take: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    latest: Mapping[str, str] = field(default_factory=dict)
    family: str | None = None


TASK_FIELDS: Final = (
    "team_id",
    "sector_id",
    "sector_label",
    "sector_kind",
    "geometry",
    "geometry_ref",
    "method",
    "due_at",
    "contact_every_min",
    "text",
    "emergency_bearing_deg",
    "declination",
    "alongside",
)
"""What a task is, whether it is only prepared or given."""
