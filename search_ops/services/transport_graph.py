"""The network as a graph, for what people ask of it: who reaches whom at all, and where a way ends.

Times, seats and seasons are not in it; the arrays of ``dispatch`` answer these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from dispatch.transport_craft import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.transport_values import Network


def graph_of(network: Network) -> nx.MultiDiGraph[str]:
    """Return places as nodes, departures (one edge for each service) and ways as edges."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from((place.place_id, {"place": place}) for place in network.places)
    for each in network.departures:
        graph.add_edge(each.from_id, each.to_id, key=each.service_id, mode=each.mode)
    for way in network.ways:
        graph.add_edge(way.from_id, way.to_id, key=way.way_id, mode=way.mode)
    return graph


def cut_off(network: Network, starts: Iterable[str], to_id: str) -> dict[str, Any] | None:
    """Return how near to a place one gets at all, on any day; None where it is reached.

    Returns
    -------
    dict or None
        ``{"nearest", "distance_m", "reached"}``: the nearest place that is reached, how far from it the end
        lies in a straight line, and how many places are reached.
    """
    graph = graph_of(network)
    reached: set[str] = set()
    for start in starts:
        reached |= {start, *nx.descendants(graph, start)}
    if to_id in reached:
        return None
    end = graph.nodes[to_id]["place"]
    far_m = {each: distance_m(graph.nodes[each]["place"], end) for each in reached}
    nearest = min(far_m, key=lambda each: (far_m[each], each))
    return {"nearest": nearest, "distance_m": round(far_m[nearest]), "reached": len(reached)}
