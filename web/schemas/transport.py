"""Answers about transport: the network, the catalogue, movements, options."""

from typing import Any
from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class NetworkRow(Answer):
    """A row of the network or the catalogue stands as wished; `disturbed`: the movements told of it."""

    subject_id: str
    version: int
    disturbed: list[UUID]


class TransportNetwork(Answer):
    """The network as it stands: rows by table, unknown figures null; changes, the newest first."""

    places: list[dict[str, Any]]
    runways: list[dict[str, Any]]
    services: list[dict[str, Any]]
    departures: list[dict[str, Any]]
    ways: list[dict[str, Any]]
    resources: list[dict[str, Any]]
    crafts: list[dict[str, Any]]
    changes: list[dict[str, Any]]


class FoundPlaces(Answer):
    """Places of the network by name, the largest first."""

    places: list[dict[str, Any]]


class OperationTransport(Answer):
    """Movements of a search with their newest proposals, comparisons of options, work that goes on."""

    seq: int
    meeting: list[dict[str, Any]]
    movements: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    comparisons: list[dict[str, Any]]
    commitments: list[dict[str, Any]]
    landing_searches: list[dict[str, Any]]
    landing_places: list[dict[str, Any]]
    sortie_plans: list[dict[str, Any]]
    jobs: list[dict[str, Any]]


class MovementAsked(Done):
    """The movement is written down; the worker looks for itineraries."""

    movement_id: UUID
    job_id: UUID


class MovementSought(Answer):
    """The worker looks for itineraries again."""

    movement_id: UUID
    job_id: UUID


class MovementMoved(Done):
    """The movement stands as wished."""

    movement_id: UUID
    state: str


class ComparisonAsked(Answer):
    """The worker compares."""

    job_id: UUID


class OptionChosen(Done):
    """The choice is recorded."""

    comparison_id: UUID
    chosen: str
