"""Reading: lists, snapshot and events, waiting, tickets, geometries, positions, the tray, pages, health."""

from __future__ import annotations

import hashlib
import re
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from uuid_utils.compat import uuid7

from search_ops.domain import fold
from search_ops.domain.principals import OrganisationKind, Role
from search_ops.persistence.grants import team_ids_of
from tests.factories import office_on

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World


def _home(world: World, rest: str = "") -> str:
    return f"/api/operations/{world.home.operation_id}{rest}"


def _check_in(number: int, word: str = "all_well", **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "v": 1,
        "device_id": str(uuid7()),
        "dseq": number,
        "kind": "check_in",
        "at": datetime.now(UTC).isoformat(),
        "payload": {"word": word},
        "after": [],
        "base_version": None,
        **more,
    }


def test_lists_hold_what_each_may_read(served: Served, world: World) -> None:
    """Everybody's list of operations is what he may open: his own, none of the other side's."""
    sides = {world.home.number, world.foreign.number}
    expected = {
        (Role.COORDINATOR, "home"): {world.home.number},
        (Role.COORDINATOR, "foreign"): {world.foreign.number},
        (Role.POLICE, "home"): {world.home.number},
        (Role.EMERGENCY, "home"): {world.home.number},
        (Role.FAMILY, "foreign"): {world.foreign.number},
        (Role.VOLUNTEER, "home"): {world.home.number},
    }
    for (role, side), numbers in expected.items():
        listed = served.ask("GET", "/api/operations", world.token(role, side)).json()  # type: ignore[arg-type]
        assert {operation["number"] for operation in listed} & sides == numbers, role
        for operation in listed:
            path = f"/api/operations/{operation['id']}"
            head = served.ask("GET", path, world.token(role, side)).json()  # type: ignore[arg-type]
            assert {**head, **operation} == head
            assert head["state"] == "active"


def test_the_head_names_rights_and_classes(served: Served, world: World) -> None:
    """A desk learns from the operation itself what it may do and which classes it reads."""
    boss = served.ask("GET", _home(world), world.coordinator.token).json()
    assert {"task.give", "operation.close"} <= set(boss["rights"])
    squad = world.organisations[OrganisationKind.SQUAD]
    expected = {"all", "hq", "sealed", f"agency:{squad}", "agency:*", "person:*", "team:*"}
    assert set(boss["classes"]) == expected
    leader = served.ask("GET", _home(world), world.leader.token).json()
    # His own team's sheet and files: what they hold is cut to his classes.
    own = {"operation.read", "report.own", "position.send", "sheet.read", "export.read"}
    assert set(leader["rights"]) == own
    assert set(leader["classes"]) == {
        "all",
        f"person:{world.leader.participant_id}",
        f"team:{world.team_id}",
    }


@pytest.mark.parametrize("who", ["coordinator", "police", "emergency", "leader", "bystander", "family"])
def test_snapshot_and_events_agree(served: Served, world: World, who: str) -> None:
    """Folding the events that a reader gets yields the state of his snapshot; every number is there."""
    tokens = {
        "coordinator": world.coordinator.token,
        "police": world.token(Role.POLICE),
        "emergency": world.token(Role.EMERGENCY),
        "family": world.token(Role.FAMILY),
        "leader": world.leader.token,
        "bystander": world.bystander.token,
    }
    with served.client(tokens[who]) as client:
        snapshot = client.get(_home(world, "/snapshot")).json()
        events: list[dict[str, Any]] = []
        while len(events) < snapshot["seq"]:
            query = {"after": len(events), "limit": 3, "epoch": snapshot["epoch"]}
            events += client.get(_home(world, "/events"), params=query).json()["events"]
    state: fold.State = {}
    for event in events[: snapshot["seq"]]:
        fold.apply(state, event)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert state == snapshot["state"]
    assert (state == {}) == (who == "family")


def test_another_epoch_is_told(served: Served, world: World) -> None:
    """A reader who knows another incarnation of the log is told so, before anything else."""
    query = {"after": 5000, "epoch": str(uuid7())}
    answer = served.ask("GET", _home(world, "/events"), world.coordinator.token, params=query)
    assert (answer.status_code, answer.json()["code"]) == (409, "epoch_changed")


