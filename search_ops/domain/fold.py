"""The fold: how the events of a stream become its state.

The state of a stream is ``{collection: {id: entity}}``. An event merges fields into entities, as the table in
`fold_table` says for its kind; nothing else ever changes them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.fold_table import FOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

State = dict[str, dict[str, dict[str, Any]]]

# The table describes this version of every kind: a newer one is kept raw and must not be read as this one.
TABLE_VERSION: Final = 1

_LITERALS: Final[dict[str, Any]] = {"=null": None, "=true": True, "=false": False, "=[]": []}
_ABSENT: Final = object()


def _value(source: str, event: Mapping[str, Any], item: Any) -> Any:
    if source.startswith("="):
        return _LITERALS.get(source, source[1:])
    head, _, rest = source.partition(".")
    base: Any = item if head == "item" else event.get(head, _ABSENT)
    if not rest:
        return base
    return base.get(rest, _ABSENT) if isinstance(base, dict) else _ABSENT


def changes(event: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    """Yield (collection, entity id, fields to merge, times of which the later stays) of one event.

    Parameters
    ----------
    event : mapping
        An event in wire form; a stub (``seq`` alone), an unknown kind, or a version of a kind that the table
        does not describe yields nothing.
    """
    if event.get("v") != TABLE_VERSION:
        return
    for put in FOLD.get(str(event.get("kind")), ()):
        if put.family is not None and str(event["visibility"]).partition(":")[0] != put.family:
            continue
        for item in [None] if put.each is None else _value(put.each, event, None):
            entity_id = _value(put.id, event, item)
            if entity_id is _ABSENT or entity_id is None:
                continue
            origin = event["payload"] if put.each is None else item
            merged = {name: origin[name] for name in put.take if isinstance(origin, dict) and name in origin}
            for target, source in put.fields.items():
                value = _value(source, event, item)
                if value is not _ABSENT:
                    merged[target] = value
            merged["version"] = event["seq"]
            times = {target: _value(source, event, item) for target, source in put.latest.items()}
            yield put.collection, str(entity_id), merged, times


def merge(
    entity: Mapping[str, Any] | None, fields: Mapping[str, Any], times: Mapping[str, str]
) -> dict[str, Any]:
    """Return the entity with the fields merged; of times the later one stays (RFC 3339 UTC texts compare)."""
    merged = {**(entity or {}), **fields}
    for target, time in times.items():
        held = (entity or {}).get(target)
        merged[target] = time if held is None or time > held else held
    return merged


def apply(state: State, event: Mapping[str, Any]) -> None:
    """Change the state by one event, in place.

    Parameters
    ----------
    state : dict
        ``{collection: {id: entity}}``; entities are replaced, never mutated, so that old ones may be kept.
    event : mapping
        An event in wire form.
    """
    for collection, entity_id, fields, times in changes(event):
        entities = state.setdefault(collection, {})
        entities[entity_id] = merge(entities.get(entity_id), fields, times)


def exported() -> dict[str, Any]:
    """Return the table as plain JSON values, for ``web/ui/src/core/fold.json``."""
    return {kind: [asdict(put) for put in puts] for kind, puts in sorted(FOLD.items())}
