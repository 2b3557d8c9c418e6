"""GeoJSON areas nobody should send, each out of one number: the same seed makes the same geometry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    Coordinates = np.ndarray[Any, np.dtype[np.float64]]
    Making = Callable[[np.random.Generator], Any]

# Lowland forest, on and beside 180 degrees, high north, the poles, the corner of the map, the middle.
_PLACES: Final = (
    (37.6, 55.7),
    (180.0, 65.5),
    (-179.95, 65.5),
    (60.0, 75.0),
    (0.0, 89.9),
    (12.0, -89.99),
    (-180.0, -90.0),
    (0.0, 0.0),
)
_SIZES_DEG: Final = (1e-9, 1e-7, 1e-5, 1e-3, 0.05, 1.0, 20.0, 170.0)
_ODD_NUMBERS: Final[tuple[Any, ...]] = (
    math.nan,
    math.inf,
    -math.inf,
    1e308,
    -1e308,
    5e-324,
    -5e-324,
    2.2e-308,
    1e16,
    180.00000001,
    -90.0000001,
    10**400,
    True,
    None,
    "55.7",
    [55.7],
    {},
)


def hostile(seed: int) -> dict[str, Any]:
    """Return the geometry of a seed: a mapping as a request's body would be decoded."""
    rng = np.random.default_rng(seed)
    rare = seed % _RARE_EVERY == 0  # these take a hundred times as long to make
    kinds = _RARE if rare else _KINDS
    made = kinds[int(rng.integers(len(kinds)))](rng)
    if isinstance(made, dict):
        return made
    return {"type": "Polygon", "coordinates": made}


def _around(rng: np.random.Generator) -> tuple[float, float, float]:
    lon, lat = _PLACES[int(rng.integers(len(_PLACES)))]
    return lon, lat, float(rng.choice(_SIZES_DEG))


def _closed(places: Coordinates) -> list[list[float]]:
    ring: list[list[float]] = places.tolist()
    return [*ring, ring[0]]


def _star(rng: np.random.Generator) -> Any:
    lon, lat, size = _around(rng)
    turn = np.sort(rng.uniform(0.0, 2.0 * math.pi, int(rng.integers(3, 400))))
    radius = size * rng.uniform(0.2, 1.0, len(turn))
    return [_closed(np.column_stack((lon + radius * np.cos(turn), lat + radius * np.sin(turn))))]


def _star_with_holes(rng: np.random.Generator) -> Any:
    lon, lat, size = _around(rng)
    rings = [_closed(_circle(lon, lat, size, 60))]
    for _ in range(int(rng.integers(1, 20))):
        x, y = rng.uniform(-0.8, 0.8, 2) * size
        rings.append(_closed(_circle(lon + x, lat + y, size * float(rng.uniform(0.01, 0.3)), 12)))
    return rings


def _circle(lon: float, lat: float, radius: float, corners: int) -> Coordinates:
    turn = np.linspace(0.0, 2.0 * math.pi, corners, endpoint=False)
    return np.column_stack((lon + radius * np.cos(turn), lat + radius * np.sin(turn)))


def _scribble(rng: np.random.Generator) -> Any:
    lon, lat, size = _around(rng)
    places = rng.uniform(-size, size, (int(rng.integers(4, 300)), 2))
    return [_closed(places + np.array((lon, lat)))]


def _spiral(rng: np.random.Generator) -> Any:
    lon, lat, size = _around(rng)
    turn = np.linspace(0.0, 2.0 * math.pi * float(rng.uniform(1, 30)), int(rng.integers(20, 2_000)))
    out = size * (0.1 + turn / turn[-1])
    there = np.column_stack((out * np.cos(turn), out * np.sin(turn)))
    back = there[::-1] * (1.0 - float(rng.choice([1e-12, 1e-6, 0.01])))
    return [_closed(np.concatenate((there, back)) + np.array((lon, lat)))]


def _comb(rng: np.random.Generator) -> Any:
    lon, lat, size = _around(rng)
    teeth = int(rng.integers(2, 1_500))
    x = np.repeat(np.linspace(0.0, size, teeth), 2)
    y = np.tile([0.1 * size, size], teeth)
    y[1::4], y[2::4] = size, size
    outline = np.concatenate((np.column_stack((x, y)), [(size, 0.0), (0.0, 0.0)]))
    return [_closed(outline + np.array((lon, lat)))]


