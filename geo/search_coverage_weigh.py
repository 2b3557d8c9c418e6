"""What the tasks done in one sector prove together, for both subjects. For the worker only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.lattice_raster import Lattice
from geo.search_coverage import pod_exponential
from geo.search_coverage_raster import (
    CELL_M,
    coverage_raster,
    lengths_of,
    mean_pod,
    missing_part,
    swept_by,
)
from geo.sound_calls import within_hearing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.sound_calls import Heard
    from geo.sweep import Subject, Sweep
    from geo.tracks import Way

    Floats = npt.NDArray[np.float64]

SUBJECTS: Final[tuple[Subject, Subject]] = ("responsive", "unresponsive")
_CELLS_M: Final = (CELL_M, 5.0, 2.0)
_CELLS_ACROSS: Final = 80
_MARGIN_CELLS: Final = 2


@dataclass(frozen=True, slots=True)
class Work:
    """One task in a sector.

    Attributes
    ----------
    ways
        Its tracks, cut to its time.
    sweeps
        What each of its tracks stands for, by subject.
    apart
        True: its tracks are of people apart (flanks of a line), their efforts add. False: of people who
        walk together; where two run over one place the better counts, a second navigator finds nobody.
    heard
        Calls of a sound search as recorded: of a responsive subject nothing counts where none was heard.
        None: nobody has recorded calls, they are in the sweep width by plan.
    """

    ways: Sequence[Way]
    sweeps: Mapping[Subject, Sweep]
    apart: bool = False
    heard: Sequence[Heard] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What one task proves by itself: length and time within the sector, coverage, detection by subject."""

    length_m: float
    time_s: float
    coverage: Mapping[Subject, float]
    pod: Mapping[Subject, float]
    swept_share: Mapping[Subject, float]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What all tasks prove together.

    Attributes
    ----------
    pod
        Cumulative, by subject: coverages added cell by cell, so that two teams on one path do not count as
        two searches of the whole sector.
    missing
        By subject, metric: what no task swept.
    """

    works: Sequence[Figures]
    pod: Mapping[Subject, float]
    swept_share: Mapping[Subject, float]
    missing: Mapping[Subject, BaseGeometry]


def weigh(ground: BaseGeometry, works: Sequence[Work]) -> Weighed:
    """Weigh the tasks done in one sector.

    Parameters
    ----------
    ground
        Metric polygon of the sector, valid, not empty.
    works
        May be empty: then all is missing.

    Raises
    ------
    EffortError
        The sector is too large for a raster.

    Notes
    -----
    Coverage of a task is the mean over the sector's cells, that is ``W L / A`` but for what spreads over the
    edge; detection is the mean over the cells and therefore lower wherever tracks are crowded.
    """
    widest_m = max((sweep.swath_m for work in works for sweep in work.sweeps.values()), default=0.0)
    across_m = math.sqrt(ground.area)
    cell_m = next((cell for cell in _CELLS_M if cell * _CELLS_ACROSS <= across_m), _CELLS_M[-1])
    lattice = Lattice.around(ground.bounds, cell_m=cell_m, margin_m=widest_m / 2.0 + _MARGIN_CELLS * cell_m)
    within = lattice.inside(ground)
    if not within.any():  # narrower than a cell: the cells it touches stand for it
        within = lattice.inside(ground.buffer(cell_m))
    near = shapely.box(*ground.bounds).buffer(widest_m + cell_m)
    figures: list[Figures] = []
    total: dict[Subject, Floats] = {subject: np.zeros(lattice.shape) for subject in SUBJECTS}
    swept: dict[Subject, npt.NDArray[np.bool_]] = {
        subject: np.zeros(lattice.shape, dtype=np.bool_) for subject in SUBJECTS
    }
    for work in works:
        ways = [way for way in work.ways if _touches(way, near)]
        coverages = {subject: _coverage(lattice, ways, work, subject) for subject in SUBJECTS}
        masks = {subject: swept_by(lattice, ways, work.sweeps[subject].swath_m) for subject in SUBJECTS}
        if work.heard is not None:
            audible = within_hearing(lattice, work.heard)
            coverages["responsive"] = np.where(audible, coverages["responsive"], 0.0)
            masks["responsive"] = masks["responsive"] & audible
        for subject in SUBJECTS:
            total[subject] += coverages[subject]
            swept[subject] |= masks[subject]
        figures.append(
            Figures(
                sum(way.inside(ground) for way in ways),
                sum(way.time_inside_s(ground) for way in ways),
                {subject: float(coverages[subject][within].mean()) for subject in SUBJECTS},
                {subject: mean_pod(coverages[subject], within) for subject in SUBJECTS},
                {subject: float(masks[subject][within].mean()) for subject in SUBJECTS},
            )
        )
    return Weighed(
        figures,
        {subject: float(pod_exponential(total[subject][within]).mean()) for subject in SUBJECTS},
        {subject: float(swept[subject][within].mean()) for subject in SUBJECTS},
        {subject: missing_part(lattice, swept[subject], ground) for subject in SUBJECTS},
    )


def _touches(way: Way, near: BaseGeometry) -> bool:
    if not len(way.x_m):
        return False
    west, south, east, north = near.bounds
    inside = (way.x_m >= west) & (way.x_m <= east) & (way.y_m >= south) & (way.y_m <= north)
    if inside.any():
        return True
    steps = way.lines()
    return bool(len(steps)) and bool(shapely.intersects(steps, near).any())


def _coverage(lattice: Lattice, ways: Sequence[Way], work: Work, subject: Subject) -> Floats:
    sweep = work.sweeps[subject]
    total = np.zeros(lattice.shape)
    for way in ways:
        one = coverage_raster(lattice, lengths_of(lattice, [way]), sweep.width_m, sweep.swath_m)
        total = total + one if work.apart else np.maximum(total, one)
    return total
