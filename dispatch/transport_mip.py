"""All goods at once where they share payload or aircraft: a whole-number programme. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import highspy
import numpy as np

from dispatch.transport_compile import seconds
from dispatch.transport_expand import RIDE
from dispatch.transport_goods import GRAMS, rooms
from dispatch.transport_way_kernels import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from dispatch.transport_compile import Compiled
    from dispatch.transport_expand import Expanded
    from dispatch.transport_goods import Goods

    Amounts = npt.NDArray[np.int64]
    Doubles = npt.NDArray[np.float64]

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Flows of all goods and how far from the best they can be, relative; which departures on demand go."""

    flows: tuple[tuple[Goods, Amounts], ...]
    flown: frozenset[int]
    gap: float
    proven: bool


def solve_together(
    compiled: Compiled,
    expanded: Expanded,
    goods: Sequence[Goods],
    *,
    unknown: bool,
    gap: float,
    most_nodes: int,
    heard: Callable[[float], bool],
) -> Solved | None:
    """Return flows that move most people, next most cargo, next arrive soonest; None if stopped before.

    Notes
    -----
    First the amounts, then the times with these amounts held. Loose cargo is counted in kilograms here: in
    grams beside people the numbers would be too far apart. Whoever needs it to the gram sends it again
    through what the others leave.
    """
    problem = _Problem(compiled, expanded, goods, unknown=unknown)
    worth = np.array([problem.total_kg + 1.0 if each.kind == "people" else each.unit_kg for each in goods])
    most = problem.solved(-worth, arrivals=False, gap=min(gap, 1e-6), most_nodes=most_nodes, heard=heard)
    if most is None:
        return None
    problem.hold(most)
    soonest = problem.solved(
        np.array([each.weight for each in goods]), arrivals=True, gap=gap, most_nodes=most_nodes, heard=heard
    )
    best = most if soonest is None else soonest
    gaps = [each.gap for each in (most, soonest) if each is not None]
    proven = soonest is not None and soonest.proven and most.proven
    return Solved(problem.flows(best.columns), problem.flown(best.columns), max(gaps), proven)


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    columns: Doubles
    arrived: Doubles
    gap: float
    proven: bool


