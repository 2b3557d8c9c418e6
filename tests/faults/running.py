"""A system of its own for one program of faults: started, looked after, removed, whatever happens."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from search_ops.persistence.embedded import Cluster
from search_ops.persistence.secret_files import read_kek
from tests.faults.scene import Headquarters
from tests.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN: Final = [sys.executable, "-m", "web.supervisor"]


@contextmanager
def running(command: list[str] | None = None) -> Iterator[tuple[Stack, Headquarters]]:
    """Run database, API, stream and worker on free ports of loopback, without the demo."""
    stack = Stack(command or PLAIN)
    try:
        stack.start()
        yield stack, headquarters_of(stack)
    finally:
        stack.destroy()


def headquarters_of(stack: Stack) -> Headquarters:
    """Return the headquarters that a stack runs."""
    return Headquarters(stack.port, Cluster(stack.data_dir).urls(), read_kek(stack.data_dir / "secrets"))
