"""The API as a process: ``python -m web.supervisor.api_server``, or ``search-ops serve api``.

Apart from the command line, whose libraries would stay in memory for as long as the server lives.
"""

import socket

import uvicorn

from search_ops.settings import Settings, settings


def run() -> None:
    """Serve API and pages until told to stop."""
    config = uvicorn.Config(
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
    listening = [shared_port(settings())] if settings().api_processes > 1 else None
    uvicorn.Server(config).run(sockets=listening)


def shared_port(configured: Settings) -> socket.socket:
    """Return a socket on the port that several processes listen on; the kernel deals connections out."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        configured.host, configured.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(address)
    return made


if __name__ == "__main__":
    run()
