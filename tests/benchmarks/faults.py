"""`./run faults [NAME [COUNT [FIRST SEED]]]`: attacks by seed, a JSON object per line; 1 when one succeeded.

Every fault names its seed: the same seed makes the same attack. Progress goes to the error output.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from tests.faults.cuts import cuts
from tests.faults.files import files
from tests.faults.geometry import geometry
from tests.faults.kills import kills
from tests.faults.repeats import repeats
from tests.faults.restore import restore
from tests.faults.tampering import tampering

ATTACKS: dict[str, Callable[..., Iterator[dict[str, Any]]]] = {
    "geometry": geometry,
    "files": files,
    "repeats": repeats,
    "cuts": cuts,
    "kills": kills,
    "tampering": tampering,
    "restore": restore,
}


def main(arguments: list[str]) -> int:
    """Run one attack, or all; return the exit status."""
    name, *numbers = arguments or [""]
    if (name and name not in ATTACKS) or not all(number.isdecimal() for number in numbers):
        print(f"known: {', '.join(ATTACKS)}; then COUNT and FIRST SEED", file=sys.stderr)
        return 2
    faults = 0
    for chosen in [name] if name else ATTACKS:
        print(f"# {chosen} ...", file=sys.stderr, flush=True)
        for figures in ATTACKS[chosen](*map(int, numbers)):
            print(json.dumps(figures, ensure_ascii=False), flush=True)
            faults += figures["faults"]
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
