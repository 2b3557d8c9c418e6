"""`./run load [NAME [NUMBERS]]`: load on a system of its own, JSON lines; 1 when something was lost.

Each program starts its own installation on loopback, ends by itself, and looks at the log afterwards.
"""

import sys

from tests.benchmarks.programs import Program, run_programs
from tests.load.filing import batches, check_ins, returning
from tests.load.opening import opening
from tests.load.watching import idle, storm, stuck, watchers

LOADS: dict[str, Program] = {
    "check-ins": check_ins,
    "batches": batches,
    "watchers": watchers,
    "idle": idle,
    "storm": storm,
    "returning": returning,
    "opening": opening,
    "stuck": stuck,
}


if __name__ == "__main__":
    sys.exit(run_programs(LOADS, sys.argv[1:], "numbers as in tests/load"))
