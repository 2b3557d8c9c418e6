"""Facts in, PDF out: runs in a bounded child, so that drawing costs the API neither memory nor its life.

Fonts lie beside this module (PT Sans, OFL): the same page comes out on every machine, without network.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely
import typst

from search_ops.paper.frame import frame_for
from search_ops.paper.map_page import draw_map, map_width_mm
from search_ops.paper.sheet import sheet_words
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search_ops.paper.facts import SheetFacts

_HERE: Final = Path(__file__).parent
_TEMPLATE: Final = _HERE / "templates" / "packet.typ"


def render(path: Path, options: Mapping[str, Any]) -> bytes:
    """Return the PDF of the sheets whose facts lie in a JSON file; the entry of the bounded child.

    Parameters
    ----------
    path
        A list of `SheetFacts`.
    options
        ``language``.
    """
    return packet_pdf(json.loads(path.read_bytes()), options["language"])


def packet_pdf(sheets: Sequence[SheetFacts], language: str) -> bytes:
    """Return the PDF of one or several teams' sheets, each with its own page numbers."""
    made: bytes = typst.compile(_TEMPLATE, format="pdf", **_inputs(sheets, language))
    return made


def packet_pictures(sheets: Sequence[SheetFacts], language: str, *, ppi: float) -> list[bytes]:
    """Return the same pages as PNG, for looking at and for tests."""
    made = typst.compile(_TEMPLATE, format="png", ppi=ppi, **_inputs(sheets, language))
    return [made] if isinstance(made, bytes) else list(made)


def _inputs(sheets: Sequence[SheetFacts], language: str) -> dict[str, Any]:
    say = partial(text, language)
    data = {"language": language, "sheets": [_sheet(facts, say) for facts in sheets]}
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")]
    )
    return {
        "root": str(_HERE),
        "font_paths": fonts,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        # The same facts give the same bytes.
        "timestamp": 0,
    }


def _sheet(facts: SheetFacts, say: Any) -> dict[str, Any]:
    frame = frame_for(shapely.from_wkb(facts["wkb"]), facts["scale"])
    return {
        **sheet_words(facts, frame, say),
        "map": draw_map(facts, frame, say),
        "map_width_mm": map_width_mm(frame),
        "landscape": frame.landscape,
        "scale": frame.scale,
    }
