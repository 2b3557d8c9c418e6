"""Readers that misbehave, for the bounded child."""

import ctypes
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def hang(_: Path, __: Mapping[str, Any]) -> bytes:
    time.sleep(60)
    return b""


def burn(_: Path, __: Mapping[str, Any]) -> bytes:
    while True:
        pass


def swell(_: Path, __: Mapping[str, Any]) -> bytes:
    return bytes(1 << 40)


def fall(_: Path, __: Mapping[str, Any]) -> bytes:
    return ctypes.string_at(1, 8)


def dial(_: Path, __: Mapping[str, Any]) -> bytes:
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except OSError as fault:
        # An empty network has no loopback up: the refusal is "unreachable", not "refused" by our own machine.
        return b"no network" if fault.errno == 101 else str(fault).encode()
    return b"network"
