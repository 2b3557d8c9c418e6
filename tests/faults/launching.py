"""The supervisor as programs of faults start it: `python -m tests.faults.launching`.

A server that keeps dying is left alone for up to half a minute, which a loop of deaths deserves. Here every
death is ours, hundreds in a row, so that the pause does not grow.
"""

from __future__ import annotations

import sys

from web.supervisor import children, supervision

children.LONGEST_DELAY_S = children.FIRST_DELAY_S

if __name__ == "__main__":
    sys.exit(supervision.main(demo=False))
