"""Every number of the stream process in one place, and what is counted against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

CLOSE_SIGN_IN = 4401
CLOSE_RIGHT_WITHDRAWN = 4403
CLOSE_TOO_SLOW = 4408
CLOSE_EPOCH_CHANGED = 4409
CLOSE_TOO_MANY = 4429
CLOSE_RESTART = 1012
CLOSE_UNSUPPORTED = 1003
CLOSE_UNREADABLE = 1007

_LEAST_PER_SESSION = 16
_LEAST_PER_ADDRESS = 200
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Times, sizes and counts; tests shorten the times.

    `ping_s + pong_s + sweep_s + close_s` stays below the 45 s within which an unread socket must be gone.
    """

    sign_in_s: float = 5.0
    ping_s: float = 15.0
    pong_s: float = 20.0
    close_s: float = 2.0
    lag_s: float = 10.0
    sweep_s: float = 1.0
    answer_s: float = 300.0
    gather_s: float = 0.1
    pass_s: float = 90.0
    linger_s: float = 30.0
    recheck_s: float = 2.0
    board_s: float = 1.0
    busy_poll_s: float = 0.25
    idle_poll_s: float = 1.0
    busy_for_s: float = 10.0
    retry_s: float = 0.5
    drain_s: float = 3.0
    come_back_ms: tuple[int, int] = (500, 5_000)
    ring_frames: int = 4_096
    ring_bytes: int = 4 * 2**20
    read_rows: int = 500
    buffer_bytes: int = 64 * 2**10
    kernel_buffer_bytes: int = 128 * 2**10
    message_bytes: int = 8 * 2**10
    messages_per_s: int = 10
    sockets_per_session: int = 64
    sockets_per_address: int = 2_000
    sockets: int = 18_000

    @classmethod
    def of_one_among(cls, processes: int) -> Limits:
        """Return the limits of one process of several: together they allow about what one would.

        Connections are dealt out unevenly, so that a session keeps room for its tabs at each.
        """
        own = cls()
        return replace(
            own,
            sockets_per_session=max(_LEAST_PER_SESSION, own.sockets_per_session // processes),
            sockets_per_address=max(_LEAST_PER_ADDRESS, own.sockets_per_address // processes),
        )


@dataclass(slots=True)
class Bucket:
    """Counts what a client sends: a second's worth at once, refilled steadily."""

    per_s: float
    filled_at_s: float
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.per_s

    def take(self, now_s: float) -> bool:
        """Take one; False when the client sent more than its rate."""
        self.left = min(self.per_s, self.left + (now_s - self.filled_at_s) * self.per_s)
        self.filled_at_s = now_s
        self.left -= 1
        return self.left >= 0


@dataclass(slots=True)
class Seats:
    """Sockets held per address and per session.

    Loopback is not counted by address: behind a reverse proxy everybody comes from there.
    """

    limits: Limits
    total: int = 0
    by_address: Counter[str] = field(default_factory=Counter)
    by_session: Counter[str] = field(default_factory=Counter)

    def enter(self, address: str) -> bool:
        """Count a new socket; False when there are too many already."""
        is_crowded = address not in _LOOPBACK and self.by_address[address] >= self.limits.sockets_per_address
        if is_crowded or self.total >= self.limits.sockets:
            return False
        self.total += 1
        self.by_address[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Forget a socket that was let in."""
        self.total -= 1
        _less(self.by_address, address)

    def sit(self, session_id: str) -> bool:
        """Count a socket that signed in; False when its session holds too many."""
        if self.by_session[session_id] >= self.limits.sockets_per_session:
            return False
        self.by_session[session_id] += 1
        return True

    def rise(self, session_id: str) -> None:
        """Forget a socket of a session."""
        _less(self.by_session, session_id)


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
