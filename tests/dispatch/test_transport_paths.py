"""Flows taken apart into itineraries: whoever sets out arrives."""

import numpy as np

from dispatch.transport_answers import Movement
from dispatch.transport_compile import Compiled, compile_network, seconds
from dispatch.transport_expand import expand
from dispatch.transport_goods import goods_of
from dispatch.transport_paths import taken_apart
from dispatch.transport_values import Network, Way
from tests.dispatch.transport_cases import at, departure, party, place


def test_who_stays_is_told_at_home_and_not_halfway() -> None:
    """Flows do not say whose they are: who comes through may miss the seat that another took."""
    road = Way("w", "road", "c", "a", 3_600)
    places = (place("a"), place("b"), place("c"))
    network = Network(places, (departure("d", "a", "b", 120, 180, seats=2),), (road,))
    movement = Movement((party("x", "a", people=1), party("y", "c", people=2)), "b", by_at=at(300))
    made = compile_network(network)
    assert isinstance(made, Compiled)
    starts = np.array([made.place_of["a"], made.place_of["c"]], dtype=np.int32)
    expanded = expand(made, starts, np.array([seconds(at(0))] * 2), made.place_of["b"], seconds(at(300)))
    assert expanded is not None
    flow = np.zeros(len(expanded.tail), dtype=np.int64)
    node = int(expanded.sources[1])
    while (expanded.tail == node).any():  # the two of y take both seats
        arc = int(np.flatnonzero(expanded.tail == node)[0])
        flow[arc] = 2
        node = int(expanded.head[arc])
    going, left = taken_apart(made, movement, expanded, [(goods_of(movement)[0], flow)])
    assert [each.legs[-1].to_id for each in going] == ["b"] * len(going)
    assert sum(each.load.people for each in going) == 2
    assert sum(each.load.people for each in left) == 1
