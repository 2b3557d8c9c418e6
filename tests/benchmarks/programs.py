"""Several measuring or attacking programs behind one command: a JSON object per line, and how that ends."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Program = Callable[..., Iterator[dict[str, Any]]]


def run_programs(programs: Mapping[str, Program], arguments: Sequence[str], numbers_are: str) -> int:
    """Run the program that is named with its numbers, or all; return the exit status, 1 for a fault.

    Parameters
    ----------
    numbers_are : str
        What the numbers mean, said to who does not know the names. Progress goes to the error output.
    """
    name, *numbers = arguments or [""]
    if (name and name not in programs) or not all(number.isdecimal() for number in numbers):
        print(f"known: {', '.join(programs)}; then {numbers_are}", file=sys.stderr)
        return 2
    faults = 0
    for chosen in [name] if name else programs:
        print(f"# {chosen} ...", file=sys.stderr, flush=True)
        for figures in programs[chosen](*map(int, numbers)):
            print(json.dumps(figures, ensure_ascii=False), flush=True)
            faults += figures["faults"]
    return min(faults, 1)
