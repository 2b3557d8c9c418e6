"""Who was in which team at which number: what in the log decides what a participant may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TEAM_KINDS = frozenset({"team_formed", "team_changed"})


@dataclass(frozen=True, slots=True)
class _Step:
    seq: int
    team_id: str
    crew: frozenset[str]


@dataclass(slots=True)
class Roll:
    """Teams of participants over the life of a stream.

    A reader that was away can then be told whether what it may read has changed meanwhile, and one that is
    here learns it in the very event that changed it. Who is in a team is said as in
    `search_ops.persistence.grants.team_ids_of`: its leader and its members, unless it is disbanded.
    """

    upto: int = 0
    steps: list[_Step] = field(default_factory=list)
    crews: dict[str, frozenset[str]] = field(default_factory=dict)
    _bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def note(self, seq: int, kind: str, payload: Mapping[str, Any]) -> bool:
        """Note one event; True when it changed who is in a team. Events noted before change nothing."""
        if seq <= self.upto:
            return False
        self.upto = seq
        if kind not in TEAM_KINDS:
            return False
        team_id = str(payload["team_id"])
        body = self._bodies.setdefault(team_id, {})
        if kind == "team_formed":
            body["disbanded"] = False
        body.update({name: payload[name] for name in _SAID if name in payload})
        crew = _crew(body)
        if crew == self.crews.get(team_id, frozenset()):
            return False
        self.crews[team_id] = crew
        self.steps.append(_Step(seq, team_id, crew))
        return True

    def teams(self, participant_id: str) -> frozenset[str]:
        """Return the teams the participant is in now."""
        return frozenset(team for team, crew in self.crews.items() if participant_id in crew)

    def teams_at(self, participant_id: str, seq: int) -> frozenset[str]:
        """Return the teams the participant was in right after the event of this number."""
        found: set[str] = set()
        for step in self.steps:
            if step.seq > seq:
                break
            if participant_id in step.crew:
                found.add(step.team_id)
            else:
                found.discard(step.team_id)
        return frozenset(found)


_SAID = ("leader_id", "member_ids", "disbanded")


def _crew(body: Mapping[str, Any]) -> frozenset[str]:
    if body.get("disbanded"):
        return frozenset()
    people = [body.get("leader_id"), *(body.get("member_ids") or ())]
    return frozenset(str(one) for one in people if one is not None)
