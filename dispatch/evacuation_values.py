"""The person found, teams, ways out and the plan of an evacuation as values.

Figures without a source are assumptions and stand as arguments in :class:`CarryRules`. Times are seconds from
now.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ExitKind = Literal["road", "landing", "ambulance"]
Walking = Literal["carried", "escorted"]
RefusalReason = Literal[
    "no_teams", "no_exits", "no_way_to_the_person", "no_way_out", "listed_twice", "input_invalid"
]
TeamFault = Literal["record_invalid", "no_way"]
ExitFault = Literal[
    "record_invalid", "unknown_ground", "no_way", "closed_by_then", "too_few_carriers", "nobody_meets"
]
Notice = Literal[
    "fewer_carriers_than_needed",
    "heavy_load",
    "weight_assumed",
    "no_stretcher",
    "no_medic",
    "waits_there",
]
Reason = Literal["only_one", "earlier", "shorter_carry", "fewer_carriers", "enough_carriers", "as_good"]


@dataclass(frozen=True, slots=True)
class FieldTeam:
    """A team in the field.

    Attributes
    ----------
    walk_s
        On foot to the person, seconds, >= 0; 0 for those who found; inf where there is no way.
    carriers
        How many of it can carry, >= 0.
    stretcher, medic
        Whether it has one with it.
    """

    team_id: str
    walk_s: float
    carriers: int
    stretcher: bool = False
    medic: bool = False


@dataclass(frozen=True, slots=True)
class Exit:
    """Where the person could be handed over.

    Attributes
    ----------
    kind
        `road` for a vehicle, `landing` for a helicopter, `ambulance` where one waits.
    way_m
        Metres by ground on the way there from the person; grounds as in the table of paces. Empty, or a
        length of inf: no way.
    met_after_s
        When vehicle, helicopter or ambulance can be there, from now; inf when none comes.
    closes_after_s
        Until when it can be used, from now: darkness for a helicopter. inf without end.
    onward_s
        From there to a doctor, >= 0; 0 where an ambulance waits.
    """

    exit_id: str
    kind: ExitKind
    way_m: Mapping[str, float]
    met_after_s: float = 0.0
    closes_after_s: float = math.inf
    onward_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The person: carried or escorted, weight if known, whether a medic is wanted."""

    walking: Walking = "carried"
    weight_kg: float | None = None
    medic_wanted: bool = True


@dataclass(frozen=True, slots=True)
class CarryRules:
    """How a stretcher is carried.

    Attributes
    ----------
    bearers
        At the stretcher on ground without ropes: six, three a side; more are in each other's way (Medicine
        for Mountaineering and Other Wilderness Activities, "Carrying a litter on nontechnical terrain").
    most_bearers
        Eight, in rough country (Outdoor Leader Online, ch. 40, "Patient evacuation").
    kg_per_bearer
        What one carries for long, stretcher included. Assumption.
    stretcher_kg
        A standard medical stretcher, 9.5 to 10 kg (lecture notes of army medicine).
    crews_by_m
        Up to how many metres how many crews take turns. Three for a carry of any length: bearers and two
        relief crews (Outdoor Leader Online, ch. 40); where one or two do is an assumption.
    escort
        People beside somebody who walks: one on either side (Bush Search and Rescue Victoria, manual).
    pace_mps
        Of a carrying team by ground. Forest at most 2 km/h, path 2 to 3, road up to 4 (Napolskikh, Ремесло
        спасателя, 9.5); of these the upper end for forest and road, the middle for a path. Somebody escorted
        is taken to walk at the same pace: assumption.
    unknown_weight_kg
        Where nobody knows the weight. Assumption.
    least_bearers
        With fewer nobody is carried at all. Assumption.
    """

    bearers: int = 6
    most_bearers: int = 8
    kg_per_bearer: float = 18.0
    stretcher_kg: float = 10.0
    crews_by_m: tuple[tuple[float, int], ...] = ((200.0, 1), (1000.0, 2), (math.inf, 3))
    escort: int = 2
    pace_mps: Mapping[str, float] = field(
        default_factory=lambda: {"forest": 2.0 / 3.6, "path": 2.5 / 3.6, "road": 4.0 / 3.6}
    )
    unknown_weight_kg: float = 90.0
    least_bearers: int = 4


RULES: Final = CarryRules()


@dataclass(frozen=True, slots=True)
class RankedTeam:
    """A team by its way to the person; `fault` when it does not come into question."""

    team_id: str
    walk_s: float
    carriers: int
    fault: TeamFault | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out with its times, from now.

    Attributes
    ----------
    carriers_needed, carriers
        By distance and weight; those of the teams called.
    called
        Teams that go to the person, the nearest first.
    carry_m, carry_s
        Length and time of the carry; slower when there are fewer carriers than needed.
    first_crew_after_s, gathered_after_s
        When the first crew with a stretcher is with the person and could begin; when all called are.
    there_after_s, handed_over_after_s, at_doctor_after_s
        When the person is at the exit, is taken over there, reaches a doctor.
    notices
        `heavy_load`: more per bearer than the rules take; `waits_there`: nobody meets them before.
    later_by_s
        Than the best; 0 for the best.
    """

    exit_id: str
    kind: ExitKind
    carriers_needed: int
    carriers: int
    called: tuple[str, ...]
    carry_m: float
    carry_s: float
    first_crew_after_s: float
    gathered_after_s: float
    there_after_s: float
    handed_over_after_s: float
    at_doctor_after_s: float
    notices: tuple[Notice, ...] = ()
    later_by_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ExitOut:
    """A way out that does not come into question, and why; `need` and `have` in seconds or people."""

    exit_id: str
    fault: ExitFault
    what: str | None = None
    need: float | None = None
    have: float | None = None


@dataclass(frozen=True, slots=True)
class EvacuationPlan:
    """The way out that is proposed, why, and the others.

    Attributes
    ----------
    best, reasons
        The way out with which the person is at a doctor first, and in what it is ahead of the next one.
    alternatives
        Other ways out, the earliest first.
    refused
        Ways out that do not come into question.
    ranking
        All teams, the nearest first.
    recall
        All teams that the best way out does not call, also those whose record is wrong: nobody is forgotten.
    """

    best: WayOut
    reasons: tuple[Reason, ...]
    alternatives: tuple[WayOut, ...]
    refused: tuple[ExitOut, ...]
    ranking: tuple[RankedTeam, ...]
    recall: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoEvacuation:
    """Why no way out is proposed, with everything that is known all the same.

    Attributes
    ----------
    reason
        `no_teams`, `no_exits`: none given; `no_way_to_the_person`: for no team that could carry or escort;
        `no_way_out`: see `refused`; `listed_twice`; `input_invalid`: see `what`.
    """

    reason: RefusalReason
    what: str | None = None
    ranking: tuple[RankedTeam, ...] = ()
    refused: tuple[ExitOut, ...] = ()
