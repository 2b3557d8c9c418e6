"""A state of the ledger as bytes: so that the next map can say what changed, and need not solve priors anew.

For the worker only; desks read the answer and the rasters that are kept beside it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.lattice_raster import Lattice
from geo.probability.clues import Clue
from geo.probability.ledger import Ledger, Search
from geo.probability.prior import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solved:
    """The prior of one scenario with what it was solved from.

    Attributes
    ----------
    fingerprint
        Equal for equal scenario, raster and ground: then the prior need not be solved again.
    """

    scenario_id: str
    fingerprint: str
    prior: Prior


@dataclass(frozen=True, slots=True)
class KeptState:
    """A ledger and the priors that it was mixed from."""

    ledger: Ledger
    solved: Mapping[str, Solved]


def rounded(prior: Prior) -> Prior:
    """Return the prior as it will be read back: single precision, and it still sums to one."""
    cells = prior.cells.astype(np.float32).astype(np.float64)
    return Prior(prior.lattice, prior.area, cells, max(0.0, 1.0 - float(cells.sum())), prior.notes)


def dump(ledger: Ledger, solved: Sequence[Solved]) -> bytes:
    """Return the state as one file."""
    lattice = ledger.prior.lattice
    searches, clues = ledger.searches, ledger.clues
    arrays: dict[str, Any] = {
        "lattice": np.array([lattice.west_m, lattice.south_m, lattice.cell_m]),
        "shape": np.array(lattice.shape),
        "area": ledger.prior.area,
        "mixed": ledger.prior.cells,
        "beyond": np.array([ledger.prior.beyond, ledger.responsive_share]),
        "scenario_ids": _texts([each.scenario_id for each in solved]),
        "fingerprints": _texts([each.fingerprint for each in solved]),
        "notes": _texts([" ".join(each.prior.notes) for each in solved]),
        "priors": np.array([each.prior.cells for each in solved], dtype=np.float32),
        "search_ids": _texts([each.search_id for each in searches]),
        "search_figures": np.array([_figures(each) for each in searches]).reshape(-1, 5),
        "search_ends": np.cumsum([len(each.cells) for each in searches], dtype=np.int64),
        "search_cells": np.concatenate(
            [np.array([], dtype=np.int32), *(_numbers(each) for each in searches)]
        ),
        "clue_ids": _texts([each.clue_id for each in clues]),
        "clue_figures": np.array([(each.beyond, each.weight) for each in clues]).reshape(-1, 2),
        "clue_kernels": np.array([each.kernel for each in clues], dtype=np.float32),
    }
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


def load(content: bytes) -> KeptState:
    """Read a state back.

    Raises
    ------
    ValueError
        It is none; arrays of objects are not taken.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        west_m, south_m, cell_m = map(float, kept["lattice"])
        rows, columns = map(int, kept["shape"])
        lattice, area = Lattice(west_m, south_m, cell_m, rows, columns), kept["area"]
        beyond, responsive_share = map(float, kept["beyond"])
        solved = {}
        rows_of = zip(kept["scenario_ids"], kept["fingerprints"], kept["notes"], kept["priors"], strict=True)
        for scenario_id, fingerprint, notes, cells in rows_of:
            whole = cells.astype(np.float64)
            rest = max(0.0, 1.0 - float(whole.sum()))
            prior = Prior(lattice, area, whole, rest, tuple(str(notes).split()))
            solved[str(scenario_id)] = Solved(str(scenario_id), str(fingerprint), prior)
        mixed = Prior(lattice, area, kept["mixed"], beyond)
        ledger = Ledger(mixed, responsive_share, _searches(kept), _clues(kept))
    return KeptState(ledger, solved)


def _searches(kept: Any) -> tuple[Search, ...]:
    ends, cells = kept["search_ends"].tolist(), kept["search_cells"].astype(np.intp)
    found = []
    for number, name in enumerate(kept["search_ids"]):
        begin = ends[number - 1] if number else 0
        found.append(
            Search(str(name), cells[begin : ends[number]], *map(float, kept["search_figures"][number]))
        )
    return tuple(found)


def _clues(kept: Any) -> tuple[Clue, ...]:
    rows = zip(kept["clue_ids"], kept["clue_kernels"], kept["clue_figures"], strict=True)
    return tuple(
        Clue(str(name), kernel.astype(np.float64), float(figures[0]), float(figures[1]))
        for name, kernel, figures in rows
    )


def _figures(search: Search) -> tuple[float, ...]:
    return (
        search.pod_responsive,
        search.pod_unresponsive,
        search.age_h,
        search.tau_responsive_h,
        search.tau_unresponsive_h,
    )


def _numbers(search: Search) -> npt.NDArray[np.int32]:
    return search.cells.astype(np.int32)


def _texts(values: Sequence[str]) -> npt.NDArray[np.str_]:
    return np.array(values, dtype=np.str_) if values else np.array([], dtype="U1")
