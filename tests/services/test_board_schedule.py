"""The sheet of all teams by itself: once for every slot, also after a restart; printed once, faults told."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.board_schedule import slot_of
from search_ops.domain.board_wishes import BoardScheduleWish
from search_ops.domain.events import wire_time
from search_ops.domain.wishes import ClosingWish
from search_ops.errors import ChangedMeanwhile
from search_ops.services.board_schedule import FOLDER, MOST_KEPT, BoardRounds, round_of_sheets, set_schedule
from search_ops.services.closing import close_operation
from search_ops.services.printing import print_file
from search_ops.settings import Settings
from tests.paper.pdf_text import pages_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.conftest import Desk

pytestmark = pytest.mark.postgres


async def _agree(desk: Desk, every_min: int | None) -> None:
    held = (await desk.state()).get("board_schedule", {}).get(str(desk.operation_id))
    wish = BoardScheduleWish(
        command_id=uuid7(),
        base_version=None if held is None else held["version"],
        every_min=every_min,
        language="ru",
    )
    await set_schedule(desk.office, desk.me, desk.operation_id, wish)


def _stand(desk: Desk, at: datetime) -> None:
    desk.office.clock = lambda: at


def _printer(folder: Path) -> str:
    """Return a printer that writes a line for every sheet it is given."""
    program = folder / "printer.py"
    lines = folder / "printed.txt"
    program.write_text(
        f"import pathlib, sys\nwith open({str(lines)!r}, 'a') as said: said.write(sys.argv[1] + '\\n')\n"
        "assert pathlib.Path(sys.argv[1]).read_bytes().startswith(b'%PDF')\n"
    )
    return f"{sys.executable} {program} {{file}}"


async def _sheet(desk: Desk) -> dict[str, Any]:
    return await desk.get("board_sheet", desk.operation_id)


async def test_a_sheet_for_every_slot_and_one_only(gridded: Desk, tmp_path: Path) -> None:
    """At once, then with each half hour; rounds of two workers, and after a restart, write nothing twice."""
    await gridded.team("Лиса-1", "Анна")
    begun = slot_of(gridded.office.clock(), 30) + timedelta(minutes=7)
    made = Settings(data_dir=tmp_path, print_command=_printer(tmp_path))
    assert await round_of_sheets(gridded.office, made) == 0
    await _agree(gridded, 30)
    _stand(gridded, begun)
    done = await asyncio.gather(*(round_of_sheets(gridded.office, made) for _ in range(3)))
    assert sum(done) == 1
    told = await _sheet(gridded)
    assert told["slot_at"] == wire_time(slot_of(begun, 30))
    assert (told["written_at"], told["printed_at"], told["print_fault"]) == (wire_time(begun),) * 2 + (None,)
    [path] = (tmp_path / FOLDER / gridded.number).iterdir()
    assert path.name == told["name"]
    assert path.stat().st_mode & 0o777 == 0o600
    [page] = pages_of(path.read_bytes())
    assert "Лиса-1" in page
    assert "Анна" in page
    _stand(gridded, begun + timedelta(minutes=22))
    assert await round_of_sheets(gridded.office, made) == 0
    _stand(gridded, begun + timedelta(minutes=23))
    assert await round_of_sheets(gridded.office, made) == 1
    printed = (tmp_path / "printed.txt").read_text().split()
    assert len(printed) == len(set(printed)) == 2


async def test_one_who_is_beaten_to_it_prints_nothing(desk: Desk, tmp_path: Path) -> None:
    """Until it is written nobody prints; a schedule that was ended while the sheet was drawn writes none."""
    await _agree(desk, 30)
    made = Settings(data_dir=tmp_path, print_command=_printer(tmp_path))
    assert await round_of_sheets(desk.office, made) == 1
    await _agree(desk, None)
    _stand(desk, desk.office.clock() + timedelta(hours=1))
    assert await round_of_sheets(desk.office, made) == 0
    assert len((tmp_path / "printed.txt").read_text().split()) == 1


async def test_a_stale_wish_is_refused(desk: Desk) -> None:
    """Two who set it at once: the second reads what the first wrote; sheets between them do not matter."""
    await _agree(desk, 30)
    stale = BoardScheduleWish(command_id=uuid7(), base_version=None, every_min=60, language="en")
    with pytest.raises(ChangedMeanwhile):
        await set_schedule(desk.office, desk.me, desk.operation_id, stale)


async def test_sheets_end_with_the_search_and_are_taken_away(desk: Desk, tmp_path: Path) -> None:
    """A day of half hours is kept; a closed search writes none, and 30 days later none are left."""
    await _agree(desk, 30)
    folder = tmp_path / FOLDER / desk.number
    folder.mkdir(parents=True)
    for number in range(MOST_KEPT + 5):
        (folder / f"20200101-{number:04d}_{desk.number}.pdf").write_bytes(b"%PDF")
    made = Settings(data_dir=tmp_path)
    assert await round_of_sheets(desk.office, made) == 1
    assert len(list(folder.iterdir())) == MOST_KEPT
    assert (folder / (await _sheet(desk))["name"]).exists()
    wish = ClosingWish.model_validate(
        {
            "command_id": uuid7(),
            "base_version": await desk.version("operation", desk.operation_id),
            "outcome": "found_alive",
            "reason": None,
        }
    )
    await close_operation(desk.office, desk.me, desk.operation_id, wish)
    _stand(desk, desk.office.clock() + timedelta(days=29))
    assert await round_of_sheets(desk.office, made) == 0
    assert len(list(folder.iterdir())) == MOST_KEPT
    _stand(desk, desk.office.clock() + timedelta(days=2))
    assert await round_of_sheets(desk.office, made) == 0
    assert list(folder.iterdir()) == []


async def test_a_printer_that_fails_is_told(desk: Desk, tmp_path: Path) -> None:
    """The sheet is written all the same, and the desk reads why there is no paper."""
    await _agree(desk, 30)
    assert await round_of_sheets(desk.office, Settings(data_dir=tmp_path, print_command="/no/such/lp")) == 1
    told = await _sheet(desk)
    assert (told["printer"], told["print_fault"]) == (True, "printer_absent")


def test_the_printer_command_is_no_shell_and_not_for_ever(tmp_path: Path) -> None:
    """Signs of a shell are words; an error and a silence have names of their own; a hung one is ended."""
    sheet = tmp_path / "a b; touch X.pdf"
    sheet.write_bytes(b"%PDF")
    assert print_file('/bin/sh -c \'test "$0" = "$1" -a -f "$0"\' {file} {file}', sheet) is None
    assert list(tmp_path.iterdir()) == [sheet]
    assert print_file("/bin/false", sheet) == "printer_refused"
    begun = time.monotonic()
    assert print_file("/bin/sh -c 'sleep 60 & wait'", sheet, within_s=0.2) == "printer_silent"
    assert time.monotonic() - begun < 10


async def test_a_worker_writes_it(desk: Desk, tmp_path: Path) -> None:
    """The rounds of a worker come to it by themselves."""
    await _agree(desk, 30)
    folder = tmp_path / FOLDER / desk.number
    async with asyncio.timeout(30), BoardRounds(desk.office, Settings(data_dir=tmp_path)) as rounds:
        await rounds.looked.wait()
    assert len(list(folder.glob("*.pdf"))) == 1
