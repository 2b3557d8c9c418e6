"""Kernels of assignment: best rounds of a team at given worths, and best pairs. For the worker only.

A set of sectors is a round when some order of it keeps windows, rests and the hour to be back. Sets are
walked in falling worth, each once; bounds on what the rest of the shift can still bring cut most of them off.
"""

# ruff: noqa: PLR0917 - numba takes arrays one by one
# ruff: noqa: C901, PLR0912, PLR0915 - a search with its bounds stays in one place

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int64]
    Shorts = npt.NDArray[np.int32]

CLOSE_S: Final = 1e-6
FULL: Final = -1


@compiled
def back_at(
    order: Places,
    n: int,
    first_s: Doubles,
    between_s: Doubles,
    home_s: Doubles,
    search_s: Doubles,
    opens_s: Doubles,
    closes_s: Doubles,
    limits_s: Doubles,
    running: int,
) -> tuple[float, int]:
    """Return when a team is back from the first ``n`` sectors of an order, and where it breaks a rule.

    The place is that of the sector that it cannot finish, ``n`` for the way home, ``n + 1`` for no place.
    ``limits_s`` holds start, due back, work until a rest, the rest. The plain twin is
    ``dispatch.assignment_values.clock_round``.
    """
    start_s, due_s, every_s, rest_s = limits_s[0], limits_s[1], limits_s[2], limits_s[3]
    now_s, done_s, here = start_s, 0.0, -1
    for place in range(n + 1):
        if place < n:
            sector = order[place]
            if place > 0 and sector == running:
                return np.inf, place
            way_s = first_s[sector] if here < 0 else between_s[here, sector]
        else:
            way_s = home_s[here]
        done_s += way_s
        owed_s = 0.0
        if done_s > every_s:
            owed_s = (np.ceil(done_s / every_s - 1e-9) - 1.0) * rest_s
        now_s = max(now_s + way_s, start_s + done_s + owed_s)
        if not now_s <= due_s + CLOSE_S:
            return np.inf, place
        if place < n:
            now_s = max(now_s, opens_s[sector])
            done_s += search_s[sector]
            owed_s = 0.0
            if done_s > every_s:
                owed_s = (np.ceil(done_s / every_s - 1e-9) - 1.0) * rest_s
            now_s = max(now_s + search_s[sector], start_s + done_s + owed_s)
            if not now_s <= closes_s[sector] + CLOSE_S:
                return np.inf, place
            here = sector
    return now_s, n + 1


@compiled
def arranged(
    order: Places,
    n: int,
    first_s: Doubles,
    between_s: Doubles,
    home_s: Doubles,
    search_s: Doubles,
    opens_s: Doubles,
    closes_s: Doubles,
    limits_s: Doubles,
    running: int,
) -> bool:
    """Bring the first ``n`` sectors into the first order that is a round, if there is one."""
    for place in range(1, n):
        at = place
        while at > 0 and order[at - 1] > order[at]:
            order[at - 1], order[at] = order[at], order[at - 1]
            at -= 1
    while True:
        kept = back_at(order, n, first_s, between_s, home_s, search_s, opens_s, closes_s, limits_s, running)[
            1
        ]
        if kept > n:
            return True
        # No order with this beginning is a round: go to the last of them.
        for low in range(kept + 1, n):
            highest = low
            for each in range(low + 1, n):
                if order[each] > order[highest]:
                    highest = each
            order[low], order[highest] = order[highest], order[low]
        at = n - 2
        while at >= 0 and order[at] >= order[at + 1]:
            at -= 1
        if at < 0:
            return False
        other = n - 1
        while order[other] <= order[at]:
            other -= 1
        order[at], order[other] = order[other], order[at]
        low, high = at + 1, n - 1
        while low < high:
            order[low], order[high] = order[high], order[low]
            low += 1
            high -= 1


