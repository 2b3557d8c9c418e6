"""A table that somebody bought: read strictly, kept in the data directory, taken before what ships.

It is licensed to the buyer: it stays a file of the installation and goes into no database, pack or export.
"""

from __future__ import annotations

import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import ProbabilityError
from geo.probability.direction import Direction
from geo.probability.distance import fit_quantiles
from search_ops.csv_rows import LARGEST_BYTES, Fault, Row, TableRefused, rows_of
from search_ops.lost_person.shipped import known_categories
from search_ops.lost_person.values import CELL_TERRAINS, DirectionRow, DistanceRow
from search_ops.texts import LOCALES, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.lost_person.values import CellTerrain

    Rows = tuple[tuple[DistanceRow, ...], tuple[DirectionRow, ...]]

FILE_NAME: Final = "lost-person.csv"
SHARES: Final = (0.25, 0.5, 0.75, 0.95)
MOST_FAULTS: Final = 20
KM_PER_MILE: Final = 1.609344
FARTHEST_KM: Final = 2_000.0
LARGEST_N: Final = 1_000_000

_KM: Final = ("p25_km", "p50_km", "p75_km", "p95_km")
_MILES: Final = ("p25_mi", "p50_mi", "p75_mi", "p95_mi")
_DEG: Final = ("p25_deg", "p50_deg", "p75_deg", "p95_deg")
_KNOWN: Final = frozenset({"category", "terrain", "ecoregion", "n", "source", *_KM, *_MILES, *_DEG})
_ALIASES: Final[Mapping[str, str]] = {
    "child_13_15": "youth_13_15",
    "mental_retardation": "intellectual_disability",
    "substance_abuse": "substance_use",
    "substance_intoxication": "substance_use",
    "atv": "all_terrain_vehicle",
    "horseback": "horse_rider",
    "horseback_rider": "horse_rider",
    "autistic_asd": "autistic",
    "autism": "autistic",
    "biker": "mountain_biker",
    "vehicle_road": "vehicle",
    "vehicle_4wd": "vehicle",
    "skier": "skier_nordic",
    "all": "other",
    "all_categories": "other",
}
_GROUND: Final[Mapping[str, str]] = {
    "": "any",
    "all": "any",
    "other": "any",
    "mtn": "mountain",
    "mountainous": "mountain",
    "temp": "temperate",
    "arid": "dry",
}


def read_purchased(data: bytes, categories: frozenset[str]) -> Rows:
    """Read a purchased table.

    Parameters
    ----------
    data
        CSV, see FORMATS.md: ``category``, ``terrain`` (or ``ecoregion`` and ``terrain``), ``n``, four
        quantiles in ``_km`` or ``_mi``, optionally four deviations in ``_deg``, ``source``.
    categories
        Codes that may be named; their names in either language are understood too.

    Returns
    -------
    tuple
        Rows of distance and of direction.

    Raises
    ------
    TableRefused
        With every fault (at most ``MOST_FAULTS``) and its line; nothing of a faulty table is taken.
    """
    rows = rows_of(data, needed=("category",), known=_KNOWN)
    columns = rows[0].fields.keys()
    unit = next((names for names in (_KM, _MILES) if set(names) <= columns), None)
    if unit is None:
        raise TableRefused([Fault("column_missing", rows[0].line - 1, "p25_km")])
    names = {_plain(code): code for code in categories} | _names(categories)
    distances: list[DistanceRow] = []
    directions: dict[str, DirectionRow] = {}
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for row in rows:
        try:
            distance = _distance(row, names, unit)
            cell = (distance.category, distance.terrain)
            if cell in seen:
                faults.append(Fault("cell_twice", row.line, "category"))
                continue
            seen.add(cell)
            distances.append(distance)
            direction = _direction(row, distance)
            if direction is not None:
                directions.setdefault(direction.category, direction)
        except TableRefused as refused:
            faults += refused.faults
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise TableRefused(faults[:MOST_FAULTS])
    return tuple(distances), tuple(directions.values())


def _distance(row: Row, names: Mapping[str, str], unit: tuple[str, ...]) -> DistanceRow:
    category = names.get(_plain(row.fields["category"]))
    category = category or names.get(_ALIASES.get(_plain(row.fields["category"]), ""))
    if category is None:
        raise TableRefused([Fault("category_unknown", row.line, "category")])
    terrain = _terrain(row)
    n = row.number("n")
    if n is not None and not (n == int(n) and 1 <= n <= LARGEST_N):
        raise TableRefused([Fault("n_not_whole", row.line, "n")])
    scale = KM_PER_MILE if unit is _MILES else 1.0
    quantiles = {share: row.required(column) * scale for share, column in zip(SHARES, unit, strict=True)}
    far = next(
        (column for share, column in zip(SHARES, unit, strict=True) if quantiles[share] > FARTHEST_KM), ""
    )
    if far:
        raise TableRefused([Fault("distance_too_large", row.line, far)])
    source = row.fields.get("source") or "purchased table"
    try:
        model = fit_quantiles(quantiles, n=None if n is None else int(n), source=source)
    except ProbabilityError:
        raise TableRefused([Fault("quantiles_do_not_grow", row.line, unit[0])]) from None
    return DistanceRow(category, terrain, model, "quantile_fit", "purchased", "purchased")


def _terrain(row: Row) -> CellTerrain:
    parts = [_plain(row.fields[name]) for name in ("ecoregion", "terrain") if name in row.fields]
    parts = [_GROUND.get(part, part) for part in parts]
    parts = [re.sub("mountainous|mtn", "mountain", part) for part in parts if part != "any"]
    named = "urban" if "urban" in parts else "_".join(parts) or "any"
    found = next((terrain for terrain in CELL_TERRAINS if terrain == named), None)
    if found is None:
        raise TableRefused([Fault("terrain_unknown", row.line, "terrain")])
    return found


def _direction(row: Row, distance: DistanceRow) -> DirectionRow | None:
    values = [row.number(column) for column in _DEG]
    if all(value is None for value in values):
        return None
    quantiles = {share: row.required(column) for share, column in zip(SHARES, _DEG, strict=True)}
    try:
        Direction(0.0, quantiles)
    except ProbabilityError:
        raise TableRefused([Fault("deviations_out_of_range", row.line, _DEG[0])]) from None
    return DirectionRow(distance.category, quantiles, distance.model.n, "purchased", distance.model.source)


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower().replace("ё", "е")).strip("_")


def _names(categories: frozenset[str]) -> dict[str, str]:
    return {
        _plain(text(locale, f"subject-category-{code}")): code for locale in LOCALES for code in categories
    }


def keep(data_dir: Path, data: bytes) -> Path:
    """Put a table that was read into the data directory, at once or not at all; return where it lies."""
    data_dir.mkdir(parents=True, exist_ok=True)
    place = data_dir / FILE_NAME
    handle, name = tempfile.mkstemp(prefix=".lost-person-", dir=data_dir)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        written.chmod(0o644)  # the servers may run as another user than the operator
        written.replace(place)
    finally:
        written.unlink(missing_ok=True)
    return place


def kept_rows(data_dir: Path) -> Rows | None:
    """Return the rows of the purchased table, none when there is none; None when it cannot be read."""
    place = data_dir / FILE_NAME
    try:
        state = place.stat()
    except FileNotFoundError:
        return (), ()
    except OSError:
        return None
    return _read_kept(place, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read_kept(place: Path, _mtime_ns: int, size: int) -> Rows | None:
    if size > LARGEST_BYTES:
        return None
    try:
        return read_purchased(place.read_bytes(), known_categories())
    except (OSError, TableRefused):
        return None
