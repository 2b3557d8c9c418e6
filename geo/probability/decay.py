"""Old coverage is worth less for a subject who may have walked into searched ground since."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geo.errors import ProbabilityError

if TYPE_CHECKING:
    from collections.abc import Mapping

TAU_H: Final[Mapping[str, float]] = {"not": math.inf, "little": 48.0, "freely": 12.0}
"""Hours in which a search loses all but 37 % of its worth, by how far the subject still walks. Assumed: that
most lost hikers stay after a day is published (92 % of 501, Mitchell 1985; the time of closest approach
levels off near 35 h, Hashimoto et al. 2022), rates of walking into searched ground are not."""


def effective_pod(pod: float, age_h: float, tau_h: float) -> float:
    """Return what a search of some age is still worth, ``POD * exp(-age / tau)``.

    Parameters
    ----------
    pod
        When it was done, 0..1.
    age_h
        Hours since; a search of the future counts as done now.
    tau_h
        > 0; infinite for a subject who does not move.

    Raises
    ------
    ProbabilityError
        A value is out of its range.

    Examples
    --------
    >>> round(effective_pod(0.7, 12.0, 12.0), 3)
    0.258
    """
    if not 0.0 <= pod <= 1.0:
        raise ProbabilityError("a probability lies in 0..1", name="pod")
    if not (tau_h > 0 and math.isfinite(age_h)):
        raise ProbabilityError("the age must be finite and tau positive", name="tau_h")
    return pod * math.exp(-max(age_h, 0.0) / tau_h)
