"""How much of a circle lies in a rectangle: exact, without drawing either."""

from __future__ import annotations

import math


def disc_in_box_m2(radius_m: float, box_m: tuple[float, float, float, float]) -> float:
    """Return the area common to a disc around the origin and a box, square metres.

    Parameters
    ----------
    radius_m
        >= 0.
    box_m
        West, south, east and north of the box relative to the disc's centre.

    Notes
    -----
    Inclusion and exclusion over the four corners of the area of the disc to the south-west of a corner.

    Examples
    --------
    >>> round(disc_in_box_m2(1.0, (0.0, 0.0, 5.0, 5.0)) / math.pi, 6)
    0.25
    """
    if radius_m <= 0:
        return 0.0
    west, south, east, north = (min(max(side / radius_m, -1.0), 1.0) for side in box_m)
    common = _corner(east, north) - _corner(west, north) - _corner(east, south) + _corner(west, south)
    return max(0.0, common) * radius_m**2


def _corner(x: float, y: float) -> float:
    """Return the area of the unit disc where both coordinates are below x and y, each in -1..1."""
    if x * x + y * y >= 1.0:  # the corner lies outside the disc
        if x <= 0 and y <= 0:
            return 0.0
        if x <= 0:
            return _cap(x)
        if y <= 0:
            return _cap(y)
        return math.pi - _cap(-x) - _cap(-y)
    # Left of x, below y: integrate the part below y over the columns up to x.
    edge = math.sqrt(1.0 - y * y)
    left, upto = -edge, x
    strip = _half(upto) - _half(left) + y * (upto - left)
    if y > 0:
        strip += 2.0 * _half(left) - 2.0 * _half(-1.0)
    return strip


def _half(x: float) -> float:
    """Return the integral of ``sqrt(1 - t**2)`` from 0 to x."""
    return 0.5 * (x * math.sqrt(max(0.0, 1.0 - x * x)) + math.asin(x))


def _cap(x: float) -> float:
    """Return the area of the unit disc to the left of x."""
    return math.pi / 2.0 + 2.0 * _half(x)
