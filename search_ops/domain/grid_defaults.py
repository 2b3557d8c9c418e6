"""Grids as a region is used to them: what a wish leaves out is taken from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from uuid_utils.compat import uuid7

from search_ops.domain.wishes import PartitionWish

if TYPE_CHECKING:
    from collections.abc import Mapping

GRID_FIELDS: Final = (
    *("cell_m", "cell_height_m", "align", "step_lon_deg", "step_lat_deg", "origin"),
    *("letters", "skipped", "letters_down", "from_east", "from_south", "scheme", "sub_cells"),
)
# Who names the one has not asked for what the region is used to beside it.
_GOES_WITH: Final = {
    "cell_height_m": ("cell_m",),
    "step_lon_deg": ("align", "step_lat_deg"),
    "step_lat_deg": ("align", "step_lon_deg"),
}


def checked_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a grid as they are kept; values of None are left out.

    Parameters
    ----------
    given
        Of `GRID_FIELDS`, as a partition's wish has them.

    Raises
    ------
    ValueError
        A name or a value that no grid has (`pydantic.ValidationError` names it).
    """
    unknown = sorted(set(given) - set(GRID_FIELDS))
    if unknown:
        raise ValueError(", ".join(unknown)[:200])
    said = {name: value for name, value in given.items() if value is not None}
    wish = PartitionWish.model_validate_json(orjson.dumps({"command_id": str(uuid7()), **said}))
    return wish.model_dump(mode="json", include=set(said))


def with_defaults(wish: PartitionWish, defaults: Mapping[str, Any]) -> PartitionWish:
    """Return the wish with what it leaves out taken from the region; only grids have such.

    Examples
    --------
    >>> wish = PartitionWish(command_id=uuid7(), cell_m=250.0)
    >>> told = with_defaults(wish, {"cell_m": 500.0, "letters": "cyrillic"})
    >>> told.cell_m, told.letters
    (250.0, 'cyrillic')
    """
    said = wish.model_fields_set
    added = {
        name: value
        for name, value in defaults.items()
        if name not in said and not said.intersection(_GOES_WITH.get(name, ()))
    }
    if wish.method != "grid" or not added:
        return wish
    return PartitionWish.model_validate_json(
        orjson.dumps({**wish.model_dump(mode="json", exclude_unset=True), **added})
    )
