"""Signing in and out: token, cookie, origin, limits of tries."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx2
import psycopg
import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from tests.factories import PASSWORD
from tests.web.conftest import Served, serve
from tests.web.world import World


def _sign_in(served: Served, login: str, password: str = PASSWORD, **headers: str) -> httpx2.Response:
    return served.ask("POST", "/api/session", json={"login": login, "password": password}, headers=headers)


def test_password_opens_a_session_by_token_and_by_cookie(served: Served, world: World) -> None:
    """The right password gives a token and the same key in a cookie that scripts cannot read."""
    answer = _sign_in(served, world.coordinator.login)
    assert answer.status_code == 200
    body = answer.json()
    assert body["account"]["id"] == str(world.coordinator.principal.id)
    assert body["account"]["grants"] == [{"role": "coordinator", "region": "RU-KOS", "operation_id": None}]
    cookie = SimpleCookie(answer.headers["set-cookie"])["session"]
    assert cookie.value == body["token"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True,
        "lax",
        "/",
        "",
    )
    assert answer.headers["cache-control"] == "no-store"
    asked = served.ask("GET", "/api/session", headers={"Cookie": f"session={body['token']}"})
    assert asked.json()["account"]["organisation"]["kind"] == "squad"
    assert set(asked.json()) == {"account"}


def test_token_is_stored_as_a_hash_only(served: Served, world: World) -> None:
    """Whoever reads the database finds no token in it."""
    token = _sign_in(served, world.coordinator.login).json()["token"]
    with psycopg.connect(served.database.app_url) as connection:
        rows = connection.execute("SELECT s::text FROM session s").fetchall()
    assert len(token) >= 43
    assert not any(token in row[0] or token.encode().hex() in row[0] for row in rows)


def test_wrong_password_and_unknown_login_look_alike(served: Served, world: World) -> None:
    """A refused sign-in does not tell whether the login exists."""
    wrong = _sign_in(served, world.coordinator.login, "не тот")
    unknown = _sign_in(served, "nobody", "не тот")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "sign_in_refused"
    assert "set-cookie" not in wrong.headers


def test_signing_out_revokes_the_key(served: Served, world: World) -> None:
    """After signing out the token opens nothing, wherever it was copied to."""
    token = _sign_in(served, world.coordinator.login).json()["token"]
    assert served.ask("DELETE", "/api/session", token).status_code == 204
    assert served.ask("GET", "/api/session", token).status_code == 401


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
def test_a_session_ends(served: Served, world: World, column: str) -> None:
    """A session that is over or revoked in the database opens nothing."""
    token = _sign_in(served, world.coordinator.login).json()["token"]
    ends = datetime.now(UTC) - timedelta(seconds=1)
    with psycopg.connect(served.database.app_url) as connection:
        connection.execute(
            f"UPDATE session SET {column} = %s WHERE token_hash = sha256(%s)",  # noqa: S608 - a name from this file
            (ends, token.encode()),
        )
    answer = served.ask("GET", "/api/session", token)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_in_use_is_prolonged_but_never_beyond_its_day(served: Served, world: World) -> None:
    """Working keeps a session alive, up to twenty-four hours after the password."""
    token = _sign_in(served, world.coordinator.login).json()["token"]
    began = datetime.now(UTC) - timedelta(hours=20)
    with psycopg.connect(served.database.app_url) as connection:
        connection.execute(
            "UPDATE session SET created_at = %s, expires_at = %s WHERE token_hash = sha256(%s)",
            (began, datetime.now(UTC) + timedelta(minutes=5), token.encode()),
        )
    assert served.ask("GET", "/api/session", token).status_code == 200
    with psycopg.connect(served.database.app_url) as connection:
        row = connection.execute(
            "SELECT expires_at FROM session WHERE token_hash = sha256(%s)", (token.encode(),)
        ).fetchone()
    assert row is not None
    assert row[0] == began + timedelta(hours=24)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Origin": "OURS"}, 204),
    ],
)
def test_a_cookie_is_believed_from_our_pages_only(
    served: Served, world: World, headers: dict[str, str], status: int
) -> None:
    """An unsafe request by cookie needs a sign that a page of ours made it; else nothing happens."""
    token = _sign_in(served, world.coordinator.login).json()["token"]
    sent = {name: served.url if value == "OURS" else value for name, value in headers.items()}
    answer = served.ask("DELETE", "/api/session", headers={"Cookie": f"session={token}", **sent})
    assert answer.status_code == status
    alive = served.ask("GET", "/api/session", token).status_code == 200
    assert alive == (status == 403)


def test_foreign_pages_cannot_sign_anybody_in(served: Served, world: World) -> None:
    """A sign-in that a foreign page sends is refused even with the right password."""
    answer = _sign_in(served, world.coordinator.login, Origin="https://evil.example")
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


def test_tries_are_counted_per_login_and_address(served: Served, world: World) -> None:
    """After eight wrong passwords the ninth try waits, even with the right one; other logins do not."""
    for _ in range(8):
        assert _sign_in(served, world.coordinator.login, "не тот").status_code == 401
    refused = _sign_in(served, world.coordinator.login)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 300
    other = world.staff[Role.RADIO, "home"].login
    assert _sign_in(served, other).status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host(served: Served, world: World, data_dir: Path) -> None:
    """With a public https address the cookie is Secure and carries the prefix that browsers enforce."""
    with serve(served.database, data_dir, public_url="https://search.example") as secure:
        answer = _sign_in(secure, world.coordinator.login)
        assert answer.status_code == 200
        cookie = SimpleCookie(answer.headers["set-cookie"])["__Host-session"]
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (
            True,
            True,
            "/",
            "",
        )
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        ours = {"Cookie": f"__Host-session={cookie.value}", "Origin": "https://search.example"}
        assert secure.ask("DELETE", "/api/session", headers=ours).status_code == 204


def test_joining_gives_a_token_that_opens_his_operation_only(served: Served, world: World) -> None:
    """A volunteer joins with a code typed by hand and sees his own operation, not another."""
    typed = f" {world.home.join_code[:5].lower()}-{world.home.join_code[5:]} "
    body = {"code": typed, "name": "Дарья", "device_id": str(uuid7())}
    answer = served.ask("POST", "/api/join", json=body)
    assert answer.status_code == 201
    joined = answer.json()
    assert joined["operation_id"] == str(world.home.operation_id)
    listed = served.ask("GET", "/api/operations", joined["token"]).json()
    assert [operation["id"] for operation in listed] == [joined["operation_id"]]
    foreign = f"/api/operations/{world.foreign.operation_id}"
    assert served.ask("GET", foreign, joined["token"]).status_code == 404
    me = served.ask("GET", "/api/session", joined["token"]).json()
    assert me == {
        "participant": {
            "id": joined["participant_id"],
            "operation_id": joined["operation_id"],
            "name": "Дарья",
        }
    }
    snapshot = served.ask("GET", f"/api/operations/{joined['operation_id']}/snapshot", joined["token"]).json()
    own = snapshot["state"]["participants"][joined["participant_id"]]
    assert (own["name"], own["state"], own["channel"]) == ("Дарья", "going", "code")


def test_the_same_phone_asking_again_is_the_same_person(served: Served, world: World) -> None:
    """A join whose answer was lost is sent again: one participant, a fresh token, both tokens work."""
    body = {"code": world.home.join_code, "name": "Егор", "device_id": str(uuid7())}
    first, again = (served.ask("POST", "/api/join", json=body).json() for _ in range(2))
    assert first["participant_id"] == again["participant_id"]
    assert first["token"] != again["token"]
    other = served.ask("POST", "/api/join", json={**body, "device_id": str(uuid7())}).json()
    assert other["participant_id"] != first["participant_id"]


def test_later_the_token_tells_who_joins_again_not_the_device(served: Served, world: World) -> None:
    """Device and name are known to team-mates: after a quarter of an hour only the token proves who it is."""
    body = {"code": world.home.join_code, "name": "Жанна", "device_id": str(uuid7())}
    first = served.ask("POST", "/api/join", json=body).json()
    with psycopg.connect(served.database.app_url) as connection:
        connection.execute(
            "UPDATE session SET created_at = created_at - interval '1 hour' WHERE participant_id = %s",
            (first["participant_id"],),
        )
    impostor = served.ask("POST", "/api/join", json=body).json()
    assert impostor["participant_id"] != first["participant_id"]
    herself = served.ask("POST", "/api/join", first["token"], json=body).json()
    assert herself["participant_id"] == first["participant_id"]


def test_unknown_codes_are_refused_and_counted(served: Served) -> None:
    """A wrong code is a 404 in the reader's language; guessing on is a 429 with the time to wait."""
    body = {"code": "2222222222", "name": "Зоя", "device_id": str(uuid7())}
    for _ in range(20):
        answer = served.ask("POST", "/api/join", json=body, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["code"]) == (404, "join_code_not_known")
    assert answer.json()["title"].startswith("This code does not work")
    refused = served.ask("POST", "/api/join", json=body)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1


def test_a_participants_token_ends_seventy_two_hours_after_closing(served: Served, world: World) -> None:
    """A phone that comes out of the forest two days late is heard; after three days it is not."""
    token = world.stranger.token
    closing = "UPDATE operation_record SET closed_at = %s WHERE operation_id = %s"
    statuses = []
    with psycopg.connect(served.database.app_url, autocommit=True) as connection:
        for hours in (71, 73):
            closed_at = datetime.now(UTC) - timedelta(hours=hours)
            connection.execute(closing, (closed_at, world.foreign.operation_id))
            statuses.append(served.ask("GET", "/api/session", token).status_code)
        connection.execute(closing, (None, world.foreign.operation_id))
    assert statuses == [200, 401]
