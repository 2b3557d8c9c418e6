"""Raise people nearby or fly experts in: options side by side, and the default of the founding rule.

Build locally first; fly in when local arrival leaves the survival window uncovered and life is at stake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.transport_answers import Why
    from dispatch.transport_values import Ask

OptionKind = Literal[
    "neighbours_by_road", "neighbouring_regions", "scheduled_flight", "state_aircraft", "remote_consultant"
]
LOCAL: Final[frozenset[OptionKind]] = frozenset({"neighbours_by_road", "neighbouring_regions"})
FLY_IN: Final[frozenset[OptionKind]] = frozenset({"scheduled_flight", "state_aircraft"})
Because = Literal[
    "local_covers_window",
    "local_leaves_window_uncovered",
    "no_local_option",
    "life_not_at_stake",
    "fly_in_not_sooner",
    "fly_in_does_not_help",
    "window_unknown",
    "nothing_comes",
]
LEAST_CONFIDENCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Option:
    """One way to bring people to a search.

    Attributes
    ----------
    ready_at
        From when they can set out; None where nobody knows.
    arrives_at
        None where they do not come, see ``whys``, or where nobody knows; a remote consultant arrives when at
        work.
    people, equipment
        Who and what comes; words of the resource catalogue.
    cost_rub, cost_owner
        None and empty where unknown.
    confidence
        Probability that it comes as it says, 0..1; None where unknown.
    asks, whys
        What somebody has to ask for; why it does not come.
    """

    option_id: str
    kind: OptionKind
    ready_at: datetime | None
    arrives_at: datetime | None
    people: int
    equipment: frozenset[str] = frozenset()
    cost_rub: float | None = None
    cost_owner: str = ""
    confidence: float | None = None
    asks: tuple[Ask, ...] = ()
    whys: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the search lacks.

    Attributes
    ----------
    now
        When the question is asked.
    window_ends_at
        Until when the person can be expected to live; None where nobody has said.
    life_at_stake
        Whether it is: a person says so.
    """

    now: datetime
    people: int
    equipment: frozenset[str]
    window_ends_at: datetime | None
    life_at_stake: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """An option against what is wanted.

    Attributes
    ----------
    window_left_s
        Of the survival window at its arrival; negative: too late; None where one of the two is unknown.
    people_short, equipment_short
        What it lacks by itself.
    covers
        Whether it alone brings all that is wanted within the window, and is sure enough.
    """

    option: Option
    window_left_s: float | None
    people_short: int
    equipment_short: frozenset[str]
    covers: bool


