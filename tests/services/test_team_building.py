"""The team builder on a real roster: proposals keep the rules, hand-made teams are told which they break."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from search_ops.domain.team_wishes import DraftTeam, ProposalAsked, TeamAsked, TeamsChecked
from search_ops.errors import BadInput, Conflict
from search_ops.services import team_building
from search_ops.services.team_building import check, propose
from tests.services.rostering import accepted, describe, draft, issued, listed, outing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tests.services.conftest import Desk

LEADER = {"competence": "leader", "until": None}


async def _proposal(desk: Desk, **asked: Any) -> dict[str, Any]:
    wish = ProposalAsked.model_validate({"outing": outing(desk), **asked})
    async with desk.office.engine.connect() as connection:
        return await propose(desk.office, connection, desk.operation_id, wish)


async def _faults(desk: Desk, teams: Sequence[DraftTeam], hours: float = 4.0) -> list[list[str]]:
    wish = TeamsChecked(outing=outing(desk, hours), teams=list(teams))
    async with desk.office.engine.connect() as connection:
        told = await check(desk.office, connection, desk.operation_id, wish)
    return [[fault["rule"] for fault in team["faults"]] for team in told["teams"]]


async def _person(desk: Desk, name: str, **said: Any) -> UUID:
    person = await desk.add(name)
    await describe(desk, person, adult=True, **said)
    return person


async def _equipped(desk: Desk, teams: int) -> list[UUID]:
    return [
        await listed(desk, kind, str(number)) for number in range(teams) for kind in ("radio", "navigator")
    ]


async def test_a_proposal_is_accepted_as_it_is(desk: Desk) -> None:
    """Leaders, things and callsigns come from the roster; what is proposed keeps the rules."""
    used = await desk.team("Лиса-1", "Рита")
    await _equipped(desk, 2)
    for name in ("Анна", "Борис"):
        await _person(desk, name, certificates=[LEADER])
    others = [await _person(desk, name) for name in ("Вера", "Глеб", "Дина")]
    child = await desk.add("Ева")
    await describe(desk, child, adult=False)
    found = await _proposal(desk, fill_people=2)
    assert [team["callsign"] for team in found["teams"]] == ["Лиса-2", "Лиса-3"]
    assert {len(team["resource_ids"]) for team in found["teams"]} == {2}
    assert str(used) not in found["teams"]
    assert [(left["participant_id"], left["faults"][0]["rule"]) for left in found["left"]] == [
        (str(child), "under_age")
    ]
    drafts = [
        DraftTeam.model_validate(
            {
                "key": team["callsign"],
                **{name: team[name] for name in ("callsign", "kind", "leader_id", "member_ids")},
                "resource_ids": team["resource_ids"],
            }
        )
        for team in found["teams"]
    ]
    assert await _faults(desk, drafts) == [[], []]
    formed = await accepted(desk, drafts)
    state = await desk.state()
    members = {who for team_id in formed for who in state["teams"][str(team_id)]["member_ids"]}
    assert {str(each) for each in others} < members
    holders = {thing.get("team_id") for thing in state["resources"].values()}
    assert holders == {str(team_id) for team_id in formed}


async def test_needs_come_first_and_shortages_have_numbers(desk: Desk) -> None:
    """A dog team that is asked for gets the only leader; what stops one more is said with numbers."""
    await _equipped(desk, 1)
    await _person(desk, "Анна", certificates=[LEADER])
    handler = await _person(desk, "Борис", certificates=[{"competence": "dog_handler"}])
    await _person(desk, "Вера")
    dog = await listed(desk, "dog", "Гром", goes_with=[handler])
    asked = [TeamAsked(kind="dog"), TeamAsked(kind="boat")]
    found = await _proposal(desk, requests=asked, fill_people=2)
    assert [(team["kind"], team["request"]) for team in found["teams"]] == [("dog", 0)]
    assert str(dog) in found["teams"][0]["resource_ids"]
    assert [refused["request"] for refused in found["refused"]] == [1]
    assert {short["rule"] for short in found["refused"][0]["shortages"]} >= {"competence_missing"}


async def test_every_hand_made_fault_is_named(desk: Desk) -> None:
    """Alone, without leader, radio and navigator, in two teams, certificate expired, tired, absent."""
    anna = await _person(desk, "Анна", certificates=[{"competence": "leader", "until": "2026-08-01"}])
    boris = await _person(desk, "Борис", leaves_at=desk.office.clock() + timedelta(hours=1))
    await desk.add("Вера", "going")
    vera = desk.people["Вера"]
    first, second = draft("Лиса-1", [anna]), draft("лиса 1", [boris, anna, vera])
    alone, crowded = await _faults(desk, [first, second])
    assert {"certificate_expired", "too_few_people", "item_missing", "in_other_team", "callsign_used"} <= set(
        alone
    )
    assert {"certificate_missing", "leaves_too_early", "not_on_site", "in_other_team"} <= set(crowded)
    tired = desk.office.clock() - timedelta(hours=11)
    await describe(desk, boris, shift_from=tired, leaves_at=None)
    assert "shift_too_long" in (await _faults(desk, [draft("Лиса-2", [boris])]))[0]


async def test_judgement_is_waived_with_a_reason_and_faults_never(desk: Desk) -> None:
    """Going without a radio is somebody's decision and stands in the log; a child goes in no team."""
    anna = await _person(desk, "Анна", certificates=[LEADER])
    boris = await _person(desk, "Борис")
    pair = draft("Лиса-1", [anna, boris])
    with pytest.raises(Conflict, match="team_breaks_rules") as refused:
        await accepted(desk, [pair])
    rules = {fault["rule"] for fault in refused.value.data["teams"][0]["faults"]}
    assert rules == {"item_missing"}
    await describe(desk, boris, adult=False)
    with pytest.raises(Conflict, match="team_breaks_rules"):
        await accepted(desk, [pair], waived="Идут вдоль дороги")
    await describe(desk, boris, adult=True)
    (team_id,) = await accepted(desk, [pair], waived="Идут вдоль дороги")
    waiver = (await desk.state())["waivers"][str(team_id)]
    assert waiver["reason"] == "Идут вдоль дороги"
    assert {rule["what"] for rule in waiver["rules"]} == {"radio", "navigator"}


