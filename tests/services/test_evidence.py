"""Tracks in, evidence out: from a file of a navigator to a sector that is proven or proposed again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.evidence_wishes import (
    JudgementWish,
    SearchWidths,
    TrackAsideWish,
    TrackLostWish,
    TrackMatchWish,
    WidthsWish,
)
from search_ops.domain.principals import Principal
from search_ops.domain.sector import sector_state
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict, NotKnown
from search_ops.services.evidence import (
    evidence_table,
    judge_sector,
    missing_part,
    read_widths,
    set_widths,
    swept_ground,
)
from search_ops.services.positions import Fix, take_positions
from search_ops.services.tracks import declare_lost, match_by_hand, set_aside, track_collection
from tests.services.walks import finished, gpx, imported, lanes, work

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

HEADQUARTERS = ClassSet(frozenset({ALL, HQ}), frozenset({"team", "person", "agency"}))


async def state_of(desk: Desk, sector_id: UUID) -> str:
    state = await desk.state()
    own = str(sector_id)
    tasks = [task for task in state.get("tasks", {}).values() if task.get("sector_id") == own]
    rows = [row for row in state.get("evidence", {}).values() if row["sector_id"] == own]
    judgement = state.get("judgements", {}).get(own)
    return sector_state(state["sectors"][own], tasks, rows, judgement)


async def only_evidence(desk: Desk, sector_id: UUID) -> dict[str, Any]:
    rows = (await desk.state()).get("evidence", {}).values()
    found: list[dict[str, Any]] = [row for row in rows if row["sector_id"] == str(sector_id) and row["own"]]
    assert len(found) == 1
    return found[0]


async def table_row(desk: Desk, sector_id: UUID) -> dict[str, Any]:
    async with desk.office.engine.connect() as connection:
        table = await evidence_table(connection, desk.operation_id, HEADQUARTERS)
    row: dict[str, Any] = next(row for row in table["rows"] if row["sector_id"] == str(sector_id))
    return row


async def test_a_sector_waits_for_its_track_and_is_proven_by_it(
    gridded: Desk, database: DatabaseUrls
) -> None:
    """Finished: awaited without alarm; the track by its file's name comes in: proven, for both subjects."""
    sector_id = (await gridded.sectors())["B2"]
    team_id = await gridded.team("Лиса-12", "Анна", "Борис")
    task_id = await finished(gridded, team_id, sector_id, method="осмотр")
    await work(gridded, database)
    assert await state_of(gridded, sector_id) == "awaiting_track"
    assert "proposals" not in await gridded.state()
    content = gpx(await lanes(gridded, sector_id))
    result = await imported(gridded, database, {"20260823_Лиса-12.gpx": content})
    assert (result["kept"], result["matched"], result["unmatched"]) == (1, 1, [])
    row = await only_evidence(gridded, sector_id)
    assert (row["grade"], row["task_id"], row["missing"]) == ("full_track", str(task_id), None)
    assert row["coverage_unresponsive"] == pytest.approx(1.2, abs=0.12)
    assert 0.6 < row["pod_unresponsive"] < 0.75 < row["pod_responsive"]
    assert "Koester" in row["widths"]["unresponsive"]["source"]
    assert await state_of(gridded, sector_id) == "searched_proven"
    told = await table_row(gridded, sector_id)
    assert told["state"] == "searched_proven"
    assert told["pod_unresponsive"]["low_pct"] in {60, 65, 70}
    assert told["hours"] == pytest.approx(1.9, abs=0.15)
    again = await imported(gridded, database, {"копия.gpx": content})
    assert (again["kept"], again["duplicates"]) == (0, 1)


async def test_half_a_sector_is_proposed_again_and_a_person_decides(
    gridded: Desk, database: DatabaseUrls
) -> None:
    """The track covers the south: the north is drawn as missing, and the word is a person's."""
    sector_id = (await gridded.sectors())["B2"]
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    await imported(
        gridded, database, {"20260823_Lisa12.gpx": gpx(await lanes(gridded, sector_id, share=0.5))}
    )
    assert await state_of(gridded, sector_id) == "searched_partly"
    proposal = await gridded.get("proposals", sector_id)
    assert proposal["reason"] in {"below_target", "partial_track"}
    assert proposal["missing"]["geometry"]["type"] == "Polygon"
    async with gridded.office.engine.connect() as connection:
        missing = await missing_part(connection, gridded.operation_id, HEADQUARTERS, sector_id)
        swept = await swept_ground(connection, gridded.operation_id, HEADQUARTERS)
        lines = await track_collection(connection, gridded.operation_id, HEADQUARTERS)
        with pytest.raises(NotKnown):
            await missing_part(connection, gridded.operation_id, HEADQUARTERS, uuid7())
        with pytest.raises(NotKnown):
            await track_collection(connection, gridded.operation_id, ClassSet(frozenset({ALL})))
    assert missing["geometry"] == proposal["missing"]["geometry"]
    assert missing["properties"]["swept_share"] == pytest.approx(0.5, abs=0.1)
    assert str(sector_id) in {feature["id"] for feature in swept["features"]}
    assert {feature["properties"]["part"] for feature in lines["features"]} >= {"counted"}
    wish = JudgementWish(command_id=uuid7(), decision="again", reason="север не пройден", evidence_seqs=[])
    with pytest.raises(ChangedMeanwhile):
        await judge_sector(gridded.office, gridded.me, gridded.operation_id, sector_id, wish)
    seen = (await table_row(gridded, sector_id))["evidence_seqs"]
    wish = wish.model_copy(update={"command_id": uuid7(), "evidence_seqs": seen})
    await judge_sector(gridded.office, gridded.me, gridded.operation_id, sector_id, wish)
    assert await state_of(gridded, sector_id) == "to_search_again"
    assert (await table_row(gridded, sector_id))["proposal"] is None


