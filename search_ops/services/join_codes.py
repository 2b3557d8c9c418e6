"""The card with the join code: code, address and QR picture for the meeting point."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import segno

from search_ops.persistence.event_log import operation_stream
from search_ops.services.joining import current_join_code, make_join_code, rotate_join_code
from search_ops.services.scribe import Scribe, intend_in_operation, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import Wish
    from search_ops.persistence.unit_of_work import Office

_MODULE_PX: Final = 8
_QUIET_MODULES: Final = 4  # ISO/IEC 18004 asks for four


def join_card(code: str, public_url: str) -> dict[str, Any]:
    """Return code, address and QR as SVG; error correction Q, for paper that gets wet."""
    url = f"{public_url}/field/#{code}"  # behind the hash it is never sent to a server, hence in no log
    picture = io.BytesIO()
    segno.make(url, error="q", micro=False).save(
        picture, kind="svg", scale=_MODULE_PX, border=_QUIET_MODULES, xmldecl=False, svgns=True
    )
    return {"code": code, "url": url, "qr_svg": picture.getvalue().decode()}


async def read_join_card(office: Office, operation_id: UUID, public_url: str) -> dict[str, Any]:
    """Return the card of the code that lets people in now; one is made where there is none."""
    async with office.engine.connect() as connection:
        code = await current_join_code(connection, operation_id)
        if code is None:
            code = await make_join_code(connection, operation_id, office.clock())
            await connection.commit()
    return join_card(code, public_url)


async def rotate_code(
    office: Office, principal: Principal, operation_id: UUID, wish: Wish, public_url: str
) -> dict[str, Any]:
    """Withdraw the code and make another; those who joined with the old one stay."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.work.streams[operation_stream(operation_id)])
        work = scribe.work
        return {"code": await rotate_join_code(work.connection, operation_id, work.now)}

    answer = await intend_in_operation(
        office, principal, operation_id, wish, name="join_code.rotate", decide=decide
    )
    return join_card(str(answer["code"]), public_url)
