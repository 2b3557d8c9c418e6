"""What intents of the roster answer."""

from uuid import UUID

from web.schemas.desk import Done


class PersonDescribed(Done):
    """What is known of somebody stands in the log."""

    participant_id: UUID


class ResourceKept(Done):
    """What is known of a thing, or who has it, stands in the log."""

    resource_id: UUID
