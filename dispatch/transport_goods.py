"""Kinds of things that move alike, and what of each a departure takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.transport_compile import passes

if TYPE_CHECKING:
    import numpy.typing as npt

    from dispatch.transport_answers import Movement
    from dispatch.transport_compile import Compiled
    from dispatch.transport_values import Piece

    Amounts = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.int32]

GRAMS: Final = 1000
FREE: Final = 1 << 40


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """People, loose cargo or pieces of one weight and size.

    Attributes
    ----------
    pieces
        Party and id of the pieces of this kind, by party number; None for people and loose cargo.
    unit_kg
        What one unit weighs against a payload: a person, a gram of cargo, a piece.
    weight
        What a second later costs for one unit: a person 1, cargo as 100 kg a person.
    supply
        Units of each party.
    """

    kind: str
    unit_kg: float
    weight: float
    supply: Amounts
    piece: Piece | None = None
    pieces: tuple[tuple[int, str, int], ...] = ()


def goods_of(movement: Movement) -> list[Goods]:
    """Return the kinds of things that a movement has, people first."""
    parties = movement.parties
    people = np.array([party.people for party in parties], dtype=np.int64)
    grams = np.array([round(party.cargo_kg * GRAMS) for party in parties], dtype=np.int64)
    found = [Goods("people", movement.person_kg, 1.0, people)] if people.any() else []
    if grams.any():
        found.append(Goods("cargo", 1.0 / GRAMS, 0.01 / GRAMS, grams))
    kinds: dict[tuple[float, ...], list[tuple[int, Piece]]] = {}
    for number, party in enumerate(parties):
        for piece in party.pieces:
            sides = sorted((piece.length_m, piece.width_m, piece.height_m))
            kinds.setdefault((piece.kg, *sides), []).append((number, piece))
    for (kg, *_), of_kind in sorted(kinds.items()):
        supply = np.zeros(len(parties), dtype=np.int64)
        for number, piece in of_kind:
            supply[number] += piece.count
        names = tuple((number, piece.piece_id, piece.count) for number, piece in of_kind)
        found.append(Goods("piece", kg, max(0.01 * kg, 1e-3), supply, of_kind[0][1], names))
    return found


def rooms(compiled: Compiled, goods: Goods, slots: Numbers, *, unknown: bool) -> Amounts:
    """Return how many units of a kind each departure takes by itself."""
    lines = compiled.lines
    nobody = FREE if unknown else 0
    room = np.full(len(slots), FREE, dtype=np.int64)
    if goods.kind == "people":
        seats = lines.seats[slots].astype(np.int64)
        room = np.where(seats < 0, nobody, seats)
    weighs = lines.people_weigh[slots] if goods.kind == "people" else np.ones(len(slots), dtype=np.bool_)
    if goods.unit_kg > 0:
        payload_kg = lines.payload_kg[slots]
        by_weight = np.floor(np.maximum(payload_kg, 0.0) / goods.unit_kg + 1e-9)
        by_weight = np.where(payload_kg < 0, nobody, np.minimum(by_weight, FREE)).astype(np.int64)
        room = np.where(weighs, np.minimum(room, by_weight), room)
    if goods.piece is not None:
        piece = goods.piece
        fits = np.array([*(passes(door, piece) for door in compiled.doors), unknown], dtype=np.bool_)
        room = np.where(fits[lines.door[slots]], room, 0)
    return room
