"""Who may do and read what, by the one table."""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Grant, Place, Principal, Role
from search_ops.domain.rights import RIGHTS, Right, rights_in
from search_ops.domain.visibility import classes_for

HERE = Place("operation", uuid7(), region="LI-11")
ELSEWHERE = Place("operation", uuid7(), region="RU-IRK")
OWN = uuid7()
BY_REGION = [role for role in Role if role not in {Role.EMERGENCY, Role.FAMILY, Role.VOLUNTEER}]


def account(role: Role, *, region: str | None = None, operation_id: UUID | None = None) -> Principal:
    return Principal(
        "account",
        uuid7(),
        uuid7(),
        "Дежурный",
        organisation_id=OWN,
        grants=(Grant(role, region, operation_id),),
    )


def test_every_right_has_a_holder() -> None:
    """No right is missing from the table and none is held by nobody."""
    assert set(RIGHTS) == set(Right)
    assert all(RIGHTS.values())


@pytest.mark.parametrize("role", BY_REGION)
def test_a_grant_for_a_region_ends_at_its_border(role: Role) -> None:
    """The same role has its rights in its own region and none in another."""
    person = account(role, region="LI-11")
    assert rights_in(person, HERE) == {right for right, holders in RIGHTS.items() if role in holders}
    assert rights_in(person, ELSEWHERE) == frozenset()
    assert not classes_for(person, ELSEWHERE).listed()


@pytest.mark.parametrize("role", [Role.EMERGENCY, Role.FAMILY])
def test_ministries_and_families_need_the_operation_itself(role: Role) -> None:
    """A grant for a whole region opens nothing to them; a grant for one operation does."""
    assert rights_in(account(role, region="LI-11"), HERE) == frozenset()
    assert Right.OPERATION_READ in rights_in(account(role, operation_id=HERE.id), HERE)


def test_an_addressed_ministry_reads_what_it_was_asked() -> None:
    """A request to its organisation lets a duty officer see that operation's words to all, and to him."""
    officer = account(Role.EMERGENCY, region="LI-11")
    asked = Place("operation", HERE.id, region="LI-11", addressed=frozenset({OWN}))
    assert Right.REQUEST_ANSWER in rights_in(officer, asked)
    assert classes_for(officer, asked).listed() == sorted([f"agency:{OWN}", "all"])


def test_a_family_reads_no_event() -> None:
    """Relatives get whole sentences from their contact, never the stream."""
    assert classes_for(account(Role.FAMILY, operation_id=HERE.id), HERE).listed() == []


def test_a_volunteer_reads_himself_and_his_team() -> None:
    """Nothing but his own record, his team and what is meant for all; nothing in another operation."""
    assert HERE.id is not None
    team_id = uuid7()
    person = Principal("participant", uuid7(), uuid7(), "Анна", operation_id=HERE.id, device_id=uuid7())
    classes = classes_for(person, HERE, team_ids=frozenset({team_id}))
    assert classes.admits(f"person:{person.id}")
    assert classes.admits(f"team:{team_id}")
    assert not any(
        classes.admits(other) for other in ("hq", "sealed", f"team:{uuid7()}", f"person:{uuid7()}")
    )
    assert classes_for(person, ELSEWHERE).listed() == []
    assert rights_in(person, HERE) == {
        Right.OPERATION_READ,
        Right.REPORT_OWN,
        Right.POSITION_SEND,
        Right.SHEET_READ,
        Right.EXPORT_READ,
    }


@pytest.mark.parametrize("role", Role)
def test_sealed_fields_are_for_named_roles(role: Role) -> None:
    """Diagnosis, applicant and home are read by coordinator, information and police alone."""
    may = role in {Role.COORDINATOR, Role.INFORMATION, Role.POLICE}
    person = account(role, operation_id=HERE.id)
    assert classes_for(person, HERE).admits("sealed") is may


def test_the_network_of_all_is_changed_by_people_of_regions_only() -> None:
    """A coordinator of one search, or of one exercise, closes no airport for everybody."""
    installation = Place("installation")
    assert Right.NETWORK_EDIT in rights_in(account(Role.COORDINATOR, region="LI-11"), installation)
    one = account(Role.COORDINATOR, operation_id=HERE.id)
    for place in (installation, HERE):
        assert Right.NETWORK_EDIT not in rights_in(one, place)
    assert Right.NETWORK_READ in rights_in(one, installation)
