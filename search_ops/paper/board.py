"""The sheet of all teams: words in, PDF out; the entry of the bounded child."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE: Final = Path(__file__).parent
_TEMPLATE: Final = _HERE / "templates" / "board.typ"


def render(path: Path, options: Mapping[str, Any]) -> bytes:
    """Return the PDF of the sheet whose words lie in a JSON file.

    Parameters
    ----------
    options
        Empty: the words say everything.
    """
    del options
    made: bytes = typst.compile(_TEMPLATE, format="pdf", **_inputs(json.loads(path.read_bytes())))
    return made


def _inputs(words: Mapping[str, Any]) -> dict[str, Any]:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")]
    )
    return {
        "root": str(_HERE),
        "font_paths": fonts,
        "sys_inputs": {"data": json.dumps(words, ensure_ascii=False)},
        # The same words give the same bytes.
        "timestamp": 0,
    }
