"""The map of probability in an operation: scenarios, evidence, clues, re-cuts, and what effort gains."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.probability_wishes import (
    ClueDropWish,
    ClueWeightWish,
    EffortWish,
    ProbabilityWish,
    ScenarioDropWish,
    ScenarioWeight,
    ScenarioWeightsWish,
    ScenarioWish,
    SubjectStateWish,
    TeamsAsked,
)
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict, NotKnown
from search_ops.services.probability import (
    drop_clue,
    drop_scenario,
    set_scenario,
    set_subject_state,
    weigh_clue,
    weigh_scenarios,
)
from search_ops.services.probability_reading import categories, effort, read_map, read_raster
from tests.services.walks import at_once, finished, gpx, imported, lanes, work

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

HEADQUARTERS = ClassSet(frozenset({ALL, HQ}))
GATHERER = {"name": "Ушла за грибами", "weight": 60.0, "category": "gatherer"}


async def scenario(desk: Desk, scenario_id: UUID | None = None, **more: Any) -> UUID:
    """Set a scenario that starts in the middle of sector B2, unless said otherwise."""
    lon, lat = await middle(desk, "B2")
    said = {"lon": lon, "lat": lat, **GATHERER, **more}
    scenario_id = scenario_id or uuid7()
    wish = ScenarioWish(command_id=uuid7(), **said)
    await set_scenario(desk.office, desk.me, desk.operation_id, scenario_id, wish)
    return scenario_id


async def middle(desk: Desk, label: str) -> tuple[float, float]:
    """Return the middle of a sector."""
    ring = (await desk.get("sectors", (await desk.sectors())[label]))["geometry"]["coordinates"][0]
    lon, lat = np.array(ring[:-1]).mean(axis=0).tolist()
    return lon, lat


async def made(desk: Desk) -> dict[str, Any]:
    """Make the map as the worker would, and return it as a desk reads it."""
    await at_once(desk, "probability", ProbabilityWish(command_id=uuid7()))
    async with desk.office.engine.connect() as connection:
        found = await read_map(connection, desk.operation_id, HEADQUARTERS, None)
    whole = sum(row["share"] for row in found["sectors"])
    whole += found["unpartitioned"] + found["outside_area"] + found["beyond"]
    assert whole == pytest.approx(1.0, abs=1e-3)
    return found


async def recut(desk: Desk) -> None:
    """Cut the area into larger cells."""
    (partition,) = (await desk.state())["partitions"].values()
    await desk.grid(int(partition["version"]), cell_m=1000.0)


def shares(found: dict[str, Any]) -> dict[str, float]:
    """Return probability by label."""
    return {row["label"]: row["share"] for row in found["sectors"]}


async def test_a_scenario_makes_a_map_that_sums_to_one(gridded: Desk) -> None:
    """Sectors near the point have more; the rest of the world is said; the raster is the same map."""
    await scenario(gridded)
    found = await made(gridded)
    by_label = shares(found)
    assert by_label["B2"] > min(by_label.values()) > 0
    # No hour finds more than there is; figures are rounded, and small where the point is far.
    assert all(0 <= row["next_best_per_h"] <= row["share"] for row in found["sectors"])
    assert found["beyond"] + found["outside_area"] > 0.3  # mushroom pickers go 3 km, the area is smaller
    assert "no_ground" in found["notices"]
    (told,) = found["scenarios"]
    assert (told["step"], told["category_used"]) != (None, None)
    lattice = found["lattice"]
    async with gridded.office.engine.connect() as connection:
        raster = np.frombuffer(
            await read_raster(connection, gridded.operation_id, HEADQUARTERS, None), dtype="<f4"
        )
    cells = raster.reshape(lattice["rows"], lattice["columns"])
    assert float(cells.sum()) + told["beyond"] == pytest.approx(1.0, abs=1e-4)
    (west, north), _, (east, south), _ = lattice["corners"]
    lon, lat = await middle(gridded, "B2")
    row = int((north - lat) / (north - south) * lattice["rows"])
    column = int((lon - west) / (east - west) * lattice["columns"])
    assert cells[row, column] > 0.97 * cells.max()  # the point itself is no hole
    assert float(cells.sum()) == pytest.approx(found["in_area"] + found["outside_area"], abs=1e-4)


async def test_what_was_searched_falls_and_says_why(gridded: Desk, database: DatabaseUrls) -> None:
    """A track over B2: less there, more elsewhere, the cause named with its grade; the sum stays one."""
    await scenario(gridded)
    before = await made(gridded)
    team_id = await gridded.team("Лиса-12", "Анна")
    sector_id = (await gridded.sectors())["B2"]
    await finished(gridded, team_id, sector_id, method="осмотр")
    await imported(gridded, database, {"20260823_Лиса-12.gpx": gpx(await lanes(gridded, sector_id))})
    after = await made(gridded)
    assert shares(after)["B2"] < 0.6 * shares(before)["B2"]
    assert after["found"] > before["found"] == 0.0
    assert after["beyond"] > before["beyond"]
    row = next(row for row in after["sectors"] if row["label"] == "B2")
    assert row["pod_responsive"] > row["pod_unresponsive"] > 0.5
    assert after["responsive_share"] < before["responsive_share"]  # they called, and nobody answered
    async with gridded.office.engine.connect() as connection:
        maps = (await gridded.state())["probability_maps"]
        told = [
            await read_map(connection, gridded.operation_id, HEADQUARTERS, UUID(map_id)) for map_id in maps
        ]
    changes = [change for one in told for change in one["changes"] if change["label"] == "B2"]
    causes = [cause for change in changes for cause in change["causes"] if cause["code"] == "searched"]
    assert causes
    assert (causes[0]["text"], causes[0]["grade"]) == ("Лиса-12", "full_track")


async def test_two_teams_on_one_path_have_searched_it_once(gridded: Desk, database: DatabaseUrls) -> None:
    """What both together miss is what was weighed for the sector, not the product of what each missed."""
    await scenario(gridded)
    sector_id = (await gridded.sectors())["B2"]
    for callsign, name in (("Лиса-12", "Анна"), ("Лиса-13", "Борис")):
        await finished(gridded, await gridded.team(callsign, name), sector_id, method="осмотр")
    files = {
        f"20260823_Лиса-{number}.gpx": gpx(await lanes(gridded, sector_id, spacing_m, share=0.4))
        for number, spacing_m in ((12, 40.0), (13, 41.0))  # the very same file twice would count as one
    }
    await imported(gridded, database, files)
    rows = [row for row in (await gridded.state())["evidence"].values() if row["sector_id"] == str(sector_id)]
    assert len(rows) == 2
    state = SubjectStateWish(command_id=uuid7(), responsive_share=0.5, moves="not")
    await set_subject_state(gridded.office, gridded.me, gridded.operation_id, state)
    row = next(row for row in (await made(gridded))["sectors"] if row["label"] == "B2")
    for subject in ("responsive", "unresponsive"):
        assert row[f"pod_{subject}"] == pytest.approx(rows[0]["cumulative"][subject], abs=2e-3)


async def test_a_clue_moves_the_map_and_can_be_taken_back(gridded: Desk) -> None:
    """Believed to seven tenths, it draws the map; dropped, the map is the earlier one."""
    await scenario(gridded)
    before = await made(gridded)
    lon, lat = await middle(gridded, "A1")
    clue = ClueWeightWish(
        command_id=uuid7(), text="Видели у дороги", lon=lon, lat=lat, spread_m=150.0, weight=0.7
    )
    office, me, operation_id = gridded.office, gridded.me, gridded.operation_id
    answer = await weigh_clue(office, me, operation_id, clue)
    assert await weigh_clue(office, me, operation_id, clue) == answer
    drawn = await made(gridded)
    assert shares(drawn)["A1"] > 2 * shares(before)["A1"]
    assert any(cause["text"] == "Видели у дороги" for row in drawn["changes"] for cause in row["causes"])
    clue_weight_id = UUID(answer["clue_weight_id"])
    drop = ClueDropWish(command_id=uuid7(), base_version=answer["version"], reason="Это был другой")
    await drop_clue(office, me, operation_id, clue_weight_id, drop)
    assert shares(await made(gridded)) == pytest.approx(shares(before), abs=1e-6)


async def test_a_new_cut_moves_no_probability(gridded: Desk) -> None:
    """The area cut into larger cells: what the sectors hold together stays what it was."""
    await scenario(gridded)
    before = await made(gridded)
    await recut(gridded)
    after = await made(gridded)
    assert len(after["sectors"]) != len(before["sectors"])
    assert after["in_area"] == pytest.approx(before["in_area"], abs=1e-6)
    assert sum(shares(after).values()) == pytest.approx(sum(shares(before).values()), abs=0.02)


async def test_scenarios_weigh_against_each_other(gridded: Desk) -> None:
    """Elsewhere with all the weight empties the area; all weights zero count alike and say so."""
    here = await scenario(gridded)
    away = await scenario(
        gridded, name="Уехал", elsewhere=True, lon=None, lat=None, category=None, weight=40.0
    )
    half = await made(gridded)
    assert half["beyond"] > 0.4
    assert half["scenarios"][0]["share"] + half["scenarios"][1]["share"] == pytest.approx(1.0)
    office, me, operation_id = gridded.office, gridded.me, gridded.operation_id
    weights = [ScenarioWeight(scenario_id=here, weight=0.0), ScenarioWeight(scenario_id=away, weight=5.0)]
    await weigh_scenarios(office, me, operation_id, ScenarioWeightsWish(command_id=uuid7(), weights=weights))
    assert (await made(gridded))["beyond"] == pytest.approx(1.0)
    weights = [ScenarioWeight(scenario_id=each, weight=0.0) for each in (here, away)]
    await weigh_scenarios(office, me, operation_id, ScenarioWeightsWish(command_id=uuid7(), weights=weights))
    assert "weights_all_zero" in (await made(gridded))["notices"]
    for scenario_id in (here, away):
        version = (await gridded.get("scenarios", scenario_id))["version"]
        drop = ScenarioDropWish(command_id=uuid7(), base_version=version, reason="Отпала")
        await drop_scenario(office, me, operation_id, scenario_id, drop)
    empty = await made(gridded)
    assert "no_scenarios" in empty["notices"]
    assert sum(shares(empty).values()) > 0.95


async def test_impossible_wishes_are_refused_by_name(gridded: Desk) -> None:
    """No point, no category, no place, an old version: each with its code, and nothing is written."""
    office, me, operation_id = gridded.office, gridded.me, gridded.operation_id
    for more, code in (
        ({"lon": None}, "scenario_needs_point"),
        ({"category": "космонавт"}, "scenario_needs_category"),
        ({"category": None}, "scenario_needs_category"),
    ):
        with pytest.raises(BadInput) as refused:
            await scenario(gridded, **more)
        assert refused.value.code == code
    placeless = ClueWeightWish(command_id=uuid7(), text="Где-то", weight=0.5)
    with pytest.raises(BadInput) as refused:
        await weigh_clue(office, me, operation_id, placeless)
    assert refused.value.code == "clue_needs_place"
    scenario_id = await scenario(gridded)
    with pytest.raises(ChangedMeanwhile):
        await scenario(gridded, scenario_id)
    unknown = ScenarioWeightsWish(
        command_id=uuid7(), weights=[ScenarioWeight(scenario_id=uuid7(), weight=1.0)]
    )
    with pytest.raises(NotKnown):
        await weigh_scenarios(office, me, operation_id, unknown)
    async with office.engine.connect() as connection:
        with pytest.raises(Conflict) as missing:
            await read_map(connection, operation_id, HEADQUARTERS, None)
        with pytest.raises(NotKnown):
            await read_map(connection, operation_id, ClassSet(frozenset({ALL})), None)
    assert missing.value.code == "no_probability"


@pytest.mark.parametrize(
    ("more", "notice"),
    [
        ({"lon": 12.0, "lat": 50.0}, "start_outside_raster"),
        ({"category": "aircraft", "terrain": "urban"}, "small_sample"),
        ({"heading_deg": 45.0, "category": "caver"}, "category_without_data"),
    ],
)
async def test_odd_scenarios_get_a_map_and_a_notice(gridded: Desk, more: dict[str, Any], notice: str) -> None:
    """A point far away, a category with little or no data: an answer with the reason."""
    await scenario(gridded, **more)
    found = await made(gridded)
    assert notice in found["notices"]


async def test_the_map_follows_by_itself(gridded: Desk, database: DatabaseUrls) -> None:
    """Two changes before the worker comes make one job; the map is there when it has worked."""
    await scenario(gridded)
    state = SubjectStateWish(command_id=uuid7(), responsive_share=0.25, moves="not")
    first = await set_subject_state(gridded.office, gridded.me, gridded.operation_id, state)
    assert first["job_id"] is not None
    await work(gridded, database)
    maps = (await gridded.state())["probability_maps"]
    assert len(maps) == 1
    async with gridded.office.engine.connect() as connection:
        found = await read_map(connection, gridded.operation_id, HEADQUARTERS, None)
    assert found["responsive_share"] == pytest.approx(0.25)
    await recut(gridded)
    await work(gridded, database)
    assert len((await gridded.state())["probability_maps"]) == 2


async def test_effort_goes_where_it_finds_most(gridded: Desk) -> None:
    """More hours find more, by less each; sectors named first get theirs; what is left out says why."""
    await scenario(gridded)
    found = await made(gridded)

    async def gain(count: int, *first: UUID) -> dict[str, Any]:
        teams = [TeamsAsked(kind="foot", count=count, hours=4.0)]
        async with gridded.office.engine.connect() as connection:
            return await effort(
                connection, gridded.operation_id, HEADQUARTERS, EffortWish(teams=teams, first=list(first))
            )

    two, four = await gain(2), await gain(4)
    assert sum(row["hours"] for row in two["sectors"]) == pytest.approx(8.0, abs=0.1)
    assert two["pos"] < four["pos"] < 2 * two["pos"]
    marginal = [row["next_best_per_h"] for row in two["sectors"] if row["hours"] > 0]
    assert marginal == pytest.approx(
        [two["level_per_h"]] * len(marginal), rel=0.01
    )  # the last hour is worth as much
    assert all(row["next_best_per_h"] <= two["level_per_h"] * 1.01 for row in two["sectors"])
    assert {row["reason"] for row in two["left_out"]} <= {"below_level", "too_short", "no_probability"}
    worst = UUID(min(found["sectors"], key=lambda row: row["next_best_per_h"])["sector_id"])
    forced = await gain(2, worst)
    assert forced["pos"] <= two["pos"] + 1e-9
    assert forced["pos_of_first"] > 0
    nothing = await gain(0)
    assert nothing["pos"] == 0.0


async def test_the_categories_name_their_sources(desk: Desk) -> None:
    """Every category on every ground has figures, and says where they come from."""
    told = await categories(desk.office)
    rows = told["categories"]
    assert {"gatherer", "dementia", "hiker", "despondent"} <= {row["category"] for row in rows}
    assert all(row["source"] and 0 < row["median_km"] < row["p95_km"] for row in rows)
    assert json.dumps(told)
