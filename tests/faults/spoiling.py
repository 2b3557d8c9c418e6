"""Ways to spoil a good file, each out of one number: bits, cuts, doubled and foreign pieces, odd numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.importing.hostile_files import CYRILLIC, NUMBERS, TIMES

if TYPE_CHECKING:
    import numpy as np

_NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?")
_ODD: Final = tuple(odd.encode() for odd in (*NUMBERS, *TIMES, CYRILLIC, "<a>", "]]>", "&x;", '"', "{", "\0"))
_MOST_CHANGES: Final = 4


def spoilt(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Return a file with a few of its pieces changed; `other` gives the foreign ones."""
    for _ in range(int(rng.integers(1, _MOST_CHANGES))):
        content = _WAYS[int(rng.integers(len(_WAYS)))](content, other, rng)
    return content


def _span(content: bytes, rng: np.random.Generator, most: int = 400) -> tuple[int, int]:
    begin = int(rng.integers(len(content) + 1))
    return begin, min(len(content), begin + int(rng.integers(most)))


def _turn_bits(content: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for _bit in range(int(rng.integers(1, 20))):
        if changed:
            changed[int(rng.integers(len(changed)))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _turn_head(content: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Change a byte where formats keep sizes and places."""
    changed = bytearray(content)
    at = int(rng.integers(min(len(changed), 300) + 1))
    changed[at : at + 1] = bytes([int(rng.choice([0, 1, 0x7F, 0x80, 0xFF]))])
    return bytes(changed)


def _cut(content: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    begin, end = _span(content, rng)
    return content[:begin] + content[end:]


def _end_early(content: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    return content[: int(rng.integers(len(content) + 1))]


def _double(content: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    begin, end = _span(content, rng)
    return content[:end] + content[begin:end] * int(rng.integers(1, 50)) + content[end:]


def _graft(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    (begin, end), (first, last) = _span(content, rng), _span(other, rng)
    return content[:begin] + other[first:last] + content[end:]


def _odd_number(content: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    numbers = list(_NUMBER.finditer(content))
    odd = _ODD[int(rng.integers(len(_ODD)))]
    if not numbers:
        begin, _end = _span(content, rng)
        return content[:begin] + odd + content[begin:]
    found = numbers[int(rng.integers(len(numbers)))]
    return content[: found.start()] + odd + content[found.end() :]


_WAYS: Final = (_turn_bits, _turn_head, _cut, _end_early, _double, _graft, _odd_number, _odd_number)
