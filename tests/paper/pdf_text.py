"""The words of a PDF as a reader would copy them: enough of the format for what typst writes."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TOKEN = re.compile(rb"/(\w+) [\d.]+ Tf|(\()|<([0-9A-Fa-f]+)>|(ET|Td|Tm|TD|T\*)")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_page_text(body, objects) for body in pages]


def _page_text(page: bytes, objects: dict[int, bytes]) -> str:
    contents = re.search(rb"/Contents (\d+) 0 R", page)
    assert contents is not None
    return _text(_stream(objects[int(contents[1])]), _resources(page, objects), objects)


def _resources(body: bytes, objects: dict[int, bytes]) -> bytes:
    found = re.search(rb"/Resources (\d+) 0 R", body)
    return objects[int(found[1])] if found else body


def _text(content: bytes, resources: bytes, objects: dict[int, bytes]) -> str:
    """Return the text of a content stream and of the forms that it draws (the map is one)."""
    fonts = {
        name: _unicode(objects[int(number)], objects)
        for name, number in re.findall(rb"/(f\d+|F\d+) (\d+) 0 R", resources)
    }
    words: list[str] = []
    letters: dict[bytes, str] = {}
    for font, raw, end in _tokens(content):
        if font:
            letters = fonts.get(font, {})
        elif end:
            words.append("\n")
        else:
            words += [letters.get(raw[at : at + 2], "") for at in range(0, len(raw), 2)]
    forms = [
        objects[int(number)]
        for name, number in re.findall(rb"/(x\d+|X\d+) (\d+) 0 R", resources)
        if b"/Form" in objects[int(number)] and b"/" + name + b" Do" in content
    ]
    inner = [_text(_stream(form), _resources(form, objects), objects) for form in forms]
    return "".join(words) + "\n" + "\n".join(inner)


def _tokens(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield fonts, strings and ends of lines in their order."""
    at = 0
    while (found := _TOKEN.search(content, at)) is not None:
        font, opening, hexadecimal, end = found.groups(default=b"")
        at = found.end()
        if opening:
            begin, at = at, _closing(content, at)
            yield b"", _unescaped(content[begin : at - 1]), b""
        else:
            yield font, bytes.fromhex(hexadecimal.decode()), end


def _closing(content: bytes, at: int) -> int:
    """Return where a string ends: pairs of brackets inside need no escape."""
    depth = 1
    while depth:
        sign = content[at : at + 1]
        depth += (sign == b"(") - (sign == b")")
        at += 2 if sign == b"\\" else 1
    return at


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    # A last byte that is a carriage return is taken for the end of the line: the checksum may lack it.
    return zlib.decompressobj().decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _unescaped(literal: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        sign = match[1]
        return bytes([int(sign, 8)]) if sign[:1].isdigit() else _ESCAPES.get(sign, sign)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, literal, flags=re.DOTALL)


def _unicode(font: bytes, objects: dict[int, bytes]) -> dict[bytes, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if found is None:
        return {}
    table = _stream(objects[int(found[1])])
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", table)
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(word.decode()).decode("utf-16-be") for code, word in pairs
    }
