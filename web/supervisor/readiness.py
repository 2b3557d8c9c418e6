"""Whether the servers answer: the API by its own word, the stream by taking a connection."""

import http.client
import json
import socket
from pathlib import Path

from search_ops.persistence.cluster_place import write_atomically
from search_ops.settings import Settings

ANSWER_LIMIT_S = 2.0
HTTP_OK = 200
OWN_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound


def api_answers(settings: Settings) -> bool:
    """Whether ``/readyz`` says yes."""
    connection = http.client.HTTPConnection(_own(settings.host), settings.port, timeout=ANSWER_LIMIT_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTP_OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stream_answers(settings: Settings) -> bool:
    """Whether the stream's port takes connections."""
    try:
        with socket.create_connection((_own(settings.host), settings.stream_port), timeout=ANSWER_LIMIT_S):
            return True
    except OSError:
        return False


def write_ready_file(path: Path, settings: Settings, prepared: dict[str, object]) -> None:
    """Tell the program that started us that everything answers; it holds passwords, hence 0600."""
    content = {
        "url": settings.public_url,
        "stream_url": settings.public_stream_url,
        "users": prepared.get("users", []),
        "operation_id": prepared.get("operation_id"),
        "join_code": prepared.get("join_code"),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n", mode=0o600)


def forget_ready_file(settings: Settings) -> None:
    """Take back the word that everything answers."""
    if settings.ready_file:
        settings.ready_file.unlink(missing_ok=True)


def _own(host: str) -> str:
    return OWN_MACHINE.get(host, host)
