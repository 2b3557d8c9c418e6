"""Answers about paper."""

from uuid import UUID

from web.schemas.base import Answer


class PacketAsked(Answer):
    """A packet that the worker prints; the job's result is ``{"file_id", "name", "sheets"}``."""

    job_id: UUID
