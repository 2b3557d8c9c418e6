"""Figures for Prometheus: numbers of this machine for this machine, and nobody's name or place in them."""

import re
from typing import Any

LINE = re.compile(r'search_ops_\w+(\{\w+="\w+"(,\w+="\w+")*\})? -?[\d.e+]+')


def test_figures_are_numbers_for_programs_of_this_machine(served: Any, world: Any) -> None:
    """Every line is a comment or a figure; through a proxy nobody gets them."""
    assert world is not None
    answer = served.ask("GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    figures = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert [line for line in figures if LINE.fullmatch(line) is None] == []
    events = next(line for line in figures if line.startswith("search_ops_events_total "))
    assert float(events.split()[1]) > 0
    for name in ("X-Forwarded-For", "Forwarded", "Via"):
        assert served.ask("GET", "/metrics", headers={name: "203.0.113.5"}).status_code == 404
