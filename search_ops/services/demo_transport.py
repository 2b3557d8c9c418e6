"""The transport network of the demo: open data, an invented timetable, an invented catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from search_ops.domain.transport_wishes import ResourceWish
from search_ops.persistence.transport_tables import transport_resource, transport_service
from search_ops.services.demo_steps import demo_id
from search_ops.services.transport_edits import put_resource
from search_ops.services.transport_importing import KINDS, take_file

if TYPE_CHECKING:
    from sqlalchemy import Table

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

_FILES: Final = Path(__file__).parents[2] / "fixtures" / "transport"
_REASON: Final = "учебный список"
_CATALOGUE: Final[tuple[dict[str, Any], ...]] = (
    {
        "kind": "group",
        "name": "Отряд «Байкал» (учебный)",
        "base_place": "geonames:2023469",
        "people": 9,
        "ready_min": 90,
        "equipment": "рации, 2 тепловизора",
        "cost_owner": "отряд",
        "cost_rub": 0.0,
        "confidence": 0.9,
    },
    {
        "kind": "group",
        "name": "Группа «Ольхон» (учебная)",
        "base_place": "geonames:2013018",
        "people": 4,
        "ready_min": 45,
        "equipment": "лодка",
        "cost_owner": "отряд",
        "cost_rub": 0.0,
        "confidence": 0.8,
    },
    {
        "kind": "group",
        "name": "Отряд «Селенга» (учебный)",
        "base_place": "geonames:2014407",
        "people": 14,
        "ready_min": 150,
        "equipment": "рации, квадрокоптер",
        "cost_owner": "отряд",
        "cost_rub": 0.0,
        "confidence": 0.8,
    },
    {
        "kind": "group",
        "name": "Эксперты из Москвы (учебные)",
        "base_place": "geonames:524901",
        "people": 12,
        "ready_min": 180,
        "equipment": "БПЛА с тепловизором, 400 кг",
        "cost_owner": "фонд",
        "confidence": 0.9,
    },
    {
        "kind": "aircraft",
        "name": "Ил-76 (учебный)",
        "craft_type": "Il-76TD",
        "base_place": "UUBW",
        "seats": 100,
        "ready_min": 240,
        "duty_min": 1_440,
        "runway_m": 2_500.0,
        "night": True,
        "cost_owner": "МЧС",
        "cost_rub": 0.0,
        "confidence": 0.7,
    },
    # Its readiness and duty are not known: whoever plans with it is told what to ask.
    {
        "kind": "aircraft",
        "name": "Ми-8 (учебный)",
        "craft_type": "Mi-8 / Mi-17",
        "base_place": "UIII",
        "seats": 20,
    },
    {
        "kind": "consultant",
        "name": "Координатор-консультант на связи (учебный)",
        "people": 1,
        "ready_min": 15,
        "cost_owner": "отряд",
        "cost_rub": 0.0,
        "confidence": 0.98,
    },
)


async def load_demo_transport(office: Office, who: Principal) -> None:
    """Take the network and the catalogue in unless they are there; what people have changed stays."""
    if await _count(office, transport_service) == 0:
        for kind in KINDS:
            await take_file(office, kind, f"{kind}.csv", (_FILES / f"{kind}.csv").read_bytes())
    if await _count(office, transport_resource) == 0:
        for number, said in enumerate(_CATALOGUE):
            command_id = demo_id(f"resource-command/{number}")
            wish = ResourceWish.model_validate({"command_id": command_id, "reason": _REASON, **said})
            await put_resource(office, who, demo_id(f"resource/{number}"), wish)


async def _count(office: Office, table: Table) -> int:
    async with office.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
