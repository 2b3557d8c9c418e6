"""Places by name on the demo ground."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from search_ops.domain.place_names import folded
from search_ops.services.places import places

VADUZ = (9.5215, 47.1410)

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Верхняя Ёлка", "verkhnyaya yelka"),
        ("Щёлково", "Shchyolkovo"),
        ("улица Ленина", "Ленина"),
        ("Мытищи", "Mytishchi"),
        ("Große Straße", "grosse strasse"),
        ("ул.", "УЛ"),
    ],
)
def test_spellings_meet(one: str, other: str) -> None:
    """Cyrillic, Latin and marked letters of one name fold to one spelling."""
    assert folded(one) == folded(other) != ""


@pytest.mark.parametrize(
    ("typed", "fit"),
    [
        ("Вадуц", "same"),
        ("Vaduz", "same"),
        ("вад", "begins"),
        ("Vadutz", "same"),
        ("Vadus", "like"),
        ("ВАДУЗ", "same"),
    ],
)
async def test_a_town_is_found_as_people_write_it(ground_engine: AsyncEngine, typed: str, fit: str) -> None:
    """In both alphabets, by its beginning, and misspelt: the town is the first that is a place."""
    found = await places(ground_engine, typed, VADUZ, limit=12)
    towns = [each for each in found if each["class"] == "place" and each["name"] in {"Vaduz", "Вадуц"}]
    assert towns
    assert towns[0]["fit"] == fit
    assert towns[0]["distance_m"] < 2_000


async def test_the_nearest_comes_first(ground_engine: AsyncEngine) -> None:
    """Among names that fit alike the nearer one stands first; without a point there are no distances."""
    found = await places(ground_engine, "sch", VADUZ, limit=12)
    same_fit = [each["distance_m"] for each in found if each["fit"] == "begins"]
    assert len(same_fit) > 3
    assert same_fit == sorted(same_fit)
    far = await places(ground_engine, "sch", None, limit=12)
    assert all(each["distance_m"] is None for each in far)


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "...", "\U0001f332", "'; DROP TABLE ground_name", "%" * 200]
)
async def test_odd_texts_find_nothing_and_break_nothing(ground_engine: AsyncEngine, typed: str) -> None:
    """Signs of patterns and of SQL are letters like others, or nothing."""
    assert await places(ground_engine, typed, VADUZ, limit=5) == []


async def test_waters_and_streets_are_found(ground_engine: AsyncEngine) -> None:
    """The Rhine is a river; a street is told once, not once for each of its pieces."""
    rivers = await places(ground_engine, "rhein", VADUZ, limit=20)
    assert "river" in {each["class"] for each in rivers}
    streets = await places(ground_engine, "landstrasse", VADUZ, limit=50)
    assert "road" in {each["class"] for each in streets} <= {"road", "path", "track"}
    pieces = await ground_rows_named(ground_engine, "Landstrasse")
    assert len([each for each in streets if each["name"] == "Landstrasse"]) < pieces / 3


async def ground_rows_named(engine: AsyncEngine, name: str) -> int:
    """Return how many ways of the map have a name."""
    query = text("SELECT count(*) FROM ground_line WHERE names->>'name' = :name")
    async with engine.connect() as connection:
        return int((await connection.execute(query, {"name": name})).scalar_one())