async def test_all_teams_or_none(desk: Desk) -> None:
    """One team that cannot be formed keeps the others from being formed too."""
    anna = await _person(desk, "Анна", certificates=[LEADER])
    boris = await _person(desk, "Борис")
    with pytest.raises(Conflict):
        await accepted(desk, [draft("Лиса-1", [anna, boris]), draft("Лиса-2", [boris])], waived="Срочно")
    assert "teams" not in await desk.state()


async def test_what_somebody_has_goes_with_him(desk: Desk) -> None:
    """A radio issued to a person counts for his team and stays in his hands."""
    anna = await _person(desk, "Анна", certificates=[LEADER])
    boris = await _person(desk, "Борис")
    radio, navigator = await _equipped(desk, 1)
    await issued(desk, radio, participant_id=boris)
    team = draft("Лиса-1", [anna, boris], resource_ids=[radio, navigator])
    assert await _faults(desk, [team]) == [[]]
    assert (await _faults(desk, [draft("Лиса-1", [anna], resource_ids=[radio, navigator])]))[0].count(
        "item_without_its_person"
    ) == 1
    (team_id,) = await accepted(desk, [team])
    things = (await desk.state())["resources"]
    assert (things[str(radio)]["participant_id"], things[str(radio)]["team_id"]) == (str(boris), None)
    assert things[str(navigator)]["team_id"] == str(team_id)


async def test_a_team_that_is_there_is_checked_as_it_would_be(desk: Desk) -> None:
    """A change of a team on the screen is judged beside its own callsign and members."""
    team_id = await desk.team("Лиса-1", "Анна", "Борис")
    anna, boris = desk.people["Анна"], desk.people["Борис"]
    for person in (anna, boris):
        await describe(desk, person, adult=True, certificates=[LEADER])
    changed = draft("Лиса-1", [anna, boris], team_id=team_id, resource_ids=await _equipped(desk, 1))
    assert await _faults(desk, [changed]) == [[]]


async def test_a_crowd_is_shared_out_in_turns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """More people than one proposal holds: who can do most comes first, the rest is counted."""
    monkeypatch.setattr(team_building, "MOST_CONSIDERED", 2)
    await _equipped(desk, 1)
    await _person(desk, "Вера", shift_from=desk.office.clock() - timedelta(hours=2))
    fresh = await _person(desk, "Борис")
    leader = await _person(desk, "Анна", certificates=[LEADER])
    found = await _proposal(desk, fill_people=2)
    assert found["beyond"] == 1
    assert [set(team["member_ids"]) for team in found["teams"]] == [{str(leader), str(fresh)}]


async def test_bad_questions_get_answers(desk: Desk) -> None:
    """Nobody on site, back before leaving, a size that no team has."""
    with pytest.raises(Conflict, match="nobody_for_teams"):
        await _proposal(desk)
    await _person(desk, "Анна")
    now = desk.office.clock()
    with pytest.raises(BadInput, match="outing_times"):
        await _proposal(desk, outing={"start_at": now, "back_at": now - timedelta(hours=1)})
    with pytest.raises(BadInput, match="team_size"):
        await _proposal(desk, fill_people=60)
