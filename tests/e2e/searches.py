"""A search that other tests begin from, made through the API as a program would."""

from dataclasses import dataclass
from typing import Any

from uuid_utils.compat import uuid7

from tests.stack import Stack


@dataclass
class Search:
    """One operation of one case, and the token of the coordinator who opened it."""

    stack: Stack
    token: str
    case_id: str
    operation_id: str

    def call(self, method: str, path: str, /, **body: Any) -> dict[str, Any]:
        """Call the API under this operation's address."""
        sent = None if method == "GET" else {"command_id": str(uuid7()), **body}
        return self.stack.call(method, f"/api/operations/{self.operation_id}/{path}", sent, self.token)

    def state(self) -> dict[str, Any]:
        """Return the state as the coordinator sees it."""
        found: dict[str, Any] = self.call("GET", "snapshot")["state"]
        return found

    def person(self, callsign: str) -> str:
        """Add somebody who is ready for a task."""
        answer = self.call(
            "POST", "participants", callsign=callsign, name=None, phone=None, state="available"
        )
        return str(answer["participant_id"])

    def team(self, callsign: str, *members: str) -> str:
        """Form a team; the first member leads it."""
        people = {"leader_id": members[0], "member_ids": list(members)}
        return str(self.call("POST", "teams", callsign=callsign, kind="foot", **people)["team_id"])


def open_search(stack: Stack, who: str) -> Search:
    """Open a case and its operation, as an exercise."""
    token = stack.sign_in("coordinator")
    wish = {"region": "LI-11", "who": who, "last_seen_place": None, "last_seen_at": None, "exercise": True}
    case = stack.call("POST", "/api/cases", {"command_id": str(uuid7()), **wish}, token)
    opening = {"command_id": str(uuid7()), "time_zone": "Europe/Vaduz", "exercise": True}
    opened = stack.call("POST", f"/api/cases/{case['case_id']}/operations", opening, token)
    return Search(stack, token, str(case["case_id"]), str(opened["operation_id"]))
