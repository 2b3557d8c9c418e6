"""`./run faults [NAME [COUNT [FIRST SEED]]]`: attacks by seed, a JSON object per line; 1 when one succeeded.

Every fault names its seed: the same seed makes the same attack. Progress goes to the error output.
"""

import sys

from tests.benchmarks.programs import Program, run_programs
from tests.faults.cuts import cuts
from tests.faults.files import files
from tests.faults.geometry import geometry
from tests.faults.kills import kills
from tests.faults.planted import bugs_planted
from tests.faults.repeats import repeats
from tests.faults.restore import restore
from tests.faults.simulator import simulator
from tests.faults.stops import stops
from tests.faults.tampering import tampering

ATTACKS: dict[str, Program] = {
    "geometry": geometry,
    "files": files,
    "repeats": repeats,
    "cuts": cuts,
    "kills": kills,
    "tampering": tampering,
    "restore": restore,
    "stops": stops,
    "simulator": simulator,
    "planted": bugs_planted,
}


if __name__ == "__main__":
    sys.exit(run_programs(ATTACKS, sys.argv[1:], "COUNT and FIRST SEED"))
