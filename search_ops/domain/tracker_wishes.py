"""What desks ask of trackers: whose a device is, and that it is his no more."""

from __future__ import annotations

from search_ops.domain.wishes import NamedLine, Wish


class TrackerWish(Wish):
    """A device with a tracking app, or a tracker, goes with this person; `name` is written on it."""

    name: NamedLine


class TrackerEnd(Wish):
    """The device is given back or lost: what it sends is not taken any more."""
