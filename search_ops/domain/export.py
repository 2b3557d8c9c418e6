"""Write what the browser shares with the core: `python -m search_ops.domain.export FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from search_ops.domain.fold import exported


def fold_json() -> str:
    """Return the fold table as the text of ``web/ui/src/core/fold.json``."""
    return json.dumps(exported(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(fold_json(), encoding="utf-8")