@dataclass(frozen=True, slots=True)
class Default:
    """What the founding rule proposes; a person decides.

    Attributes
    ----------
    side
        ``local`` or ``fly_in``; None when nothing comes.
    option_ids
        What to do, the soonest first; of local options all that are needed together.
    at_once
        Remote consultants: asked for whatever is chosen, they cost nothing.
    because
        Why, the deciding reason first.
    covered_at
        When all that is wanted is there by these options; None: not all of it, or nobody knows.
    """

    side: Literal["local", "fly_in"] | None
    option_ids: tuple[str, ...]
    at_once: tuple[str, ...]
    because: tuple[Because, ...]
    covered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All options, those that come first before others, and the default."""

    options: tuple[Compared, ...]
    default: Default


def compare(
    options: Sequence[Option], wanted: Wanted, *, least_confidence: float = LEAST_CONFIDENCE
) -> Comparison:
    """Put options side by side and propose one by the founding rule.

    Parameters
    ----------
    least_confidence
        An option known to be less sure does not count on either side. Assumption. One of which nobody knows
        counts, and its questions stay open.

    Notes
    -----
    Local options add up: neighbours who come in two hours and a region that comes in five are one answer.
    So do groups that fly in by one kind, but not across kinds: the same people could take either.
    Flying in is proposed only if it covers what local options leave uncovered, or brings all of it sooner
    than they do.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> now = datetime(2026, 7, 1, tzinfo=UTC)
    >>> local = Option("village", "neighbours_by_road", now, now + timedelta(hours=30), 12)
    >>> flight = Option("moscow", "state_aircraft", now, now + timedelta(hours=11), 12)
    >>> wanted = Wanted(now, 12, frozenset(), now + timedelta(hours=20), life_at_stake=True)
    >>> compare([local, flight], wanted).default.because
    ('local_leaves_window_uncovered',)
    """
    compared = tuple(_compared(each, wanted, least_confidence) for each in options)
    in_order = sorted(compared, key=lambda each: _order(each.option))
    counting = [each.option for each in in_order if _comes(each.option, least_confidence)]
    local = [each for each in counting if each.kind in LOCAL]
    fly_in = [each for each in counting if each.kind in FLY_IN]
    at_once = tuple(each.option_id for each in counting if each.kind == "remote_consultant")
    side, because = _side(local, fly_in, wanted)
    chosen, covered_at = _enough(local, wanted) if side == "local" else _flying(fly_in, wanted)
    ids = tuple(each.option_id for each in chosen) if side is not None else ()
    return Comparison(
        tuple(in_order), Default(side, ids, at_once, because, None if side is None else covered_at)
    )


def _side(
    local: Sequence[Option], fly_in: Sequence[Option], wanted: Wanted
) -> tuple[Literal["local", "fly_in"] | None, tuple[Because, ...]]:
    if not local:
        return _without_local(fly_in, wanted)
    _, local_at = _enough(local, wanted)
    ends_at = wanted.window_ends_at
    if ends_at is not None and local_at is not None and local_at <= ends_at:
        return "local", ("local_covers_window",)
    if not wanted.life_at_stake:
        return "local", ("life_not_at_stake",)
    if ends_at is None:
        # Whether anything is left uncovered cannot be said: the rule begins at home, and asks.
        return "local", ("window_unknown",)
    _, flown_at = _flying(fly_in, wanted)
    return _flown(local_at, flown_at)


def _without_local(
    fly_in: Sequence[Option], wanted: Wanted
) -> tuple[Literal["fly_in"] | None, tuple[Because, ...]]:
    if not fly_in:
        return None, ("nothing_comes",)
    if not wanted.life_at_stake:
        return None, ("no_local_option", "life_not_at_stake")
    return "fly_in", ("no_local_option",)


def _flown(
    local_at: datetime | None, flown_at: datetime | None
) -> tuple[Literal["local", "fly_in"], tuple[Because, ...]]:
    """Return the side where local options leave the window uncovered."""
    if flown_at is None:
        return "local", ("fly_in_does_not_help",)
    if local_at is not None and flown_at >= local_at:
        return "local", ("fly_in_not_sooner",)
    return "fly_in", ("local_leaves_window_uncovered",)


def _flying(options: Sequence[Option], wanted: Wanted) -> tuple[tuple[Option, ...], datetime | None]:
    """Return by which one kind of flying all that is wanted comes soonest, and when.

    The same people could take either kind: what they bring adds up within one, never across both.
    """
    kinds = dict.fromkeys(each.kind for each in options)
    ways = [_enough([each for each in options if each.kind == kind], wanted) for kind in kinds]
    whole = [(chosen, at) for chosen, at in ways if at is not None]
    if whole:
        return min(whole, key=lambda way: way[1])
    return ways[0] if ways else ((), None)


def _enough(options: Sequence[Option], wanted: Wanted) -> tuple[tuple[Option, ...], datetime | None]:
    """Return the options that bring all that is wanted soonest, and when; all of them if they do not."""
    chosen: list[Option] = []
    people, equipment = 0, frozenset[str]()
    for each in options:
        useful = people < wanted.people or (each.equipment & wanted.equipment) - equipment
        if useful:
            chosen.append(each)
            people += each.people
            equipment |= each.equipment
        if people >= wanted.people and wanted.equipment <= equipment:
            return tuple(chosen), each.arrives_at
    return tuple(chosen), None


def _compared(option: Option, wanted: Wanted, least_confidence: float) -> Compared:
    ends_at, arrives_at = wanted.window_ends_at, option.arrives_at
    left_s = None if ends_at is None or arrives_at is None else (ends_at - arrives_at).total_seconds()
    short = max(0, wanted.people - option.people)
    lacking = wanted.equipment - option.equipment
    covers = left_s is not None and left_s >= 0 and not short and not lacking
    return Compared(option, left_s, short, lacking, covers and _comes(option, least_confidence))


def _comes(option: Option, least_confidence: float) -> bool:
    sure = option.confidence is None or option.confidence >= least_confidence
    return option.arrives_at is not None and not option.whys and sure


def _order(option: Option) -> tuple[bool, float, str]:
    at = option.arrives_at
    return at is None, 0.0 if at is None else at.timestamp(), option.option_id