async def test_a_lost_track_is_a_word_and_no_figure(gridded: Desk, database: DatabaseUrls) -> None:
    """Declared lost: graded by the channel, below any target, proposed with the reason."""
    sector_id = (await gridded.sectors())["A1"]
    team_id = await gridded.team("Лиса-12", "Анна")
    task_id = await gridded.give(team_id, sector_id)
    wish = TrackLostWish(command_id=uuid7(), reason="батарея села")
    with pytest.raises(Conflict, match="task_not_finished"):
        await declare_lost(gridded.office, gridded.me, gridded.operation_id, task_id, wish)
    await gridded.move(task_id, "briefed", "out", "returning", "back", source="paper")
    wish = wish.model_copy(update={"command_id": uuid7()})
    await declare_lost(gridded.office, gridded.me, gridded.operation_id, task_id, wish)
    await work(gridded, database)
    row = await only_evidence(gridded, sector_id)
    assert (row["grade"], row["pod_responsive"], row["pod_unresponsive"]) == ("paper", None, None)
    assert (await gridded.get("proposals", sector_id))["reason"] == "no_track"
    assert await state_of(gridded, sector_id) == "searched_partly"


async def test_tracks_of_others_stay_out(gridded: Desk, database: DatabaseUrls) -> None:
    """Another place, another week, nobody's name: kept, listed, counted nowhere; broken files are named."""
    sector_id = (await gridded.sectors())["A1"]
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    here = await lanes(gridded, sector_id)
    elsewhere = here.copy()
    elsewhere["lat"] += 1.0
    last_week = here.copy()
    last_week["t_s"] -= 7 * 86_400
    nobody = here.copy()
    nobody["t_s"] -= 5 * 3_600
    files = {
        "Лиса-12 далеко.gpx": gpx(elsewhere),
        "20260816_Лиса-12.gpx": gpx(last_week),
        "Track 7.gpx": gpx(nobody[:100]),
        "битый.gpx": b"<gpx><trk>",
        "пусто.gpx": gpx(here[:0]),
    }
    result = await imported(gridded, database, files)
    assert len(result["other_search"]) == 2
    assert result["unmatched"] == ["Track 7.gpx: ACTIVE LOG"]
    assert {one["name"] for one in result["refused"]} >= {"битый.gpx"}
    assert all(one["reason"] for one in result["refused"])
    assert "evidence" not in await gridded.state()
    kept = (await gridded.state())["tracks"]
    assert sorted(str(one["set_aside"]) for one in kept.values()) == ["None", "other_search", "other_search"]


async def test_a_person_matches_and_mends_the_clock(gridded: Desk, database: DatabaseUrls) -> None:
    """A navigator three days off: matched by hand with the shift it counts; set aside, the task waits."""
    office, me, operation_id = gridded.office, gridded.me, gridded.operation_id
    sector_id = (await gridded.sectors())["B2"]
    task_id = await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    wrong = await lanes(gridded, sector_id)
    wrong["t_s"] -= 3 * 86_400
    await imported(gridded, database, {"Track.gpx": gpx(wrong)})
    track_id = UUID(next(iter((await gridded.state())["tracks"])))
    version = await gridded.version("tracks", track_id)
    match = TrackMatchWish(
        command_id=uuid7(), base_version=version, task_id=task_id, clock_shift_s=3.0 * 86_400
    )
    stranger = match.model_copy(update={"command_id": uuid7(), "task_id": uuid7()})
    with pytest.raises(BadInput):
        await match_by_hand(office, me, operation_id, track_id, stranger)
    await match_by_hand(office, me, operation_id, track_id, match)
    await work(gridded, database)
    assert (await only_evidence(gridded, sector_id))["grade"] == "full_track"
    assert await state_of(gridded, sector_id) == "searched_proven"
    aside = TrackAsideWish(
        command_id=uuid7(), base_version=await gridded.version("tracks", track_id), reason="useless"
    )
    await set_aside(office, me, operation_id, track_id, aside)
    await work(gridded, database)
    assert await state_of(gridded, sector_id) == "awaiting_track"


