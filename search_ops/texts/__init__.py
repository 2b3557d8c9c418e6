"""Catalogues of every sentence for people: Fluent files, one folder per language.

The same files serve the browser, the command line and paper. Russian is the original.
"""

import re
from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

LOCALES = ("ru", "en")
FALLBACK = "ru"
_MESSAGE = re.compile(r"^([a-zA-Z][\w-]*) *=", re.MULTILINE)


@cache
def _places(locale: str) -> dict[str, str]:
    """Say in which file each message stands: parsing all costs every process its first quarter second."""
    folder = files(__package__) / locale
    return {
        key: name
        for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ftl"))
        for key in _MESSAGE.findall((folder / name).read_text(encoding="utf-8"))
    }


@cache
def _bundle(locale: str, name: str) -> FluentBundle:
    # Isolation marks (FSI, PDI) are for browsers that mix directions; in a terminal they are noise.
    bundle = FluentBundle([locale], use_isolating=False)
    content = (files(__package__) / locale / name).read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(content))
    return bundle


def text(locale: str, key: str, **args: object) -> str:
    """Return the sentence ``key`` in the language ``locale`` with its variables put in.

    Raises
    ------
    KeyError
        No catalogue of that language holds the key.
    ValueError
        A variable is missing or a number has the wrong kind.
    """
    known = locale if locale in LOCALES else FALLBACK
    bundle = _bundle(known, _places(known)[key])
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(key)
    sentence, errors = bundle.format_pattern(pattern, args)
    if errors:
        raise ValueError(f"{key}: {errors[0]}")
    return str(sentence)


def locale_of_environment(lang: str | None) -> str:
    """Choose the language of the command line from ``LC_ALL``/``LANG``: Russian unless it says English."""
    return "en" if (lang or "").lower().startswith("en") else FALLBACK
