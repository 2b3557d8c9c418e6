"""What the planning of cars answers."""

from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class CrewStopTold(Answer):
    """Who gets in, on the way home out, and when about."""

    participant_id: UUID
    at: str


class CrewProposed(Answer):
    """A car with those who ride in it; `deviation_min` is how much later its driver arrives than alone."""

    resource_id: UUID
    driver_id: UUID
    stops: list[CrewStopTold]
    leave_at: str
    arrive_at: str
    deviation_min: float


class LeftBehind(Answer):
    """Somebody who does not ride, why, and the car that suits best."""

    participant_id: UUID
    reason: str
    resource_id: UUID | None
    deviation_min: float | None


class CarOut(Answer):
    """A car that does not go, and why."""

    resource_id: UUID
    reason: str


class CrewsProposed(Answer):
    """Who rides with whom; `travel` says what the times come from."""

    crews: list[CrewProposed]
    left: list[LeftBehind]
    cars_out: list[CarOut]
    left_bound: int
    proven: bool
    travel: str


class CrewsAccepted(Done):
    """The crews stand, in the order of the wish."""

    crew_ids: list[UUID]


class CrewMoved(Done):
    """A car has left, arrived, or does not go."""

    crew_id: UUID
    state: str
