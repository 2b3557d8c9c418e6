"""What a regional lead or a cartographer asks for about the grids of his region."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from search_ops.domain.grid_defaults import GRID_FIELDS
from search_ops.domain.wishes import Version, Wish


def _of_grids(settings: dict[str, Any]) -> dict[str, Any]:
    # A name of the sender's own must not come back in a refusal: it is refused before anybody reads it out.
    if not set(settings) <= set(GRID_FIELDS):
        raise ValueError("names that no grid has")
    return settings


class GridWish(Wish):
    """Set how a region cuts its grids; `base_version` 0: nothing was set before, `settings` {}: lift them."""

    base_version: Version
    settings: Annotated[dict[str, Any], Field(max_length=20), AfterValidator(_of_grids)]
