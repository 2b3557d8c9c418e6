"""The ledger: it audits itself, no order matters, and what is taken back is gone."""

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ProbabilityError
from geo.probability.clues import Clue, region, sighting, sighting_sigma_m
from geo.probability.decay import TAU_H, effective_pod
from geo.probability.ledger import NOWHERE, Ledger, Search, contradicting
from tests.geo.probability.maps import (
    EVERYWHERE,
    EXAMPLES,
    FIELD,
    blocks,
    clues,
    field_prior,
    ledgers,
    priors,
    row_of,
)


def test_the_two_published_shifts() -> None:
    """Shea and Cooper: three areas, the second searched at 50 %."""
    example = EXAMPLES["poa-shift-cooper-vs-bayes"]
    given_, wanted = example["inputs"], example["expected"]["recomputed"]
    ledger = Ledger(row_of(given_["poa"], given_["row"]), 0.3)
    shown = ledger.searched(
        "2", np.array([given_["searched"] - 1]), given_["pod"], given_["pod"]
    ).normalised()
    assert shown.cells.ravel() == pytest.approx(wanted["poa"], abs=example["tolerance"]["poa"])
    assert shown.beyond == pytest.approx(wanted["row"], abs=example["tolerance"]["poa"])


def test_the_rest_of_the_world_grows_by_what_was_not_found() -> None:
    """ROW / (1 - OPOS)."""
    example = EXAMPLES["assign-row-identity"]
    row, opos = example["inputs"]["row"], example["inputs"]["opos"]
    ledger = Ledger(row_of([0.5, 0.35], row)).searched("a", np.array([0]), opos / 0.5, opos / 0.5)
    assert ledger.found() == pytest.approx(opos)
    assert ledger.normalised().beyond == pytest.approx(
        example["expected"]["recomputed"]["row_after"], abs=example["tolerance"]["row_after"]
    )


@settings(max_examples=60, deadline=None)
@given(ledgers())
def test_remaining_and_found_are_one(ledger: Ledger) -> None:
    """The un-normalised sum audits itself; the map shown sums to one, also when all has been searched."""
    now = ledger.remaining()
    assert now.left + now.found == pytest.approx(1.0, abs=1e-9)
    assert 0.0 <= now.found <= 1.0 + 1e-12
    shown = ledger.normalised()
    assert float(shown.cells.sum()) + shown.beyond == pytest.approx(1.0, abs=1e-9)
    assert np.isfinite(shown.cells).all()
    assert (shown.cells >= shown.responsive - 1e-15).all()
    assert -1e-12 <= shown.responsive_share <= 1.0 + 1e-12


