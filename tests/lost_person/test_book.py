"""Which row of the tables holds: every category has an answer that says where it comes from."""

import csv
import math
from pathlib import Path

import pytest

from geo.probability.decay import TAU_H
from search_ops.lost_person import book, known_categories
from search_ops.lost_person.values import CELL_TERRAINS, TERRAINS
from search_ops.texts import LOCALES, text

FOLDER = Path(__file__).parents[2] / "search_ops" / "lost_person"


def test_every_category_on_every_ground_has_a_model() -> None:
    """Never an exception, always a source, a reliability and a median that a person can walk or drive."""
    for category in known_categories():
        for terrain in TERRAINS:
            chosen = book().distance(category, terrain)
            assert 0.1 < chosen.model.median_km < 20
            assert chosen.model.source
            assert chosen.reliability in {"good", "fair", "weak"}
            assert (chosen.step == "hiker_default") == ("category_without_data" in chosen.notes)
            assert (chosen.model.n is None) == ("sample_unknown" in chosen.notes)
        assert book().direction(category).source
        pulls = book().attraction(category)
        assert pulls.pulls.keys() == pulls.classes.keys()
        assert sum(pull.share for pull in pulls.pulls.values()) <= 1
        assert 0 <= book().habits_of(category).responsive_share <= 1
        assert book().habits_of(category).moves in TAU_H
        assert all(text(locale, f"subject-category-{category}") for locale in LOCALES)


@pytest.mark.parametrize(
    ("category", "terrain", "step", "used", "notes"),
    [
        ("hiker", "temperate_flat", "exact", ("hiker", "temperate_flat"), ()),
        ("hiker", "urban", "category_other", ("hiker", "any"), ("other_terrain", "sample_unknown")),
        ("gatherer", "temperate_flat", "exact", ("gatherer", "temperate"), ()),
        ("gatherer", "temperate_mountain", "exact", ("gatherer", "temperate"), ()),
        ("gatherer", "urban", "category_other", ("gatherer", "temperate"), ("other_terrain",)),
        ("gatherer", "dry_flat", "hiker_default", ("hiker", "temperate_flat"), ("category_without_data",)),
        ("child_1_3", "dry_mountain", "exact", ("child_1_3", "dry"), ("sample_unknown",)),
        (
            "dementia",
            "temperate_flat",
            "category_other",
            ("dementia", "any"),
            ("other_terrain", "sample_unknown"),
        ),
        ("autistic", "urban", "hiker_default", ("hiker", "temperate_flat"), ("category_without_data",)),
        ("no such", "urban", "hiker_default", ("hiker", "temperate_flat"), ("category_without_data",)),
        (
            "mountain_biker",
            "urban",
            "category_other",
            ("mountain_biker", "any"),
            ("other_terrain", "small_sample"),
        ),
    ],
)
def test_the_chain_says_which_cell_it_used(
    category: str, terrain: str, step: str, used: tuple[str, str], notes: tuple[str, ...]
) -> None:
    """The cell itself, the category's other row, hikers on flat temperate ground; small samples say so."""
    chosen = book().distance(category, next(each for each in TERRAINS if each == terrain))
    assert chosen.step == step
    assert (chosen.category, chosen.terrain) == used
    assert chosen.notes == notes


def test_another_population_can_be_asked_for() -> None:
    """British figures for dementia, where there are any."""
    assert book().distance("dementia", "temperate_flat", population="uk").model.n == 279
    assert book().distance("hiker", "temperate_flat", population="uk").population == "isrid"


def test_gatherers_are_the_main_case() -> None:
    """Our fit: median 3.05 km, 94 cases; direction has no figures of their own and says so."""
    chosen = book().distance("gatherer", "temperate_flat")
    assert chosen.model.median_km == pytest.approx(math.exp(1.114282), abs=1e-4)
    assert chosen.model.n == 94
    assert book().direction("gatherer").notes == ("category_without_data",)
    assert book().direction("dementia").notes == ("small_sample",)
    assert book().attraction("gatherer").notes == ("category_without_data",)
    assert book().attraction("hiker").notes == ()


def test_the_tables_are_whole() -> None:
    """Every row has a source, known categories and terrains, and classes of ground that are imported."""
    for name in ("distances.csv", "directions.csv", "pulls.csv"):
        for row in csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()):
            assert row["source"]
            assert row["category"] in known_categories()
            assert row.get("terrain", "any") in CELL_TERRAINS
    for pulls in (book().attraction("hiker"), book().attraction("other"), book().attraction("dementia")):
        for classes in pulls.classes.values():
            assert all(text("en", f"ground-class-{name}") for name in classes)


def test_the_formats_name_every_category_and_terrain() -> None:
    """The page for people lists what may be written."""
    page = (FOLDER / "FORMATS.md").read_text(encoding="utf-8")
    assert [each for each in (*known_categories(), *TERRAINS) if each not in page] == []