def test_waiting_ends_with_the_next_event(served: Served, world: World) -> None:
    """A waiting reader gets the event soon after it is filed, and gets nothing when nothing happens."""
    with served.client(world.coordinator.token) as client:
        head = client.get(_home(world, "/events"), params={"limit": 1}).json()["head"]
        quiet = client.get(_home(world, "/events"), params={"after": head, "wait": 1}).json()
        assert quiet["events"] == []
        answers: list[dict[str, Any]] = []

        def wait() -> None:
            query = {"after": head, "wait": 20}
            with served.client(world.coordinator.token) as waiting:
                answers.append(waiting.get(_home(world, "/events"), params=query).json())

        thread = threading.Thread(target=wait)
        thread.start()
        batch = {"events": [_check_in(1)]}
        filed = served.ask("POST", _home(world, "/events"), world.member.token, json=batch).json()
        thread.join(10)
    assert filed["results"][0]["status"] == "stored"
    assert answers[0]["events"][0]["seq"] == head + 1


def test_waiting_people_hold_no_connection(served: Served, world: World) -> None:
    """Twenty waiting readers, more than the pool has connections, do not keep anybody else from reading."""
    with served.client(world.coordinator.token) as client:
        head = client.get(_home(world, "/events"), params={"limit": 1}).json()["head"]
    done = threading.Barrier(21)

    def wait() -> None:
        with served.client(world.coordinator.token) as client:
            client.get(_home(world, "/events"), params={"after": head, "wait": 2})
        done.wait(30)

    for _ in range(20):
        threading.Thread(target=wait, daemon=True).start()
    for _ in range(5):
        assert served.ask("GET", _home(world), world.coordinator.token).status_code == 200
    done.wait(30)


def test_a_batch_is_judged_event_by_event(served: Served, world: World) -> None:
    """One broken report does not hold up the others; a broken envelope refuses them all."""
    good = _check_in(10)
    broken = [
        ({**_check_in(11), "at": "yesterday"}, "at_invalid"),
        ({**_check_in(12), "dseq": True}, "dseq_invalid"),
        ({**_check_in(13), "extra": 1}, "unknown_field"),
        ({**_check_in(14), "payload": {"word": "flying"}}, "payload_invalid"),
        ({**_check_in(15), "payload": {"word": "home", "battery_pct": True}}, "payload_invalid"),
        ({**_check_in(16), "id": "x"}, "id_invalid"),
        ({}, "id_invalid"),
    ]
    lat = {"lon": 42.0, "lat": 95.0}
    broken.append(({**_check_in(17), "payload": {"word": "home", "position": lat}}, "payload_invalid"))
    batch = {"events": [*(event for event, _ in broken), good]}
    answer = served.ask("POST", _home(world, "/events"), world.member.token, json=batch)
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(each["status"], each["reason"]) for each in results[:-1]] == [
        ("refused_input", reason) for _, reason in broken
    ]
    assert all(each["seq"] is None for each in results[:-1])
    assert results[-1]["status"] == "stored"
    again = served.ask("POST", _home(world, "/events"), world.member.token, json={"events": [good]})
    assert again.json()["results"] == [{**results[-1], "status": "duplicate"}]
    envelopes: list[dict[str, Any]] = [
        {"events": [good], "more": 1},
        {"events": [7]},
        {"events": [{}] * 101},
        {"event": []},
    ]
    for envelope in envelopes:
        refused = served.ask("POST", _home(world, "/events"), world.member.token, json=envelope)
        assert refused.status_code == 422


def test_a_ticket_is_short_hashed_and_bound(served: Served, world: World) -> None:
    """A stream ticket opens one stream for one session for half a minute, and the database holds its hash."""
    answer = served.ask("POST", _home(world, "/stream-ticket"), world.leader.token)
    assert answer.status_code == 200
    body = answer.json()
    assert body["url"] == f"ws://127.0.0.1:{served.settings.stream_port}/stream"
    left = datetime.fromisoformat(body["expires_at"]) - datetime.now(UTC)
    assert timedelta(0) < left <= timedelta(seconds=30)
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z", body["expires_at"])
    digest = hashlib.sha256(body["ticket"].encode()).digest()
    with psycopg.connect(served.database.app_url) as connection:
        spend = "SELECT stream_id FROM spend_ticket(%s)"
        spent = [connection.execute(spend, (digest,)).fetchone() for _ in range(2)]
    assert spent == [(f"operation/{world.home.operation_id}",), None]


