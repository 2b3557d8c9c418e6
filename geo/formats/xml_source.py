"""XML of strangers: streamed through expat, without DTD, bounded in depth, elements and text.

Only the standard library's expat: it is twice as fast as building elements, keeps no tree, knows the line of
every fault, and tells of a DTD before anything in it is used.
"""

from __future__ import annotations

import codecs
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from geo.formats.errors import FormatError

if TYPE_CHECKING:
    from geo.formats.values import NoteBook

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 1_000_000
_CHUNK_BYTES: Final = 1 << 20
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class XmlReader(ABC):
    """Base of readers: a subclass gets every start and end of an element, with local names.

    Parameters
    ----------
    format_name
        For errors.
    root
        Local name that the outermost element must have.
    notes
        Where repairs are written down.

    Attributes
    ----------
    path : list of str
        Local names from the root to the open element.
    """

    def __init__(self, format_name: str, root: str, notes: NoteBook) -> None:
        self.format_name, self.root, self.notes = format_name, root, notes
        self.path: list[str] = []
        self._text: list[str] = []
        self._elements = 0
        self._parser: expat.XMLParserType = expat.ParserCreate()

    # ---- for subclasses

    @abstractmethod
    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    @abstractmethod
    def closed(self, name: str, text: str) -> None:
        """Take the end of an element with the text that stood directly before it."""

    @property
    def line(self) -> int:
        """Line that is being read, from 1."""
        return self._parser.CurrentLineNumber

    def refuse(self, reason: str) -> FormatError:
        """Return the error for the place that is being read."""
        place = {"line": self.line, "column": self._parser.CurrentColumnNumber + 1}
        return FormatError(reason, self.format_name, place)  # type: ignore[arg-type]  # words of this package

    # ---- reading

    def read(self, content: bytes) -> None:
        """Read a whole document.

        Parameters
        ----------
        content
            UTF-8 or UTF-16 with or without byte order mark, or what the declaration says; bytes that are
            not the UTF-8 they claim to be are read as Windows-1251, which old programs write.

        Raises
        ------
        FormatError
            Not well-formed, another root, a DTD, or a limit; with line and column.
        """
        if not content.strip():
            raise FormatError("empty", self.format_name)
        self._parser = self._new_parser(_encoding(content, self.notes))
        try:
            for start in range(0, len(content), _CHUNK_BYTES):
                self._parser.Parse(content[start : start + _CHUNK_BYTES], False)  # noqa: FBT003 - C function
            self._parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as fault:
            raise self._refusal(fault) from None
        except FormatError:
            raise
        except (LookupError, ValueError, TypeError):
            # What Python's codecs say of an encoding that they do not know or that has several bytes a sign.
            raise FormatError("encoding_unknown", self.format_name, {"line": 1}) from None

    def _new_parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        return parser

    def _doctype(self, *_: object) -> None:
        raise self.refuse("declares_entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise self.refuse("too_many_elements")
        if len(self.path) >= MAX_DEPTH:
            raise self.refuse("too_deep")
        local = name.rpartition(":")[2]
        if not self.path and local != self.root:
            raise self.refuse("not_this_format")
        self.path.append(local)
        self._text.clear()
        self.opened(local, attributes)

    def _end(self, _: str) -> None:
        text = "".join(self._text)
        self._text.clear()
        self.closed(self.path.pop(), text)

    def _refusal(self, fault: expat.ExpatError) -> FormatError:
        message = expat.ErrorString(fault.code)
        codes = expat.errors.codes
        if fault.code == codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]:
            return FormatError("encoding_unknown", self.format_name, {"line": 1})
        cut_short = {
            expat.errors.XML_ERROR_NO_ELEMENTS,
            expat.errors.XML_ERROR_UNCLOSED_TOKEN,
            expat.errors.XML_ERROR_PARTIAL_CHAR,
            expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        }
        place = {"line": fault.lineno, "column": fault.offset + 1}
        reason = "truncated" if message in cut_short else "corrupt"
        if self._elements == 0:
            reason = "not_this_format"
        return FormatError(reason, self.format_name, place)  # type: ignore[arg-type]


def _encoding(content: bytes, notes: NoteBook) -> str | None:
    """Return the encoding to force upon expat, or None to let it follow mark and declaration."""
    if content.startswith(_UTF16_MARKS):
        return None
    head = content[:200].lstrip(codecs.BOM_UTF8)
    declaration = head[: head.find(b"?>")].lower() if head.startswith(b"<?xml") else b""
    if b"encoding" in declaration and b"utf-8" not in declaration and b"utf8" not in declaration:
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            decoder.decode(content[start : start + _CHUNK_BYTES])
    except UnicodeDecodeError:
        notes.add("encoding_guessed", line=1, detail="windows-1251")
        return "windows-1251"
    return None
