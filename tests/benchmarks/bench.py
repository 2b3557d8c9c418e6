"""`./run bench [NAME]`: one JSON object per line for each figure (name, ours, baseline, ratio, unit, n).

Timings are for comparing within one run; no test asserts on them. Progress goes to the error output.
"""

import json
import sys
from collections.abc import Callable, Iterator

from tests.benchmarks import (
    assigning,
    cutting,
    evidence,
    ground,
    live,
    moving,
    plan,
    probability,
    regional,
    sector_tiles,
)
from tests.benchmarks.figure import Figure

BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "start": live.start,
    "import": ground.importing,
    "regional": regional.importing,
    "partition": ground.partition,
    "cutting": cutting.cutting,
    "checkin": live.check_in,
    "evidence": evidence.evidence,
    "tiles": sector_tiles.tiles,
    "travel": probability.travel,
    "effort": probability.effort,
    "plan": plan.plan,
    "assigning": assigning.assigning,
    "transport": moving.moving,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; return the exit status."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"# {name} ...", file=sys.stderr, flush=True)
        for figure in BENCHMARKS[name]():
            print(json.dumps(figure.as_json(), ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