def test_cases_and_desks_have_logs_too(served: Served, world: World) -> None:
    """The case and the organisation are read like the operation: snapshot, events, ticket."""
    squad = world.organisations[OrganisationKind.SQUAD]
    for base in (f"/api/cases/{world.home.case_id}", f"/api/organisations/{squad}"):
        with served.client(world.coordinator.token) as client:
            snapshot = client.get(f"{base}/snapshot").json()
            events = client.get(f"{base}/events").json()
            assert client.post(f"{base}/stream-ticket").status_code == 200
        assert events["head"] == snapshot["seq"] == len(events["events"])
    subject = served.ask("GET", f"/api/cases/{world.home.case_id}/snapshot", world.coordinator.token).json()
    names = [each["name"] for each in subject["state"]["subjects"].values()]
    assert names == ["Пётр Невымышленный"]


async def test_a_geometry_is_read_by_whom_an_event_shows_it(served: Served, world: World) -> None:
    """A large geometry of the team's task is read by the team and headquarters, by nobody else."""
    body = b'{"type":"Point","coordinates":[42.0,58.0]}'
    digest = hashlib.sha256(body).hexdigest()
    with psycopg.connect(served.database.app_url) as connection:
        connection.execute(
            "INSERT INTO stored_geometry (sha256, geom, body) VALUES"
            " (%s, ST_SetSRID(ST_MakePoint(42, 58), 4326), %s) ON CONFLICT DO NOTHING",
            (bytes.fromhex(digest), body),
        )
        connection.execute(
            "INSERT INTO geometry_reader VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (bytes.fromhex(digest), f"operation/{world.home.operation_id}", f"team:{world.team_id}"),
        )
    path = f"/api/geometries/{digest}"
    readers = {
        world.coordinator.token: 200,
        world.leader.token: 200,
        world.bystander.token: 404,
        world.stranger.token: 404,
        world.token(Role.EMERGENCY): 404,
        world.token(Role.COORDINATOR, "foreign"): 404,
    }
    for token, status in readers.items():
        answer = served.ask("GET", path, token)
        assert answer.status_code == status
        if status == 200:
            assert answer.content == body
    missing = served.ask("GET", f"/api/geometries/{'0' * 64}", world.bystander.token)
    assert missing.json() == served.ask("GET", path, world.bystander.token).json()


def _fix(dseq: int, **more: Any) -> dict[str, Any]:
    fix = {"dseq": dseq, "at": datetime.now(UTC).isoformat(), "lon": 42.0, "lat": 58.0, "accuracy_m": 8}
    return {**fix, "speed_mps": None, "bearing_deg": None, "battery": 71, **more}


def test_positions_are_kept_once_and_judged(served: Served, world: World) -> None:
    """Fixes count once by number; what cannot be true is kept, flagged and not shown."""
    joined = {"code": world.home.join_code, "name": "Клавдия", "device_id": str(uuid7())}
    me = served.ask("POST", "/api/join", json=joined).json()
    began = datetime.now(UTC)
    chunk = [
        _fix(1, at=(began + timedelta(seconds=1)).isoformat()),
        _fix(2, at=(began + timedelta(seconds=2)).isoformat(), lat=58.0001),
        _fix(3, at=(began + timedelta(seconds=3)).isoformat(), lat=59.0),
        _fix(4, at=(began + timedelta(days=9)).isoformat(), lat=57.0),
        _fix(5, at=(began - timedelta(days=9)).isoformat(), lat=57.0),
        _fix(6, at=(began + timedelta(seconds=6)).isoformat(), accuracy_m=90_000, lat=57.0),
        _fix(2, at=(began + timedelta(seconds=2)).isoformat(), lat=58.0002),
    ]
    body = {"device_id": joined["device_id"], "positions": chunk}
    with served.client(me["token"]) as client:
        assert client.post(_home(world, "/positions"), json=body).json() == {
            "stored": 6,
            "duplicate": 1,
            "flagged": 4,
        }
        assert client.post(_home(world, "/positions"), json=body).json() == {
            "stored": 0,
            "duplicate": 7,
            "flagged": 0,
        }
        assert client.get(_home(world, "/positions")).status_code == 403
    listed = served.ask("GET", _home(world, "/positions"), world.coordinator.token).json()["positions"]
    mine = [each for each in listed if each["participant_id"] == me["participant_id"]]
    assert [(each["lon"], each["lat"], each["battery"]) for each in mine] == [(42.0, 58.0001, 71.0)]
    recorded = served.ask("GET", _home(world, "/events"), me["token"], params={"limit": 500}).json()
    tracks = [event["payload"] for event in recorded["events"] if event.get("kind") == "track_recorded"]
    assert [track["n"] for track in tracks] == [6]


