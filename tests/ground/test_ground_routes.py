"""Ground over HTTP: tags, packing, refusals, and who gets an answer."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_ops.domain.principals import Role
from search_ops.importing.osm import import_osm
from search_ops.persistence.cluster_databases import make_database
from search_ops.persistence.embedded import Cluster
from tests.factories import office_on
from tests.web.conftest import Served, serve
from tests.web.world import World, build_world

from .conftest import LIECHTENSTEIN
from .tile_reader import read_tile

TILE = "/tiles/ground/13/4312/2874.mvt"

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def site(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, World]]:
    """Return a populated installation with the demo ground, behind a socket."""
    make_database(cluster, "ground_routes", template="search_ops_template")
    urls = cluster.urls("ground_routes")
    import_osm(LIECHTENSTEIN, urls.owner_url)

    async def populate() -> World:
        async with office_on(urls) as office:
            return await build_world(office)

    world = asyncio.run(populate())
    with serve(urls, Path(tmp_path_factory.mktemp("ground-site"))) as served:
        yield served, world


def test_a_tile_is_packed_and_tagged(site: tuple[Served, World]) -> None:
    """A browser gets gzip and a tag; asked with the tag again it gets 304 and no body."""
    served, world = site
    token = world.coordinator.token
    first = served.ask("GET", TILE, token, headers={"Accept-Encoding": "gzip"})
    assert first.status_code == 200
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "road" in read_tile(first.content)
    again = served.ask("GET", TILE, token, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_client_without_gzip_gets_the_same_tile(site: tuple[Served, World]) -> None:
    """Unpacked on request, byte for byte the same."""
    served, world = site
    plain = served.ask("GET", TILE, world.coordinator.token, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.content == served.ask("GET", TILE, world.coordinator.token).content


def test_a_volunteer_sees_the_same_ground(site: tuple[Served, World]) -> None:
    """The base map holds nothing of the search: a volunteer's tile is the coordinator's."""
    served, world = site
    volunteers = served.ask("GET", TILE, world.token(Role.VOLUNTEER)).content
    assert volunteers == served.ask("GET", TILE, world.coordinator.token).content


def test_nobody_gets_tiles_without_a_session(site: tuple[Served, World]) -> None:
    """Anonymous is 401, also for tiles that do not exist."""
    for path in (TILE, "/tiles/ground/99/0/0.mvt", "/tiles/ground/x/y/z.mvt"):
        assert site[0].ask("GET", path).status_code == 401


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("5/0/0", 404),
        ("17/0/0", 404),
        ("6/64/0", 404),
        ("6/-1/0", 404),
        ("6/1e9/0", 422),
        ("6/" + "9" * 400 + "/0", 404),
    ],
)
def test_tiles_off_the_map_are_refused(site: tuple[Served, World], address: str, status: int) -> None:
    """Zooms and numbers that we do not draw get a 4xx with a code, never a 500."""
    answer = site[0].ask("GET", f"/tiles/ground/{address}.mvt", site[1].coordinator.token)
    assert answer.status_code in {status, 422}
    assert answer.json()["code"]


def test_the_ground_of_an_operation_is_for_those_who_see_its_area(site: tuple[Served, World]) -> None:
    """The coordinator reads data sets and gaps; a volunteer is told the missing right; a stranger 404."""
    served, world = site
    path = f"/api/operations/{world.home.operation_id}/ground"
    status = served.ask("GET", path, world.coordinator.token).json()
    assert set(status) == {"datasets", "share", "relief", "relief_share", "rasters", "missing"}
    assert "dem" in status["missing"]
    assert served.ask("GET", path, world.token(Role.VOLUNTEER)).status_code == 403
    assert served.ask("GET", path, world.token(Role.COORDINATOR, "foreign")).status_code == 404