async def test_a_way_through_the_neighbour_counts_there_too(gridded: Desk, database: DatabaseUrls) -> None:
    """One track over two sectors is evidence in both; the second was given to nobody."""
    sectors = await gridded.sectors()
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sectors["B2"])
    both = await lanes(gridded, sectors["B2"])
    both["lon"] += 0.0035  # half a cell to the east
    await imported(gridded, database, {"Лиса-12.gpx": gpx(both)})
    rows = [
        row for row in (await gridded.state())["evidence"].values() if row["sector_id"] == str(sectors["C2"])
    ]
    assert [(row["own"], row["carried_from"]) for row in rows] == [(False, [])]
    assert rows[0]["swept_share"] == pytest.approx(0.5, abs=0.12)
    assert await state_of(gridded, sectors["C2"]) == "searched_partly"
    assert await state_of(gridded, sectors["A1"]) == "planned"


async def test_what_was_searched_stays_searched_when_the_ground_is_cut_anew(
    gridded: Desk, database: DatabaseUrls
) -> None:
    """Another grid over the same ground: tracks speak for the new sectors and say where they come from."""
    sector_id = (await gridded.sectors())["B2"]
    task_id = await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    await imported(gridded, database, {"Лиса-12.gpx": gpx(await lanes(gridded, sector_id))})
    await gridded.move(task_id, "debriefed", "closed")
    partitions = (await gridded.state())["partitions"].values()
    await gridded.grid(base_version=max(one["version"] for one in partitions), cell_m=250.0)
    await work(gridded, database)
    state = await gridded.state()
    carried = [row for row in state["evidence"].values() if row["carried_from"]]
    assert {tuple(row["carried_from"]) for row in carried} == {(str(sector_id),)}
    proven = [row for row in carried if await state_of(gridded, UUID(row["sector_id"])) == "searched_proven"]
    assert proven


async def test_widths_follow_from_what_people_enter(gridded: Desk, database: DatabaseUrls) -> None:
    """A range measured on the spot replaces the assumption, and all evidence is weighed again with it."""
    office, me, operation_id = gridded.office, gridded.me, gridded.operation_id
    sector_id = (await gridded.sectors())["B2"]
    task_id = await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    await imported(gridded, database, {"Лиса-12.gpx": gpx(await lanes(gridded, sector_id))})
    before = await only_evidence(gridded, sector_id)
    settings = SearchWidths.model_validate(
        {
            "rd": [{"ground": "forest", "rd_m": 10.0}],
            "tasks": [{"task_id": task_id, "method": "line", "searchers": 5, "spacing_m": 8.0}],
        }
    )
    await set_widths(office, me, operation_id, WidthsWish(command_id=uuid7(), settings=settings))
    await work(gridded, database)
    after = await only_evidence(gridded, sector_id)
    assert after["widths"]["unresponsive"]["status"] == "measured"
    assert after["widths"]["searchers"] == 5
    assert after["version"] > before["version"]
    assert after["coverage_unresponsive"] == pytest.approx(
        5 * 16 / 48 * before["coverage_unresponsive"], rel=0.05
    )
    broken = SearchWidths.model_validate({"calls": {"every_s": 60.0, "call_s": 30.0, "silence_s": 60.0}})
    with pytest.raises(BadInput, match="widths_impossible"):
        await set_widths(office, me, operation_id, WidthsWish(command_id=uuid7(), settings=broken))
    async with office.engine.connect() as connection:
        told = await read_widths(connection, operation_id, HEADQUARTERS)
    assert told["settings"]["rd"][0]["rd_m"] == 10.0
    assert all(row["source_en"].isascii() for row in told["defaults"])
    assert all(re.search("[а-я]{4}", row["source_ru"]) for row in told["defaults"])
    assert 150 < told["sound"]["day"]["width_m"] < 350


async def test_a_sound_search_is_measured_by_who_can_answer(gridded: Desk, database: DatabaseUrls) -> None:
    """Lanes 250 m apart prove little about somebody silent, and enough about somebody who answers."""
    sector_id = (await gridded.sectors())["B2"]
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id, method="Работа на отклик")
    track = await lanes(gridded, sector_id, spacing_m=200.0)
    await imported(gridded, database, {"Лиса-12.gpx": gpx(track)})
    row = await only_evidence(gridded, sector_id)
    assert row["target"]["subject"] == "responsive"
    assert row["pod_responsive"] > 0.6
    assert row["pod_unresponsive"] < 0.3


