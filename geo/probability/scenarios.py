"""Several explanations of what happened, and several people's opinions of them, as one map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError
from geo.probability.prior import Prior, even_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geo.lattice_raster import Lattice

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

LETTERS: Final = "ABCDEFGHI"
"""From very likely to very unlikely."""


def mix(
    scenarios: Sequence[tuple[float, Prior]], *, lattice: Lattice | None = None, area: Mask | None = None
) -> Prior:
    """Return the weighted mean of scenarios: one map that sums to one.

    Parameters
    ----------
    scenarios
        Weight (>= 0, any scale) and map; all over one lattice and area.
    lattice, area
        Used when there is no scenario at all.

    Returns
    -------
    Prior
        With all weights zero, all count alike and the note is ``weights_all_zero``. Without scenarios it is
        even over the area, with the note ``no_scenarios``. Notes of scenarios with weight are kept.

    Raises
    ------
    ProbabilityError
        A weight is negative or not finite, maps lie on different lattices, or nothing says where to.
    """
    if not scenarios:
        if lattice is None or area is None:
            raise ProbabilityError("no scenario and no lattice", name="scenarios")
        return even_prior(lattice, area, "no_scenarios")
    weights = np.array([weight for weight, _ in scenarios], dtype=np.float64)
    first = scenarios[0][1]
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ProbabilityError("a weight is finite and not negative", name="weights")
    if any(each.lattice != first.lattice for _, each in scenarios):
        raise ProbabilityError("scenarios lie on different lattices", name="scenarios")
    told: list[str] = []
    shares = normalised_weights(weights)
    if not weights.any():
        told.append("weights_all_zero")
    cells = np.zeros(first.lattice.shape)
    beyond = 0.0
    for share, (_, each) in zip(shares, scenarios, strict=True):
        if share > 0:
            cells += share * each.cells
            beyond += float(share) * each.beyond
            told += [note for note in each.notes if note not in told]
    return Prior(first.lattice, first.area, cells, beyond, tuple(told))


def normalised_weights(weights: npt.ArrayLike) -> Floats:
    """Return weights that sum to one, shape ``(n,)``; equal ones when all are zero."""
    values = np.asarray(weights, dtype=np.float64)
    most = values.max(initial=0.0)
    if most <= 0:
        return np.full(len(values), 1.0 / max(1, len(values)))
    values = values / most  # so that very large and very small weights neither overflow nor vanish
    return np.asarray(values / values.sum())


@dataclass(frozen=True, slots=True)
class Consensus:
    """What several people think together; ``regions`` and ``rest_of_world`` sum to one.

    Attributes
    ----------
    regions
        Probability per region, shape ``(n_regions,)``.
    rest_of_world
        Probability of being in none of them.
    notes
        ``no_opinion`` when nobody said anything (all alike then); ``opinion_empty`` when somebody's was left
        out for saying nothing.
    """

    regions: Floats
    rest_of_world: float
    notes: tuple[str, ...] = ()


def consensus_proportional(scores: npt.ArrayLike, rest_of_world: npt.ArrayLike = 0.0) -> Consensus:
    """Return the consensus of free scores: sum over people, normalise.

    Parameters
    ----------
    scores
        Shape ``(n_people, n_regions)``, >= 0, any scale; somebody with larger numbers counts for more.
    rest_of_world
        Each person's score for the rest of the world, shape ``(n_people,)`` or one number for all.

    Raises
    ------
    ProbabilityError
        A score is negative or not finite, or a shape does not fit.

    Notes
    -----
    SARBC quick reference mathematics, proportional consensus.
    """
    table = _table(scores, rest_of_world)
    return _normalised(table.sum(axis=0))


def consensus_mattson(percents: npt.ArrayLike, rest_of_world: npt.ArrayLike = 0.0) -> Consensus:
    """Return the Mattson consensus: everybody spreads 100 % over regions and rest of world; mean of each.

    Parameters
    ----------
    percents
        Shape ``(n_people, n_regions)``, >= 0. A person's numbers that do not sum to 100 are scaled to it.
    rest_of_world
        Each person's part for the rest of the world.

    Raises
    ------
    ProbabilityError
        As for `consensus_proportional`.

    Notes
    -----
    Mattson 1980 as commonly taught; a person who gave nothing is left out.
    """
    table = _table(percents, rest_of_world)
    sums = table.sum(axis=1)
    spoke = sums > 0
    shares = table[spoke] / sums[spoke, None]
    notes = () if spoke.all() or not spoke.any() else ("opinion_empty",)
    return _normalised(shares.sum(axis=0), *notes)


def consensus_oconnor(letters: Sequence[str], rest_of_world: float = 0.0) -> Consensus:
    """Return the O'Connor consensus of letters A (very likely) to I (very unlikely).

    Parameters
    ----------
    letters
        One string for each person with a letter for each region, e.g. ``"ABEI"``; case does not matter.
    rest_of_world
        Fixed first, 0..1: else it would depend on the number of regions (Hill 1997).

    Raises
    ------
    ProbabilityError
        A letter is not among A..I, opinions have different lengths, or the rest is no share.

    Notes
    -----
    The lowest letter that a person used counts 1, each letter above it one more; mean over people,
    normalised to what the rest of the world leaves (O'Connor, in Bownds et al. 1994, CASIE).
    """
    if not 0.0 <= rest_of_world <= 1.0:
        raise ProbabilityError("a share lies in 0..1", name="rest_of_world")
    opinions = [opinion.upper() for opinion in letters]
    if len({len(opinion) for opinion in opinions}) > 1:
        raise ProbabilityError("opinions name different numbers of regions", name="letters")
    if any(letter not in LETTERS for opinion in opinions for letter in opinion):
        raise ProbabilityError("letters go from A to I", name="letters")
    if not opinions or not opinions[0]:
        return Consensus(np.zeros(0), 1.0, ("no_opinion",))
    ranks = np.array([[LETTERS.index(letter) for letter in opinion] for opinion in opinions])
    values = ranks.max(axis=1, keepdims=True) - ranks + 1.0
    mean = values.mean(axis=0)
    return Consensus(mean / mean.sum() * (1.0 - rest_of_world), rest_of_world)


def consensus_national_school(votes: npt.ArrayLike, rest_of_world: npt.ArrayLike = 0.0) -> Consensus:
    """Return the consensus of the National SAR School's program: column sum over grand total of all votes.

    Parameters
    ----------
    votes
        Shape ``(n_people, n_regions)``, >= 0; each person gives one region 100. Zeros count.
    rest_of_world
        Each person's vote for the rest of the world.

    Raises
    ------
    ProbabilityError
        As for `consensus_proportional`.

    Notes
    -----
    The rule is the proportional one; what differs is the scale on which people vote.
    """
    return consensus_proportional(votes, rest_of_world)


def _table(scores: npt.ArrayLike, rest_of_world: npt.ArrayLike) -> Floats:
    table = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    rest = np.asarray(rest_of_world, dtype=np.float64)
    if rest.ndim > 1 or (rest.ndim == 1 and len(rest) != len(table)):
        raise ProbabilityError("one part for the rest of the world from each person", name="rest_of_world")
    whole = np.column_stack([table, np.broadcast_to(rest, len(table))])
    if not (np.isfinite(whole).all() and (whole >= 0).all()):
        raise ProbabilityError("scores are finite and not negative", name="scores")
    return whole


def _normalised(sums: Floats, *notes: str) -> Consensus:
    total = float(sums.sum())
    if not (math.isfinite(total) and total > 0):
        shares = np.full(len(sums) - 1, 1.0 / max(1, len(sums) - 1))
        return Consensus(shares, 0.0 if len(shares) else 1.0, (*notes, "no_opinion"))
    return Consensus(sums[:-1] / total, float(sums[-1] / total), notes)
