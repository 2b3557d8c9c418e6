"""What a volunteer's token never brings to light: canaries in everything that is not his."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from uuid_utils.compat import uuid7

from search_ops.domain.events import Draft
from search_ops.domain.principals import Grant, Role
from search_ops.domain.visibility import agency_class
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.unit_of_work import transaction
from tests.factories import (
    make_search,
    make_sectors,
    make_task,
    make_team,
    make_volunteer,
    office_on,
)
from tests.web.test_access import UNSAFE, path_of
from web.access import RULES

if TYPE_CHECKING:
    from tests.factories import Search
    from tests.web.conftest import Served
    from tests.web.world import World

LON, LAT = 41.77316842, 57.31642177  # of the canary's finds: no answer may hold these digits


class Cage:
    """Canaries, each in its place."""

    def __init__(self) -> None:
        self.words = {
            place: f"кенар{secrets.token_hex(6)}"
            for place in (
                "subject",
                "other_name",
                "other_phone",
                "other_team",
                "other_task",
                "clue",
                "find",
                "note",
                "agency",
                "check_in",
                "alarm",
                "tray",
            )
        }

    def __getitem__(self, place: str) -> str:
        return self.words[place]

    def escaped(self, text: str) -> list[str]:
        """Return the places whose canary sings in a text."""
        found = [place for place, word in self.words.items() if word in text]
        return found + [digits for digits in ("41.7731", "57.3164") if digits in text]


def _report(kind: str, payload: dict[str, Any], dseq: int, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "v": 1,
        "device_id": str(uuid7()),
        "dseq": dseq,
        "kind": kind,
        "at": datetime.now(UTC).isoformat(),
        "payload": payload,
        **more,
    }


async def _populate(served: Served, world: World, cage: Cage) -> tuple[Search, str, str, list[str]]:
    """Make a search full of canaries; return it, the volunteer's token, headquarters' and other ids."""
    async with office_on(served.database) as office:
        boss = world.coordinator.principal
        search = await make_search(office, boss, who=cage["subject"])
        me, mate = await make_volunteer(office, search, "Наум"), await make_volunteer(office, search, "Ольга")
        other = await make_volunteer(office, search, cage["other_name"], phone=cage["other_phone"])
        own_team = await make_team(office, boss, search, [me.participant_id, mate.participant_id])
        team = await make_team(
            office, boss, search, [other.participant_id], callsign=cage["other_team"][:20] + "х"
        )
        sectors = await make_sectors(office, search, lon=LON, lat=LAT)
        own_sectors = await make_sectors(office, search, ["B1"])
        await make_task(office, boss, search, own_team, own_sectors["B1"], text="ваш квадрат")
        task = await make_task(office, boss, search, team, sectors["A1"], text=cage["other_task"])
        stream_id = operation_stream(search.operation_id)
        async with transaction(office, [stream_id]) as work:
            police = world.staff[Role.POLICE, "home"].principal.organisation_id
            assert police is not None
            draft = Draft(
                uuid7(),
                "agency_told",
                agency_class(police),
                {"told_id": str(uuid7()), "organisation_id": str(police), "text": cage["agency"]},
                {"type": "system", "id": "tests"},
                work.now,
                sealed={"name": cage["agency"]},
            )
            work.streams[stream_id].append(draft)
    position = {"lon": LON, "lat": LAT}
    word = {"word": "all_well", "text": cage["check_in"], "position": position}
    same = _report("check_in", word, 1)
    batch = [
        same,
        {**same, "payload": {"word": "rest", "text": cage["tray"]}},
        _report("clue_found", {"text": cage["clue"], "position": position}, 2),
        _report("found_reported", {"condition": "carried", "text": cage["find"], "position": position}, 3),
        _report("note_added", {"text": cage["note"]}, 4),
        _report("sos_raised", {"text": cage["alarm"], "position": position}, 5),
    ]
    events = f"/api/operations/{search.operation_id}/events"
    verdicts = served.ask("POST", events, other.token, json={"events": batch}).json()["results"]
    assert [each["status"] for each in verdicts] == ["stored", "quarantined", *["stored"] * 4]
    fix = {"dseq": 1, "at": datetime.now(UTC).isoformat(), **position}
    chunk = {"device_id": str(uuid7()), "positions": [fix]}
    assert (
        served.ask("POST", events.replace("events", "positions"), other.token, json=chunk).status_code == 200
    )
    ids = [str(each) for each in (team, task, other.participant_id, search.case_id, *sectors.values())]
    return search, me.token, world.coordinator.token, ids


async def test_a_volunteers_token_brings_no_canary_out(served: Served, world: World) -> None:
    """With canaries in all that is not his, no route, event, snapshot or refusal shows one to a volunteer."""
    cage = Cage()
    search, token, boss, ids = await _populate(served, world, cage)
    base = f"/api/operations/{search.operation_id}"
    assert [identity for identity in ids[:3] if identity in client_reads(served, base, token)] == []
    heard: list[str] = []
    with served.client(token) as client:
        for (method, template), rule in RULES.items():
            path = path_of(template, world)
            for made_up, real in (
                (world.home.operation_id, search.operation_id),
                (world.home.case_id, search.case_id),
            ):
                path = path.replace(str(made_up), str(real))
            if method in UNSAFE and template != "/api/session":
                heard.append(client.request(method, path, json={}).text)
                heard.append(client.request(method, path, json={"command_id": str(uuid7())}).text)
            elif method == "GET" and rule.strict_query:
                heard.append(client.get(path).text)
        heard.append(client.get(f"{base}/events", params={"limit": 500}).text)
        for identity in ids:
            event = _report("check_in", {"word": "home", "participant_id": identity}, 1)
            claim = _report("sector_claimed", {"team_id": identity, "sector_id": ids[-1]}, 2, base_version=1)
            asked = _report("check_in", {"word": "home", "team_id": identity}, 3)
            heard.append(client.post(f"{base}/events", json={"events": [event, claim, asked]}).text)
        tile = client.get("/tiles/ground/12/2523/1218.mvt")
        heard.append(tile.content.decode("latin-1"))
    everything = "\n".join(heard)
    assert cage.escaped(everything) == []
    assert "ваш квадрат" in everything  # the net is not simply empty
    with served.client(boss) as desk:
        for path in ("snapshot", "events", "quarantine", "positions"):
            everything += desk.get(f"{base}/{path}").text
        everything += desk.get(f"/api/cases/{search.case_id}/snapshot").text
    seen = set(cage.escaped(everything)) - {"41.7731", "57.3164"}
    assert seen == set(cage.words)  # headquarters sees them: the canaries were really there


def client_reads(served: Served, base: str, token: str) -> str:
    """Return what a volunteer's page loads."""
    with served.client(token) as client:
        return "".join(client.get(f"{base}/{path}").text for path in ("", "snapshot", "events"))


