"""What desks ask of paper."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from search_ops.domain.payloads import Identity
from search_ops.domain.wishes import Wish

PaperLayer = Literal["neighbours", "contours", "entry", "last_known"]
USUAL_LAYERS: tuple[PaperLayer, ...] = ("neighbours", "contours", "entry")
MOST_SHEETS = 60


class ExportWish(Wish):
    """Write everything of a search for map programs, with all that its tracks hold, as a job."""

    format: Literal["gpkg", "geojson"]
    language: Literal["ru", "en"] = "ru"
    last_known: bool = False


class RasterOnPaper(BaseModel):
    """A raster layer over the drawn ground and under the sector."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    layer_id: Identity
    opacity: Annotated[float, Field(gt=0, le=1)] = 1.0


class PacketWish(Wish):
    """Task sheets and maps of several teams as one PDF; the last known position only when asked for."""

    team_ids: Annotated[list[Identity], Field(max_length=MOST_SHEETS, default_factory=list)]
    task_ids: Annotated[list[Identity], Field(max_length=MOST_SHEETS, default_factory=list)]
    language: Literal["ru", "en"] = "ru"
    size: Literal["A4"] = "A4"
    scale: Literal[5000, 10000, 15000, 20000, 25000, 50000, 100000, 200000] | None = None
    layers: Annotated[list[PaperLayer], Field(max_length=4, default_factory=lambda: list(USUAL_LAYERS))]
    rasters: Annotated[list[RasterOnPaper], Field(max_length=4, default_factory=list)]

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.team_ids and not self.task_ids:
            raise ValueError("no team and no task")
        return self
