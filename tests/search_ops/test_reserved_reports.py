"""Reports that pretend to be decisions, come in another form, or claim ground."""

from typing import Any

import pytest
from pydantic import ValidationError
from shapely.geometry import Point
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.payloads import FIELD_KINDS, FieldEvent
from search_ops.domain.visibility import HQ, team_class
from search_ops.persistence.tables import geometry_reader
from search_ops.persistence.unit_of_work import Office, transaction
from search_ops.services.filing import DESK_KINDS
from search_ops.services.geometries import geometry_field
from search_ops.services.reports import file_events
from tests.search_ops.conftest import Scene, draft
from tests.search_ops.test_reports import check_in, field_event, state_of

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("kind", sorted(DESK_KINDS))
async def test_a_phone_cannot_write_what_desks_decide(office: Office, scene: Scene, kind: str) -> None:
    """A kind that is not for the field is refused: stored raw, the fold would take it for a decision."""
    before = await state_of(office, scene)
    forged = field_event(
        scene.member, kind, {"operation_id": str(scene.operation_id), "state": "closed/not_found"}
    )
    filed = await file_events(office, scene.member, scene.operation_id, [forged])
    verdict = filed.results[0]
    assert (verdict.status, verdict.seq, verdict.reason) == ("refused_input", None, "kind_reserved")
    assert await state_of(office, scene) == before


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in FIELD_KINDS}))
async def test_an_unknown_version_is_kept_and_changes_nothing(
    office: Office, scene: Scene, kind: str
) -> None:
    """A version this release cannot check stands in the log for headquarters and is not folded."""
    before = await state_of(office, scene)
    newer = field_event(scene.member, kind, {"participant_id": str(scene.leader.id), "new": 1}, v=2)
    filed = await file_events(office, scene.member, scene.operation_id, [newer])
    assert filed.results[0].status == "stored"
    assert await state_of(office, scene) == before


@pytest.mark.parametrize(
    "broken",
    [
        {"at": 1_700_000_000},
        {"at": "1700000000"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "9999-12-31T23:59:59-14:00"},
        {"id": "urn:uuid:01a200d8-d0ce-714a-9140-de3a25692a9e"},
        {"device_id": "{01a200d8-d0ce-714a-9140-de3a25692a9e}"},
        {"after": ["01a200d8d0ce714a9140de3a25692a9e"]},
    ],
    ids=str,
)
def test_ids_and_times_have_one_form(broken: dict[str, Any]) -> None:
    """Other spellings of ids, numbers for times, and times that UTC does not have are malformed."""
    known = {"id": str(uuid7()), "v": 1, "device_id": str(uuid7()), "dseq": 1, "at": "2026-08-23T14:40:00Z"}
    good = {**known, "kind": "check_in", "payload": {"word": "all_well"}}
    assert FieldEvent.model_validate(good).after == []
    with pytest.raises(ValidationError):
        FieldEvent.model_validate({**good, **broken})


async def test_a_claim_names_a_version_that_some_screen_shows(office: Office, scene: Scene) -> None:
    """The sector's own version and that of the list, which counts tasks in, are fresh; others are not."""
    payload = {"team_id": str(scene.team_id), "sector_id": str(scene.sector_id)}
    before = [
        check_in(scene.leader, "back", team_id=str(scene.team_id)),
        field_event(scene.leader, "sector_claimed", payload),
        check_in(scene.leader, "back", team_id=str(scene.team_id)),
    ]
    await file_events(office, scene.leader, scene.operation_id, before)
    state = await state_of(office, scene)
    sector = state["sectors"][str(scene.sector_id)]["version"]
    listed = max(
        task["version"] for task in state["tasks"].values() if task["sector_id"] == payload["sector_id"]
    )
    assert listed > sector
    stale = field_event(scene.leader, "sector_claimed", payload, base_version=sector + 1)
    fresh = field_event(scene.leader, "sector_claimed", payload, base_version=listed)
    filed = await file_events(office, scene.leader, scene.operation_id, [stale, fresh])
    assert [(verdict.status, verdict.reason) for verdict in filed.results] == [
        ("refused", "changed_meanwhile"),
        ("stored", None),
    ]


async def test_who_claims_a_sector_reads_its_geometry(office: Office, scene: Scene) -> None:
    """A large geometry goes by reference; the team that took the sector is among its readers."""
    sector = {"sector_id": str(uuid7()), "label": "G6", "kind": "area", "area_m2": 1.0}
    circle = Point(9.5, 47.1).buffer(0.01, quad_segs=200)
    async with transaction(office, [scene.stream_id]) as work:
        kept = await geometry_field(work.connection, scene.stream_id, HQ, circle)
        added = {"partition_id": str(uuid7()), "sectors": [{**sector, **kept}]}
        work.streams[scene.stream_id].append(draft("sectors_added", HQ, added))
    claim = field_event(
        scene.leader,
        "sector_claimed",
        {"team_id": str(scene.team_id), "sector_id": sector["sector_id"]},
    )
    back = check_in(scene.leader, "back", team_id=str(scene.team_id))
    filed = await file_events(office, scene.leader, scene.operation_id, [back, claim])
    assert [verdict.status for verdict in filed.results] == ["stored", "stored"]
    async with office.engine.connect() as connection:
        readers = (await connection.execute(select(geometry_reader.c.visibility))).scalars().all()
    assert sorted(readers) == [HQ, team_class(scene.team_id)]
