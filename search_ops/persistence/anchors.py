"""Anchors: heads of the log written outside the database, to find a tail cut off or a chain made anew.

One line of JSON for each moment at which a stream had moved, appended and synced. They lie in the data
directory and may be copied anywhere: whoever has an old line can check the log against it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "anchors.jsonl"
ANCHORED, RESTORED = "anchored", "restored"


def append_anchor(
    folder: Path, at: str, streams: Mapping[str, Mapping[str, Any]], why: str = ANCHORED
) -> None:
    """Write where the streams stand that moved since; after a restore older lines bind only up to there."""
    if why == ANCHORED:
        known = read_anchors(folder / FILE)
        streams = {
            name: each
            for name, each in streams.items()
            if known.get(name, {}).get(each["head"]) != {str(each["hash"])}
        }
        if not streams:
            return
    line = json.dumps({"at": at, "why": why, "streams": streams}, ensure_ascii=False) + "\n"
    with (folder / FILE).open("ab") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def read_anchors(path: Path) -> dict[str, dict[int, set[str]]]:
    """Return for each stream the numbers whose hashes are known: ``{stream: {seq: hashes}}``.

    Two hashes for one number mean that one of them was forged: a later line never hides an earlier one.

    A line that is not whole (the machine died while it was written) is passed over.
    """
    known: dict[str, dict[int, set[str]]] = {}
    if not path.exists():
        return known
    for text in path.read_bytes().splitlines():
        try:
            line = json.loads(text)
            streams = {name: (int(each["head"]), str(each["hash"])) for name, each in line["streams"].items()}
        except (ValueError, KeyError, TypeError):
            continue
        if line.get("why") == RESTORED:
            # What came after the backup was given up knowingly, together with the streams it did not have.
            known = {
                name: {seq: hashes for seq, hashes in held.items() if seq <= streams[name][0]}
                for name, held in known.items()
                if name in streams
            }
        for name, (seq, hash_) in streams.items():
            if seq > 0:
                known.setdefault(name, {}).setdefault(seq, set()).add(hash_)
    return known
