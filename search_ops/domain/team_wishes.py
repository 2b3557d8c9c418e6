"""What desks ask of the team builder: a proposal, a check of what was changed by hand, acceptance."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from search_ops.domain.payloads import Identity, Moment
from search_ops.domain.roster_wishes import Competence, Limit
from search_ops.domain.wishes import Callsign, NamedLine, TeamKind, Wish


class OutingAsked(BaseModel):
    """When teams leave and are due back, and what that demands of everybody."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    start_at: Moment
    back_at: Moment
    demands: list[Limit] = Field(default_factory=list, max_length=10)


class TeamAsked(BaseModel):
    """A team that is needed: it is formed before everybody else is shared out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: TeamKind
    people: Annotated[int, Field(ge=1, le=60)] = 2
    competences: list[Competence] = Field(default_factory=list, max_length=10)


class ProposalAsked(BaseModel):
    """A wish for a proposal; nothing is written.

    `requests` are needs, the most urgent first; whoever is left goes into teams of `fill_kind` with about
    `fill_people` people each, or stays when it is None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    outing: OutingAsked
    requests: list[TeamAsked] = Field(default_factory=list, max_length=50)
    fill_kind: TeamKind | None = "foot"
    fill_people: Annotated[int, Field(ge=1, le=60)] = 4
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0


class DraftTeam(BaseModel):
    """A team as somebody has put it together on his screen; `team_id` when it is there already."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    key: NamedLine
    callsign: Callsign
    kind: TeamKind
    leader_id: Identity | None = None
    member_ids: list[Identity] = Field(default_factory=list, max_length=60)
    resource_ids: list[Identity] = Field(default_factory=list, max_length=60)
    competences: list[Competence] = Field(default_factory=list, max_length=10)
    team_id: Identity | None = None


class TeamsChecked(BaseModel):
    """A wish to know which rules the teams on a screen break; nothing is written."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    outing: OutingAsked
    teams: Annotated[list[DraftTeam], Field(max_length=100)]


class TeamsWish(Wish):
    """Form these teams and give them their things, all or none.

    `waived` says why a team goes although it breaks a rule that a person may waive.
    """

    outing: OutingAsked
    teams: Annotated[list[DraftTeam], Field(min_length=1, max_length=100)]
    waived: NamedLine | None = None
