"""Distance and direction: published fits, and that nothing is lost or made."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ProbabilityError
from geo.probability.annulus import disc_in_box_m2
from geo.probability.direction import Direction, dispersion_factor
from geo.probability.distance import RINGS, LogNormal, fit_quantiles
from tests.geo.probability.maps import EXAMPLES, HIKER

HIKER_DEG = {0.25: 2.0, 0.5: 23.0, 0.75: 64.0, 0.95: 132.0}
_FIT = EXAMPLES["lognormal-from-quartiles"]


@pytest.mark.parametrize("cell", sorted(_FIT["inputs"]))
def test_published_quantiles_give_the_published_fit(cell: str) -> None:
    """Least squares on normal quantiles, five cells of the worked example."""
    fit = fit_quantiles(dict(zip(RINGS, _FIT["inputs"][cell], strict=True)))
    wanted = _FIT["expected"]["recomputed"][cell]
    assert fit.mu_ln_km == pytest.approx(wanted["mu"], abs=_FIT["tolerance"]["mu"])
    assert fit.sigma_ln_km == pytest.approx(wanted["sigma"], abs=_FIT["tolerance"]["sigma"])


@settings(deadline=None)
@given(st.floats(-3, 4), st.floats(0.05, 2.5), st.floats(0.01, 0.99))
def test_quantile_and_share_are_inverse(mu: float, sigma: float, share: float) -> None:
    """The distance of a share holds that share."""
    model = LogNormal(mu, sigma)
    assert float(model.cdf_km(model.quantile_km(share))) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("flat_km", [0.0, 0.3, 2.0])
def test_density_over_the_plane_is_one(flat_km: float) -> None:
    """Mass per area over circles is the distribution; holding it flat near the point loses nothing."""
    edges = np.geomspace(1e-5, 1e4, 400_001)
    middle = np.sqrt(edges[1:] * edges[:-1])
    mass = HIKER.density_per_km2(middle, flat_km) * np.pi * np.diff(edges**2)
    assert mass.sum() == pytest.approx(1.0, abs=5e-5)
    assert float(HIKER.cdf_km(1.0)) == pytest.approx(mass[edges[1:] <= 1.0].sum(), abs=1e-3 + (flat_km > 1))


def test_density_peaks_where_it_should_and_is_finite_everywhere() -> None:
    """Peak at exp(mu - 2 sigma^2); nothing at the point itself, at infinity or for nothing."""
    km = np.geomspace(1e-4, 10, 20_001)
    peak = km[np.argmax(HIKER.density_per_km2(km))]
    assert peak == pytest.approx(math.exp(HIKER.mu_ln_km - 2 * HIKER.sigma_ln_km**2), rel=1e-3)
    assert np.isfinite(HIKER.density_per_km2([0.0, 1e-300, 1e300, math.inf])).all()
    assert float(HIKER.cdf_km(-1.0)) == 0.0
    assert float(HIKER.cdf_km(math.inf)) == 1.0
    assert LogNormal(0, 1, 19).is_small_sample
    assert not LogNormal(0, 1).is_small_sample


@settings(deadline=None)
@given(st.lists(st.floats(0, 180), min_size=4, max_size=4).map(sorted), st.floats(-720, 720))
def test_dispersion_keeps_the_circle(deviations: list[float], turn: float) -> None:
    """Mean 1 over the circle for every table, the same after whole turns, the same on both sides."""
    table = dict(zip((0.25, 0.5, 0.75, 0.95), deviations, strict=True))
    offsets = (np.arange(7_200) + 0.5) / 20.0
    factor = dispersion_factor(offsets, table)
    assert factor.mean() == pytest.approx(1.0, abs=2e-2)
    assert (factor >= 0).all()
    both = dispersion_factor([turn, -turn, turn + 360.0], table)
    assert both == pytest.approx(both[0], abs=1e-6)


def test_dispersion_holds_its_shares() -> None:
    """Three quarters of the finds lie within their quantile, smoothed; ahead is likelier than behind."""
    offsets = (np.arange(36_000) + 0.5) / 100.0 - 180.0
    factor = dispersion_factor(offsets, HIKER_DEG)
    assert factor.mean() == pytest.approx(1.0, abs=1e-6)
    inside = np.abs(offsets) <= 64
    assert factor[inside].sum() / factor.sum() == pytest.approx(0.75, abs=0.02)
    assert np.argmax(factor) == pytest.approx(18_000, abs=900)


def test_a_stated_direction_turns_with_its_bearing_and_its_trust() -> None:
    """East is favoured by bearing 90; no trust, or no distance, takes the direction away."""
    east = Direction(90.0, HIKER_DEG)
    assert float(east.factor(1_000.0, 0.0)) > 2.0
    assert float(east.factor(-1_000.0, 0.0)) < 0.5
    assert float(Direction(90.0, HIKER_DEG, weight=0.0).factor(1_000.0, 0.0)) == 1.0
    assert float(east.factor(0.0, 0.0, 100.0)) == 1.0


@settings(deadline=None)
@given(*[st.floats(-3, 3) for _ in range(4)], st.floats(0.01, 4))
def test_a_disc_in_a_box_is_exact(x: float, y: float, wide: float, tall: float, radius: float) -> None:
    """Against a fine sum over columns, wherever the box lies."""
    box = (x, y, x + abs(wide), y + abs(tall))
    columns = np.linspace(box[0], box[2], 4_001)
    middle = (columns[1:] + columns[:-1]) / 2
    half = np.sqrt(np.maximum(radius**2 - middle**2, 0.0))
    tall_parts = np.maximum(0.0, np.minimum(box[3], half) - np.maximum(box[1], -half))
    assert disc_in_box_m2(radius, box) == pytest.approx((tall_parts * np.diff(columns)).sum(), abs=2e-3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: LogNormal(math.nan, 1),
        lambda: LogNormal(0, 0),
        lambda: LogNormal(0, 1, 0),
        lambda: HIKER.quantile_km(1.0),
        lambda: HIKER.density_per_km2(1.0, -1.0),
        lambda: fit_quantiles({0.5: 1.0}),
        lambda: fit_quantiles({0.25: 2.0, 0.5: 1.0}),
        lambda: fit_quantiles({0.25: 1.0, 1.0: 2.0}),
        lambda: dispersion_factor(0, {0.25: 1}),
        lambda: dispersion_factor(0, {0.25: 9, 0.5: 3, 0.75: 10, 0.95: 20}),
        lambda: Direction(math.inf, HIKER_DEG),
        lambda: Direction(0, HIKER_DEG, weight=2.0),
    ],
)
def test_parameters_of_no_model_are_refused(wrong: Any) -> None:
    """The error names the parameter."""
    with pytest.raises(ProbabilityError) as refused:
        wrong()
    assert refused.value.name


@given(st.floats(-2.0, 3.0), st.floats(0.1, 3.0))
def test_held_even_near_the_point_density_nowhere_rises(mu_ln_km: float, sigma_ln_km: float) -> None:
    """No hole at the point itself, no step at the edge of the disc, and larger rings keep theirs."""
    model = LogNormal(mu_ln_km, sigma_ln_km)
    edge_km = model.even_within_km
    assert math.exp(mu_ln_km - 2 * sigma_ln_km**2) <= edge_km  # beyond the peak of what is not held
    density = model.density_per_km2(edge_km * np.array([0.01, 0.5, 0.999, 1.001, 1.1, 2.0, 5.0]), edge_km)
    assert density[0] == density[2] == pytest.approx(density[3], rel=0.02)
    assert (np.diff(density) <= density[:-1] * 1e-3).all()
    assert density[0] * math.pi * edge_km**2 == pytest.approx(float(model.cdf_km(edge_km)), rel=1e-9)
