"""Steps of the demo and their ids, which are the same at every start: a step that was done is done."""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

OPERATION_STEP: Final = "open-operation"
LAST_STEP: Final = "give-task"


def demo_id(name: str) -> UUID:
    """Return an id of the demo that is the same in every installation."""
    return uuid5(NAMESPACE_URL, f"search-ops-demo/{name}")