def _flat(rng: np.random.Generator) -> Any:
    lon, lat, size = _around(rng)
    along = rng.uniform(-size, size, int(rng.integers(3, 50)))
    return [_closed(np.column_stack((lon + along, lat + along * float(rng.choice([0.0, 1.0, 0.3])))))]


def _odd_number(rng: np.random.Generator) -> Any:
    ring: list[Any] = _closed(_circle(37.6, 55.7, 0.1, 12))
    at = int(rng.integers(len(ring)))
    odd = _ODD_NUMBERS[int(rng.integers(len(_ODD_NUMBERS)))]
    ring[at] = [odd, ring[at][1]] if rng.random() < 0.5 else [ring[at][0], odd]
    return [ring]


def _many_holes(rng: np.random.Generator) -> Any:
    columns = int(rng.choice([10, 40, 50, 100]))
    step = 1.0 / columns
    shell = _closed(np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=float) + np.array((30.0, 60.0)))
    holes = [
        _closed(
            np.array([(0.3, 0.3), (0.3, 0.6), (0.6, 0.6)], dtype=float) * step
            + np.array((30.0 + i * step, 60.0 + j * step))
        )
        for i in range(columns)
        for j in range(columns)
    ]
    return [shell, *holes]


def _many_vertices(rng: np.random.Generator) -> Any:
    corners = int(rng.choice([9_990, 10_001, 30_000] if rng.random() < 0.98 else [1_000_000]))
    return [_closed(_circle(37.6, 55.7, 0.2, corners))]


def _torn(rng: np.random.Generator) -> Any:
    ring: Any = _closed(_circle(37.6, 55.7, 0.1, 5))
    torn: list[Any] = [
        [],
        [[]],
        [ring[:-1]],
        [ring[:2]],
        [[ring]],
        ring,
        [[*ring[:2], [], *ring[2:]]],
        [[*ring[:2], [1.0], *ring[2:]]],
        [[*ring[:2], [1.0, 2.0, 3.0, 4.0], *ring[2:]]],
        {"a": 1},
        "POLYGON",
        None,
        3,
    ]
    return torn[int(rng.integers(len(torn)))]


def _wrapped(rng: np.random.Generator) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "Polygon", "coordinates": _star(rng)}
    kind = int(rng.integers(6))
    if kind == 0:
        for _ in range(int(rng.integers(1, 60))):
            inner = {"type": "GeometryCollection", "geometries": [inner]}
        return inner
    if kind == 1:
        return {"type": "Feature", "geometry": inner, "properties": None}
    if kind == 2:
        return {**inner, "crs": {"type": "name"}}
    parts = [_star(rng) for _ in range(int(rng.integers(1, 6)))]
    return {"type": "MultiPolygon" if kind < 5 else "polygon", "coordinates": parts}


def _across(rng: np.random.Generator) -> Any:
    ring = _circle(180.0, float(rng.uniform(-89, 89)), float(rng.choice([0.01, 1.0, 14.0, 40.0])), 40)
    if rng.random() < 0.7:
        ring[:, 0] = (ring[:, 0] + 180.0) % 360.0 - 180.0
    return [_closed(ring)]


def _round_a_pole(rng: np.random.Generator) -> Any:
    lon = np.linspace(-180.0, 180.0, int(rng.integers(4, 90)))
    lat = float(rng.choice([89.0, 60.0, -75.0])) + rng.uniform(-0.5, 0.5, len(lon))
    return [_closed(np.column_stack((lon, lat)))]


_KINDS: Final[tuple[Making, ...]] = (
    _star,
    _star_with_holes,
    _scribble,
    _spiral,
    _comb,
    _flat,
    _odd_number,
    _torn,
    _wrapped,
    _across,
    _round_a_pole,
    _star,
    _scribble,
    _across,
    _odd_number,
    _wrapped,
)
_RARE: Final[tuple[Making, ...]] = (_many_holes, _many_vertices)
_RARE_EVERY: Final = 500
