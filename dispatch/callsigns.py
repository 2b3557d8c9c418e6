"""Callsigns by family: Лиса-1, Лиса-2 ...; one that was ever given in an operation is not given again.

Only «Заря» (headquarters) and «Лиса-N» (team on foot) are confirmed by a source; so families are data.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS: Final = re.compile(r"[0-9]+|[^\W\d_]+")


def heard_as(callsign: str) -> tuple[str, ...]:
    """Return what is heard of a callsign on the air: words and numbers, whatever stands between them.

    Examples
    --------
    >>> heard_as("Лиса-07") == heard_as("лиса – 7")
    True
    >>> heard_as("Борт-12") == heard_as("Борт-1-2")
    False
    """
    text = unicodedata.normalize("NFKC", callsign).casefold().replace("ё", "е")
    return tuple(part.lstrip("0") or "0" if part[0].isdigit() else part for part in _PARTS.findall(text))


def free_callsigns(family: str, used: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the first callsigns of a family that nobody has or had.

    Parameters
    ----------
    family
        Its word, as «Лиса».
    used
        Every callsign of the operation, those of disbanded teams included.
    count
        How many are wanted, >= 0.

    Examples
    --------
    >>> free_callsigns("Лиса", ["Лиса-1", "лиса 3", "Борт-2"], 2)
    ('Лиса-2', 'Лиса-4')
    """
    taken = {heard_as(each) for each in used}
    found: list[str] = []
    number = 0
    while len(found) < count:
        number += 1
        callsign = f"{family}-{number}"
        if heard_as(callsign) not in taken:
            found.append(callsign)
    return tuple(found)
