"""Compiling numeric kernels: kept on disk where a disk may be written, compiled anew where not.

The cores do not know each other, so this is said here as it is in ``geo.compiling``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Kernel = TypeVar("Kernel", bound="Callable[..., object]")


def compiled(kernel: Kernel) -> Kernel:
    """Return the kernel compiled at its first call; ``kernel.py_func`` stays the plain Python of it."""
    try:
        return cast("Kernel", numba.njit(cache=True, nogil=True, error_model="numpy")(kernel))
    except RuntimeError:  # "no locator available"
        return cast("Kernel", numba.njit(nogil=True, error_model="numpy")(kernel))
