"""``python -m web.stream``: the stream process without the libraries that read its settings in its memory.

The first program image reads them and becomes the second, which serves for days with what the first found.
"""

import json
import os
import sys
from pathlib import Path

# Not a setting of an operator: what the settings said, for the same process a moment later.
HANDED_ON = "SEARCH_OPS_STREAM_CONFIG"


def read_settings() -> str:
    """Return what a stream process of this installation needs to know, as text."""
    from search_ops.errors import Unavailable  # noqa: PLC0415 - the second image needs none of it
    from search_ops.settings import settings  # noqa: PLC0415

    found = settings()
    own = tuple(f"http://{name}:{found.port}" for name in ("localhost", "127.0.0.1"))
    database_url = found.stream_database_url or found.database_url
    if database_url is None:
        raise Unavailable("database_unavailable")  # the command line fills the address before it calls us
    return json.dumps(
        {
            "host": found.host,
            "port": found.stream_port,
            "origins": list(dict.fromkeys((*found.origins, *own))),
            "database_url": database_url,
            "secrets_dir": str(found.secrets_dir),
            "processes": found.stream_processes,
        }
    )


def serve(handed_on: str) -> None:
    """Serve with what was read."""
    from search_ops.persistence.secret_files import read_kek  # noqa: PLC0415
    from web.stream.server import Config, run  # noqa: PLC0415

    told = json.loads(handed_on)
    kek = read_kek(Path(told.pop("secrets_dir")))
    run(Config(**{**told, "origins": tuple(told["origins"])}, kek=kek))


if __name__ == "__main__":
    handed_on = os.environ.pop(HANDED_ON, None)
    if handed_on is None:
        command = [sys.executable, "-m", "web.stream"]
        os.execve(sys.executable, command, {**os.environ, HANDED_ON: read_settings()})  # noqa: S606 - ourselves
    serve(handed_on)