async def test_phones_leave_tracks_too(gridded: Desk, database: DatabaseUrls) -> None:
    """A team without a navigator: the positions of its phone are its track, and a longer one replaces it."""
    office, operation_id = gridded.office, gridded.operation_id
    sector_id = (await gridded.sectors())["B2"]
    team_id = await gridded.team("Лиса-12", "Анна")
    device_id = uuid7()
    anna = Principal(
        "participant", gridded.people["Анна"], uuid7(), "Анна", operation_id=operation_id, device_id=device_id
    )
    began = office.clock()
    place = (await lanes(gridded, sector_id))[0]

    def fix(number: int) -> Fix:
        lon, lat = float(place["lon"]) + number * 1e-6, float(place["lat"])
        return Fix(number, began + timedelta(milliseconds=number), lon, lat)

    task_id = await gridded.give(team_id, sector_id)
    await gridded.move(task_id, "briefed", "out", "on_task", at=began - timedelta(seconds=1))
    await take_positions(office, anna, operation_id, device_id, [fix(number) for number in range(1, 40)])
    await gridded.move(task_id, "returning", "back", at=began + timedelta(minutes=1))
    await work(gridded, database)
    tracks = list((await gridded.state())["tracks"].values())
    assert [(one["name"], one["task_id"], one["n"]) for one in tracks] == [("Лиса-12", str(task_id), 39)]
    assert tracks[0]["device"].startswith("phone ")
    await take_positions(office, anna, operation_id, device_id, [fix(number) for number in range(40, 60)])
    await gridded.move(task_id, "debriefed", "closed")
    await work(gridded, database)
    tracks = sorted((await gridded.state())["tracks"].values(), key=lambda one: int(one["n"]))
    assert [(one["n"], one["set_aside"]) for one in tracks] == [(39, "duplicate"), (59, None)]


async def test_every_strange_track_is_survived(gridded: Desk, database: DatabaseUrls) -> None:
    """No times, one point, poles, two days, times backwards: kept or refused, and none breaks the rest."""
    sector_id = (await gridded.sectors())["B2"]
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    usual = await lanes(gridded, sector_id)
    backwards = usual.copy()
    backwards["t_s"] = backwards["t_s"][::-1]
    poles = usual.copy()
    poles["lat"] = 89.9999
    two_days = usual.copy()
    two_days["t_s"][: len(usual) // 2] -= 86_400
    files = {
        "Лиса-12_1.gpx": gpx(usual[:200], timed=False),
        "Лиса-12_2.gpx": gpx(usual[:1]),
        "Лиса-12_3.gpx": gpx(poles),
        "Лиса-12_4.gpx": gpx(two_days),
        "Лиса-12_5.gpx": gpx(backwards),
    }
    result = await imported(gridded, database, files)
    assert result["kept"] + len(result["refused"]) == 5
    row = await only_evidence(gridded, sector_id)
    assert row["grade"] == "partial_track"
    tracks = (await gridded.state())["tracks"].values()
    assert max(one["flags"]["clock"] for one in tracks) > 100


async def test_a_date_in_a_name_that_is_not_the_points_is_flagged(gridded: Desk) -> None:
    """Yesterday's name on today's track: matched all the same, and said in answer, log and list."""
    sector_id = (await gridded.sectors())["B2"]
    await finished(gridded, await gridded.team("Лиса-12", "Анна"), sector_id)
    fixes = await lanes(gridded, sector_id)
    zone = ZoneInfo("Asia/Irkutsk")
    days = [datetime.fromtimestamp(float(fixes["t_s"][at]), zone) for at in (0, -1)]
    wrong = days[0] - timedelta(days=1)
    names = {
        f"{days[1]:%Y%m%d}_Лиса-12.gpx": gpx(fixes),
        f"{wrong:%Y%m%d}_Лиса-12.gpx": gpx(fixes[:-20]),
        "Лиса-12 без времени 20200101.gpx": gpx(fixes, timed=False),
    }
    result = await imported(gridded, None, names)
    (told,) = result["name_dates"]
    assert (told["name"].split(".")[0], told["told"]) == (f"{wrong:%Y%m%d}_Лиса-12", f"{wrong:%Y-%m-%d}")
    assert told["from"] is not None
    assert result["matched"] == 3
    kept = [one["name_date"] for one in (await gridded.state())["tracks"].values()]
    assert sorted(map(str, kept)) == sorted([f"{wrong:%Y-%m-%d}", "None", "None"])
    async with gridded.office.engine.connect() as connection:
        lines = await track_collection(connection, gridded.operation_id, HEADQUARTERS)
    assert f"{wrong:%Y-%m-%d}" in {feature["properties"]["name_date"] for feature in lines["features"]}
