"""A grid as a wish describes it, cut at once or in the worker; and how refusals of the core are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.errors import (
    GeoError,
    LayerOverlapError,
    PartitionError,
    PartitionSettingError,
    TooManySectorsError,
)
from geo.grid import GridPlan
from geo.grid import cut_grid as cut_by_plan
from geo.grid_names import GridAxes, GridNames
from search_ops.errors import BadInput, Conflict
from search_ops.services.cutting import Ground, free_ground

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.partition import Partition
    from search_ops.domain.wishes import PartitionWish

# A cell clipped to less joins its neighbour, unless the wish says else.
SLIVER_SHARE: Final = 0.02
MOST_NAMES: Final = 20


def cut_grid(ground: Ground, wish: PartitionWish) -> Partition:
    """Cut what is free into cells.

    Raises
    ------
    BadInput
        A setting is out of range, or the cut would give too many sectors.
    Conflict
        The cut failed its own check; nothing is given out.
    """
    free, plan = free_ground(ground), plan_of(wish, ground.axes)
    width_m, height_m = wish.cell_m, wish.cell_height_m or wish.cell_m
    default_m2 = 0.0 if wish.align == "geographic" else SLIVER_SHARE * width_m * height_m / wish.sub_cells**2
    min_area_m2 = default_m2 if wish.min_area_m2 is None else wish.min_area_m2
    return typed_refusals(lambda: cut_by_plan(free, ground.frame, plan, min_area_m2=min_area_m2))


def plan_of(wish: PartitionWish, axes: GridAxes) -> GridPlan:
    """Return the grid that a wish describes.

    Raises
    ------
    BadInput
        ``partition_setting``: a grid of degrees needs its steps.
    """
    names = GridNames(
        wish.letters,
        wish.skipped,
        letters_down=wish.letters_down,
        from_east=wish.from_east,
        from_south=wish.from_south,
        scheme=wish.scheme,
        sub_cells=wish.sub_cells,
    )
    width, height = wish.cell_m, wish.cell_height_m
    if wish.align == "geographic":
        if wish.step_lon_deg is None:
            raise BadInput("partition_setting", where="step_lon_deg", allowed="degrees")
        width, height = wish.step_lon_deg, wish.step_lat_deg
    origin = None if wish.origin is None else (wish.origin.lon, wish.origin.lat)
    return GridPlan(width, height, wish.align, origin, names, axes)


def typed_refusals(cut: Callable[[], Partition]) -> Partition:
    """Carry out a cut; typed refusals of the core become refusals of the intent.

    Raises
    ------
    BadInput
        A setting is out of range, or the cut would give too many sectors.
    Conflict
        The cut failed its own check; nothing is given out.
    """
    try:
        return cut()
    except LayerOverlapError as error:
        raise BadInput(error.code, where="file_id", names=error.names[:MOST_NAMES]) from error
    except PartitionSettingError as error:
        raise BadInput(error.code, where=error.setting, allowed=error.allowed) from error
    except TooManySectorsError as error:
        raise BadInput(error.code, sectors=error.sectors, max_sectors=error.max_sectors) from error
    except (PartitionError, GeoError) as error:
        raise Conflict(error.code) from error
