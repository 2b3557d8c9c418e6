"""Small pieces for writing XML: escaped text, numbers without exponents."""

from __future__ import annotations

import math
import re
from typing import Final

# XML 1.0 cannot hold these at all, not even escaped.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escaped(text: str) -> str:
    """Return text that may stand in an element or in an attribute in double quotes."""
    return _FORBIDDEN.sub("", text).translate(_ESCAPES)


def decimal(value: float) -> str:
    """Write a finite number so that it reads back equal, without an exponent.

    Examples
    --------
    >>> decimal(37.6173), decimal(1e-7), decimal(-0.0)
    ('37.6173', '0.0000001', '0')
    """
    if not math.isfinite(value):
        raise ValueError("a file holds finite numbers only")
    text = repr(float(value))
    if "e" in text:
        text = f"{value:.20f}".rstrip("0")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
