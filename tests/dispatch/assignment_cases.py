"""Invented searches to assign: a base, roads, sectors around, teams of several kinds."""

from typing import Any

import numpy as np

from dispatch.assignment_values import NOWHERE, Sectors, Situation, Teams, Ways, Work

Floats = np.ndarray[Any, np.dtype[np.float64]]
HOUR_S = 3600.0
DOG, ROPE, BOAT = 1, 2, 4


def invented(
    n_teams: int,
    n_sectors: int,
    seed: int = 0,
    *,
    across_km: float = 24.0,
    bases: int = 1,
    shift_h: float = 9.0,
    skilled: float = 0.2,
    rests: bool = True,
    windows: bool = True,
) -> Situation:
    """Return teams amid sectors whose gain falls with distance; a share of these needs a skill."""
    rng = np.random.default_rng(seed)
    places_km = rng.uniform(-across_km / 2, across_km / 2, (n_sectors, 2))
    turn = np.arange(bases) * 2.0 * np.pi / bases
    bases_km = np.column_stack((np.cos(turn), np.sin(turn))) * (across_km / 3.5 if bases > 1 else 0.0)
    far_km = np.hypot(*(places_km[None, :] - bases_km[:, None]).transpose(2, 0, 1))
    apart_km = np.hypot(*(places_km[:, None] - places_km[None, :]).T)
    s_per_km = 1.3 * HOUR_S / np.array([25.0, 35.0, 18.0])
    walk_s = rng.uniform(300.0, 1_200.0, n_sectors)
    between_s = np.round(s_per_km[:, None, None] * apart_km + walk_s[:, None] + walk_s[None, :])
    between_s[:, np.arange(n_sectors), np.arange(n_sectors)] = 0.0
    out_s = np.round(s_per_km[:, None, None] * far_km + walk_s).reshape(-1, n_sectors)
    vehicle_of = np.repeat(np.arange(len(s_per_km)), bases)
    start_s = np.round(rng.uniform(0.0, 2.0 * HOUR_S, n_teams))
    skills = rng.choice(np.array([0, 0, 0, DOG, ROPE, BOAT, DOG | BOAT], dtype=np.uint64), n_teams)
    required = rng.choice(np.array([DOG, ROPE, BOAT], dtype=np.uint64), n_sectors)
    required[rng.random(n_sectors) >= skilled] = 0
    pace = rng.choice(np.array([0.8, 0.9, 1.0, 1.1, 1.25]), n_teams)
    found = np.exp(-far_km.min(axis=0) / 8.0) * rng.gamma(2.0, 1.0, n_sectors)
    found *= 0.63 / found.sum()
    hours = rng.uniform(1.5, 4.0, n_sectors)
    nose = np.where(skills & np.uint64(DOG), 1.2, 1.0)
    late = windows & (rng.random(n_sectors) < 0.1)
    return Situation(
        Teams(
            start_s,
            start_s + shift_h * HOUR_S,
            skills,
            rng.integers(0, len(out_s), n_teams),
            np.full(n_teams, NOWHERE),
            np.zeros(n_teams, dtype=np.bool_),
            np.full(n_teams, 4.0 * HOUR_S if rests else np.inf),
            np.full(n_teams, 1_200.0 if rests else 0.0),
        ),
        Sectors(
            required,
            np.zeros(n_sectors),
            np.where(late, 6.0 * HOUR_S, np.inf),
            np.zeros(n_sectors, dtype=np.bool_),
        ),
        Work(
            found[None, :] * nose[:, None],
            np.round(hours[None, :] * HOUR_S * pace[:, None]),
            np.zeros((n_teams, n_sectors), dtype=np.bool_),
            np.zeros((n_teams, n_sectors), dtype=np.bool_),
        ),
        Ways(out_s, out_s.copy(), vehicle_of, between_s),
    )


def small(seed: int) -> Situation:
    """Return up to three teams and five sectors with every kind of rule; ways are least ways."""
    rng = np.random.default_rng(seed)
    teams, sectors, kinds = int(rng.integers(1, 4)), int(rng.integers(1, 6)), int(rng.integers(1, 3))
    between_s = rng.uniform(600.0, 2.0 * HOUR_S, (kinds, sectors + 1, sectors + 1))
    between_s[rng.random(between_s.shape) < 0.1] = np.inf
    between_s[:, np.arange(sectors + 1), np.arange(sectors + 1)] = 0.0
    for by in range(sectors + 1):
        between_s = np.minimum(between_s, between_s[:, :, by, None] + between_s[:, by, None, :])
    at = np.where(rng.random(teams) < 0.3, rng.integers(0, sectors, teams), NOWHERE)
    runs = (at != NOWHERE) & (rng.random(teams) < 0.7)
    runs &= np.array([list(at).index(each) == place for place, each in enumerate(at)])
    must = np.zeros((teams, sectors), dtype=np.bool_)
    for sector in np.flatnonzero(rng.random(sectors) < 0.2):
        must[rng.integers(0, teams), sector] = True
    start_s = rng.uniform(0.0, HOUR_S, teams)
    opens_s = np.where(rng.random(sectors) < 0.3, rng.uniform(0.0, 4.0 * HOUR_S, sectors), 0.0)
    closes_s = np.where(rng.random(sectors) < 0.3, rng.uniform(4.0, 9.0, sectors) * HOUR_S, np.inf)
    search_s = rng.uniform(0.5, 4.0, (teams, sectors)) * HOUR_S
    search_s[rng.random(search_s.shape) < 0.05] = np.inf
    return Situation(
        Teams(
            start_s,
            start_s + rng.uniform(2.0, 11.0, teams) * HOUR_S,
            rng.integers(0, 4, teams).astype(np.uint64),
            rng.integers(0, kinds, teams),
            at,
            runs,
            rng.choice(np.array([np.inf, 2.0 * HOUR_S, 4.0 * HOUR_S]), teams),
            rng.choice(np.array([0.0, 900.0, 1_800.0]), teams),
        ),
        Sectors(
            rng.choice(np.array([0, 0, 0, 1, 2], dtype=np.uint64), sectors),
            opens_s,
            closes_s,
            rng.random(sectors) < 0.1,
        ),
        Work(
            np.round(rng.uniform(0.0, 0.3, (teams, sectors)), 3),
            search_s,
            must,
            ~must & (rng.random(must.shape) < 0.1),
        ),
        Ways(between_s[:, 0, 1:], between_s[:, 1:, 0], np.arange(kinds), between_s[:, 1:, 1:]),
    )
