"""The process in which libosmium reads a map file: features go to the parent in batches."""

from itertools import islice
from pathlib import Path
from typing import Any

from search_ops.importing.child_process import run_child, send
from search_ops.importing.osm_features import as_plain
from search_ops.importing.osm_file import MapFile
from search_ops.importing.osm_reader import OsmReader
from search_ops.importing.osm_refusal import MapFileRefused

_BATCH_FEATURES = 4_000


def _read(wish: dict[str, Any]) -> dict[str, Any]:
    file = MapFile(Path(wish["path"]), wish["format"], int(wish["size_bytes"]), bytes.fromhex(wish["sha256"]))
    reader = OsmReader(file)

    def tell(done: int, total: int | None, objects: int) -> None:
        send({"progress": [done, total or 0, objects]})

    try:
        features = reader.features(tell)
        while batch := list(islice(features, _BATCH_FEATURES)):
            send({"features": [as_plain(feature) for feature in batch]})
    except MapFileRefused as refusal:
        return {"refused": refusal.data}
    return {
        "data_at": None if reader.data_at is None else reader.data_at.isoformat(),
        "box": reader.box,
        "objects": reader.objects,
        "left_out": reader.left_out.as_json(),
    }


if __name__ == "__main__":
    run_child(_read)
