"""Invented networks: timetables with runs, ways with seasons, closed places, figures that nobody knows."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from dispatch.transport_answers import Movement
from dispatch.transport_values import Cost, Departure, Door, Network, Party, Piece, Place, Way, Window

DAY = datetime(2026, 7, 1, tzinfo=UTC)
DOORS = (Door(0.8, 1.2, 2.0), Door(2.0, 2.0, 6.0), None)
MODES = ("flight", "rail", "bus", "helicopter")


def at(minutes: float) -> datetime:
    return DAY + timedelta(minutes=minutes)


def place(name: str, transfer_min: int = 0, **figures: object) -> Place:
    return Place(name, "settlement", 0.0, 0.0, transfer_s=60 * transfer_min, **figures)  # type: ignore[arg-type]


def departure(  # noqa: PLR0917 - as a line of a timetable
    name: str,
    from_id: str,
    to_id: str,
    begin_min: float,
    end_min: float,
    seats: int | None = 100,
    **figures: object,
) -> Departure:
    figures = {"payload_kg": 10_000.0, "cost": Cost(person_rub=100.0), "confidence": 0.9, **figures}
    return Departure(name, name, "flight", from_id, to_id, at(begin_min), at(end_min), seats, **figures)  # type: ignore[arg-type]


def party(name: str, place_id: str, ready_min: float = 0.0, people: int = 1, cargo_kg: float = 0.0) -> Party:
    return Party(name, place_id, at(ready_min), people, cargo_kg)


def window(from_min: float, to_min: float) -> Window:
    return Window(at(from_min), at(to_min))


def invented(
    seed: int, *, n_places: int = 7, n_departures: int = 40, n_ways: int = 8, day_min: int = 600
) -> Network:
    """Return a small network in which everything happens that the values can say."""
    draw = Random(seed)  # noqa: S311 - cases, not secrets
    places = tuple(
        place(
            f"p{number}",
            draw.choice((0, 0, 10, 30)),
            closed=draw.random() < 0.05,
            open_windows=(window(60, 400),) if draw.random() < 0.15 else None,
        )
        for number in range(n_places)
    )
    departures: list[Departure] = []
    while len(departures) < n_departures:
        departures += _run(draw, n_places, len(departures), day_min)
    ways = tuple(
        Way(
            f"w{number}",
            "road",
            f"p{begin}",
            f"p{end}",
            60 * draw.randint(5, 90),
            open_windows=(window(100, 250), window(250, 300)) if draw.random() < 0.3 else None,
            vehicle_class="boat" if draw.random() < 0.1 else None,
            cost=Cost(whole_rub=10.0 * draw.randint(0, 9)),
            confidence=draw.choice((1.0, 0.8, None)),
        )
        for number in range(n_ways)
        for begin, end in [draw.sample(range(n_places), 2)]
    )
    return Network(places, tuple(departures), ways)


def _run(draw: Random, n_places: int, begun: int, day_min: int) -> list[Departure]:
    """Return one departure, or the parts of a run with stops so short that nobody changes there."""
    stops = draw.sample(range(n_places), draw.choice((2, 2, 2, 3, 4)))
    run_id = f"r{begun}" if len(stops) > 2 or draw.random() < 0.2 else None
    now = draw.randint(0, day_min)
    parts = []
    for number, (from_, to) in enumerate(pairwise(stops)):
        end = now + draw.randint(5, 120)
        parts.append(
            departure(
                f"d{begun + number}",
                f"p{from_}",
                f"p{to}",
                now,
                end,
                draw.choice((0, 2, 5, 40, None)),
                payload_kg=draw.choice((50.0, 400.0, 9000.0, None)),
                door=draw.choice(DOORS),
                people_weigh=draw.random() < 0.3,
                cost=draw.choice((Cost(person_rub=100.0 * draw.randint(1, 9)), Cost(whole_rub=700.0), None)),
                confidence=draw.choice((0.5, 0.9, 1.0, None)),
                run_id=run_id,
            )
        )
        now = end + draw.choice((0, 2, 5))
    return parts


def asked(seed: int, n_places: int = 7, **options: object) -> Movement:
    """Return a question about one party on an invented network."""
    draw = Random(seed + 1_000_003)  # noqa: S311
    pieces = (Piece("boat", 60.0, 3.5, 1.5, 0.6),) if draw.random() < 0.2 else ()
    begin, end = draw.sample(range(n_places), 2)
    one = Party("a", f"p{begin}", at(draw.randint(0, 200)), draw.choice((0, 1, 3, 6)), 20.0, pieces)
    return Movement((one,), f"p{end}", **options)  # type: ignore[arg-type]
