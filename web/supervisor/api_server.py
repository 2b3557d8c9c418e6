"""The API as a process: ``python -m web.supervisor.api_server``, or ``search-ops serve api``.

Apart from the command line, whose libraries would stay in memory for as long as the server lives.
"""

import uvicorn

from search_ops.settings import settings


def run() -> None:
    """Serve API and pages until told to stop."""
    uvicorn.run(
        "web.app:create_app",
        factory=True,
        host=settings().host,
        port=settings().port,
        workers=1,
        loop="uvloop",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=3,  # a waiting long-poll must not hold up the stop
    )


if __name__ == "__main__":
    run()
