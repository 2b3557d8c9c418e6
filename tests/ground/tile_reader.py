"""Just enough of the Mapbox Vector Tile format (2.1) to look into a tile in tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Layer:
    """One layer: its name, and per feature the attributes and the first point in tile units."""

    name: str = ""
    keys: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    raw_features: list[bytes] = field(default_factory=list)

    @property
    def attributes(self) -> list[dict[str, Any]]:
        found = []
        for feature in self.raw_features:
            tags = [n for number, part in fields(feature) if number == 2 for n in varints(part)]
            pairs = zip(tags[::2], tags[1::2], strict=True)
            found.append({self.keys[key]: self.values[value] for key, value in pairs})
        return found

    @property
    def first_points(self) -> list[tuple[int, int]]:
        found = []
        for feature in self.raw_features:
            numbers = [n for number, part in fields(feature) if number == 4 for n in varints(part)]
            found.append((unzigzag(numbers[1]), unzigzag(numbers[2])))
        return found


def read_tile(tile: bytes) -> dict[str, Layer]:
    """Return the layers of a tile by name."""
    layers = {}
    for number, message in fields(tile):
        assert number == 3
        layer = Layer()
        for part_number, part in fields(message):
            if part_number == 1:
                layer.name = bytes(part).decode()
            elif part_number == 2:
                layer.raw_features.append(part)
            elif part_number == 3:
                layer.keys.append(bytes(part).decode())
            elif part_number == 4:
                layer.values.append(value_of(part))
        layers[layer.name] = layer
    return layers


def value_of(message: bytes) -> Any:
    for number, part in fields(message):
        return bytes(part).decode() if number == 1 else part
    return None


def fields(message: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(message, at)
            yield key >> 3, value
        else:
            length, at = varint(message, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            yield key >> 3, message[at : at + length]
            at += length


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def varints(message: bytes) -> Iterator[int]:
    at = 0
    while at < len(message):
        value, at = varint(message, at)
        yield value


def unzigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)
