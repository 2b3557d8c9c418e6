"""Names as they are searched: one plain Latin spelling for Cyrillic and Latin, with and without marks.

The same function folds the names of the map when they are imported and the text that somebody types, so that
«Верхняя Ёлка», "verkhnyaya elka" and "Verhnjaja Elka" meet.
"""

import re
import unicodedata

FOLDED_LENGTH = 120

# Sounds, not any one standard: BGN, GOST and how people type differ in exactly these letters.
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "",
    "э": "e", "ю": "iu", "я": "ia", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u", "ј": "i",
    "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i", "þ": "th",
}  # fmt: skip
# Longer spellings first; what is left after them has one letter per sound.
_SAME_SOUND = (
    ("shch", "sh"), ("sch", "sh"), ("tsch", "ch"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("yo", "e"),
    ("jo", "e"), ("ye", "e"), ("je", "e"), ("yu", "iu"), ("ju", "iu"), ("ya", "ia"), ("ja", "ia"),
    ("iy", "i"), ("yj", "i"), ("ij", "i"), ("y", "i"), ("j", "i"), ("w", "v"), ("ii", "i"),
)  # fmt: skip
# Words that say what a thing is and are written or left out at will.
_SHORT = re.compile(
    r"\b(?:ul|ulica|ulitsa|ulitsia|per|pereulok|pr|prospekt|prt|sh|shosse|d|derevnia|s|selo|g|gorod|p|pos|poselok"
    r"|str|street|st|reka|r|ozero|oz)\b"
)


def folded(name: str) -> str:
    """Return the spelling under which a name is found.

    Parameters
    ----------
    name
        As on the map or as typed; any script. Only the first 120 characters count.

    Returns
    -------
    str
        Lower case Latin letters and figures, words one space apart; empty when nothing is left.

    Examples
    --------
    >>> folded("Верхняя Ёлка") == folded("verkhnyaya yelka")
    True
    >>> folded("Große Straße")
    'grosse strasse'
    """
    plain = unicodedata.normalize("NFKD", name[:FOLDED_LENGTH].lower().replace("ё", "е").replace("й", "и"))
    letters = "".join(_LATIN.get(letter, letter) for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^0-9a-z\u0100-\uffff]+", " ", letters).strip()
    for spelling, sound in _SAME_SOUND:
        words = words.replace(spelling, sound)
    kept = " ".join(_SHORT.sub(" ", words).split())
    return (kept or words)[:FOLDED_LENGTH]
