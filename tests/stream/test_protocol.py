"""The written protocol says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from search_ops.domain.fold_table import FOLD
from search_ops.domain.transitions import WORDS
from search_ops.domain.visibility import ALL, ClassSet
from tests.stream.people import read_frames
from web.stream import __file__ as package
from web.stream import frames, limits

PAGE = Path(package).with_name("PROTOCOL.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \|(.*)$", PAGE, re.MULTILINE))


@pytest.mark.parametrize("kind", sorted(FOLD))
def test_every_kind_is_described(kind: str) -> None:
    """Each kind of the fold has a row that names every field the fold reads from its payload."""
    assert kind in ROWS
    for put in FOLD[kind]:
        read = {*put.take, *(source.removeprefix("payload.") for source in _sources(put))}
        for name in read:
            assert f"`{name}`" in ROWS[kind], name


def _sources(put: object) -> list[str]:
    values = [getattr(put, "id", ""), getattr(put, "each", None) or "", *getattr(put, "fields", {}).values()]
    return [value for value in values if value.startswith("payload.")]


def test_every_word_of_a_check_in_is_described() -> None:
    """The words a phone may say stand in the row of `check_in`."""
    assert {word for word in WORDS if f"`{word}`" in ROWS["check_in"]} == WORDS


def test_the_examples_have_the_form_of_what_is_sent() -> None:
    """Each frame of the examples has exactly the fields of the frame that the code makes."""
    shown = {
        example["type"]: example
        for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
        for example in _objects(block)
        if "type" in example
    }
    classes = ClassSet(frozenset({ALL}))
    made = [
        frames.hello(
            epoch="", head=1, backed_up_seq=0, ping_s=1, classes=frames.classes_mark(classes), at=""
        ),
        frames.stub(43),
        frames.live(1),
        frames.reset("too_slow", frames.snapshot_url("operation/1")),
        frames.position(None, []),
        frames.PING,
        frames.pass_(""),
        frames.AGAIN,
        frames.close(1012, ""),
    ]
    for (message,) in map(read_frames, made):
        assert shown[message["type"]].keys() == message.keys()
    assert shown.keys() == {*(read_frames(one)[0]["type"] for one in made), "progress", "auth", "resume"}


def _objects(block: str) -> list[dict[str, object]]:
    try:
        return [orjson.loads(block)]
    except ValueError:
        return [orjson.loads(line) for line in block.splitlines()]


def test_every_close_code_and_reason_is_described() -> None:
    """Whatever a socket may be closed with, and whatever resets it, stands on the page."""
    codes = {str(value) for name, value in vars(limits).items() if name.startswith("CLOSE_")}
    assert {code for code in codes if code in PAGE} == codes
    said: set[str] = set()
    for source in Path(package).parent.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        said |= set(re.findall(r'(?:part|dismiss)\([A-Z_]+, "(\w+)"\)', text))
        said |= set(re.findall(r'reset\(\w+, "(\w+)"\)', text))
        if source.name == "hub.py":
            said |= set(re.findall(r'return "(\w+)"', text))
    assert {"session_ended", "epoch_changed", "too_slow", "grants_changed", "after_beyond_head"} <= said
    assert {reason for reason in said if f"`{reason}`" in PAGE} == said
