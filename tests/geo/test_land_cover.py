"""Land cover of sectors by share: sampled shares are those of exact overlay; hours follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.land_cover import SIGHT_OF_COVER, UNMAPPED, cover_shares, sight_shares
from geo.sector_effort import SPEED_SHARES, TEAM_PACES, hours_of, slowness_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry


def exact_shares(piece: BaseGeometry, cover: Sequence[tuple[str, BaseGeometry]]) -> dict[str, float]:
    """Return the same by overlay, the smallest cover on top: the plain way."""
    left, found = piece, dict[str, float]()
    for name, polygon in sorted(cover, key=lambda each: each[1].area):
        taken = left.intersection(polygon)
        found[name] = found.get(name, 0.0) + taken.area / piece.area
        left = left.difference(polygon)
    found[UNMAPPED] = left.area / piece.area
    return found


@given(seed=st.integers(0, 10_000))
def test_sampled_shares_are_those_of_overlay(seed: int) -> None:
    """Blobs of forest, scrub and marsh over ragged sectors: within five per cent of the exact shares."""
    rng = np.random.default_rng(seed)
    names = ("forest", "scrub", "wetland")
    cover = [
        (names[number % 3], shapely.Point(*rng.uniform(0, 100, 2)).buffer(rng.uniform(10, 50)))
        for number in range(5)
    ]
    pieces = [shapely.box(x, 0, x + 40, 70).union(shapely.box(x, 60, x + 15, 100)) for x in (0.0, 45.0)]
    shares = cover_shares(pieces, cover)
    assert shares.shares.sum(axis=1) == pytest.approx(1.0)
    for number, piece in enumerate(pieces):
        exact = exact_shares(piece, cover)
        told = shares.of(number)
        assert all(told.get(name, 0.0) == pytest.approx(share, abs=0.05) for name, share in exact.items())


def test_slivers_and_nothing() -> None:
    """A piece between the places has its inner point; without pieces or cover there is no fault."""
    sliver = shapely.Polygon([(0, 0), (100, 100), (100, 100.001)])
    assert cover_shares([sliver], [("rock", shapely.box(0, 0, 200, 200))]).of(0) == {"rock": 1.0}
    assert cover_shares([shapely.box(0, 0, 1, 1)], []).of(0) == {UNMAPPED: 1.0}
    assert cover_shares([], []).shares.shape == (0, 1)


def test_every_class_has_its_sight_and_the_unmapped_takes_what_people_say() -> None:
    """The words of the import are all known; what the map leaves out is as people set it."""
    from search_ops.importing.ground_classes import AREA_CLASSES  # noqa: PLC0415 - the words of the import

    assert set(SIGHT_OF_COVER) == set(AREA_CLASSES) - {"building"}
    told = sight_shares({"forest": 0.3, "scrub": 0.5, UNMAPPED: 0.2}, "open")
    assert list(told.items()) == [("dense", 0.5), ("forest", 0.3), ("open", 0.2)]


def test_hours_follow_from_the_shares() -> None:
    """Half marsh, half field: the marsh's half is walked at its share of the speed."""
    square = shapely.box(0, 0, 500, 500)
    shares = cover_shares([square], [("wetland", shapely.box(0, 0, 250, 500)), ("farmland", square)])
    slowness = shares.shares @ slowness_of(np.array(shares.classes, dtype=object))
    assert slowness == pytest.approx([0.5 / SPEED_SHARES["wetland"] + 0.5])
    assert hours_of(np.array([250_000.0]), slowness, TEAM_PACES["foot"]) == pytest.approx(slowness)
