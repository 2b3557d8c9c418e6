"""What searching and clues have made of a map: a ledger that audits itself.

Nothing is overwritten: the ledger holds the prior, the clues and the searches, and computes from them. So a
clue can be dropped, a search withdrawn, and the earlier map is back; and no order matters. A person who
answers and one who cannot are kept apart all the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError
from geo.probability.clues import LEAST_EXPECTED
from geo.probability.decay import effective_pod

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.probability.clues import Clue
    from geo.probability.prior import Prior

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Index = npt.NDArray[np.intp]

NOWHERE: Final = -1
"""Number of the sector of a cell that belongs to none."""

CONTRADICTION: Final = 0.1
"""Clues that go together this many times worse than if each spoke of another matter contradict each other."""

HEARD: Final = 0.3
"""Clues believed less than this contradict nobody."""

_NOTHING: Final = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """A search of some cells, independent of the others.

    Attributes
    ----------
    search_id
        Whatever the caller calls it by.
    cells
        Numbers of the cells searched (row times columns plus column), each once.
    pod_responsive, pod_unresponsive
        Probability of detection when it was done, 0..1, of a person who answers and of one who cannot.
    age_h
        Hours since.
    tau_responsive_h, tau_unresponsive_h
        In how many hours its worth falls to 37 %; infinite for a person who does not move.
    """

    search_id: str
    cells: Index
    pod_responsive: float
    pod_unresponsive: float
    age_h: float = 0.0
    tau_responsive_h: float = float("inf")
    tau_unresponsive_h: float = float("inf")

    def missed(self) -> tuple[float, float]:
        """Return what a cell keeps of its mass, responsive and unresponsive, 0..1."""
        return (
            1.0 - effective_pod(self.pod_responsive, self.age_h, self.tau_responsive_h),
            1.0 - effective_pod(self.pod_unresponsive, self.age_h, self.tau_unresponsive_h),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Remaining:
    """The un-normalised ledger: what is left and what has been found so far; sums to one.

    Attributes
    ----------
    responsive, unresponsive
        Probability left per cell, shape ``(rows, columns)`` each.
    beyond_responsive, beyond_unresponsive
        The same for the ground outside the raster, which no search reaches.
    found
        Cumulative OPOS: the probability that all this searching would have found the person by now.
    """

    responsive: Floats
    unresponsive: Floats
    beyond_responsive: float
    beyond_unresponsive: float
    found: float

    @property
    def left(self) -> float:
        """All that is left; with ``found`` it sums to one."""
        cells = float(self.responsive.sum()) + float(self.unresponsive.sum())
        return cells + self.beyond_responsive + self.beyond_unresponsive


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The map for people: normalised; cells and beyond sum to one.

    Attributes
    ----------
    cells
        Probability per cell, both subjects, shape ``(rows, columns)``.
    responsive
        The part of it of a person who answers, same shape.
    beyond
        Outside the raster.
    responsive_share
        Of all the probability that is left, 0..1: it falls while people call and nobody answers.
    notes
        ``nothing_left`` when the searches leave nothing (the map is then the one before them),
        ``clues_contradict``, ``clue_where_nobody_is`` (the map has nothing where a clue points; it is left
        out), and those of the prior.
    """

    cells: Floats
    responsive: Floats
    beyond: float
    responsive_share: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class BySector:
    """The map summed over sectors.

    Attributes
    ----------
    probability, responsive
        Per sector, shape ``(n,)``; both subjects, and the part of the one who answers.
    density_per_km2
        Probability per square kilometre of its cells; 0 of a sector without a cell.
    unassigned
        Of cells in the area that belong to no sector.
    rest_of_world
        Outside the area and beyond the raster. With the others it sums to one.
    """

    probability: Floats
    responsive: Floats
    density_per_km2: Floats
    unassigned: float
    rest_of_world: float


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """A prior, and all that has been learnt since.

    Attributes
    ----------
    prior
        Of one scenario or mixed.
    responsive_share
        Probability before all searching that the person can answer, 0..1.
    searches, clues
        By id, each once.

    Raises
    ------
    ProbabilityError
        The share is out of 0..1.

    Notes
    -----
    ``remaining = prior * L(clues) / Z * prod(1 - POD)`` per cell and subject; what the products take away is
    ``found``. Kept un-normalised so that the sum audits itself; the shifting formulas of Shea (1988) and
    Cooper (1995) give the normalised one (Clark 1995 on their being the same).
    """

    prior: Prior
    responsive_share: float = 0.5
    searches: tuple[Search, ...] = ()
    clues: tuple[Clue, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0.0 <= self.responsive_share <= 1.0:
            raise ProbabilityError("a share lies in 0..1", name="responsive_share")

    def searched(
        self,
        search_id: str,
        where: Mask | Index,
        pod_responsive: float,
        pod_unresponsive: float,
        *,
        age_h: float = 0.0,
        tau_responsive_h: float = float("inf"),
        tau_unresponsive_h: float = float("inf"),
    ) -> Ledger:
        """Return the ledger with a search; one of the same id is replaced.

        Parameters
        ----------
        where
            Mask of the cells, shape ``(rows, columns)``, or their numbers, shape ``(k,)``. Cells outside the
            area count too; empty changes nothing.
        pod_responsive, pod_unresponsive
            0..1. Independent of the other searches: several teams on the same ground are one search with
            the probability of them all.
        age_h, tau_responsive_h, tau_unresponsive_h
            As of `Search`.

        Raises
        ------
        ProbabilityError
            A value is out of its range, or a cell is not on the raster.
        """
        cells = self._cells(where)
        search = Search(
            search_id, cells, pod_responsive, pod_unresponsive, age_h, tau_responsive_h, tau_unresponsive_h
        )
        search.missed()  # refuses what is out of range
        kept = tuple(each for each in self.searches if each.search_id != search_id)
        return replace(self, searches=(*kept, search))

    def clue(self, clue: Clue) -> Ledger:
        """Return the ledger with a clue; one of the same id is replaced.

        Raises
        ------
        ProbabilityError
            The clue lies on another raster.
        """
        if clue.kernel.shape != self.prior.lattice.shape:
            raise ProbabilityError("the clue lies on another raster", name="clue")
        kept = tuple(each for each in self.clues if each.clue_id != clue.clue_id)
        return replace(self, clues=(*kept, clue))

    def without(self, known_id: str) -> Ledger:
        """Return the ledger without the search or clue of that id; unknown ids change nothing."""
        searches = tuple(each for each in self.searches if each.search_id != known_id)
        clues = tuple(each for each in self.clues if each.clue_id != known_id)
        return replace(self, searches=searches, clues=clues)

    def aged(self, hours_h: float) -> Ledger:
        """Return the ledger as it will be some hours later when nothing happens."""
        searches = tuple(replace(each, age_h=each.age_h + hours_h) for each in self.searches)
        return replace(self, searches=searches)

    def with_prior(self, prior: Prior) -> Ledger:
        """Return the same searches and clues over another prior on the same lattice (sliders).

        Raises
        ------
        ProbabilityError
            The lattices differ.
        """
        if prior.lattice != self.prior.lattice:
            raise ProbabilityError("the prior lies on another raster", name="prior")
        return replace(self, prior=prior)

    def likelihood_of(self, clue: Clue) -> tuple[Floats, float]:
        """Return a clue's likelihood of every cell and of the ground beyond over this prior."""
        return clue.likelihood(clue.expected(self.prior.cells, self.prior.beyond))

    def informed(self) -> tuple[Floats, float]:
        """Return the prior with all clues: per cell and beyond; sums to one."""
        cells, beyond = self.prior.cells, self.prior.beyond
        for clue in sorted(self.clues, key=lambda each: each.clue_id):
            inside, outside = self.likelihood_of(clue)
            cells, beyond = cells * inside, beyond * outside
        total = float(cells.sum()) + beyond
        return (cells / total, beyond / total) if total > _NOTHING else (self.prior.cells, self.prior.beyond)

    def remaining(self) -> Remaining:
        """Return the un-normalised ledger."""
        cells, beyond = self.informed()
        keep = np.ones((2, cells.size))
        for search in sorted(self.searches, key=lambda each: each.search_id):
            for state, missed in enumerate(search.missed()):
                keep[state, search.cells] *= missed
        share = np.array([self.responsive_share, 1.0 - self.responsive_share])
        parts = share[:, None] * cells.ravel()[None, :]
        found = float((parts * (1.0 - keep)).sum())
        left = (parts * keep).reshape(2, *cells.shape)
        return Remaining(left[0], left[1], float(share[0]) * beyond, float(share[1]) * beyond, found)

    def found(self) -> float:
        """Return the cumulative OPOS: how likely all this would have found the person by now, 0..1."""
        return self.remaining().found

    def normalised(self) -> Shown:
        """Return the map for people; never empty, never NaN."""
        notes = list(self.prior.notes)
        if contradicting(self):
            notes.append("clues_contradict")
        prior = self.prior
        if any(clue.expected(prior.cells, prior.beyond) < LEAST_EXPECTED for clue in self.clues):
            notes.append("clue_where_nobody_is")
        now = self.remaining()
        left = now.left
        if not left > _NOTHING:
            notes.append("nothing_left")
            cells, beyond = self.informed()
            share = self.responsive_share
            return Shown(cells, cells * share, beyond, share, tuple(notes))
        responsive = now.responsive / left
        beyond = (now.beyond_responsive + now.beyond_unresponsive) / left
        answers = float(responsive.sum()) + now.beyond_responsive / left
        return Shown(responsive + now.unresponsive / left, responsive, beyond, answers, tuple(notes))

    def per_sector(self, sector_of_cell: npt.NDArray[np.integer], n: int) -> BySector:
        """Return the normalised map summed over sectors; see `per_sector`."""
        return per_sector(self.prior, self.normalised(), sector_of_cell, n)

    def _cells(self, where: Mask | Index) -> Index:
        cells = np.asarray(where)
        if cells.dtype == np.bool_:
            if cells.shape != self.prior.lattice.shape:
                raise ProbabilityError("the mask has another shape", name="where")
            return np.flatnonzero(cells)
        numbers = np.unique(cells.astype(np.intp))
        if len(numbers) and not (numbers[0] >= 0 and numbers[-1] < self.prior.cells.size):
            raise ProbabilityError("a cell is not on the raster", name="where")
        return numbers


def per_sector(prior: Prior, shown: Shown, sector_of_cell: npt.NDArray[np.integer], n: int) -> BySector:
    """Return a map summed over sectors.

    Parameters
    ----------
    prior
        Whose lattice and area count.
    sector_of_cell
        Number of the sector that holds the cell's middle, 0..n-1, or ``NOWHERE``; shape ``(rows, columns)``.
        A cell outside the area may belong to a sector: it then counts with it.
    n
        How many sectors there are.

    Raises
    ------
    ProbabilityError
        A shape or a number does not fit.
    """
    sector = np.asarray(sector_of_cell).ravel()
    if np.shape(sector_of_cell) != prior.lattice.shape:
        raise ProbabilityError("sectors of cells have another shape", name="sector_of_cell")
    if len(sector) and not (sector.min() >= NOWHERE and sector.max() < n):
        raise ProbabilityError("a sector has no such number", name="sector_of_cell")
    place = np.where(sector >= 0, sector, np.where(prior.area.ravel(), n, n + 1))
    sums, responsive = (
        np.bincount(place, each.ravel(), minlength=n + 2).astype(np.float64)
        for each in (shown.cells, shown.responsive)
    )
    area_km2 = np.bincount(place, minlength=n + 2)[:n] * (prior.lattice.cell_m**2 / 1e6)
    density = np.zeros(n)
    np.divide(sums[:n], area_km2, out=density, where=area_km2 > 0)
    return BySector(sums[:n], responsive[:n], density, float(sums[n]), float(sums[n + 1]) + shown.beyond)


def contradicting(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Return the pairs of clues that contradict each other, by id, each believed at ``HEARD`` or more.

    Notes
    -----
    Two clues contradict when what both allow has less than ``CONTRADICTION`` of the probability that it would
    have if they spoke of independent matters: ``E[K1 K2] / (E[K1] E[K2])`` over the prior.
    """
    prior = ledger.prior
    clues = [clue for clue in sorted(ledger.clues, key=lambda each: each.clue_id) if clue.weight >= HEARD]
    if len(clues) < 2:  # noqa: PLR2004 - a contradiction needs two
        return ()
    kernels = np.array([clue.kernel.ravel() for clue in clues])
    outside = np.array([clue.beyond for clue in clues])
    alone = kernels @ prior.cells.ravel() + prior.beyond * outside
    both = (kernels * prior.cells.ravel()) @ kernels.T + prior.beyond * np.outer(outside, outside)
    apart = both < CONTRADICTION * np.outer(alone, alone)
    pairs = [
        (clues[first].clue_id, clues[second].clue_id)
        for first, second in np.argwhere(np.triu(apart, k=1)).tolist()
    ]
    return tuple(pairs)
