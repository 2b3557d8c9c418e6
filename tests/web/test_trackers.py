"""Trackers over a real socket: heard while their carrier takes part, answered as their protocols expect."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role

if TYPE_CHECKING:
    from tests.web.conftest import Served
    from tests.web.world import World


class Carrier:
    """Somebody of the search, and the tracker in his pocket."""

    def __init__(self, served: Served, world: World, state: str = "on_site") -> None:
        self.served, self.world = served, world
        self.home = f"/api/operations/{world.home.operation_id}"
        person = {"name": None, "callsign": f"Т-{uuid7().hex[-6:]}", "phone": None, "state": state}
        self.person_id = self.command("POST", "/participants", **person)["participant_id"]
        bound = self.command("POST", f"/participants/{self.person_id}/trackers", name="Трекер 7")
        self.token, self.tracker_id = bound["token"], bound["tracker_id"]
        assert bound["osmand_url"].endswith("/osmand/")

    def command(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        sent = {"command_id": str(uuid7()), **body}
        answer = self.served.ask(method, self.home + path, self.world.coordinator.token, json=sent)
        assert answer.status_code in {200, 201}, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def query(self, **change: str) -> int:
        told = {"id": self.token, "lat": "50.0", "lon": "14.0", "speed": "1.75", "batt": "63", **change}
        return self.served.ask("GET", "/osmand/", params=told).status_code

    def owntracks(self, content: bytes, token: str | None = None) -> Any:
        key = base64.b64encode(f"any:{token or self.token}".encode()).decode()
        headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
        return self.served.ask("POST", "/owntracks/", headers=headers, content=content)

    def points(self) -> list[tuple[Any, ...]]:
        query = "SELECT speed_mps, flagged, at FROM position WHERE device_id = %s ORDER BY at"
        with psycopg.connect(self.served.database.app_url) as connection:
            return connection.execute(query, (self.tracker_id,)).fetchall()

    def heard(self) -> dict[str, Any]:
        listed = self.served.ask("GET", self.home + "/trackers", self.world.coordinator.token).json()
        found: dict[str, Any] = next(
            one for one in listed["trackers"] if one["tracker_id"] == self.tracker_id
        )
        return found

    def shown(self) -> list[Any]:
        answer = self.served.ask("GET", self.home + "/positions", self.world.coordinator.token).json()
        return [one for one in answer["positions"] if one["participant_id"] == self.person_id]


@pytest.fixture
def carrier(served: Served, world: World) -> Carrier:
    return Carrier(served, world)


def moment(minutes: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def test_a_position_is_kept_once_and_shown(carrier: Carrier) -> None:
    """Sent twice it counts once; a sign of life moves nothing; what cannot be true is flagged, not shown."""
    at = moment()
    assert [carrier.query(timestamp=at), carrier.query(timestamp=at)] == [200, 200]
    [(speed_mps, flagged, _)] = carrier.points()
    assert (round(speed_mps, 2), flagged) == (0.9, None)
    [shown] = carrier.shown()
    assert (shown["lon"], shown["lat"], shown["battery"]) == (14.0, 50.0, 63.0)
    assert carrier.query(lat="", lon="", batt="61") == 200
    assert carrier.query(timestamp=moment(0.1), lat="60.0") == 200
    assert carrier.query(timestamp=moment(0.2), valid="false") == 200
    assert [flag for _, flag, _ in carrier.points()] == [None, "speed", "invalid"]
    assert carrier.shown() == [shown]
    assert carrier.heard()["battery"] == 63.0


def test_the_body_of_traccar_client_and_owntracks(carrier: Carrier) -> None:
    """Both are stored before they are told so; OwnTracks gets a list, other types and nothing get it too."""
    place = {"latitude": 50.0, "longitude": 14.0, "speed": 0.9}
    body = {"device_id": carrier.token.lower(), "location": {"timestamp": moment(), "coords": place}}
    assert carrier.served.ask("POST", "/osmand", json=body).status_code == 200
    at_s = int(datetime.now(UTC).timestamp()) + 3
    told = f'{{"_type":"location","tid":"L1","tst":{at_s},"lat":50.0,"lon":14.0,"vel":36,"batt":9}}'
    answer = carrier.owntracks(told.encode())
    assert (answer.status_code, answer.json()) == (200, [])
    assert [round(speed, 1) for speed, _, _ in carrier.points()] == [0.9, 10.0]
    for other in (b"", b'{"_type":"lwt","tst":1}', b'{"_type":"encrypted","data":"x"}'):
        answer = carrier.owntracks(other)
        assert (answer.status_code, answer.json()) == (200, [])
    assert len(carrier.points()) == 2


def test_what_cannot_be_read_is_counted_and_not_stored(carrier: Carrier) -> None:
    """400 of the query; OwnTracks gets 200, else its queue would stand; strangers get their refusals."""
    assert carrier.query(lat="91") == 400
    assert carrier.query(timestamp="yesterday") == 400
    body = {"device_id": carrier.token, "location": {"coords": {"latitude": "x"}}}
    assert carrier.served.ask("POST", "/osmand/", json=body).status_code == 400
    assert carrier.owntracks(b'{"_type":"location","lat":50.0}').status_code == 200
    assert carrier.owntracks(b"{").status_code == 200
    assert carrier.heard()["malformed"] == 5
    assert carrier.points() == []
    stranger = "ZZZZZZZZZZZZZZZZZZZZ"
    assert carrier.query(id=stranger) == 400
    assert carrier.query(id=stranger, lat="91") == 400
    assert carrier.query(id="") == 400
    sent = {"device_id": stranger, "location": None}
    assert carrier.served.ask("POST", "/osmand/", json=sent).status_code == 404
    assert carrier.owntracks(b'{"_type":"lwt"}', stranger).status_code == 401
    assert carrier.served.ask("POST", "/owntracks/", content=b"{}").status_code == 401


def test_nobody_is_followed_outside_his_participation(carrier: Carrier) -> None:
    """Before it was bound, and after he is home: dropped and counted; late points from before are taken."""
    assert carrier.query(timestamp=moment(-60)) == 200
    before = moment()
    state = carrier.served.ask("GET", carrier.home + "/snapshot", carrier.world.coordinator.token).json()
    version = state["state"]["participants"][carrier.person_id]["version"]
    wish = {"base_version": version, "state": "home", "source": "call"}
    carrier.command("POST", f"/participants/{carrier.person_id}/state", **wish)
    assert carrier.query(timestamp=moment(1)) == 200
    assert carrier.query(timestamp=before) == 200
    assert len(carrier.points()) == 1
    assert carrier.heard()["dropped"] == 2


def test_one_who_was_only_invited_is_not_followed(served: Served, world: World) -> None:
    """His points are dropped until he is on his way."""
    invited = Carrier(served, world, state="invited")
    assert invited.query(timestamp=moment()) == 200
    assert (invited.points(), invited.heard()["dropped"]) == ([], 1)


def test_a_token_ends_and_is_told_once(carrier: Carrier) -> None:
    """Given back, the device is nobody's; the log and the answers to commands do not hold the token."""
    with psycopg.connect(carrier.served.database.app_url) as connection:
        for table in ("event", "entity", "command", "tracker"):
            rows = connection.execute(f"SELECT row_to_json(t)::text FROM {table} t").fetchall()  # noqa: S608
            assert all(carrier.token not in row[0] for row in rows)
    carrier.command("POST", f"/trackers/{carrier.tracker_id}/end")
    assert carrier.query(timestamp=moment()) == 400
    assert carrier.points() == []


def test_a_repeated_binding_makes_another_token_for_the_same_tracker(carrier: Carrier) -> None:
    """The answer was lost: the same command again gives a token that works, and the first works no more."""
    first = carrier.token
    path = f"{carrier.home}/participants/{carrier.person_id}/trackers"
    sent = {"command_id": carrier.tracker_id, "name": "Трекер 7"}
    again = carrier.served.ask("POST", path, carrier.world.coordinator.token, json=sent).json()
    assert again["tracker_id"] == carrier.tracker_id
    carrier.token = again["token"]
    assert carrier.query(timestamp=moment()) == 200
    assert carrier.query(id=first, timestamp=moment(0.1)) == 400
    volunteer = carrier.world.token(Role.VOLUNTEER)
    assert carrier.served.ask("POST", path, volunteer, json=sent).status_code == 403
