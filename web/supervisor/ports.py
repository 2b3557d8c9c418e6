"""Ports are looked at before anything is started, so that a fault is named, not buried in a traceback."""

import errno
import socket
import time

from search_ops.installation import InstallationError

# Children of a killed predecessor die within milliseconds; their ports are free shortly after.
PATIENCE_S = 1.0
POLL_S = 0.05


def check_port(host: str, port: int, variable: str) -> None:
    """Make sure that we can listen on a port.

    Raises
    ------
    InstallationError
        With the port and the variable that moves it.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        fault = _bind_fault(host, port)
        if fault != errno.EADDRINUSE or time.monotonic() > deadline:
            break
        time.sleep(POLL_S)
    if fault == 0:
        return
    key = {
        errno.EADDRINUSE: "house-port-in-use",
        errno.EACCES: "house-port-forbidden",
    }.get(fault, "house-host-unusable")
    raise InstallationError(key, host=host, port=str(port), variable=variable)


def _bind_fault(host: str, port: int) -> int:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        return errno.EADDRNOTAVAIL
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return 0
