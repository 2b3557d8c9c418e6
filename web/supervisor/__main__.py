"""``python -m web.supervisor [--demo]``: what ``search-ops serve all`` becomes."""

import sys

from web.supervisor.supervision import main

if __name__ == "__main__":
    sys.exit(main(demo="--demo" in sys.argv[1:]))
