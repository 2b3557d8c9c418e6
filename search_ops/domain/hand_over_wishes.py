"""What the shift says when it hands over."""

from __future__ import annotations

from search_ops.domain.wishes import NamedLine, Wish, Words


class HandOverWish(Wish):
    """The shift is handed over: to whom, and what has to be said besides."""

    to_name: NamedLine
    note: Words = ""
