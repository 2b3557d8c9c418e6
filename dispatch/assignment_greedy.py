"""A first good plan at once: whoever gains most per second takes the next sector; then each team anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.assignment_pricing import as_order
from dispatch.assignment_values import CLOSE_S, NOWHERE, clock_round

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from dispatch.assignment_pricing import Pricing

    Floats = npt.NDArray[np.float64]
    Orders = dict[int, tuple[int, ...]]


def extended(pricing: Pricing, orders: Mapping[int, tuple[int, ...]]) -> Orders:
    """Return the orders with free sectors added at their ends while one fits, the most per second first."""
    n_teams = pricing.situation.n_teams
    now: Orders = {team: tuple(orders.get(team, ())) for team in range(n_teams)}
    free = np.ones(pricing.situation.n_sectors, dtype=np.bool_)
    free[[sector for order in now.values() for sector in order]] = False
    rate = np.stack([_rates(pricing, team, now[team]) for team in range(n_teams)])
    rate[:, ~free] = 0.0
    best = rate.argmax(axis=1)
    teams = np.arange(n_teams)
    while True:
        team = int(rate[teams, best].argmax())
        sector = int(best[team])
        if not rate[team, sector] > 0:
            return {each: order for each, order in now.items() if order}
        now[team] = (*now[team], sector)
        free[sector] = False
        rate[:, sector] = 0.0
        rate[team] = np.where(free, _rates(pricing, team, now[team]), 0.0)
        again = np.flatnonzero(best == sector)
        best[again] = rate[again].argmax(axis=1)
        best[team] = rate[team].argmax()


def _rates(pricing: Pricing, team: int, order: tuple[int, ...]) -> Floats:
    """Return what each sector at the end of the round gains per second longer; 0 where it does not fit."""
    situation = pricing.situation
    walked = clock_round(situation, team, order)
    if len(order) >= pricing.most or (walked is None and order):
        return np.zeros(situation.n_sectors)
    teams, kind = situation.teams, int(situation.teams.ways_of[team])
    start_s = float(teams.start_s[team])
    vehicle = int(situation.ways.vehicle_of[kind])
    every_s, rest_s = float(teams.rest_after_s[team]), float(teams.rest_s[team])
    here, now_s, done_s, back_s = int(teams.at_sector[team]), start_s, 0.0, start_s
    if walked is not None and order:
        here, now_s, back_s = order[-1], walked.stays[-1].end_s, walked.back_s
        done_s = sum(stay.way_s + float(situation.work.search_s[team, stay.sector]) for stay in walked.stays)
    way_s = pricing.first_s[team] if here == NOWHERE or not order else situation.ways.between_s[vehicle, here]
    search_s, home_s = situation.work.search_s[team], situation.ways.home_s[kind]

    def clock(time_s: Floats, done: Floats) -> Floats:
        often = np.where(done > every_s, np.ceil(done / every_s - 1e-9) - 1.0, 0.0)
        later: Floats = np.maximum(time_s, start_s + done + np.where(often > 0, often * rest_s, 0.0))
        return later

    with np.errstate(invalid="ignore"):
        begin_s = np.maximum(clock(now_s + way_s, done_s + way_s), situation.sectors.opens_s)
        end_s = clock(begin_s + search_s, done_s + way_s + search_s)
        home_at_s = clock(end_s + home_s, done_s + way_s + search_s + home_s)
        fits = (end_s <= situation.sectors.closes_s + CLOSE_S) & (home_at_s <= teams.back_s[team] + CLOSE_S)
    fits &= pricing.allowed[team]
    if teams.runs[team] and order:
        fits[teams.at_sector[team]] = False
    rate: Floats = np.where(fits, pricing.value[team] / np.maximum(home_at_s - back_s, 1.0), 0.0)
    return rate


def reworked(
    pricing: Pricing,
    orders: Mapping[int, tuple[int, ...]],
    teams: Iterable[int],
    prices: Floats | None = None,
) -> Orders:
    """Return the orders after each team in turn took the best round of what is free and its own.

    Parameters
    ----------
    prices
        What sectors cost a team besides; with them a team leaves to others what these need more.
    """
    now = dict(orders)
    free = np.ones(pricing.situation.n_sectors, dtype=np.bool_)
    free[[sector for order in now.values() for sector in order]] = False
    for team in teams:
        mine = list(now.get(team, ()))
        free[mine] = True
        worth = pricing.value[team] if prices is None else pricing.value[team] - prices
        had = float(worth[mine].sum()) if mine else 0.0
        floor = had + 1e-9 * abs(had) if mine or not pricing.needed[team] else -np.inf
        found, _ = pricing.best(team, worth, floor, 1, among=free)
        if len(found):
            now[team] = as_order(found[0])
            mine = list(now[team])
        free[mine] = False
    return {team: order for team, order in now.items() if order}


def total(pricing: Pricing, orders: Mapping[int, tuple[int, ...]]) -> float:
    """Return what the pairs count together."""
    return float(sum(pricing.value[team, list(order)].sum() for team, order in sorted(orders.items())))
