"""What was wrong with a file or repaired in it, as a sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_ops.texts import text

if TYPE_CHECKING:
    from geo.formats.values import Note
    from search_ops.importing.file_refusal import FileRefused


def refusal_in_words(refused: FileRefused, locale: str) -> str:
    """Return the sentence with the file's name, the reason and the place where it is known."""
    name, reason = refused.data["file_name"], refused.reason
    sentence = text(locale, "error-file-refused", file_name=name, reason=reason)
    place = {key: int(value) for key, value in refused.data["place"].items()}
    for key in ("line", "item", "feature", "record", "entry"):
        if key in place:
            return f"{sentence} {text(locale, 'file-place', kind=key, number=place[key])}"
    return sentence


def note_in_words(note: Note, locale: str) -> str:
    """Return the sentence for a repair: what, how often, and where first."""
    sentence = text(locale, f"file-note-{note.code.replace('_', '-')}", count=note.count, detail=note.detail)
    for key, number in (("line", note.line), ("item", note.item)):
        if number is not None:
            return f"{sentence} {text(locale, 'file-place', kind=key, number=number)}"
    return sentence
