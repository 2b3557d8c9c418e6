"""Bodies and answers of sign-in and joining."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from search_ops.services.accounts import LONGEST_PASSWORD
from web.schemas.base import Answer, Body, Id

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class SignInBody(Body):
    """Login and password."""

    login: Annotated[str, Field(min_length=1, max_length=120)]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD)]


class OrganisationAnswer(Answer):
    """An organisation in the reader's language."""

    id: UUID
    kind: str
    name: str
    short_name: str
    region: str | None
    phone: str | None


class OrganisationsAnswer(Answer):
    """Whom a request may be sent to."""

    organisations: list[OrganisationAnswer]


class GrantAnswer(Answer):
    """A role in a region or in one operation."""

    role: str
    region: str | None
    operation_id: UUID | None


class AccountAnswer(Answer):
    """A member of staff."""

    id: UUID
    name: str
    organisation: OrganisationAnswer
    grants: list[GrantAnswer]


class SignInAnswer(Answer):
    """A fresh session; the browser has the same key in its cookie."""

    token: str
    account: AccountAnswer


class ParticipantAnswer(Answer):
    """A person within an operation."""

    id: UUID
    operation_id: UUID
    name: str | None


class SessionAnswer(Answer):
    """Whose session this is: one of the two is there."""

    account: AccountAnswer | None = None
    participant: ParticipantAnswer | None = None


class JoinBody(Body):
    """What a volunteer types; the device made its id itself."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Name
    device_id: Id
    phone: Phone | None = None
    callsign: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None


class JoinAnswer(Answer):
    """Who he is in the operation."""

    operation_id: UUID
    participant_id: UUID
    token: str
