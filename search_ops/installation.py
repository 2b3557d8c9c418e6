"""Faults of an installation: what the operator can put right, told in one sentence.

They stand apart from the errors of a search (``search_ops.errors``): nobody sees them over HTTP.
"""

from search_ops.texts import text


class InstallationError(Exception):
    """Something about this machine or folder keeps us from running.

    Parameters
    ----------
    key
        Key of the sentence in ``house.ftl``.
    facts
        Variables of the sentence.
    """

    def __init__(self, key: str, **facts: str | int) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def sentence(self, locale: str) -> str:
        """Return the one sentence for a person, in ``ru`` or ``en``."""
        return text(locale, self.key, **self.facts)

    def __str__(self) -> str:
        return self.sentence("en")
