"""Names of grid cells: letters and numbers along two axes, sub-cells in a spiral, grids that grow outward."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Letters = Literal["latin", "cyrillic"]
Scheme = Literal["letter_number", "number_letter", "numbers"]

ALPHABETS: Final[dict[Letters, str]] = {
    # I and O are read as digits; the Cyrillic gaps are the custom of search maps.
    "latin": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "cyrillic": "АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ",
}
FULL_ALPHABETS: Final[dict[Letters, str]] = {
    "latin": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "cyrillic": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
}
# Clockwise round the middle («улитка»), rows from the north, columns from the west.
SPIRALS: Final[dict[int, tuple[tuple[int, ...], ...]]] = {
    1: ((1,),),
    2: ((1, 2), (4, 3)),
    3: ((1, 2, 3), (8, 9, 4), (7, 6, 5)),
}


@dataclass(frozen=True, slots=True)
class GridNames:
    """How cells are named.

    Parameters
    ----------
    letters
        Alphabet; ``latin`` without I and O, ``cyrillic`` without Ё З Й О Ч Ъ Ы Ь, or see ``skipped``.
    skipped
        Letters left out; None: the custom of the alphabet.
    letters_down
        Letters go down and numbers across, instead of letters across.
    from_east, from_south
        Counting begins there instead of in the north-west.
    scheme
        ``letter_number`` (G5), ``number_letter`` (5G), ``numbers`` (1, 2, 3 ... row by row).
    sub_cells
        1, 2 or 3: each cell is cut in as many rows and columns, numbered in a spiral (G5/1 .. G5/9).
    """

    letters: Letters = "latin"
    skipped: str | None = None
    letters_down: bool = False
    from_east: bool = False
    from_south: bool = False
    scheme: Scheme = "letter_number"
    sub_cells: int = 1

    @property
    def alphabet(self) -> str:
        """Return the letters in use, at least one."""
        if self.skipped is None:
            return ALPHABETS[self.letters]
        skipped = self.skipped.upper()
        return "".join(letter for letter in FULL_ALPHABETS[self.letters] if letter not in skipped)


@dataclass(frozen=True, slots=True)
class GridAxes:
    """Names that lines of cells have been given, by their place counted from the grid's origin.

    A grid that grows keeps them: what is added on either side goes on with the next name.
    """

    columns: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def grown(
        cls, before: GridAxes, columns: Iterable[int], rows: Iterable[int], names: GridNames
    ) -> GridAxes:
        """Return the axes with further columns (from the west) and rows (from the north) named."""
        return cls(
            _grown(before.columns, columns, backwards=names.from_east),
            _grown(before.rows, rows, backwards=names.from_south),
        )


def _grown(before: Mapping[int, int], places: Iterable[int], *, backwards: bool) -> dict[int, int]:
    """Return places with their numbers: new ones go on outward; without old ones, from the first on."""
    numbers = dict(before)
    new = sorted(set(places) - set(numbers), reverse=backwards)
    if not numbers and new:
        # Every line between the first and the last has a name, also where no ground is.
        first, last = new[0], new[-1]
        step = -1 if backwards else 1
        return {place: number for number, place in enumerate(range(first, last + step, step))}
    low, high, count = min(numbers, default=0), max(numbers, default=0), max(numbers.values(), default=-1)
    for place in range(high + 1, max(new, default=high) + 1):
        count += 1
        numbers[place] = count
    for place in range(low - 1, min(new, default=low) - 1, -1):
        count += 1
        numbers[place] = count
    return numbers


def cell_names(columns: Sequence[int], rows: Sequence[int], axes: GridAxes, names: GridNames) -> list[str]:
    """Return the name of each cell.

    Parameters
    ----------
    columns, rows
        Places of the cells' columns from the west and rows from the north, in sub-cells.
    axes
        Numbers of whole columns and rows.

    Examples
    --------
    >>> names = GridNames()
    >>> cell_names([0, 1], [0, 0], GridAxes.grown(GridAxes(), [0, 1], [0], names), names)
    ['A1', 'B1']
    """
    found: list[str] = []
    numbered: dict[tuple[int, int], int] = {}
    part = names.sub_cells
    if names.scheme == "numbers":
        whole = {(row // part, column // part) for column, row in zip(columns, rows, strict=True)}
        order = sorted(whole, key=lambda cell: (axes.rows[cell[0]], axes.columns[cell[1]]))
        numbered = {cell: number for number, cell in enumerate(order, start=1)}
    for column, row in zip(columns, rows, strict=True):
        across, down = axes.columns[column // part], axes.rows[row // part]
        if names.scheme == "numbers":
            name = str(numbered[row // part, column // part])
        else:
            lettered, counted = (down, across) if names.letters_down else (across, down)
            letter, number = letter_name(lettered, names.alphabet), str(counted + 1)
            name = letter + number if names.scheme == "letter_number" else number + letter
        inner = "" if part == 1 else f"/{SPIRALS[part][row % part][column % part]}"
        found.append(name + inner)
    return found


def letter_name(place: int, alphabet: str) -> str:
    """Return the letters of a place counted from 0: A, B ... then AA, AB ...

    Examples
    --------
    >>> letter_name(0, "ABC"), letter_name(2, "ABC"), letter_name(3, "ABC")
    ('A', 'C', 'AA')
    """
    name = ""
    number = place + 1
    while number:
        number, digit = divmod(number - 1, len(alphabet))
        name = alphabet[digit] + name
    return name