@compiled
def best_rounds(
    candidates: Places,
    worth: Doubles,
    first_s: Doubles,
    between_s: Doubles,
    home_s: Doubles,
    search_s: Doubles,
    opens_s: Doubles,
    closes_s: Doubles,
    limits_s: Doubles,
    running: int,
    most: int,
    floor: float,
    tries: int,
    found: Places,
    found_worth: Doubles,
) -> int:
    """Fill ``found`` with the sets whose worth is above ``floor``; return how many, or ``FULL``.

    Parameters
    ----------
    candidates, worth
        Sectors in falling worth, and the worths in that order.
    most
        Sectors in a round.
    tries
        0: the best sets that fit are wanted, in no order. Else all are, and ``FULL`` is returned where they
        are more than fit, or where more than so many sets were tried.
    found, found_worth
        Shapes ``(n_found, most)`` and ``(n_found,)``; a set is in an order that is a round, then -1.

    Notes
    -----
    Bounds: the worths of the next so many candidates, and the time left at the best worth per second, where
    each takes its search and the shortest way to it. That a set without an order has none with one more
    sector relies on ways being least ways.
    """
    n, room = len(candidates), len(found_worth)
    reach = np.zeros(n + 1)
    ratio = np.zeros(n + 1)
    least_s = np.full(n + 1, np.inf)
    cost_s = np.empty(n)
    nearest_home_s = np.inf
    for place in range(n):
        reach[place + 1] = reach[place] + max(worth[place], 0.0)
        nearest_home_s = min(nearest_home_s, home_s[candidates[place]])
    for place in range(n):
        sector = candidates[place]
        nearest_s = first_s[sector]
        for other in range(n):
            if other != place:
                nearest_s = min(nearest_s, between_s[candidates[other], sector])
        cost_s[place] = max(search_s[sector] + nearest_s, 1e-3)
    for place in range(n - 1, -1, -1):
        ratio[place] = max(ratio[place + 1], worth[place] / cost_s[place])
        least_s[place] = min(least_s[place + 1], cost_s[place])
    orders = np.full((most + 1, most), -1, dtype=np.int64)
    value = np.zeros(most + 1)
    left_s = np.zeros(most + 1)
    left_s[0] = limits_s[1] - limits_s[0] - nearest_home_s
    way_out_s = np.full(most + 1, np.inf)  # beyond what the cost of the first sector holds
    way_home_s = np.full(most + 1, np.inf)
    upcoming = np.zeros(most + 1, dtype=np.int64)
    count, depth, worst, tried = 0, 0, 0, 0
    while depth >= 0:
        place = upcoming[depth]
        if (
            place >= n
            or value[depth] + reach[min(place + most - depth, n)] - reach[place] <= floor
            or value[depth] + left_s[depth] * ratio[place] <= floor
        ):
            depth -= 1
            continue
        upcoming[depth] = place + 1
        now = value[depth] + worth[place]
        rest_s = left_s[depth] - cost_s[place]
        if rest_s < -CLOSE_S:
            continue
        more = 0.0
        if depth + 1 < most and rest_s >= least_s[place + 1] - CLOSE_S:
            more = min(
                reach[min(place + most - depth, n)] - reach[place + 1], (rest_s + CLOSE_S) * ratio[place + 1]
            )
        if now + more <= floor:
            continue
        sector = candidates[place]
        out_s = min(way_out_s[depth], first_s[sector] - (cost_s[place] - search_s[sector]))
        back_s = min(way_home_s[depth], home_s[sector])
        if rest_s < out_s + back_s - nearest_home_s - CLOSE_S:
            continue
        tried += 1
        if 0 < tries < tried:
            return FULL
        for each in range(depth):
            orders[depth + 1, each] = orders[depth, each]
        orders[depth + 1, depth] = sector
        if not arranged(
            orders[depth + 1],
            depth + 1,
            first_s,
            between_s,
            home_s,
            search_s,
            opens_s,
            closes_s,
            limits_s,
            running,
        ):
            continue
        depth += 1
        value[depth] = now
        left_s[depth] = rest_s
        way_out_s[depth], way_home_s[depth] = out_s, back_s
        upcoming[depth] = place + 1
        if value[depth] > floor:
            if count < room:
                at = count
                count += 1
            elif tries:
                return FULL
            else:
                at = worst
            for each in range(most):
                found[at, each] = orders[depth, each] if each < depth else -1
            found_worth[at] = value[depth]
            if count == room and not tries:
                worst = 0
                for each in range(1, room):
                    if found_worth[each] < found_worth[worst]:
                        worst = each
                floor = max(floor, found_worth[worst])
        if depth == most or (more <= 0.0 and not tries):
            depth -= 1
    return count


