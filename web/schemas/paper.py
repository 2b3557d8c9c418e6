"""Answers about paper."""

from uuid import UUID

from web.schemas.base import Answer


class PacketAsked(Answer):
    """A packet that the worker prints.

    The job's result is ``{"file_id", "name", "sheets", "maps"}``; a map whose `wanted_scale` is set could not
    have it and is at the smaller `scale`.
    """

    job_id: UUID


class JobAsked(Answer):
    """A job that the worker does."""

    job_id: UUID


class DeclinationRead(Answer):
    """How far magnetic north lies east of true north, in degrees; `outdated` outside the model's years."""

    degrees: float
    model: str
    year: int
    outdated: bool
    unreliable: bool
