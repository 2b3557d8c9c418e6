"""Who is let in where: every cell of route x role x region, and nobody's body before his right."""

from typing import Annotated

import httpx2
import psycopg
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from uuid_utils.compat import uuid7

from search_ops.domain.principals import OrganisationKind, Role
from search_ops.domain.rights import RIGHTS, Right
from tests.web.conftest import Served
from tests.web.world import Side, World, kind_of
from web.access import RULES, At, Rule
from web.app import ROUTERS, _checked
from web.deps import Caller, GuardedRoute, UnlistedRoute, in_operation

SIDES: tuple[Side, ...] = ("home", "foreign")
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
PROTECTED = {key: rule for key, rule in RULES.items() if rule.signed_in}
PLACED = {key: rule for key, rule in RULES.items() if rule.at is not None}


def path_of(template: str, world: World) -> str:
    """Fill a template: places are those of the home search, everything else is made up."""
    filled = {
        "operation_id": world.home.operation_id,
        "case_id": world.home.case_id,
        "organisation_id": world.organisations[OrganisationKind.SQUAD],
        "sha256": "0" * 64,
        "role": "lkp",
        "z": 10,
        "x": 1,
        "y": 1,
    }
    parts = template.split("/")
    for index, part in enumerate(parts):
        if part.startswith("{"):
            name, _, rest = part[1:].partition("}")
            parts[index] = str(filled.get(name, uuid7())) + rest
    return "/".join(parts)


def send(
    client: httpx2.Client, method: str, path: str, token: str | None, content: bytes = b"{}"
) -> httpx2.Response:
    """Send a request; unsafe ones with a body that is JSON but says nothing."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if method in UNSAFE:
        headers["Content-Type"] = "application/json"
        return client.request(method, path, headers=headers, content=content)
    return client.request(method, path, headers=headers)


def roles_at(at: At, role: Role, side: Side) -> set[Role]:
    """Return as what somebody counts at the home place, said without the code under test."""
    if role is Role.VOLUNTEER:
        return {role} if at is At.OPERATION and side == "home" else set()
    if at is At.INSTALLATION:
        return {role}
    if at is At.ORGANISATION:
        return {role} if kind_of(role) is OrganisationKind.SQUAD else set()
    return {role} if side == "home" else set()


def known_at(at: At, role: Role, roles: set[Role]) -> bool:
    """Tell whether that person may know that the place exists."""
    if at is At.INSTALLATION:
        return True
    if at is At.ORGANISATION:
        return role is not Role.VOLUNTEER and kind_of(role) is OrganisationKind.SQUAD
    reading = Right.OPERATION_READ if at is At.OPERATION else Right.CASE_READ
    return bool(RIGHTS[reading] & roles)


def fault_of(key: tuple[str, str], rule: Rule, role: Role, roles: set[Role], answer: httpx2.Response) -> str:
    """Return what is wrong with one cell, or an empty text."""
    cell = f"{key[0]} {key[1]} as {role.value}: {answer.status_code} {answer.text[:120]}"
    assert rule.at is not None
    if any(RIGHTS[right] & roles for right in rule.rights):
        inner = answer.status_code == 404 and key[1].count("{") > (rule.at is not At.INSTALLATION)
        return "" if answer.status_code not in {401, 403, 404} or inner else f"refused: {cell}"
    if known_at(rule.at, role, roles):
        body = answer.json()
        told = (answer.status_code, body["code"], body.get("right"))
        return "" if told == (403, "right_missing", rule.rights[0].value) else f"not 403: {cell}"
    hidden = (answer.status_code, answer.json()["code"]) == (404, "not_known")
    return "" if hidden else f"not hidden: {cell}"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("role", list(Role))
def test_every_cell_of_the_access_matrix(served: Served, world: World, role: Role, side: Side) -> None:
    """On every route with a right, everybody gets in, is told the missing right, or sees nothing there."""
    token = world.token(role, side)
    faults = []
    with served.client() as client:
        for key, rule in PLACED.items():
            assert rule.at is not None
            roles = roles_at(rule.at, role, side)
            answer = send(client, key[0], path_of(key[1], world), token)
            faults.append(fault_of(key, rule, role, roles, answer))
    assert [fault for fault in faults if fault] == []
    assert len(faults) >= 45


@pytest.mark.parametrize("content", [b"{}", b"{broken", b'{"a":1,"a":2}', b"\xff" * 300_000])
def test_anonymous_is_refused_before_anything_he_sent_is_judged(
    served: Served, world: World, content: bytes
) -> None:
    """Without a session every protected route answers 401, whatever the body, the query or the id."""
    asked = (("", None), ("?after=NaN&after=2", "x" * 500))
    with served.client() as client:
        for method, template in PROTECTED:
            for query, token in asked:
                answer = send(client, method, path_of(template, world) + query, token, content)
                assert answer.status_code == 401, (method, template, answer.text)
                assert answer.json()["code"] == "not_signed_in"


def test_a_foreign_and_a_missing_place_look_alike(served: Served, world: World) -> None:
    """Answers about somebody else's operation and about none differ in nothing."""
    token = world.coordinator.token
    with served.client() as client:
        for method, template in PLACED:
            if "{operation_id}" not in template:
                continue
            path = path_of(template, world)
            foreign = path.replace(str(world.home.operation_id), str(world.foreign.operation_id))
            missing = path.replace(str(world.home.operation_id), str(uuid7()))
            first, second = (send(client, method, each, token, b"{broken") for each in (foreign, missing))
            assert (first.status_code, first.content) == (second.status_code, second.content)
            assert first.status_code == 404


def test_every_row_has_its_route_and_every_route_its_row() -> None:
    """The table of rights and the routers name the same routes: none forgotten, none left over."""
    built = {
        (method, route.path_format)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert built == set(RULES)


def test_a_router_of_plain_routes_does_not_start() -> None:
    """A router that forgot the route class, and would read bodies before rights, is refused at start."""
    plain = APIRouter()

    @plain.get("/livez")
    async def unguarded() -> None:
        """Do nothing."""

    with pytest.raises(UnlistedRoute):
        _checked(plain)


def test_a_route_that_is_not_listed_does_not_start() -> None:
    """A router with an unlisted route, or with another right than listed, cannot even be imported."""
    router = APIRouter(route_class=GuardedRoute)

    async def unlisted() -> None:
        """Do nothing."""

    async def other_right(caller: Annotated[Caller, in_operation(Right.CASE_OPEN)]) -> None:
        """Do nothing."""

    async def no_right(operation_id: str) -> None:
        """Do nothing."""

    with pytest.raises(UnlistedRoute):
        router.get("/api/unlisted")(unlisted)
    with pytest.raises(UnlistedRoute):
        router.get("/api/operations/{operation_id}/snapshot")(other_right)
    with pytest.raises(UnlistedRoute):
        router.get("/api/operations/{operation_id}/snapshot")(no_right)


def test_withdrawn_people_are_out_at_once(served: Served, world: World) -> None:
    """A disabled account has no session left, without waiting for the token to age."""
    staff = world.staff[Role.CARTOGRAPHER, "foreign"]
    switch = "UPDATE account SET disabled = %s WHERE account_id = %s"
    with psycopg.connect(served.database.app_url, autocommit=True) as connection:
        connection.execute(switch, (True, staff.principal.id))
        status = served.ask("GET", "/api/session", staff.token).status_code
        connection.execute(switch, (False, staff.principal.id))
    assert status == 401