@compiled
def best_of_pool(
    starts: Places,
    sectors: Shorts,
    values: Doubles,
    prices: Doubles,
    floors: Doubles,
    found: Places,
    found_worth: Doubles,
    counts: Places,
) -> None:
    """Fill ``found`` with the best listed rounds of every team at some prices, in no order.

    Parameters
    ----------
    starts
        Where the rounds of each team begin; one more than teams.
    sectors, values
        Of each round; filled up with the number of sectors, whose price is 0.
    floors
        Rounds worth no more are of no interest, shape ``(n_teams,)``.
    found, found_worth, counts
        Places in the list, shapes ``(n_teams, n_keep)`` twice and ``(n_teams,)``.
    """
    room, most = found.shape[1], sectors.shape[1]
    for team in range(len(starts) - 1):
        count, floor, worst = 0, floors[team], 0
        for place in range(starts[team], starts[team + 1]):
            worth = values[place]
            for each in range(most):
                worth -= prices[sectors[place, each]]
            if worth <= floor:
                continue
            if count < room:
                at = count
                count += 1
            else:
                at = worst
            found[team, at], found_worth[team, at] = place, worth
            if count == room:
                worst = 0
                for each in range(1, room):
                    if found_worth[team, each] < found_worth[team, worst]:
                        worst = each
                floor = max(floor, found_worth[team, worst])
        counts[team] = count


@compiled
def best_pairs(gain: Doubles) -> tuple[Places, Doubles, Doubles]:
    """Return the column of each row in the pairing of greatest sum, and the prices of rows and columns.

    Parameters
    ----------
    gain
        Shape ``(n_rows, n_columns)``, n_rows <= n_columns, finite.

    Returns
    -------
    tuple
        ``row + column >= gain`` everywhere, with equality in the pairs; columns without a pair cost 0.

    Notes
    -----
    Shortest augmenting paths (Jonker and Volgenant 1987; as in Crouse 2016, On implementing 2D rectangular
    assignment algorithms, IEEE Transactions on Aerospace and Electronic Systems 52(4)). Written here because
    the prices are needed, which ``scipy.optimize.linear_sum_assignment`` keeps to itself.
    """
    n_rows, n_columns = gain.shape
    row_price, column_price = np.zeros(n_rows), np.zeros(n_columns)
    row_of, column_of = np.full(n_columns, -1), np.full(n_rows, -1)
    came_from = np.full(n_columns, -1)
    short = np.empty(n_columns)
    waiting = np.empty(n_columns, dtype=np.int64)
    for new in range(n_rows):
        short[:] = np.inf
        n_waiting = n_columns
        for place in range(n_columns):
            waiting[place] = n_columns - place - 1
        row, least, sink = new, 0.0, -1
        while sink < 0:
            at, lowest = -1, np.inf
            for place in range(n_waiting):
                column = waiting[place]
                way = least - gain[row, column] - row_price[row] - column_price[column]
                if way < short[column]:
                    short[column] = way
                    came_from[column] = row
                if short[column] < lowest or (short[column] == lowest and row_of[column] < 0):
                    at, lowest = place, short[column]
            least = lowest
            column = waiting[at]
            n_waiting -= 1
            waiting[at], waiting[n_waiting] = waiting[n_waiting], column
            if row_of[column] < 0:
                sink = column
            else:
                row = row_of[column]
        row_price[new] += least
        for place in range(n_waiting, n_columns):
            column = waiting[place]
            column_price[column] += short[column] - least
            if row_of[column] >= 0:
                row_price[row_of[column]] += least - short[column]
        column = sink
        while True:
            row = came_from[column]
            row_of[column] = row
            column, column_of[row] = column_of[row], column
            if row == new:
                break
    return column_of, -row_price, -column_price
