"""Stand-ins for the three servers, and a supervisor over them: what is proven is the supervision.

``python stand_in.py`` runs the supervisor; ``python stand_in.py api|stream|worker`` is one of its children.
"""

import os
import signal
import socketserver
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from search_ops.persistence.embedded import DatabaseUrls
from web.supervisor import supervision
from web.supervisor.children import Child


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the test reads what the supervisor says."""


def _servers(name: str, urls: DatabaseUrls, count: int) -> list[Child]:  # noqa: ARG001 - as the real one
    environment = {**os.environ, "STAND_IN_HAS": urls.stream_url if name == "stream" else urls.app_url}
    return [Child(name, [sys.executable, __file__, name], environment)]


def main() -> int:
    match sys.argv[1:]:
        case ["api"]:
            HTTPServer(("127.0.0.1", int(os.environ["SEARCH_OPS_PORT"])), _Ready).serve_forever()
        case ["stream"]:
            socketserver.TCPServer.allow_reuse_address = True
            address = ("127.0.0.1", int(os.environ["SEARCH_OPS_STREAM_PORT"]))
            socketserver.TCPServer(address, socketserver.BaseRequestHandler).serve_forever()
        case ["worker"]:
            signal.pause()
        case _:
            supervision.servers = _servers  # type: ignore[attr-defined]
            return supervision.main(demo=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