class _Problem:
    """Columns: for each kind of goods its arcs, starts and ends; then one for each departure on demand."""

    def __init__(
        self, compiled: Compiled, expanded: Expanded, goods: Sequence[Goods], *, unknown: bool
    ) -> None:
        self._compiled, self._expanded, self._goods, self._unknown = compiled, expanded, goods, unknown
        self._n_arcs, self._n_starts = len(expanded.tail), len(expanded.sources)
        self._n_ends = len(expanded.sinks)
        self._per = self._n_arcs + self._n_starts + self._n_ends
        self._rides = np.flatnonzero(expanded.kind == RIDE)
        slots = expanded.ref[self._rides]
        self._used = [
            (number, use)
            for number, slot in enumerate(slots.tolist())
            if (use := compiled.departure(slot).use) is not None
        ]
        # Loose cargo in kilograms: grams beside people would spoil the numbers.
        self._scale = np.array([GRAMS if each.kind == "cargo" else 1 for each in goods], dtype=np.float64)
        cargo = [each for each in goods if each.kind != "people"]
        self.total_kg = float(sum(each.supply.sum() * each.unit_kg for each in cargo))
        self._held: Doubles | None = None
        self._rows: list[tuple[float, float, npt.NDArray[np.int64], Doubles]] = []
        self._slots = slots
        self._write()

    def hold(self, answer: _Answer) -> None:
        """Require that as much of each kind arrives as in an answer."""
        self._held = answer.arrived

    def flows(self, columns: Doubles) -> tuple[tuple[Goods, Amounts], ...]:
        """Return the flow of each kind on each arc, in its units."""
        found = []
        for k, each in enumerate(self._goods):
            part = columns[k * self._per : k * self._per + self._n_arcs] * self._scale[k]
            found.append((each, np.rint(part).astype(np.int64)))
        return tuple(found)

    def flown(self, columns: Doubles) -> frozenset[int]:
        """Return the slots of the departures on demand that go."""
        first = len(columns) - len(self._used)
        return frozenset(
            int(self._slots[ride])
            for number, (ride, _) in enumerate(self._used)
            if columns[first + number] > _HALF
        )

    def _write(self) -> None:
        expanded, n_used = self._expanded, len(self._used)
        total = self._per * len(self._goods) + n_used
        self._upper = np.full(total, np.inf)
        self._upper[total - n_used :] = 1.0
        self._whole = np.ones(total, dtype=np.bool_)
        for k, each in enumerate(self._goods):
            first = k * self._per
            room = rooms(self._compiled, each, self._slots, unknown=self._unknown).astype(np.float64)
            total_k = float(each.supply.sum())
            self._upper[first + self._rides] = np.minimum(room, total_k) / self._scale[k]
            supply = np.where(expanded.sources == NONE, 0, each.supply)
            self._upper[first + self._n_arcs : first + self._n_arcs + self._n_starts] = (
                supply / self._scale[k]
            )
            self._whole[first : first + self._per] = each.kind != "cargo"
        self._share_payload()
        self._share_craft(total - n_used)

    def _share_payload(self) -> None:
        """Let all kinds together weigh no more than the payload, where they could."""
        lines, goods = self._compiled.lines, self._goods
        for number, slot in enumerate(self._slots.tolist()):
            payload_kg = float(lines.payload_kg[slot])
            if payload_kg < 0:
                continue
            columns, kg, most_kg = [], [], 0.0
            for k, each in enumerate(goods):
                if each.kind == "people" and not lines.people_weigh[slot]:
                    continue
                column = k * self._per + int(self._rides[number])
                columns.append(column)
                kg.append(each.unit_kg * self._scale[k])
                most_kg += self._upper[column] * kg[-1]
            if len(columns) > 1 and most_kg > payload_kg:
                self._rows.append((-np.inf, payload_kg, np.array(columns), np.array(kg)))

    def _share_craft(self, first: int) -> None:
        """Let an aircraft fly only one of departures that overlap, and carry only on what it flies."""
        for number, (ride, _) in enumerate(self._used):
            for k in range(len(self._goods)):
                column = k * self._per + int(self._rides[ride])
                ones = np.array([1.0, -self._upper[column]])
                self._rows.append((-np.inf, 0.0, np.array([column, first + number]), ones))
        for _, use in self._used:
            begin_s = seconds(use.busy_from)
            together = [
                other
                for other, (_, one) in enumerate(self._used)
                if one.craft_id == use.craft_id and seconds(one.busy_from) <= begin_s < seconds(one.busy_to)
            ]
            if len(together) > 1:
                columns = first + np.array(together)
                self._rows.append((-np.inf, 1.0, columns, np.ones(len(columns))))

    def solved(
        self, worth: Doubles, *, arrivals: bool, gap: float, most_nodes: int, heard: Callable[[float], bool]
    ) -> _Answer | None:
        """Minimise the worth of what arrives, or of the seconds until it does."""
        expanded, per = self._expanded, self._per
        total = len(self._upper)
        cost = np.zeros(total)
        from_s = int(expanded.sink_s.min(initial=0)) if len(expanded.sink_s) else 0
        for k in range(len(self._goods)):
            ends = slice(k * per + self._n_arcs + self._n_starts, (k + 1) * per)
            unit = worth[k] * self._scale[k]
            cost[ends] = unit * ((expanded.sink_s - from_s) / 3600.0 if arrivals else 1.0)
        solver = _solver(gap, most_nodes)
        matrix = self._matrix()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = total, len(matrix[2])
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(total), self._upper
        model.row_lower_, model.row_upper_ = matrix[2], matrix[3]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            matrix[0],
            matrix[1],
            matrix[4],
        )
        whole, parts = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        model.integrality_ = [whole if each else parts for each in self._whole.tolist()]
        solver.passModel(model)

        def ask(event: highspy.HighsCallbackEvent) -> None:
            if not heard(float(event.data_out.mip_gap)):
                event.interrupt()

        solver.cbMipInterrupt += ask
        solver.run()
        information = solver.getInfo()
        if information.primal_solution_status != highspy.kSolutionStatusFeasible:
            return None
        columns = np.array(solver.getSolution().col_value)
        columns[self._whole] = np.rint(columns[self._whole])
        arrived = np.array(
            [
                columns[k * per + self._n_arcs + self._n_starts : (k + 1) * per].sum()
                for k in range(len(self._goods))
            ]
        )
        optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        left = float(information.mip_gap)
        return _Answer(columns, arrived, left if np.isfinite(left) else np.inf, optimal)

    def _matrix(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Doubles, Doubles, Doubles]:
        """Return the rows: what comes to a node leaves it; what is shared; what is held."""
        expanded, per = self._expanded, self._per
        n_goods, n_nodes = len(self._goods), expanded.n_nodes
        sources = np.flatnonzero(expanded.sources != NONE)
        node = np.concatenate((expanded.tail, expanded.head, expanded.sources[sources], expanded.sinks))
        column = np.concatenate(
            (
                np.arange(self._n_arcs),
                np.arange(self._n_arcs),
                self._n_arcs + sources,
                self._n_arcs + self._n_starts + np.arange(self._n_ends),
            )
        )
        sign = np.repeat([-1.0, 1.0, 1.0, -1.0], [self._n_arcs, self._n_arcs, len(sources), self._n_ends])
        order = np.argsort(node, kind="stable")
        lengths = np.tile(np.bincount(node, minlength=n_nodes), n_goods)
        columns = [column[order] + k * per for k in range(n_goods)]
        values = [sign[order]] * n_goods
        lower, upper = [0.0] * (n_nodes * n_goods), [0.0] * (n_nodes * n_goods)
        rows = list(self._rows)
        if self._held is not None:
            for k, least in enumerate(self._held.tolist()):
                ends = k * per + self._n_arcs + self._n_starts + np.arange(self._n_ends)
                slack = 0.0 if self._whole[k * per] else 1e-6
                rows.append((max(0.0, least - slack), np.inf, ends, np.ones(self._n_ends)))
        for low, high, at, value in rows:
            columns.append(at)
            values.append(value)
            lower.append(low)
            upper.append(high)
        lengths = np.concatenate((lengths, [len(at) for _, _, at, _ in rows])).astype(np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        return (
            starts,
            np.concatenate(columns).astype(np.int32),
            np.array(lower),
            np.array(upper),
            np.concatenate(values),
        )


def _solver(gap: float, most_nodes: int) -> highspy.Highs:
    solver = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        # HiGHS 1.14.0 loses the best answer in presolve where whole and divisible columns share a row
        # (ERGO-Code/HiGHS#2961, mended in 1.15, which OR-Tools does not bear).
        ("presolve", "off"),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 0),
        ("mip_rel_gap", gap),
        ("mip_max_nodes", most_nodes),
    ):
        solver.setOptionValue(name, value)
    return solver