@settings(max_examples=40, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_no_order_matters(ledger: Ledger, random: Any) -> None:
    """The same searches and clues told in any order give the same map to the last bit."""
    told: list[Search | Clue] = [*ledger.searches, *ledger.clues]
    random.shuffle(told)
    other = Ledger(ledger.prior, ledger.responsive_share)
    for each in told:
        if isinstance(each, Clue):
            other = other.clue(each)
        else:
            other = other.searched(
                each.search_id,
                each.cells,
                each.pod_responsive,
                each.pod_unresponsive,
                age_h=each.age_h,
                tau_responsive_h=each.tau_responsive_h,
            )
    assert np.array_equal(other.normalised().cells, ledger.normalised().cells)
    assert other.found() == ledger.found()


@settings(max_examples=40, deadline=None)
@given(ledgers(), clues("later"), blocks(), st.floats(0, 1))
def test_what_is_taken_back_is_gone(ledger: Ledger, clue: Clue, where: Any, pod: float) -> None:
    """A clue or search dropped gives the earlier map back to the last bit."""
    before = ledger.normalised()
    with_both = ledger.clue(clue).searched("later search", where, pod, pod)
    after = with_both.without("later search").without("later").normalised()
    assert np.array_equal(before.cells, after.cells)
    assert before.beyond == after.beyond


@settings(max_examples=40, deadline=None)
@given(ledgers(), st.integers(0, 2**32 - 1))
def test_a_new_cut_keeps_the_mass(ledger: Ledger, seed: int) -> None:
    """Two cuts of one ground: sectors, ground without a sector and rest of the world sum to one in both."""
    rng = np.random.default_rng(seed)
    first = rng.integers(NOWHERE, 5, FIELD.shape)
    second = np.where(first >= 0, first * 2 + rng.integers(0, 2, FIELD.shape), NOWHERE)
    one, two = ledger.per_sector(first, 5), ledger.per_sector(second, 10)
    assert one.probability.sum() + one.unassigned + one.rest_of_world == pytest.approx(1.0, abs=1e-9)
    assert two.probability.reshape(5, 2).sum(axis=1) == pytest.approx(one.probability, abs=1e-12)
    assert (two.unassigned, two.rest_of_world) == pytest.approx((one.unassigned, one.rest_of_world))


@settings(max_examples=25, deadline=None)
@given(priors(), clues("a"), clues("b"))
def test_contradictory_clues_leave_a_map(prior: Any, one: Clue, other: Clue) -> None:
    """Whatever two clues say, even with full weight, the map sums to one and has no hole."""
    shown = Ledger(prior).clue(one).clue(other).normalised()
    assert float(shown.cells.sum()) + shown.beyond == pytest.approx(1.0, abs=1e-9)
    assert np.isfinite(shown.cells).all()


def test_clues_that_exclude_each_other_are_named() -> None:
    """Two sightings at one time, four kilometres apart; a third beside the first agrees with it."""
    ledger = Ledger(field_prior())
    for clue_id, x in (("west", -2_000.0), ("east", 2_000.0), ("west too", -1_900.0)):
        ledger = ledger.clue(sighting(clue_id, FIELD, (x, 0.0), 200.0, 0.8))
    assert contradicting(ledger) == (("east", "west"), ("east", "west too"))
    assert "clues_contradict" in ledger.normalised().notes
    faint = Ledger(field_prior()).clue(sighting("a", FIELD, (-2e3, 0), 200.0, 0.2))
    assert contradicting(faint.clue(sighting("b", FIELD, (2e3, 0), 200.0, 0.9))) == ()


def test_a_sighting_gathers_the_mass_around_it() -> None:
    """Weight moves the map from untouched to nearly all of it; the outside loses what the inside gains."""
    near = np.hypot(*np.meshgrid(FIELD.middles()[0] - 1_500, FIELD.middles()[1] - 500)) < 500
    shares = []
    for weight in (0.0, 0.5, 0.9, 1.0):
        shown = Ledger(field_prior()).clue(sighting("s", FIELD, (1_500, 500), 200.0, weight)).normalised()
        shares.append(float(shown.cells[near].sum()))
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(float(field_prior().cells[near].sum()))
    assert shares[1] == pytest.approx(0.5 * shares[0] + 0.5 * shares[-1], abs=0.02)
    assert shares[-1] > 0.9
    far = sighting("far", FIELD, (50_000.0, 0.0), 300.0, 0.9)
    assert far.beyond > 0.99
    assert Ledger(field_prior()).clue(far).normalised().beyond > 0.9


def test_a_phone_area_and_its_opposite() -> None:
    """Inside and outside of one polygon are opposite, with a soft edge too; an empty one says nothing."""
    ground = shapely.box(0, -1_000, 9_000, 1_000)
    for soft_m in (0.0, 150.0):
        inside = region("p", FIELD, ground, 0.8, soft_m=soft_m)
        outside = region("p", FIELD, ground, 0.8, soft_m=soft_m, is_outside=True)
        assert inside.kernel + outside.kernel == pytest.approx(np.ones(FIELD.shape))
        assert inside.beyond + outside.beyond == pytest.approx(1.0)
        assert inside.beyond == pytest.approx(6 / 9)
    soft = region("p", FIELD, ground, 0.8, soft_m=150.0)
    assert 0 < soft.kernel[20, 28] < soft.kernel[20, 29] < soft.kernel[20, 30] == 1
    empty = Ledger(field_prior()).clue(region("p", FIELD, shapely.Polygon(), 1.0))
    assert empty.normalised().cells == pytest.approx(field_prior().cells)


def test_a_clue_where_nobody_can_be_is_left_out_and_told() -> None:
    """In a lake of probability zero: the map stays, and the note says why."""
    lake = np.ones(FIELD.shape)
    lake[:, 50:] = 0.0
    ledger = Ledger(field_prior(factors=[lake])).clue(
        region("c", FIELD, shapely.box(2500, -500, 2900, 500), 1)
    )
    assert "clue_where_nobody_is" in ledger.normalised().notes
    assert ledger.normalised().cells == pytest.approx(ledger.prior.cells)


def test_an_old_sighting_spreads() -> None:
    """A kilometre of drift in five hours, and none for who stays."""
    assert sighting_sigma_m(30.0, 5.0, 200.0) == pytest.approx(math.hypot(30, 1_000))
    assert sighting_sigma_m(30.0, 5.0, 0.0) == 30.0


def test_calling_in_vain_makes_silence_likelier() -> None:
    """A call-and-listen search halves the share that answers, and leaves the silent where they were."""
    before = Ledger(row_of([0.9], 0.1), 0.5)
    after = before.searched("calls", np.array([0]), 0.8, 0.0)
    assert before.normalised().responsive_share == pytest.approx(0.5)
    assert after.normalised().responsive_share == pytest.approx((0.45 * 0.2 + 0.05) / (1 - 0.36))
    now = after.remaining()
    assert now.unresponsive.ravel() == pytest.approx([0.45])
    assert now.found == pytest.approx(0.36)


def test_old_coverage_fades_for_who_moves() -> None:
    """After ten times tau the search is as if it had not been; for who lies still it stays."""
    ledger = Ledger(row_of([0.9], 0.1), 1.0).searched("s", np.array([0]), 0.7, 0.7, tau_responsive_h=12.0)
    assert ledger.found() == pytest.approx(0.63)
    assert ledger.aged(12.0).found() == pytest.approx(0.63 / math.e)
    assert ledger.aged(120.0).found() < 1e-4
    still = Ledger(row_of([0.9], 0.1), 0.0).searched("s", np.array([0]), 0.7, 0.7, tau_responsive_h=12.0)
    assert still.aged(120.0).found() == pytest.approx(0.63)
    assert effective_pod(0.5, -3.0, TAU_H["freely"]) == 0.5


def test_all_searched_leaves_a_map_and_a_reason() -> None:
    """Perfect search of everything, and nowhere else to be: the map before it, and a note."""
    ledger = Ledger(row_of([0.25, 0.75], 0.0)).searched("all", np.array([0, 1]), 1.0, 1.0)
    shown = ledger.normalised()
    assert shown.notes == ("nothing_left",)
    assert shown.cells.ravel() == pytest.approx([0.25, 0.75])
    assert ledger.found() == pytest.approx(1.0)


def test_a_search_told_again_replaces_the_first() -> None:
    """Evidence weighed anew does not count twice."""
    ledger = Ledger(row_of([0.5, 0.3], 0.2)).searched("t", np.array([0]), 0.9, 0.9)
    again = ledger.searched("t", np.array([0]), 0.5, 0.5)
    assert again.found() == pytest.approx(0.25)
    assert len(again.searches) == 1
    assert again.with_prior(row_of([0.8, 0.0], 0.2)).found() == pytest.approx(0.4)


def test_sectors_have_a_density() -> None:
    """Per square kilometre; a sector without a cell has none."""
    cut = Ledger(row_of([0.5, 0.3], 0.2)).per_sector(np.array([[0, 0]]), 2)
    assert cut.density_per_km2 == pytest.approx([0.4, 0.0])
    assert cut.responsive == pytest.approx([0.4, 0.0])
    assert cut.rest_of_world == pytest.approx(0.2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Ledger(field_prior(), 1.2),
        lambda: Ledger(field_prior()).searched("s", EVERYWHERE, 1.1, 0.5),
        lambda: Ledger(field_prior()).searched("s", EVERYWHERE, 0.5, 0.5, age_h=math.nan),
        lambda: Ledger(field_prior()).searched("s", EVERYWHERE, 0.5, 0.5, tau_responsive_h=0.0),
        lambda: Ledger(field_prior()).searched("s", np.ones((2, 2), dtype=bool), 0.5, 0.5),
        lambda: Ledger(field_prior()).searched("s", np.array([10**7]), 0.5, 0.5),
        lambda: Ledger(row_of([1.0], 0.0)).clue(sighting("c", FIELD, (0, 0), 1, 1)),
        lambda: Ledger(row_of([1.0], 0.0)).with_prior(field_prior()),
        lambda: Ledger(row_of([1.0], 0.0)).per_sector(np.array([[1]]), 1),
        lambda: Ledger(row_of([1.0], 0.0)).per_sector(np.array([[0, 0]]), 1),
        lambda: sighting("c", FIELD, (math.nan, 0), 1.0, 1.0),
        lambda: sighting("c", FIELD, (0, 0), 1.0, 1.5),
        lambda: region("c", FIELD, shapely.box(0, 0, 9, 9), 0.5, soft_m=-1.0),
        lambda: Clue("c", np.full((1, 1), np.nan), 0.0, 0.5),
        lambda: effective_pod(2.0, 0.0, 1.0),
    ],
)
def test_values_out_of_range_are_refused(wrong: Any) -> None:
    """Nothing is computed from what cannot be."""
    with pytest.raises(ProbabilityError):
        wrong()