def test_nobody_takes_the_numbers_of_another_device(served: Served, world: World) -> None:
    """Fixes under somebody else's device id do not make his own ones duplicates."""
    people = []
    for name in ("Лев", "Мира"):
        body = {"code": world.home.join_code, "name": name, "device_id": str(uuid7())}
        people.append((served.ask("POST", "/api/join", json=body).json()["token"], body["device_id"]))
    (thief, _), (owner, device) = people
    chunk = {"device_id": device, "positions": [_fix(1), _fix(2)]}
    for token in (thief, owner):
        assert served.ask("POST", _home(world, "/positions"), token, json=chunk).json()["stored"] == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"lat": 95},
        {"lon": 181},
        {"lat": True},
        {"lon": "42"},
        {"dseq": -1},
        {"dseq": 1.5},
        {"at": 1700000000},
        {"at": "2026-08-23T10:00:00"},
        {"at": "1700000000"},
        {"accuracy_m": -1},
        {"more": 1},
    ],
)
def test_a_broken_fix_refuses_its_chunk(served: Served, world: World, bad: dict[str, Any]) -> None:
    """Latitude 95, a time without an offset and their like refuse the chunk and name the field."""
    chunk = {"device_id": str(uuid7()), "positions": [_fix(1), {**_fix(2), **bad}]}
    answer = served.ask("POST", _home(world, "/positions"), world.bystander.token, json=chunk)
    assert answer.status_code == 422
    field = next(iter(bad))
    where = "body.positions.1" if field == "more" else f"body.positions.1.{field}"
    assert answer.json()["where"] == where
    many = {"device_id": str(uuid7()), "positions": [_fix(number) for number in range(51)]}
    assert served.ask("POST", _home(world, "/positions"), world.bystander.token, json=many).status_code == 422


def test_the_tray_shows_copies_that_differ(served: Served, world: World) -> None:
    """The same id with other content goes to the tray, which headquarters reads and volunteers do not."""
    event = _check_in(30)
    changed = {**event, "payload": {"word": "rest"}}
    for sent in (event, changed):
        filed = served.ask("POST", _home(world, "/events"), world.member.token, json={"events": [sent]})
    assert filed.json()["results"][0] == {
        "id": event["id"],
        "status": "quarantined",
        "seq": None,
        "reason": "same_id_other_content",
    }
    tray = served.ask("GET", _home(world, "/quarantine"), world.coordinator.token).json()
    assert event["id"] in [each["event_id"] for each in tray["quarantined"]]
    assert served.ask("GET", _home(world, "/quarantine"), world.member.token).status_code == 403


def test_organisations_are_told_in_the_readers_language(served: Served, world: World) -> None:
    """Names of organisations come in the language asked for; the list says whom a request may go to."""
    for language, name in (("en-GB,en;q=0.9", "Alder squad"), ("ru", "police"), ("de", "police")):
        answer = served.ask(
            "GET", "/api/organisations", world.coordinator.token, headers={"Accept-Language": language}
        )
        found = {each["kind"]: each["name"] for each in answer.json()}
        assert found["police"] == name
        assert set(found) == {kind.value for kind in OrganisationKind}


def test_health_tells_living_from_ready(served: Served) -> None:
    """The process says that it lives, and that database and schema are there."""
    assert served.ask("GET", "/livez").json() == {"status": "alive"}
    ready = served.ask("GET", "/readyz").json()
    assert ready["status"] == "ready"
    assert (ready["backup_fault"], ready["is_backup_late"]) == (None, False)


def test_the_description_is_for_staff(served: Served, world: World) -> None:
    """The description of the interface is served to signed-in staff; documentation pages are off."""
    described = served.ask("GET", "/openapi.json", world.coordinator.token).json()
    assert described["openapi"].startswith("3.")
    assert "/api/operations/{operation_id}/events" in described["paths"]
    assert served.ask("GET", "/openapi.json", world.leader.token).status_code == 403
    for path in ("/docs", "/redoc"):
        assert served.ask("GET", path).status_code == 404


async def test_a_team_opens_to_its_members_only_while_they_are_in_it(served: Served, world: World) -> None:
    """Classes follow the team as it is now: whoever is not in it gets numbers without content."""
    async with office_on(served.database) as office, office.engine.connect() as connection:
        of_leader = await team_ids_of(connection, world.home.operation_id, world.leader.participant_id)
        of_bystander = await team_ids_of(connection, world.home.operation_id, world.bystander.participant_id)
    assert of_leader == {world.team_id}
    assert of_bystander == frozenset()
