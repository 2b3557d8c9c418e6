"""Groups of units are equal in effort, hang together, are compact, and repeat."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import PartitionSettingError
from geo.grouping import Units, balanced_groups
from geo.grouping_kernels import stays_connected


def squares(columns: int, rows: int, effort: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Units:
    index = np.arange(columns * rows).reshape(rows, columns)
    across = np.column_stack((index[:, :-1].ravel(), index[:, 1:].ravel()))
    down = np.column_stack((index[:-1].ravel(), index[1:].ravel()))
    y, x = np.divmod(np.arange(columns * rows), columns)
    pairs = np.concatenate((across, down))
    return Units(effort, 100.0 * np.column_stack((x, y)), pairs, np.full(len(pairs), 100.0))


def shards(seed: int, count: int) -> Units:
    """Return irregular pieces (Voronoi cells) with effort by area and ground."""
    rng = np.random.default_rng(seed)
    frame = shapely.box(0, 0, 5_000, 4_000)
    points = shapely.MultiPoint(rng.uniform(0, 1, (count, 2)) * (5_000, 4_000))
    pieces = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame)), frame)
    one, other = shapely.STRtree(pieces).query(pieces, predicate="touches")
    one, other = one[one < other], other[one < other]
    shared_m = shapely.length(shapely.intersection(pieces[one], pieces[other]))
    kept = shared_m > 1e-6
    effort = shapely.area(pieces) * rng.uniform(0.5, 2.0, len(pieces))
    centres = shapely.get_coordinates(shapely.centroid(pieces))
    return Units(effort, centres, np.column_stack((one, other))[kept], shared_m[kept])


def assert_connected(units: Units, group: np.ndarray[tuple[int], np.dtype[np.int64]], groups: int) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(group)))
    graph.add_edges_from(units.pairs[group[units.pairs[:, 0]] == group[units.pairs[:, 1]]].tolist())
    assert nx.number_connected_components(graph) == groups == len(np.unique(group))


@pytest.mark.parametrize("seed", [1, 2])
def test_many_irregular_units_come_within_one_percent(seed: int) -> None:
    """2 000 pieces in 20 groups: equal to one percent, connected, and the same again."""
    units = shards(seed, 2_000)
    found = balanced_groups(units, 20)
    assert found.worst_share <= 0.01
    assert_connected(units, found.group_of_unit, 20)
    assert (balanced_groups(units, 20).group_of_unit == found.group_of_unit).all()


def test_a_plain_grid_gives_blocks() -> None:
    """Equal squares become blocks with borders shorter than strips would have."""
    units = squares(40, 40, np.ones(1_600))
    found = balanced_groups(units, 16)
    assert found.worst_share == 0.0
    assert_connected(units, found.group_of_unit, 16)
    same = found.group_of_unit[units.pairs[:, 0]] == found.group_of_unit[units.pairs[:, 1]]
    assert units.shared_m[~same].sum() == pytest.approx(6 * 4_000.0)


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(2, 60),
    groups=st.integers(1, 12),
)
@settings(max_examples=60, deadline=None)
def test_groups_always_hang_together(seed: int, count: int, groups: int) -> None:
    """Few and coarse units too: every group is there and in one piece, however uneven they must be."""
    units = shards(seed, count)
    if groups > count:
        with pytest.raises(PartitionSettingError):
            balanced_groups(units, groups)
        return
    found = balanced_groups(units, groups)
    assert_connected(units, found.group_of_unit, groups)
    load = np.bincount(found.group_of_unit, weights=units.effort, minlength=groups)
    assert found.worst_share == pytest.approx(np.abs(load / load.mean() - 1.0).max())


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_whether_a_group_stays_connected_is_what_networkx_says(seed: int) -> None:
    """The kernel that guards every move agrees with the library, unit by unit."""
    rng = np.random.default_rng(seed)
    units = squares(6, 6, np.ones(36))
    group = rng.integers(0, 2, 36)
    graph: nx.Graph[int] = nx.Graph(units.pairs.tolist())
    neighbours = [sorted(graph[unit]) for unit in range(36)]
    starts = np.concatenate(([0], np.cumsum([len(row) for row in neighbours])))
    flat = np.concatenate(neighbours).astype(np.int64)
    seen, queue = np.zeros(36, dtype=np.int64), np.empty(36, dtype=np.int64)
    for unit in range(36):
        mine = [other for other in graph[unit] if group[other] == group[unit]]
        rest = graph.subgraph([other for other in range(36) if group[other] == group[unit] and other != unit])
        expected = bool(mine) and all(nx.has_path(rest, mine[0], other) for other in mine)
        assert stays_connected(unit, group, starts, flat, seen, queue, unit + 1) == expected