async def test_leaving_a_team_closes_its_class(served: Served, world: World) -> None:
    """Once a member is taken out of the team, the team's events are numbers to him again."""
    async with office_on(served.database) as office:
        boss = world.coordinator.principal
        search = await make_search(office, boss)
        me, mate = await make_volunteer(office, search, "Паша"), await make_volunteer(office, search, "Рая")
        team = await make_team(office, boss, search, [mate.participant_id, me.participant_id])
    base = f"/api/operations/{search.operation_id}"
    assert str(team) in served.ask("GET", f"{base}/snapshot", me.token).text
    version = served.ask("GET", f"{base}/snapshot", world.coordinator.token).json()["state"]["teams"][
        str(team)
    ]["version"]
    change = {
        "command_id": str(uuid7()),
        "base_version": version,
        "leader_id": str(mate.participant_id),
        "member_ids": [str(mate.participant_id)],
        "disbanded": False,
    }
    changed = served.ask("PUT", f"{base}/teams/{team}", world.coordinator.token, json=change)
    assert changed.status_code == 200, changed.text
    assert str(team) not in client_reads(served, base, me.token)
    assert str(team) in client_reads(served, base, mate.token)


async def test_family_and_agencies_read_little(served: Served, world: World) -> None:
    """Family reads the operation's head and nothing of its log; a granted agency the open events only."""
    cage = Cage()
    search, _, _, _ = await _populate(served, world, cage)
    texts: dict[Role, str] = {}
    for role in (Role.FAMILY, Role.EMERGENCY):
        with psycopg.connect(served.database.app_url) as connection:
            grant = Grant(role, operation_id=search.operation_id)
            connection.execute(
                "INSERT INTO account_grant (grant_id, account_id, role, operation_id)"
                " VALUES (%s, %s, %s, %s)",
                (uuid7(), world.staff[role, "home"].principal.id, grant.role.value, grant.operation_id),
            )
        texts[role] = client_reads(served, f"/api/operations/{search.operation_id}", world.token(role))
        assert cage.escaped(texts[role]) == []
    assert '"kind":"operation_opened"' in texts[Role.EMERGENCY]
    assert '"kind"' not in texts[Role.FAMILY]
