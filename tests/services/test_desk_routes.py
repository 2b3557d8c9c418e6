"""The routes of the desks over HTTP: statuses, shapes of answers, problems with what helps to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import OrganisationKind, Role
from search_ops.settings import Settings
from tests.factories import HOME_REGION, make_organisation, make_regions, make_search, make_staff
from tests.services.conftest import square
from web.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from search_ops.persistence.unit_of_work import Office
    from tests.factories import Search, Staff


class Browser:
    """A desk in a browser: every intent gets an id, every answer is JSON."""

    def __init__(self, client: httpx2.AsyncClient, search: Search, staff: dict[Role, Staff]) -> None:
        self._client = client
        self._staff = staff
        self.path = f"/api/operations/{search.operation_id}"
        self.search = search

    async def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, role: Role = Role.COORDINATOR
    ) -> tuple[int, Any]:
        """Send a request; an intent without a `command_id` gets one."""
        headers = {"Authorization": f"Bearer {self._staff[role].token}", "Accept-Language": "ru"}
        said = None if body is None else {"command_id": str(uuid7()), **body}
        address = path if path.startswith("/") else f"{self.path}/{path}"
        answer = await self._client.request(method, address, json=said, headers=headers)
        return answer.status_code, answer.json()

    async def post(self, path: str, *, role: Role = Role.COORDINATOR, **body: Any) -> tuple[int, Any]:
        return await self.ask("POST", path, body, role=role)

    async def state(self) -> dict[str, Any]:
        _, taken = await self.ask("GET", "snapshot")
        held: dict[str, Any] = taken["state"]
        return held


@pytest.fixture
async def browser(office: Office, tmp_path: Path) -> AsyncIterator[Browser]:
    """Return the app with a search, staff of three organisations, and a browser on it."""
    await make_regions(office)
    squad = await make_organisation(office)
    police = await make_organisation(office, OrganisationKind.POLICE)
    emergency = await make_organisation(office, OrganisationKind.EMERGENCY)
    staff = {
        Role.COORDINATOR: await make_staff(office, Role.COORDINATOR, squad),
        Role.RADIO: await make_staff(office, Role.RADIO, squad),
        Role.POLICE: await make_staff(office, Role.POLICE, police),
        Role.EMERGENCY: await make_staff(office, Role.EMERGENCY, emergency),
    }
    search = await make_search(office, staff[Role.COORDINATOR].principal)
    app = create_app(office, Settings(data_dir=tmp_path, public_url="https://hq.example"))
    app.state.office = office  # the transport below starts no lifespan
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://hq.example") as client:
        yield Browser(client, search, staff)


async def test_the_path_from_area_to_task(browser: Browser) -> None:
    """Area, grid, people, team, task; the second desk is told who was faster, in Russian."""
    status, drawn = await browser.ask("PUT", "area", {"base_version": None, "geometry": square()})
    assert (status, set(drawn)) == (200, {"area_m2", "seq"})
    status, made = await browser.post("partitions", base_version=None, method="grid", cell_m=500)
    assert (status, made["sector_count"] > 4) == (201, True)
    _, collection = await browser.ask("GET", "sectors")
    sector = collection["features"][0]
    assert collection["type"] == "FeatureCollection"
    assert {"label", "kind", "area_m2", "state", "version", "partition_id", "retired"} <= set(
        sector["properties"]
    )
    teams = []
    for callsign in ("Лиса-1", "Лиса-2"):
        status, added = await browser.post("participants", name=callsign, state="on_site")
        assert status == 201
        person = added["participant_id"]
        status, formed = await browser.post(
            "teams", callsign=callsign, kind="foot", leader_id=person, member_ids=[person]
        )
        assert status == 201
        teams.append(formed["team_id"])
    wish = {"base_version": sector["properties"]["version"], "sector_id": sector["id"]}
    status, given = await browser.post("tasks", team_id=teams[0], **wish)
    assert (status, set(given)) == (201, {"task_id", "seq"})
    status, refused = await browser.post("tasks", team_id=teams[1], **wish)
    assert (status, refused["code"]) == (409, "sector_taken")
    assert refused["held_by"]["callsign"] == "Лиса-1"
    assert refused["held_by"]["task_id"] == given["task_id"]
    status, moved = await browser.post(
        f"tasks/{given['task_id']}/state", role=Role.RADIO, base_version=given["seq"], state="briefed"
    )
    assert (status, moved["state"]) == (200, "briefed")
    status, stale = await browser.post(
        f"tasks/{given['task_id']}/state", base_version=given["seq"], state="out"
    )
    assert (status, stale["code"], stale["current_version"]) == (409, "changed_meanwhile", moved["seq"])


async def test_long_cuts_are_accepted_and_watched(browser: Browser) -> None:
    """202 with the job, which then says how it stands; a foreign job is not there."""
    await browser.ask("PUT", "area", {"base_version": None, "geometry": square()})
    status, asked = await browser.post("partitions", base_version=None, method="natural")
    assert (status, set(asked)) == (202, {"job_id"})
    status, job = await browser.ask("GET", f"jobs/{asked['job_id']}")
    assert (status, job["state"], job["done"]) == (200, "waiting", 0.0)
    status, _ = await browser.ask("GET", f"jobs/{uuid7()}")
    assert status == 404


async def test_a_repeated_command_has_the_same_status(browser: Browser) -> None:
    """Sent twice, with the answer lost in between: the same answer, the log unchanged."""
    body = {"command_id": str(uuid7()), "name": "Анна", "state": "on_site"}
    first = await browser.ask("POST", "participants", body)
    assert await browser.ask("POST", "participants", body) == first
    assert first[0] == 201
    assert len((await browser.state())["participants"]) == 1
    status, reused = await browser.ask("POST", "participants", {**body, "name": "Вера"})
    assert (status, reused["code"]) == (409, "command_reused")


async def test_closing_over_http(browser: Browser) -> None:
    """Who is not home is named, each is resolved by a word, then the search closes."""
    _, added = await browser.post("participants", name="Анна", phone="+7 000 000-00-11")
    version = (await browser.state())["operation"][str(browser.search.operation_id)]["version"]
    status, refused = await browser.post("closing", base_version=version, outcome="found_alive")
    assert (status, refused["code"]) == (409, "not_everyone_home")
    assert [person["name"] for person in refused["participants"]] == ["Анна"]
    _, listed = await browser.ask("GET", "not-home")
    assert listed["participants"] == refused["participants"]
    status, _ = await browser.post(
        f"participants/{added['participant_id']}/state",
        base_version=added["seq"],
        state="home",
        source="call",
        word="called_at_home",
    )
    assert status == 200
    status, closed = await browser.post("closing", base_version=version, outcome="found_alive")
    assert (status, closed["state"]) == (200, "closed/found_alive")


async def test_both_ministries_over_http(browser: Browser) -> None:
    """The police confirm and ask; the search opens to the duty officer, who receives and accepts."""
    status, _ = await browser.post(
        f"/api/cases/{browser.search.case_id}/confirmation",
        role=Role.POLICE,
        kusp_number="1234",
        officer_name="Сергей Дежурный",
        officer_phone="+7 000 000-00-02",
    )
    assert status == 201
    _, listed = await browser.ask("GET", "/api/organisations")
    organisations = listed["organisations"] if isinstance(listed, dict) else listed
    asked = next(one["id"] for one in organisations if one["kind"] == "emergency")
    assert (await browser.ask("GET", "snapshot", role=Role.EMERGENCY))[0] == 404
    status, made = await browser.post(
        "requests", role=Role.POLICE, to=[asked], items=[{"what": "Люди", "quantity": 10}], basis="КУСП"
    )
    assert status == 201
    path = f"requests/{made['request_id']}"
    _, taken = await browser.ask("GET", "snapshot", role=Role.EMERGENCY)
    assert set(taken["state"]["requests"]) == {made["request_id"]}
    assert "participants" not in taken["state"]
    version = taken["state"]["requests"][made["request_id"]]["version"]
    status, received = await browser.post(
        f"{path}/received",
        role=Role.EMERGENCY,
        base_version=version,
        organisation_id=asked,
        officer_name="Дмитрий Сменный",
    )
    assert (status, received["state"]) == (200, "received")
    status, answered = await browser.post(
        f"{path}/answers",
        role=Role.EMERGENCY,
        base_version=received["seq"],
        organisation_id=asked,
        item_id=made["item_ids"][0],
        decision="accept",
        quantity=10,
        arrive_at="2026-08-23T18:00:00Z",
    )
    assert (status, answered["state"]) == (201, "answered")
    state = await browser.state()
    assert [one["quantity"] for one in state["commitments"].values()] == [10]
    status, refused = await browser.post(
        f"{path}/answers",
        base_version=received["seq"],
        organisation_id=asked,
        item_id=made["item_ids"][0],
        decision="decline",
        reason="нет",
    )
    assert (status, refused["code"]) == (403, "right_missing")


async def test_cases_over_http(browser: Browser) -> None:
    """Three fields, each of which may be null; a region where the caller has no right is refused."""
    unknown: dict[str, Any] = {"who": None, "last_seen_place": None, "last_seen_at": None}
    status, opened = await browser.post("/api/cases", region=HOME_REGION, exercise=False, **unknown)
    assert (status, opened["number"].split("-")[1]) == (201, "44")
    status, refused = await browser.post("/api/cases", region="RU-YAR", **unknown)
    assert (status, refused["right"]) == (403, "case.open")
    status, changed = await browser.ask(
        "PATCH",
        f"/api/cases/{opened['case_id']}/subjects/{opened['subject_id']}",
        {"base_version": opened["seq"] - 1, "name": "Пётр", "age": 71},
    )
    assert status == 200
    assert changed["subject_id"] == opened["subject_id"]
    _, listed = await browser.ask("GET", "/api/cases")
    assert ["Пётр"] in [case["names"] for case in listed["cases"]]
    status, read = await browser.ask("GET", "/api/coordinates?text=N58 12.5 E42 30.1")
    assert (status, read["candidates"][0]["lon"]) == (200, pytest.approx(42.5, abs=0.01))
    status, card = await browser.ask("GET", "join-code")
    assert (status, card["url"]) == (200, f"https://hq.example/field/#{card['code']}")
    status, fresh = await browser.post("join-code")
    assert (status, fresh["code"] != card["code"]) == (201, True)
