"""Catalogues of texts: both languages say everything, with the same variables, and nothing else."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from search_ops.texts import LOCALES

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "search_ops" / "texts"
CODE = ("search_ops", "web", "tests")
SUFFIXES = {".py", ".ts", ".svelte", ".typ", ".html"}


class _Variables(Visitor):
    """Collect what a message needs: its variables and the messages it refers to."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.references: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - named by the library
        self.names.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - named by the library
        self.references.add(node.id.name)


@cache
def _catalogue(locale: str) -> dict[str, frozenset[str]]:
    """Return every message of a language with its variables; fail on junk and on keys given twice."""
    found: dict[str, frozenset[str]] = {}
    for path in sorted((TEXTS / locale).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {(entry.content or '')[:80]!r}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{locale}: {entry.id.name} stands twice"
                visitor = _Variables()
                visitor.visit(entry)
                found[entry.id.name] = frozenset(visitor.names)
    return found


def _references() -> set[str]:
    visitor = _Variables()
    for path in (TEXTS / "ru").glob("*.ftl"):
        visitor.visit(FluentParser().parse(path.read_text(encoding="utf-8")))
    return visitor.references


def _sources() -> Iterator[str]:
    for folder in CODE:
        for path in (ROOT / folder).rglob("*"):
            is_ours = not {"node_modules", "static", "contracts"} & set(path.relative_to(ROOT).parts)
            if path.suffix in SUFFIXES and is_ours:
                yield path.read_text(encoding="utf-8")


def test_a_message_refers_to_its_own_file_only() -> None:
    """Files are read one by one, when a message of theirs is wanted."""
    for locale in LOCALES:
        for path in (TEXTS / locale).glob("*.ftl"):
            resource = FluentParser().parse(path.read_text(encoding="utf-8"))
            visitor = _Variables()
            visitor.visit(resource)
            own = {entry.id.name for entry in resource.body if isinstance(entry, ast.Message)}
            assert visitor.references <= own, path


def test_both_languages_have_the_same_keys() -> None:
    """No sentence exists in one language only."""
    first, second = (set(_catalogue(locale)) for locale in LOCALES)
    assert first - second == set()
    assert second - first == set()


def test_both_languages_take_the_same_variables() -> None:
    """A sentence gets the same facts in both languages."""
    english = _catalogue("en")
    assert [key for key, names in _catalogue("ru").items() if names != english.get(key)] == []


def test_same_files_in_both_languages() -> None:
    """Each catalogue file has its twin, so that a translator finds the place."""
    names = [{path.name for path in (TEXTS / locale).glob("*.ftl")} for locale in LOCALES]
    assert names[0] == names[1]


def test_every_key_is_used() -> None:
    """No sentence is left over: its key stands in the code whole, or the code builds it from its beginning.

    Built keys are found by the literal before their variable part: ``f"role-{role}"`` uses ``role-*``.
    """
    code = "\n".join(_sources())
    words = set(re.findall(r"[A-Za-z][\w-]*", code))
    built = set(re.findall(r"[\"'`]([a-z][a-z_]*(?:-[a-z_]+)*-)(?:\$?\{|[\"'`])", code))
    used = words | _references()
    left = [key for key in _catalogue("ru") if key not in used and not key.startswith(tuple(built))]
    assert left == []


def test_house_keys_in_code_exist() -> None:
    """Every literal key of the installation's sentences has its sentence."""
    code = "\n".join(_sources())
    named = set(re.findall(r"[\"'](house-[a-z-]+[a-z])[\"']", code))
    assert named - set(_catalogue("ru")) == set()
