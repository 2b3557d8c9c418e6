"""What the team builder answers."""

from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class BrokenRule(Answer):
    """A rule that is not kept, whom or what it concerns, its limit and what there is.

    `need`, `have` count people or things, or seconds of work and rest; `need_at`, `have_at` are times.
    """

    rule: str
    participant_id: UUID | None
    resource_id: UUID | None
    team: str | None
    what: str | None
    need: float | None
    have: float | None
    need_at: str | None
    have_at: str | None
    until: str | None
    waivable: bool


class TeamProposed(Answer):
    """A team that keeps the rules."""

    callsign: str
    kind: str
    leader_id: UUID
    member_ids: list[UUID]
    resource_ids: list[UUID]
    competences: list[str]
    request: int | None


class ShortOf(Answer):
    """What is not enough for one more team: needed, known, fit for the outing, left."""

    rule: str
    what: str | None
    need: int
    known: int
    fit: int
    left: int


class RequestRefused(Answer):
    """A team that was asked for and cannot be formed; `request` is its place in the wish."""

    request: int
    faults: list[BrokenRule]
    shortages: list[ShortOf]


class PersonLeft(Answer):
    """Somebody without a team and the rules that stop it."""

    participant_id: UUID
    faults: list[BrokenRule]


class TeamsProposed(Answer):
    """Teams that keep the rules, and everything that was left out with its reason.

    `beyond` is how many people were not considered, when there are more than one proposal holds.
    """

    teams: list[TeamProposed]
    refused: list[RequestRefused]
    left: list[PersonLeft]
    next_team: list[ShortOf]
    proven: bool
    beyond: int


class TeamVerdict(Answer):
    """The rules that a team of the screen breaks."""

    key: str
    faults: list[BrokenRule]


class TeamsVerdict(Answer):
    """The rules that the teams of a screen break."""

    teams: list[TeamVerdict]


class TeamsAccepted(Done):
    """The teams stand, in the order of the wish."""

    team_ids: list[UUID]
