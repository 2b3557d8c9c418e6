"""What reports say of a movement: which legs are behind whom, and when all have arrived."""

from typing import Any

from search_ops.domain.movements import legs_done, reports_of, state_by_reports

LEGS = [
    {"party": 0, "mode": "road", "to_place": "MOW"},
    {"party": 1, "mode": "road", "to_place": "MOW"},
    {"party": 0, "mode": "flight", "to_place": "END"},
    {"party": 1, "mode": "flight", "to_place": "END"},
]


def movement(state: str = "planned", legs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "state": state,
        "legs": LEGS if legs is None else legs,
        "chosen_seq": 7,
        "to": {"place_id": "END"},
    }


def told(*said: tuple[int, str], hour: int = 10) -> list[dict[str, Any]]:
    return [
        {
            "leg": leg,
            "word": word,
            "at": f"2026-08-23T{hour + place:02d}:00:00.000Z",
            "recorded_at": "2026-08-23T23:00:00.000Z",
            "version": 10 + place,
        }
        for place, (leg, word) in enumerate(said)
    ]


def test_a_movement_has_arrived_when_the_last_leg_of_every_party_says_so() -> None:
    """One leg, or one party, is not the whole movement."""
    assert state_by_reports(movement(), []) == "planned"
    assert state_by_reports(movement(), told((0, "arrived"))) == "moving"
    assert state_by_reports(movement(), told((2, "arrived"))) == "moving"
    assert state_by_reports(movement(), told((2, "arrived"), (3, "landed"))) == "moving"
    assert state_by_reports(movement(), told((2, "arrived"), (3, "arrived"))) == "arrived"


def test_a_correction_moves_the_state_back_and_a_called_off_movement_stays_so() -> None:
    """The newest word of a party counts, by the time of what is told; reports never undo a decision."""
    wrong = told((2, "arrived"), (3, "arrived"), (3, "left"))
    assert state_by_reports(movement("arrived"), wrong) == "moving"
    late = told((2, "arrived"), (3, "arrived")) + told((0, "left"), hour=6)
    assert state_by_reports(movement("moving"), late) == "arrived"
    assert state_by_reports(movement("cancelled"), told((2, "arrived"), (3, "arrived"))) == "cancelled"


def test_a_clock_that_runs_ahead_does_not_have_the_last_word() -> None:
    """A report from tomorrow counts from when it was written down."""
    ahead = told((1, "arrived"))[0] | {
        "at": "2026-08-25T00:00:00.000Z",
        "recorded_at": "2026-08-23T10:00:00.000Z",
    }
    assert state_by_reports(movement(legs=LEGS[::2]), [ahead, *told((0, "left"), hour=11)]) == "moving"


def test_legs_are_behind_those_who_have_reported_further() -> None:
    """A later leg of the same party, or the end of this one; other parties are elsewhere."""
    assert legs_done(movement(), told((0, "left"))) == frozenset()
    assert legs_done(movement(), told((0, "landed"))) == {0}
    assert legs_done(movement(), told((2, "left"))) == {0}
    assert legs_done(movement(), told((3, "arrived"), (2, "left"))) == {0, 1, 3}


def test_reports_of_an_earlier_plan_number_other_legs() -> None:
    """They stay in the log and say nothing of the plan that stands."""
    reports = [{"movement_id": "m", "chosen_seq": 5}, {"movement_id": "m", "chosen_seq": 7}]
    assert reports_of("m", movement(), reports) == reports[1:]


def test_parts_of_one_party_report_by_themselves() -> None:
    """What the first ones have behind them the others still have to fly."""
    legs = [
        {"party": 0, "part": 0, "to_place": "MOW"},
        {"party": 0, "part": 1, "to_place": "END"},
        {"party": 0, "part": 0, "to_place": "END"},
    ]
    assert legs_done(movement(legs=legs), told((2, "arrived"))) == {0, 2}
    assert state_by_reports(movement(legs=legs), told((2, "arrived"))) == "moving"
